"""The compression of VBA source and the compound file, read back by other people's readers."""

from __future__ import annotations

import io
import struct

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.addin.olevba import decompressed
from xltool.addin.cfb import write_compound
from xltool.addin.ovba import compress, encrypt
from xltool.addin.vbaproject import Module, project_bin

TEXTS = st.one_of(
    st.binary(max_size=200),
    st.text("ab \n", max_size=9000).map(str.encode),
    st.tuples(st.binary(min_size=1, max_size=40), st.integers(1, 400)).map(lambda t: t[0] * t[1]),
)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_what_is_compressed_comes_back(data: bytes) -> None:
    assert decompressed(compress(data)) == data


@pytest.mark.parametrize("size", [1, 3, 4095, 4096, 4097, 8192, 20000])
def test_chunks_of_every_size(size: int) -> None:
    data = (b"Public Sub XltoolAction(control As IRibbonControl)\r\n" * 400)[:size]
    packed = compress(data)
    assert decompressed(packed) == data
    assert len(packed) < len(data) / 3 + 60


def test_a_chunk_that_does_not_shrink_is_stored() -> None:
    data = b"".join(struct.pack(">H", n * 40503 & 0xFFFF) for n in range(2048))
    assert compress(data) == b"\x01" + struct.pack("<H", 0x3FFF) + data


def test_encryption_gives_what_was_put_in() -> None:
    # project, data and result of an example worked by hand after the published algorithm
    project, data = "{5C1F3E7A-0B1D-5B6E-9E0C-9A2F6F1D7B11}", bytes(4)
    assert _decrypted(encrypt(data, project), project) == data
    assert _decrypted(encrypt(b"\xff", project, seed=0xE7), project) == b"\xff"


def _decrypted(text: str, project: str) -> bytes:
    """The published decryption, step by step."""
    seed, version, key, *rest = bytes.fromhex(text)
    assert version ^ seed == 2
    assert key ^ seed == sum(project.encode()) % 256
    plain, one_back, two_back = key ^ seed, key, version
    found = []
    for byte in rest:
        plain = byte ^ ((two_back + plain) % 256)
        found.append(plain)
        two_back, one_back = one_back, byte
    found = found[(seed & 6) // 2 :]
    (length,) = struct.unpack("<I", bytes(found[:4]))
    assert len(found) == 4 + length
    return bytes(found[4:])


STREAMS = {
    "短": b"x" * 10,
    "empty": b"",
    "mini": b"y" * 4095,
    "whole": b"z" * 4096,
    "long": bytes(range(256)) * 600,
}


def test_compound_file_is_read_back() -> None:
    tree = {**STREAMS, "VBA": {f"m{n}": bytes([n]) * n * 70 for n in range(1, 40)}}
    with olefile.OleFileIO(io.BytesIO(write_compound(tree))) as found:
        assert found.parsing_issues == []
        for name, data in STREAMS.items():
            assert found.openstream(name).read() == data
        for n in range(1, 40):
            assert found.openstream(f"VBA/m{n}").read() == bytes([n]) * n * 70
        assert len(found.listdir()) == len(STREAMS) + 39


def test_entries_are_a_search_tree() -> None:
    """Windows finds a stream by going left and right: each step must lead to where it stands."""
    tree = dict.fromkeys(("dir", "PROJECT", "PROJECTwm", "_VBA_PROJECT", "a", "Bb", "ab"), b"1")
    content = write_compound(tree)
    (start,) = struct.unpack_from("<I", content, 48)
    at = 512 + start * 512
    entries = [content[at + n * 128 : at + n * 128 + 128] for n in range(len(tree) + 1)]
    for name in tree:
        (number,) = struct.unpack_from("<I", entries[0], 76)
        for _ in range(len(tree)):
            entry = entries[number]
            here = entry[: struct.unpack_from("<H", entry, 64)[0] - 2].decode("utf-16-le")
            if here == name:
                break
            smaller = (len(name), name.upper()) < (len(here), here.upper())
            (number,) = struct.unpack_from("<I", entry, 68 if smaller else 72)
        assert here == name


def test_limits_are_refused() -> None:
    with pytest.raises(ValueError, match="31 characters"):
        write_compound({"x" * 32: b""})
    with pytest.raises(ValueError, match="too large"):
        write_compound({"x": bytes(8_000_000)})


def test_source_that_is_not_ascii_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        project_bin("xltool", [Module("M", "' 中文")])

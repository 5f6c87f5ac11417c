"""ZIP archives: members copied as they stand, hostile and damaged ones refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.compare import contents, members
from xltool.ooxml import Limits, WorkbookError
from xltool.ooxml.package.archive import Archive, written

PARTS = {"a.txt": b"alpha" * 100, "b/ä.bin": bytes(range(256)), "c.xml": b"<c/>", "空.txt": b""}
MIXED = {"a.txt": zipfile.ZIP_DEFLATED, "b/ä.bin": zipfile.ZIP_STORED}


def made() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.comment = "备注 PK".encode()
        for number, (name, content) in enumerate(PARTS.items()):
            info = zipfile.ZipInfo(name, (2020, 1, 2, 3, 4, 2 * number))
            info.external_attr = 0o644 << 16
            info.extra = struct.pack("<HH4s", 0xCAFE, 4, b"keep")
            archive.writestr(info, content, MIXED.get(name, zipfile.ZIP_DEFLATED), 9)
    return target.getvalue()


def rewritten(data: bytes, changed: dict[str, bytes], removed: set[str]) -> bytes:
    archive = Archive(data, Limits())
    return b"".join(written(archive, changed, removed, archive.comment))


def test_an_archive_without_changes_is_the_same_bytes() -> None:
    assert rewritten(made(), {}, set()) == made()


def test_changes_leave_the_other_members_as_they_stand(tmp_path: Path) -> None:
    after = rewritten(made(), {"C.XML": b"<d/>", "新/n.xml": b"<n/>"}, {"A.txt"})
    assert contents(after) == {
        "b/ä.bin": PARTS["b/ä.bin"],
        "c.xml": b"<d/>",
        "空.txt": b"",
        "新/n.xml": b"<n/>",
    }
    before = {member.name: member for member in members(made())}
    for member in members(after):
        if member.name in ("b/ä.bin", "空.txt"):
            assert member == before[member.name]
    assert {m.name: m.stamp for m in members(after)}["c.xml"] == (2020, 1, 2, 3, 4, 4)
    path = tmp_path / "x.zip"
    path.write_bytes(after)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.comment == "备注 PK".encode()


def test_names_are_found_in_any_case_and_with_either_slash() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = "xl\\Work.xml"
        archive.writestr(info, b"1")
    assert Archive(target.getvalue(), Limits()).read("XL/work.XML") == b"1"


def test_every_cut_of_an_archive_is_refused() -> None:
    data = made()
    for end in range(0, len(data) - len("备注 PK".encode()), 7):
        with pytest.raises(WorkbookError) as refusal:
            Archive(data[:end], Limits())
        assert refusal.value.kind == "corrupt", end


def test_every_flipped_byte_of_the_data_is_noticed() -> None:
    data = made()
    archive = Archive(data, Limits())
    for member in archive.members.values():
        for at in range(member.data, member.data + member.packed, 5):
            broken = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
            with pytest.raises(WorkbookError, match=r"压缩数据|校验码"):
                Archive(broken, Limits()).read(member.name)


def _central(data: bytes, name: bytes) -> int:
    """Where the directory record of a member begins."""
    at = data.index(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(name)] != name:
        at = data.index(b"PK\x01\x02", at + 1)
    return at


def _patched(name: bytes, offset: int, layout: str, value: int) -> bytes:
    data = bytearray(made())
    struct.pack_into(layout, data, _central(bytes(data), name) + offset, value)
    return bytes(data)


def _twice() -> bytes:
    return made().replace(b"c.xml", b"A.TXT")


def _zip64() -> bytes:
    data = bytearray(made())
    at = data.rindex(b"PK\x05\x06")
    struct.pack_into("<L", data, at + 16, 0xFFFFFFFF)
    return bytes(data)


BAD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "encrypted member": ("encrypted", lambda: _patched(b"c.xml", 8, "<H", 1)),
    "unknown method": ("unsupported", lambda: _patched(b"c.xml", 10, "<H", 12)),
    "zip64 size": ("unsupported", lambda: _patched(b"c.xml", 24, "<L", 0xFFFFFFFF)),
    "zip64 directory": ("unsupported", _zip64),
    "overlapping members": ("corrupt", lambda: _patched(b"c.xml", 42, "<L", 0)),
    "member past its neighbour": ("corrupt", lambda: _patched(b"c.xml", 20, "<L", 5000)),
    "member outside the file": ("corrupt", lambda: _patched(b"c.xml", 42, "<L", 10**9)),
    "two members of one name": ("corrupt", _twice),
    "declared bomb": ("too-large", lambda: _patched(b"a.txt", 24, "<L", 10**9)),
}


@pytest.mark.parametrize(("kind", "make"), BAD.values(), ids=BAD)
def test_odd_archives_are_refused(kind: str, make: Callable[[], bytes]) -> None:
    with pytest.raises(WorkbookError) as refusal:
        Archive(make(), Limits())
    assert refusal.value.kind == kind


def _with_size(size: int) -> bytes:
    """An archive with a member of 50 MB of zeros that says that it has `size` bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(bytes(2**20)) for _ in range(50)) + packer.flush()
    head = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 33, 0, len(packed), size, 1, 0)
    body = head + b"x" + packed
    record = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, 0, len(packed), size, 1, *[0] * 6
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(record) + 1, len(body), 0)
    return body + record + b"x" + end


def test_a_bomb_is_refused_whatever_it_declares() -> None:
    with pytest.raises(WorkbookError) as refusal:
        Archive(_with_size(50 * 2**20), Limits())
    assert refusal.value.kind == "too-large"
    liar = Archive(_with_size(1000), Limits())
    with pytest.raises(WorkbookError) as refusal:
        liar.read("x")
    assert refusal.value.kind == "corrupt"


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        (Limits(max_members=3), "文件超过 3 个"),
        (Limits(max_part=400), r"a\.txt 解压后超过"),
        (Limits(max_total=700), "解压后超过"),
        (Limits(max_ratio=2, ratio_floor=100), "压缩比超过 2"),
    ],
)
def test_each_limit_holds_and_says_which(limits: Limits, what: str) -> None:
    with pytest.raises(WorkbookError, match=what) as refusal:
        Archive(made(), limits)
    assert refusal.value.kind == "too-large"

"""Archives that are broken, lying, greedy or locked."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from tests.hostile.case import SHEET, STRINGS, Case, good, packed, refused, same, with_part
from tests.support.compare import contents

MB = 1 << 20
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


def cases() -> Iterator[Case]:
    """All of them."""
    yield from truncated()
    yield from locked()
    yield from bombs()
    yield from lies()
    yield from oddly_packed()


def truncated() -> Iterator[Case]:
    """The file ends at the beginning and in the middle of every member, and everywhere in the directory."""
    book = good()
    directory = book.index(_CENTRAL)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        starts = [info.header_offset for info in archive.infolist()]
    ends = [*starts[1:], directory]
    points = {1, 2, 3, 4, 29, 30, directory, directory + 1, directory + 46, len(book) - 1}
    points |= {len(book) - 22, len(book) - 21, len(book) - 10, (directory + len(book)) // 2}
    points |= {*starts[1:], *((start + end) // 2 for start, end in zip(starts, ends, strict=True))}
    points |= {start + 30 for start in starts}
    for point in sorted(points):
        yield refused(f"截断/{point:06}.xlsx", book[:point])


def locked() -> Iterator[Case]:
    """Passwords: of the workbook (a compound file), of the archive."""
    book = compound({"EncryptionInfo": b"\x04\0\x04\0", "EncryptedPackage": bytes(5000)})
    for suffix in ("xlsx", "xlsm", "xls"):
        yield refused(f"密码/打开密码.{suffix}", book, "打开密码")
    flagged = bytearray(good())
    for at in _headers(good(), _LOCAL, 6) + _headers(good(), _CENTRAL, 8):
        flagged[at] |= 1
    yield refused("密码/压缩密码.xlsx", bytes(flagged), "密码")
    outer = bytearray(packed({"报表.xlsx": good()}, zipfile.ZIP_STORED))
    outer[6] |= 1
    outer[outer.rindex(_CENTRAL) + 8] |= 1
    yield refused("密码/压缩包.zip", bytes(outer), "密码", inside="报表.xlsx")


def bombs() -> Iterator[Case]:
    """Little on the disk, much in memory."""
    yield refused(
        "炸弹/空格.xlsx", with_part(SHEET, b"<?xml version='1.0'?>" + b" " * (40 * MB)), "压缩比"
    )
    once = packed({**contents(good()), "xl/media/00.bin": bytes(15 * MB)})
    yield refused("炸弹/许多部件.xlsx", _repeated(once, b"xl/media/00.bin", 40), "解压后超过")
    many = packed(
        {**contents(good()), **{f"x/{n}": b"" for n in range(20_001)}}, zipfile.ZIP_STORED
    )
    yield refused("炸弹/两万个部件.xlsx", many, "超过 20000 个")
    inner = packed({"报表.xlsx": good()}, zipfile.ZIP_STORED)
    for _ in range(20):
        inner = packed({"里.zip": inner})
    yield refused("炸弹/层层.zip", inner, "压缩包里的压缩包", inside="里.zip!/里.zip")
    yield refused("炸弹/层层.xlsx", inner, "先解压")
    yield refused("炸弹/零.zip", packed({"零.xlsx": bytes(150 * MB)}), "压缩比", inside="零.xlsx")
    heap = packed({f"{n}": b"" for n in range(50_001)}, zipfile.ZIP_STORED)
    yield refused("炸弹/五万个文件.zip", heap, "超过 50000 个")
    item = b"<si><t>" + bytes(range(48, 58)) * 100 + b"</t></si>"
    strings = contents(good())[STRINGS].replace(b"</sst>", item * 100_000 + b"</sst>")
    yield same("炸弹/一亿字节字符串.xlsx", with_part(STRINGS, strings))


def lies() -> Iterator[Case]:
    """The directory says something else than what is there."""
    for size in (100 * MB, 0xFFFFFFF0, 0):
        yield refused(f"谎报/大小{size}.xlsx", _declared(good(), SHEET, size=size))
    yield refused("谎报/校验码.xlsx", _declared(good(), SHEET, crc=1), "校验码")
    yield refused("谎报/字符串一亿.xlsx", _declared(good(), STRINGS, size=100 * MB))
    zip64 = bytearray(good())
    struct.pack_into("<2H", zip64, zip64.rindex(_END) + 8, 0xFFFF, 0xFFFF)
    yield refused("谎报/ZIP64.xlsx", bytes(zip64), "ZIP64")
    twice = good().replace(b"xl/worksheets/sheet2.xml", SHEET.encode())
    yield refused("谎报/同名部件.xlsx", twice, "同名")
    start = _headers(good(), _CENTRAL, 42)
    overlapping = bytearray(good())
    overlapping[start[4] : start[4] + 4] = overlapping[start[5] : start[5] + 4]
    yield refused("谎报/重叠.xlsx", bytes(overlapping), "重叠")
    yield refused(
        "谎报/外包装.zip",
        _declared(packed({"甲.xlsx": good()}), "甲.xlsx", crc=1),
        "损坏",
        inside="甲.xlsx",
    )


def oddly_packed() -> Iterator[Case]:
    """Right all the same, or packed in a way that is not supported."""
    parts = contents(good())
    yield same("包装/不压缩.xlsx", packed(parts, zipfile.ZIP_STORED))
    yield same("包装/倒序.xlsx", packed(dict(reversed(list(parts.items())))))
    yield same("包装/大写.xlsx", packed({name.upper(): data for name, data in parts.items()}))
    yield same("包装/反斜杠.xlsx", _renamed(packed(parts), "/", "\\"))
    yield same("包装/流式.xlsx", _streamed(parts))
    yield same(
        "包装/多余的路径.xlsx", packed({**parts, "../../../../tmp/逃.txt": b"x", "C:\\逃": b"x"})
    )
    yield refused("包装/bzip2.xlsx", packed(parts, zipfile.ZIP_BZIP2), "压缩方式")
    yield refused("包装/lzma.xlsx", packed(parts, zipfile.ZIP_LZMA), "压缩方式")
    yield refused("包装/前有杂物.xlsx", b"MZ" + good())


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file (OLE2) whose directory has these streams; their content is not laid out."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    header[24:34] = bytes.fromhex("3e000300feff09000600")
    header[44:48] = header[48:52] = (1).to_bytes(4, "little")
    header[76:512] = (0).to_bytes(4, "little") + b"\xff" * 432
    table = b"\xfd\xff\xff\xff\xfe\xff\xff\xff" + b"\xff" * 504
    entries = b""
    for name, kind in (("Root Entry", 5), *((name, 2) for name in streams)):
        raw = (name + "\0").encode("utf-16-le")
        entry = raw.ljust(64, b"\0") + len(raw).to_bytes(2, "little") + bytes([kind, 1])
        entries += (entry + b"\xff" * 12).ljust(128, b"\0")
    return bytes(header) + table + entries.ljust(512, b"\0") + b"".join(streams.values())


def _headers(book: bytes, mark: bytes, field: int) -> list[int]:
    """Where a field of each header stands."""
    found, at = [], book.find(mark)
    while at >= 0:
        found.append(at + field)
        at = book.find(mark, at + 4)
    return found


def _declared(book: bytes, name: str, *, size: int | None = None, crc: int | None = None) -> bytes:
    """Both headers of a member with another size or checksum."""
    changed = bytearray(book)
    raw = name.encode()
    for mark, sum_at, size_at, name_at in ((_LOCAL, 14, 22, 30), (_CENTRAL, 16, 24, 46)):
        for start in _headers(book, mark, 0):
            if book[start + name_at :].startswith(raw):
                if size is not None:
                    struct.pack_into("<L", changed, start + size_at, size)
                if crc is not None:
                    struct.pack_into("<L", changed, start + sum_at, crc)
    assert changed != book, f"no member {name}"
    return bytes(changed)


def _repeated(book: bytes, name: bytes, times: int) -> bytes:
    """A member many times over, under other names of the same length, each copied as packed."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        info = archive.getinfo(name.decode())
        body_start = info.header_offset
        body_end = body_start + 30 + len(name) + info.compress_size
    directory = book.index(_CENTRAL)
    record_start = book.index(name, directory) - 46
    record = book[record_start : record_start + 46 + len(name)]
    bodies, records = [], []
    offset = directory
    for number in range(times):
        new = b"xl/media/%02d.bin" % (number + 1)
        body = book[body_start:body_end].replace(name, new)
        entry = bytearray(record.replace(name, new))
        struct.pack_into("<L", entry, 42, offset)
        bodies.append(body)
        records.append(bytes(entry))
        offset += len(body)
    end = book.rindex(_END)
    all_records = book[directory:end] + b"".join(records)
    count = struct.unpack_from("<H", book, end + 8)[0] + times
    tail = struct.pack("<4s4H2LH", _END, 0, 0, count, count, len(all_records), offset, 0)
    return book[:directory] + b"".join(bodies) + all_records + tail


def _renamed(book: bytes, old: str, new: str) -> bytes:
    """Member names with another letter for one, in both headers."""
    changed = bytearray(book)
    for mark, length_at, name_at in ((_LOCAL, 26, 30), (_CENTRAL, 28, 46)):
        for start in _headers(book, mark, 0):
            size = struct.unpack_from("<H", book, start + length_at)[0]
            name = book[start + name_at : start + name_at + size]
            changed[start + name_at : start + name_at + size] = name.replace(
                old.encode(), new.encode()
            )
    return bytes(changed)


def _streamed(parts: dict[str, bytes]) -> bytes:
    """Sizes and checksums behind the data, as programs write that send while they pack."""
    body, directory = b"", b""
    for name, content in parts.items():
        raw = name.encode()
        packer = zlib.compressobj(1, zlib.DEFLATED, -15)
        data = packer.compress(content) + packer.flush()
        sums = struct.pack("<3L", zlib.crc32(content), len(data), len(content))
        head = struct.pack("<4s5H", _LOCAL, 20, 8, 8, 0, 33)
        central = struct.pack("<4s6H", _CENTRAL, 20, 20, 8, 8, 0, 33)
        names = struct.pack("<2H", len(raw), 0)
        directory += central + sums + names + bytes(10) + struct.pack("<L", len(body)) + raw
        body += head + bytes(12) + names + raw + data + b"PK\x07\x08" + sums
    tail = struct.pack("<4s4H2LH", _END, 0, 0, len(parts), len(parts), len(directory), len(body), 0)
    return body + directory + tail

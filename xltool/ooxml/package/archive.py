"""A ZIP archive read and written on its bytes.

Members that nobody changed are copied as they stand: local header, packed data, data descriptor,
central record. The sizes that an archive declares are not trusted: inflation stops at the limit.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from xltool.ooxml.package.errors import WorkbookError, corrupt
from xltool.ooxml.package.limits import Limits

_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END_MARK = b"PK\x05\x06"
_CENTRAL_MARK = b"PK\x01\x02"
_LOCAL_MARK = b"PK\x03\x04"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
_FULL_32, _FULL_16 = 0xFFFFFFFF, 0xFFFF
_EPOCH_DATE = 0x21  # 1980-01-01, the earliest date that ZIP can say
_VERSION = 20
_LEVEL = 3
"""Half the time of zlib's default, for a tenth more bytes."""


class Member(NamedTuple):
    """One file in the archive; offsets are in the archive, `end` is where the next one begins."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    start: int
    data: int
    end: int
    record: bytes


class Archive:
    """The members of a ZIP file by name, in the order of its directory. Raises WorkbookError."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._bytes = data
        self._limits = limits
        count, start, self.comment = _find_end(data)
        if count > limits.max_members:
            raise _too_large(f"内含文件超过 {limits.max_members} 个")
        records = list(_records(data, start, count))
        self.members: dict[str, Member] = {}
        for member in _locate(data, records, start):
            key = member.name.lower()
            if key in self.members:
                raise corrupt("压缩包", f"内有两个同名部件 {member.name}")
            self._refuse_bomb(member)
            self.members[key] = member
        if sum(member.size for member in self.members.values()) > limits.max_total:
            raise _too_large(f"解压后超过 {limits.max_total >> 20} MB")

    def _refuse_bomb(self, member: Member) -> None:
        limits = self._limits
        if member.size > limits.max_part:
            raise _too_large(f"部件 {member.name} 解压后超过 {limits.max_part >> 20} MB")
        if member.size > limits.ratio_floor and member.size > member.packed * limits.max_ratio:
            raise _too_large(f"部件 {member.name} 的压缩比超过 {limits.max_ratio}")

    def read(self, name: str) -> bytes:
        """The content of a member, in any case of its name. Raises KeyError, WorkbookError."""
        member = self.members[name.lower()]
        packed = self._bytes[member.data : member.data + member.packed]
        if member.method == _STORED:
            content, whole = packed, True
        else:
            inflater = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                content = inflater.decompress(packed, member.size + 1)
            except zlib.error:
                raise corrupt(f"部件 {member.name}", "的压缩数据已损坏") from None
            whole = inflater.eof
        if not whole or len(content) != member.size or zlib.crc32(content) != member.crc:
            raise corrupt(f"部件 {member.name}", "的内容与校验码不符，文件可能没有下载完整")
        return content

    def raw(self, member: Member) -> bytes:
        """Local header, packed data and data descriptor of a member as they stand."""
        return self._bytes[member.start : member.end]


def _too_large(what: str) -> WorkbookError:
    return WorkbookError(
        "too-large", f"工作簿{what}，超出安全上限，已拒绝打开。请核实文件来源，或拆分后再试。"
    )


def _find_end(data: bytes) -> tuple[int, int, bytes]:
    """(number of members, offset of the directory, archive comment)."""
    at = data.rfind(_END_MARK, max(0, len(data) - _END.size - _FULL_16))
    if at < 0 or at + _END.size > len(data):
        raise corrupt("文件", "不完整：缺少压缩包目录，可能没有下载或复制完")
    _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(data, at)
    if _FULL_16 in (disk, here, count) or _FULL_32 in (size, start):
        raise WorkbookError(
            "unsupported", "工作簿用了 ZIP64 格式，本工具不支持。请用 Excel 打开后另存为 .xlsx。"
        )
    if disk or first_disk or here != count or start + size != at:
        raise corrupt("文件", "的压缩包目录与内容不符")
    return count, start, data[at + _END.size : at + _END.size + comment]


def _records(data: bytes, start: int, count: int) -> Iterator[tuple[tuple[int, ...], bytes]]:
    """(fields after the mark, whole record) of each entry of the directory."""
    at = start
    for _ in range(count):
        if data[at : at + 4] != _CENTRAL_MARK or at + _CENTRAL.size > len(data):
            raise corrupt("文件", "的压缩包目录已损坏")
        fields = _CENTRAL.unpack_from(data, at)[1:]
        end = at + _CENTRAL.size + fields[9] + fields[10] + fields[11]
        if end > len(data):
            raise corrupt("文件", "的压缩包目录不完整")
        yield fields, data[at:end]
        at = end


def _locate(
    data: bytes, records: Sequence[tuple[tuple[int, ...], bytes]], directory: int
) -> Iterator[Member]:
    """The members in directory order; overlapping ones are refused."""
    starts = sorted(fields[15] for fields, _ in records)
    following = dict(zip(starts, [*starts[1:], directory], strict=True))
    if len(following) != len(records):
        raise corrupt("文件", "的压缩包内有重叠的部件")
    for fields, record in records:
        flags, method, time, date, crc, packed, size, name_length = fields[2:10]
        start, end = fields[15], following[fields[15]]
        raw_name = record[_CENTRAL.size : _CENTRAL.size + name_length]
        name = raw_name.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        name = name.replace("\\", "/").lstrip("/")
        if data[start : start + 4] != _LOCAL_MARK or start + _LOCAL.size > len(data):
            raise corrupt(f"部件 {name}", "在压缩包中找不到")
        local = _LOCAL.unpack_from(data, start)
        begin = start + _LOCAL.size + local[9] + local[10]
        if begin + packed > end:
            raise corrupt(f"部件 {name}", "的压缩数据不完整或与别的部件重叠")
        if flags & _ENCRYPTED:
            raise WorkbookError("encrypted", "压缩包设了密码。请先解密，再用 Excel 另存为 .xlsx。")
        if method not in (_STORED, _DEFLATED) or _FULL_32 in (packed, size):
            raise WorkbookError(
                "unsupported",
                f"部件 {name} 用了不支持的压缩方式。请用 Excel 打开后另存为 .xlsx。",
            )
        yield Member(
            name, raw_name, flags, method, time, date, crc, packed, size, start, begin, end, record
        )


def _packed_member(name: bytes, flags: int, stamp: tuple[int, int], content: bytes) -> _New:
    deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflater.compress(content) + deflater.flush()
    fields = (
        flags,
        _DEFLATED,
        *stamp,
        zlib.crc32(content),
        len(packed),
        len(content),
        len(name),
    )
    local = _LOCAL.pack(_LOCAL_MARK, _VERSION, *fields, 0) + name
    central = _CENTRAL.pack(_CENTRAL_MARK, _VERSION, _VERSION, *fields, 0, 0, 0, 0, 0, 0) + name
    return _New(local + packed, central)


class _New(NamedTuple):
    """What a member contributes to the file and to its directory (offset still zero)."""

    body: bytes
    record: bytes


def written(
    archive: Archive, changed: Mapping[str, bytes], removed: set[str], comment: bytes
) -> Iterator[bytes]:
    """The bytes of the archive with some members changed, added or removed, and its comment.

    Names are compared without case. Changed members keep their place, name and time stamp; new
    ones follow at the end in the order of `changed`.
    """
    pending = dict(changed)
    names = {name.lower(): name for name in changed}
    gone = {name.lower() for name in removed}
    members: list[_New] = []
    for key, member in archive.members.items():
        if key in gone:
            continue
        if key in names:
            flags = member.flags & _UTF8
            stamp = (member.time, member.date)
            members.append(_packed_member(member.raw_name, flags, stamp, pending.pop(names[key])))
        else:
            members.append(_New(archive.raw(member), member.record))
    members.extend(
        _packed_member(
            name.encode("utf-8"), 0 if name.isascii() else _UTF8, (0, _EPOCH_DATE), content
        )
        for name, content in pending.items()
    )
    yield from _file(members, comment)


def _file(members: Sequence[_New], comment: bytes) -> Iterator[bytes]:
    offset = 0
    directory: list[bytes] = []
    for member in members:
        record = bytearray(member.record)
        struct.pack_into("<L", record, 42, offset)
        directory.append(bytes(record))
        offset += len(member.body)
        yield member.body
    size = sum(map(len, directory))
    if offset + size > _FULL_32 - 1 or len(members) > _FULL_16 - 1:
        raise WorkbookError("too-large", "工作簿超过 4 GB，.xlsx 存不下。请拆分后再试。")
    yield from directory
    yield (
        _END.pack(_END_MARK, 0, 0, len(members), len(members), size, offset, len(comment)) + comment
    )

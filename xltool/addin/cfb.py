"""Writing a compound file, after [MS-CFB], version 3 with sectors of 512 bytes.

All dates and identifiers are zero, so that equal contents give equal bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Storage: TypeAlias = Mapping[str, "Storage | bytes"]
"""Streams (bytes) and further storages by name."""

_SECTOR, _MINI = 512, 64
_CUTOFF = 4096
"""Shorter streams stand in the mini stream."""

_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_HEADER_FATS = 109
_PER_SECTOR = _SECTOR // 4
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass
class _Entry:
    """A line of the directory."""

    name: str
    kind: int
    data: bytes = b""
    left: int = _FREE
    right: int = _FREE
    child: int = _FREE
    start: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0"
        if len(name) > 64:
            raise ValueError(f"{self.name}: a name has at most 31 characters")
        size = 0 if self.kind == _STORAGE else len(self.data)
        # 1: black. A tree whose nodes are all black keeps the rules of the format.
        tree = struct.pack("<HBBIII", len(name), self.kind, 1, self.left, self.right, self.child)
        return name.ljust(64, b"\0") + tree + bytes(36) + struct.pack("<IQ", self.start, size)


def write_compound(root: Storage) -> bytes:
    """A compound file with these streams and storages."""
    entries: list[_Entry] = []
    _add(entries, "Root Entry", _ROOT, root)
    sectors = _Sectors()
    mini, mini_fat = _mini_stream(entries)
    entries[0].data = mini
    for entry in entries:
        if entry.kind == _ROOT or (entry.kind == _STREAM and len(entry.data) >= _CUTOFF):
            entry.start = sectors.chain(entry.data)
    table = struct.pack(f"<{len(mini_fat)}I", *mini_fat)
    mini_fat_start = sectors.chain(table, b"\xff")
    directory = b"".join(entry.packed() for entry in entries)
    directory_start = sectors.chain(_full_sectors(directory))
    fats = sectors.finish()
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        len(fats),
        directory_start,
        0,
        _CUTOFF,
        mini_fat_start,
        -(-len(table) // _SECTOR),
        _END,
        0,
    )
    places = [*fats, *[_FREE] * (_HEADER_FATS - len(fats))]
    return header + struct.pack(f"<{_HEADER_FATS}I", *places) + bytes(sectors.content)


def _add(entries: list[_Entry], name: str, kind: int, content: Storage | bytes) -> int:
    """Add an entry and what is below it; its number."""
    number = len(entries)
    if isinstance(content, bytes):
        entries.append(_Entry(name, _STREAM, content))
        return number
    entries.append(_Entry(name, kind))
    below = [_add(entries, child, _STORAGE, inner) for child, inner in content.items()]
    below.sort(key=lambda n: _order(entries[n].name))
    entries[number].child = _tree(entries, below)
    return number


def _order(name: str) -> tuple[int, str]:
    """Shorter names come first, then those whose capitals do."""
    return len(name.encode("utf-16-le")), name.upper()


def _tree(entries: list[_Entry], numbers: list[int]) -> int:
    """Join sorted entries to a balanced search tree; its root."""
    if not numbers:
        return _FREE
    middle = len(numbers) // 2
    root = numbers[middle]
    entries[root].left = _tree(entries, numbers[:middle])
    entries[root].right = _tree(entries, numbers[middle + 1 :])
    return root


def _mini_stream(entries: list[_Entry]) -> tuple[bytes, list[int]]:
    """The short streams one after another, and which mini sector follows which."""
    content = bytearray()
    table: list[int] = []
    for entry in entries:
        if entry.kind != _STREAM or len(entry.data) >= _CUTOFF:
            continue
        if not entry.data:
            entry.start = _END
            continue
        entry.start = len(table)
        count = -(-len(entry.data) // _MINI)
        table += [*range(entry.start + 1, entry.start + count), _END]
        content += entry.data.ljust(count * _MINI, b"\0")
    return bytes(content), table


def _full_sectors(directory: bytes) -> bytes:
    """The directory filled up with unused entries."""
    unused = bytes(68) + struct.pack("<III", _FREE, _FREE, _FREE) + bytes(48)
    missing = -len(directory) % _SECTOR // len(unused)
    return directory + unused * missing


class _Sectors:
    """The sectors behind the header, and which follows which."""

    def __init__(self) -> None:
        self.content = bytearray()
        self._table: list[int] = []

    def chain(self, data: bytes, filler: bytes = b"\0") -> int:
        """Store data in sectors of its own; the first of them."""
        if not data:
            return _END
        start = len(self._table)
        count = -(-len(data) // _SECTOR)
        self._table += [*range(start + 1, start + count), _END]
        self.content += data.ljust(count * _SECTOR, filler)
        return start

    def finish(self) -> list[int]:
        """Store the table itself; its sectors. Raises ValueError beyond some 7 MB."""
        count = 1
        while count * _PER_SECTOR < len(self._table) + count:
            count += 1
        if count > _HEADER_FATS:
            raise ValueError("the compound file grows too large")
        first = len(self._table)
        table = [*self._table, *[_FAT] * count]
        table += [_FREE] * (count * _PER_SECTOR - len(table))
        self.content += struct.pack(f"<{len(table)}I", *table)
        return list(range(first, first + count))

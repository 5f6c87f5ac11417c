"""The records of an .xls file that hold the formulas of a sheet (MS-XLS)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from struct import unpack_from
from typing import NamedTuple

from xltool.ooxml.read.refs import Range

_BOF, _EOF = {0x0009, 0x0209, 0x0409, 0x0809}, 0x000A
_FORMULA, _SHARED, _ARRAY, _TABLE = 0x0006, 0x04BC, 0x0221, 0x0236
_OLD_FORMULAS = (0x0006, 0x0206, 0x0406)
_LEAST = 22
"""Bytes of a record of a formula before its expression."""
_IN_GROUP, _IN_TABLE = b"\x01", b"\x02"
"""Tokens that stand for a whole formula: it is another cell's, or a data table's."""

Spot = tuple[int, int]
"""Row and column, from 0."""


class Record(NamedTuple):
    """A record of the workbook stream."""

    code: int
    body: bytes


def records_at(data: bytes, at: int) -> Iterator[Record]:
    """The records of the stream that begins at `at`, those of embedded ones (charts) left out."""
    depth = 0
    while at + 4 <= len(data):
        code, size = unpack_from("<HH", data, at)
        at += 4
        depth += (code in _BOF) - (code == _EOF)
        if not depth:
            return
        if depth == 1:
            yield Record(code, bytes(data[at : at + size]))
        at += size


class _Group(NamedTuple):
    """A formula that several cells share, or that fills an area."""

    area: Range
    tokens: bytes
    extra: bytes


class BiffFormula(NamedTuple):
    """The expression of a cell, and the eight bytes that are stored as its value."""

    tokens: bytes
    extra: bytes
    result: bytes


@dataclass
class StoredFormulas:
    """The formula cells of one sheet as stored; `shared` and `arrays` by the cell that they begin in."""

    cells: dict[Spot, BiffFormula] = field(default_factory=dict)
    shared: dict[Spot, _Group] = field(default_factory=dict)
    arrays: dict[Spot, _Group] = field(default_factory=dict)
    tables: dict[Spot, Range] = field(default_factory=dict)

    def expression(self, at: Spot) -> BiffFormula | _Group | None:
        """What the formula of a cell says: its own, or that of its group; None when the group is missing."""
        own = self.cells[at]
        if own.tokens[:1] != _IN_GROUP:
            return own
        first = _begin(own)
        group = self.arrays.get(first) or self.shared.get(first)
        return group if group and group.area.holds(at[0] + 1, at[1] + 1) else None

    def inside_area(self, at: Spot) -> bool:
        """Whether the cell has no formula of its own: it is in an array (behind its first cell) or a data table."""
        own = self.cells[at]
        if own.tokens[:1] == _IN_TABLE:
            return True
        return own.tokens[:1] == _IN_GROUP and at != _begin(own) and _begin(own) in self.arrays


def _begin(formula: BiffFormula) -> Spot:
    """Where the group of a formula begins."""
    row, column = unpack_from("<HH", formula.tokens.ljust(5, b"\0"), 1)
    return row, column


def stored_formulas(records: Iterator[Record], *, old: bool) -> StoredFormulas:
    """The formula cells of a sheet; `old`: of a workbook of Excel 95 or before, of which only their places count."""
    found = StoredFormulas()
    last: Spot = (-1, -1)
    readers = dict.fromkeys(_OLD_FORMULAS, _formula) if old else _READERS
    for code, body in records:
        if read := readers.get(code):
            last = read(found, body.ljust(_LEAST, b"\0"), last)
    return found


# --- Records of formulas: each takes the cell of the formula before it, and gives that of the last --------


def _formula(found: StoredFormulas, body: bytes, last: Spot) -> Spot:
    row, column, size = *unpack_from("<HH", body), *unpack_from("<H", body, 20)
    found.cells[row, column] = BiffFormula(body[22 : 22 + size], body[22 + size :], body[6:14])
    return row, column


def _area(body: bytes) -> Range:
    top, bottom, left, right = unpack_from("<HHBB", body)
    return Range(top + 1, left + 1, bottom + 1, right + 1)


def _shared(found: StoredFormulas, body: bytes, last: Spot) -> Spot:
    (size,) = unpack_from("<H", body, 8)
    group = _Group(_area(body), body[10 : 10 + size], body[10 + size :])
    for first in (last, (group.area.top - 1, group.area.left - 1)):
        found.shared.setdefault(first, group)
    return last


def _array(found: StoredFormulas, body: bytes, last: Spot) -> Spot:
    (size,) = unpack_from("<H", body, 12)
    area = _area(body)
    group = _Group(area, body[14 : 14 + size], body[14 + size :])
    found.arrays[area.top - 1, area.left - 1] = group
    return last


def _table(found: StoredFormulas, body: bytes, last: Spot) -> Spot:
    area = _area(body)
    found.tables[area.top - 1, area.left - 1] = area
    return last


_READERS: dict[int, Callable[[StoredFormulas, bytes, Spot], Spot]] = {
    _FORMULA: _formula,
    _SHARED: _shared,
    _ARRAY: _array,
    _TABLE: _table,
}

"""Formula cells of .xls files, from the records of the workbook stream (MS-XLS); xlrd keeps their values only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from struct import error as damaged
from struct import unpack_from
from typing import Any, NamedTuple

from xlrd.biffh import unpack_unicode_update_pos  # type: ignore[import-untyped]
from xlrd.book import (  # type: ignore[import-untyped]
    SUPBOOK_ADDIN,
    SUPBOOK_EXTERNAL,
    SUPBOOK_INTERNAL,
)

from xltool.ooxml.read.formula import quote_sheet
from xltool.ooxml.read.ptg import formula_text
from xltool.ooxml.read.ptgconstants import UnreadableFormulaError
from xltool.ooxml.read.refs import Range

_BOF, _EOF = {0x0009, 0x0209, 0x0409, 0x0809}, 0x000A
_FORMULA, _SHARED, _ARRAY, _TABLE = 0x0006, 0x04BC, 0x0221, 0x0236
_SUPBOOK, _EXTERNAL_NAME, _RECALC_ID = 0x01AE, 0x0023, 0x01C1
_OLD_FORMULAS = (0x0006, 0x0206, 0x0406)
_BIFF8 = 80
_LEAST = 22
"""Bytes of a record of a formula before its expression."""
_IN_GROUP, _IN_TABLE = b"\x01", b"\x02"
"""Tokens that stand for a whole formula: it is another cell's, or a data table's."""
_DELETED = 0xFFFF
_EMPTY_TEXT = 3
_NO_TEXT = b"\x17\x00"
"""The token of an empty text."""
_LIBREOFFICE = 101_716
"""The calculation engine that LibreOffice gives itself out for: that of Excel 2000."""

Spot = tuple[int, int]
"""Row and column, from 0."""


class Record(NamedTuple):
    """A record of the workbook stream."""

    code: int
    body: bytes


def _records(data: bytes, at: int) -> Iterator[Record]:
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


class Outer(NamedTuple):
    """Another workbook, or an add-in: its number among the former, its sheets and names."""

    number: int
    sheets: Sequence[str]
    names: list[str]


class BookFormulas:
    """The formulas of a workbook that xlrd has read; `data`: the bytes of the file.

    Workbooks of Excel 95 and before store formulas in another way: it is told where they are, and no more.
    """

    def __init__(self, native: Any, data: bytes) -> None:
        self._native = native
        self._stream = data if native.mem is None else native.mem
        self._known = native.biff_version == _BIFF8
        self.outer: list[Outer] = []
        self._engine = 0
        """Which program calculated the book last; 0 when none says so."""
        if self._known:
            self._read_globals()

    def _read_globals(self) -> None:
        books = 0
        for code, body in _records(self._stream, self._native.base):
            if code == _SUPBOOK:
                kind = self._native._supbook_types[len(self.outer)]
                books += kind == SUPBOOK_EXTERNAL
                sheets = _sheets_of(body) if kind == SUPBOOK_EXTERNAL else ()
                self.outer.append(Outer(books, sheets, []))
            elif code == _EXTERNAL_NAME and self.outer:
                self.outer[-1].names.append(_name_of(body))
            elif code == _RECALC_ID:
                (self._engine,) = unpack_from("<I", body, 4)

    def records(self, index: int) -> Iterator[Record]:
        """The records of the worksheet of that index."""
        return _records(self._stream, self._native._sh_abs_posn[index])

    def stored(self, index: int) -> StoredFormulas:
        """The formula cells of the worksheet of that index."""
        found = StoredFormulas()
        last: Spot = (-1, -1)
        readers = _READERS if self._known else dict.fromkeys(_OLD_FORMULAS, _formula)
        for code, body in self.records(index):
            if read := readers.get(code):
                last = read(found, body.ljust(_LEAST, b"\0"), last)
        return found

    def is_cached(self, stored: StoredFormulas, at: Spot) -> bool:
        """Whether what is stored as the value of a formula was calculated.

        Programs that do not calculate leave an empty text; LibreOffice leaves a zero for formulas with an
        empty text that it did not calculate anew. Excel calculates such books when it opens them.
        """
        result = stored.cells[at].result
        if not self._engine:
            return result[6:] != b"\xff\xff" or result[0] != _EMPTY_TEXT
        if self._engine != _LIBREOFFICE or any(result):
            return True
        found = stored.expression(at)
        return found is None or _NO_TEXT not in found.tokens

    def text(self, stored: StoredFormulas, at: Spot) -> str | None:
        """The formula of a cell; None inside an array and a data table. Raises UnreadableFormulaError."""
        if not self._known:
            raise UnreadableFormulaError("Excel 95 及更早的格式")
        if stored.inside_area(at):
            return None
        found = stored.expression(at)
        if found is None:
            raise UnreadableFormulaError("共用的公式不在文件里")
        return formula_text(found.tokens, found.extra, at, self)

    def name_text(self, name: Any) -> str:
        """What a defined name means; empty where that cannot be told, or depends on the cell that uses it."""
        size = name.basic_formula_len
        tokens, extra = name.raw_formula[:size], name.raw_formula[size:]
        try:
            return formula_text(tokens, extra, (0, 0), self, fixed=True) if self._known else ""
        except UnreadableFormulaError:
            return ""

    # --- What expressions point into --------------------------------------------------------------

    def sheets(self, index: int) -> str | None:
        """The prefix of a reference to other sheets, None when they are deleted. Raises UnreadableFormulaError."""
        book, first, last = self._native._externsheet_info[index]
        kind, outer = self._native._supbook_types[book], self.outer[book]
        if kind == SUPBOOK_INTERNAL:
            if _DELETED in (first, last):
                return None
            return _prefix("", self._own_sheets(), first, last)
        if kind == SUPBOOK_EXTERNAL:
            return _prefix(f"[{outer.number}]", outer.sheets, first, last)
        raise UnreadableFormulaError("公式引用其他程序或工作簿，读不出引用了哪里")

    def _own_sheets(self) -> list[str]:
        """The names of all sheets, charts among them (without their names)."""
        names = self._native.sheet_names()
        return [names[place] if place >= 0 else "" for place in self._native._all_sheets_map]

    def name(self, index: int) -> str:
        """The defined name of an index, from 1. Raises UnreadableFormulaError."""
        known = self._native.name_obj_list
        if not 1 <= index <= len(known):
            raise UnreadableFormulaError("公式引用的名称不在文件里")
        return str(known[index - 1].name)

    def outer_name(self, sheets: int, index: int) -> str:
        """The name of an add-in or another workbook. Raises UnreadableFormulaError."""
        book, _, _ = self._native._externsheet_info[sheets]
        kind, outer = self._native._supbook_types[book], self.outer[book]
        if kind == SUPBOOK_INTERNAL:
            return self.name(index)
        if kind not in (SUPBOOK_ADDIN, SUPBOOK_EXTERNAL) or not 1 <= index <= len(outer.names):
            raise UnreadableFormulaError("公式引用的名称不在文件里")
        name = outer.names[index - 1]
        return name if kind == SUPBOOK_ADDIN else f"[{outer.number}]!{name}"


def _prefix(number: str, names: Sequence[str], first: int, last: int) -> str:
    """As Excel writes it: `Sheet!`, `'A B'!`, `A:C!`, `[1]Sheet!`. `number`: that of another workbook."""
    if max(first, last) >= len(names) or not names[first] or not names[last]:
        raise UnreadableFormulaError("公式引用的工作表不在文件里")
    both = dict.fromkeys((names[first], names[last]))
    inner = number + ":".join(both).replace("'", "''")
    return f"'{inner}'!" if any(quote_sheet(name)[0] == "'" for name in both) else f"{inner}!"


def _sheets_of(body: bytes) -> list[str]:
    """The sheets of another workbook; none when the record says them in a way that is not known."""
    try:
        (count,) = unpack_from("<H", body)
        _, at = unpack_unicode_update_pos(body, 2)
        found = []
        for _ in range(count):
            name, at = unpack_unicode_update_pos(body, at)
            found.append(str(name))
        return found
    except (damaged, IndexError, UnicodeDecodeError):
        return []


def _name_of(body: bytes) -> str:
    try:
        return str(unpack_unicode_update_pos(body, 6, lenlen=1)[0])
    except (damaged, IndexError, UnicodeDecodeError):
        return ""


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

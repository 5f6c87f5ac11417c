"""Formula cells of .xls files, from the records of the workbook stream (MS-XLS); xlrd keeps their values only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from xltool.ooxml.read.xls.biffrecords import (
    Record,
    Spot,
    StoredFormulas,
    records_at,
    stored_formulas,
)
from xltool.ooxml.read.xls.ptg import formula_text
from xltool.ooxml.read.xls.ptgconstants import UnreadableFormulaError

_SUPBOOK, _EXTERNAL_NAME, _RECALC_ID = 0x01AE, 0x0023, 0x01C1
_BIFF8 = 80
_DELETED = 0xFFFF
_EMPTY_TEXT = 3
_NO_TEXT = b"\x17\x00"
"""The token of an empty text."""
_LIBREOFFICE = 101_716
"""The calculation engine that LibreOffice gives itself out for: that of Excel 2000."""


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
        for code, body in records_at(self._stream, self._native.base):
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
        return records_at(self._stream, self._native._sh_abs_posn[index])

    def stored(self, index: int) -> StoredFormulas:
        """The formula cells of the worksheet of that index."""
        return stored_formulas(self.records(index), old=not self._known)

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

"""Reading .xls files (Excel 97–2003), with the interface of a sheet: values through xlrd, formulas through biff."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import xlrd  # type: ignore[import-untyped]
from xlrd.biffh import error_text_from_code  # type: ignore[import-untyped]
from xlrd.book import SUPBOOK_EXTERNAL  # type: ignore[import-untyped]

from xltool.ooxml.package.errors import corrupt
from xltool.ooxml.package.limits import Limits
from xltool.ooxml.package.sniff import encrypted
from xltool.ooxml.read.refs import Range, extent_of, make_ref, plain_ref, split_ref
from xltool.ooxml.read.styles import GENERAL
from xltool.ooxml.read.values import CellError, Value, from_float
from xltool.ooxml.read.workbook import DefinedName, Sheet, State, Workbook
from xltool.ooxml.read.xls.biff import BookFormulas
from xltool.ooxml.read.xls.biffrecords import Record, Spot, StoredFormulas
from xltool.ooxml.read.xls.fonts import TWIPS, unseen
from xltool.ooxml.read.xls.ptgconstants import UnreadableFormulaError

_WIDTH_UNIT = 256
"""Parts of a character in which widths are stored."""
_STATES: tuple[State, ...] = ("visible", "hidden", "veryHidden")


class XlsSheet(Sheet):
    """A worksheet of an .xls file."""

    def __init__(self, workbook: XlsWorkbook, native: Any, state: State, index: int) -> None:
        super().__init__(workbook, native.name, state, index)
        self._native = native
        self._book = workbook.native
        self._formulas_of_book = workbook.formulas

    @property
    def native(self) -> Any:
        """The sheet as xlrd has it: with its looks."""
        return self._native

    def records(self) -> Iterator[Record]:
        """What the file says of the sheet, record by record."""
        return self._formulas_of_book.records(self.index)

    def _place(self, ref: str) -> tuple[int, int] | None:
        """(row, column) from 0 when the file has a cell there."""
        row, column = split_ref(ref)
        if row > self._native.nrows or column > self._native.row_len(row - 1):
            return None
        return row - 1, column - 1

    def value(self, ref: str) -> Value:
        place = self._place(ref)
        return None if place is None else self._stored_value(*place)

    def _stored_value(self, row: int, column: int) -> Value:
        """What a cell stores; None for a formula that was never calculated."""
        value = self._decoded(row, column)
        if value in ("", 0) and (row, column) in self._uncached:
            return None
        return value

    def _decoded(self, row: int, column: int) -> Value:
        kind = self._native.cell_type(row, column)
        raw = self._native.cell_value(row, column)
        if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            try:
                return from_float(raw)
            except ValueError as error:
                where = f"工作表“{self.name}”单元格 {make_ref(row + 1, column + 1)}"
                raise corrupt(where, f"的内容有误（{error}）") from None
        if kind == xlrd.XL_CELL_TEXT:
            return str(raw)
        if kind == xlrd.XL_CELL_BOOLEAN:
            return bool(raw)
        if kind == xlrd.XL_CELL_ERROR:
            return CellError(error_text_from_code.get(raw, "#UNKNOWN!"))
        return None

    def items(self) -> Iterator[tuple[str, Value]]:
        for row in range(self._native.nrows):
            for column in range(self._native.row_len(row)):
                value = self._stored_value(row, column)
                if value is not None or (row, column) in self._uncached:
                    yield make_ref(row + 1, column + 1), value

    @cached_property
    def _stored(self) -> StoredFormulas:
        return self._formulas_of_book.stored(self.index)

    @cached_property
    def _uncached(self) -> frozenset[Spot]:
        is_cached = self._formulas_of_book.is_cached
        return frozenset(at for at in self._stored.cells if not is_cached(self._stored, at))

    @cached_property
    def _texts(self) -> tuple[dict[str, str], dict[str, str]]:
        """The formulas by cell, and why others cannot be told."""
        texts: dict[str, str] = {}
        reasons: dict[str, str] = {}
        room = Limits().max_formula_text
        for at in self._stored.cells:
            ref = make_ref(at[0] + 1, at[1] + 1)
            try:
                text = self._formulas_of_book.text(self._stored, at)
            except UnreadableFormulaError as error:
                reasons[ref] = str(error)
                continue
            if text is not None:
                texts[ref] = text
                room -= len(text)
            if room < 0:
                raise corrupt(f"工作表“{self.name}”", "的公式太多")
        return texts, reasons

    def formula(self, ref: str) -> str | None:
        return self._texts[0].get(plain_ref(ref))

    def formulas(self) -> Mapping[str, str]:
        return self._texts[0]

    @property
    def unread_formulas(self) -> Mapping[str, str]:
        return self._texts[1]

    @cached_property
    def _arrays(self) -> dict[str, Range]:
        groups = {at: group.area for at, group in self._stored.arrays.items()}
        areas = {**groups, **self._stored.tables}
        return {make_ref(row + 1, column + 1): area for (row, column), area in areas.items()}

    @property
    def array_formulas(self) -> dict[str, Range]:
        return self._arrays

    def has_cached(self, ref: str) -> bool:
        row, column = split_ref(ref)
        at = (row - 1, column - 1)
        return at in self._stored.cells and at not in self._uncached

    def uncached(self) -> frozenset[str]:
        return frozenset(make_ref(row + 1, column + 1) for row, column in self._uncached)

    def style(self, ref: str) -> int:
        place = self._place(ref)
        return 0 if place is None else int(self._native.cell_xf_index(*place))

    def _format(self, ref: str) -> Any:
        return None if self._place(ref) is None else self._book.xf_list[self.style(ref)]

    def unseen(self, ref: str) -> bool:
        xf = self._format(ref)
        return xf is not None and unseen(self._book, xf)

    def number_format(self, ref: str) -> str:
        xf = self._format(ref)
        if xf is None:
            return GENERAL
        known = self._book.format_map.get(xf.format_key)
        return str(known.format_str) if known else GENERAL

    def locked(self, ref: str) -> bool:
        xf = self._format(ref)
        return xf is None or bool(xf.protection.cell_locked)

    def wrapped(self, ref: str) -> bool:
        xf = self._format(ref)
        return xf is not None and bool(xf.alignment.text_wrapped)

    @cached_property
    def _merges(self) -> tuple[Range, ...]:
        return tuple(
            Range(top + 1, left + 1, bottom, right)
            for top, bottom, left, right in self._native.merged_cells
        )

    @property
    def merges(self) -> tuple[Range, ...]:
        return self._merges

    @property
    def protected(self) -> bool:
        """Always False: xlrd does not read sheet protection, and .xls files are never written."""
        return False

    @property
    def shows_formulas(self) -> bool:
        return bool(self._native.show_formulas)

    @property
    def has_password(self) -> bool:
        """Always True, for the same reason."""
        return True

    @cached_property
    def _hidden_rows(self) -> frozenset[int]:
        return frozenset(
            row + 1
            for row, info in self._native.rowinfo_map.items()
            if info.hidden or (info.height == 0 and not info.has_default_height)
        )

    @property
    def hidden_rows(self) -> frozenset[int]:
        return self._hidden_rows

    @cached_property
    def _hidden_cols(self) -> frozenset[int]:
        return frozenset(
            column + 1
            for column, info in self._native.colinfo_map.items()
            if info.hidden or info.width == 0
        )

    @property
    def hidden_cols(self) -> frozenset[int]:
        return self._hidden_cols

    def row_height(self, row: int) -> Decimal | None:
        info = self._native.rowinfo_map.get(row - 1)
        twips = info.height if info else self._native.default_row_height
        return Decimal(twips) / TWIPS if twips else None

    def column_width(self, column: int) -> Decimal | None:
        info = self._native.colinfo_map.get(column - 1)
        if info:
            return Decimal(info.width) / _WIDTH_UNIT
        standard = self._native.standardwidth
        return Decimal(standard) / _WIDTH_UNIT if standard else None

    @cached_property
    def _extent(self) -> Range | None:
        return extent_of(self.refs())

    @property
    def extent(self) -> Range | None:
        return self._extent

    @property
    def notes(self) -> dict[str, str]:
        return {
            make_ref(row + 1, column + 1): note.text
            for (row, column), note in self._native.cell_note_map.items()
        }


class XlsWorkbook(Workbook):
    """A workbook read from an .xls file. It cannot be edited."""

    def __init__(self, native: Any, data: bytes, path: Path | None) -> None:
        super().__init__("xls", path)
        self.native = native
        self.formulas = BookFormulas(native, data)
        self.has_password = True
        self.date1904 = native.datemode == 1
        self.external_links = sum(kind == SUPBOOK_EXTERNAL for kind in native._supbook_types)
        self.sheets = tuple(
            XlsSheet(self, sheet, _STATES[min(sheet.visibility, 2)], index)
            for index, sheet in enumerate(native.sheets())
        )
        self.defined_names = tuple(self._read_names())

    def _read_names(self) -> Iterator[DefinedName]:
        """The defined names; not those that stand for functions that came after .xls."""
        sheets = self.native.sheet_names()
        for name in self.native.name_obj_list:
            if name.macro or name.name.startswith("_xlfn."):
                continue
            sheet = sheets[name.scope] if 0 <= name.scope < len(sheets) else None
            shown = f"_xlnm.{name.name}" if name.builtin else name.name
            yield DefinedName(shown, sheet, self.formulas.name_text(name), bool(name.hidden))


def open_xls(data: bytes, path: Path | None) -> XlsWorkbook:
    """Read the bytes of an .xls file. Raises WorkbookError (encrypted, corrupt)."""
    try:
        # ragged: a single cell far out must not make a sheet of 16 million blanks;
        # on demand: xlrd keeps the bytes, from which formulas are read
        native = xlrd.open_workbook(
            file_contents=data,
            formatting_info=True,
            ragged_rows=True,
            on_demand=True,
            logfile=io.StringIO(),
        )
        native.sheets()
        return XlsWorkbook(native, data, path)
    except MemoryError:
        raise
    except Exception as error:
        # A damaged file breaks xlrd in any of its own ways: bad indexes, failed assertions, …
        if isinstance(error, xlrd.XLRDError) and "encrypted" in str(error):
            raise encrypted() from None
        raise corrupt("旧版工作簿（.xls）", f"读不出来（{error}）") from None

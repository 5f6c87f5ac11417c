"""A worksheet of an .xlsx package, decoded cell by cell when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property

from xltool.ooxml.read.refs import Range, split_ref
from xltool.ooxml.read.shared import StoredFormula
from xltool.ooxml.read.values import Value
from xltool.ooxml.read.workbook import Sheet
from xltool.ooxml.read.xlsx.book import Tab, XlsxBook
from xltool.ooxml.read.xlsx.cellsource import CellSource
from xltool.ooxml.read.xlsx.cellvalues import XlsxCells
from xltool.ooxml.read.xlsx.formulas import XlsxFormulas, formula_of
from xltool.ooxml.read.xlsx.frame import XlsxFrame
from xltool.ooxml.read.xlsx.part import XlsxPart
from xltool.ooxml.read.xlsx.sheetpart import SheetPart


class XlsxSheet(Sheet):
    """A worksheet part, seen through three views: its values, its formulas, its frame.

    What a view works out it keeps; after a change the whole view is let go of (`forget`).
    """

    def __init__(
        self,
        book: XlsxBook,
        tab: Tab,
        index: int,
        open_source: Callable[[], CellSource],
        unread: SheetPart | None = None,
    ) -> None:
        super().__init__(book, tab.name, tab.state, index)
        self.part = tab.part
        self._part = XlsxPart(book, tab.name, tab.part, open_source, unread)

    @cached_property
    def _cells(self) -> XlsxCells:
        return XlsxCells(self._part)

    @cached_property
    def _formulas(self) -> XlsxFormulas:
        return XlsxFormulas(self._part, lambda: self._cells)

    @cached_property
    def _frame(self) -> XlsxFrame:
        return XlsxFrame(self._part)

    def forget(self, *, formulas: bool = True, shell: bool = True) -> None:
        """Drop what was derived from cells, and from formulas and the rest when they changed."""
        for view, changed in (("_cells", True), ("_formulas", formulas), ("_frame", shell)):
            if changed:
                self.__dict__.pop(view, None)
        if shell:
            self.forget_merges()

    # --- values ----------------------------------------------------------------------------

    def value(self, ref: str) -> Value:
        return self._cells.value(ref)

    def lookup(self) -> Callable[[str], Value]:
        return self._cells.lookup()

    def content(self, ref: str) -> tuple[Value, StoredFormula | None]:
        """The value of a cell, and its formula as stored if it has one."""
        cell = self._part.cell(ref)
        return (None, None) if cell is None else (self._cells.decoded(cell), formula_of(cell))

    def cells(self) -> Iterable[str]:
        return self._part.source.refs()

    def items(self) -> Iterator[tuple[str, Value]]:
        return iter(self._cells.values.items())

    def head(self, rows: int) -> Iterator[tuple[str, Value]]:
        return iter(self._cells.head(rows))

    def numeric_refs(self) -> list[str]:
        refs = self._part.unread.numeric_refs() if self._part.unread else None
        return super().numeric_refs() if refs is None else refs

    def refs(self) -> Iterable[str]:
        return list(self._cells.values)

    @property
    def last_row(self) -> int:
        last = next(reversed(self._cells.values), None)
        return split_ref(last)[0] if last else 0

    @property
    def extent(self) -> Range | None:
        return self._cells.extent

    # --- formulas --------------------------------------------------------------------------

    @property
    def stored_formulas(self) -> dict[str, StoredFormula]:
        """The formulas as stored, by cell."""
        return self._formulas.stored

    def stored_formula(self, ref: str) -> StoredFormula | None:
        """The formula of a cell as stored, None without one."""
        return self._formulas.stored_of(ref)

    def formula(self, ref: str) -> str | None:
        return self._formulas.of(ref)

    def formulas(self) -> Mapping[str, str]:
        return self._formulas.all()

    @property
    def array_formulas(self) -> dict[str, Range]:
        return self._formulas.arrays

    def has_cached(self, ref: str) -> bool:
        return self._formulas.has_cached(ref)

    def uncached(self) -> frozenset[str]:
        return self._formulas.uncached()

    def formula_values(self) -> Iterator[str]:
        return self._formulas.values()

    # --- formats and the sheet as a whole --------------------------------------------------

    def style(self, ref: str) -> int:
        return self._frame.style(ref)

    def inherited_style(self, ref: str) -> int:
        """The format that a new cell takes from its row or else its column."""
        return self._frame.inherited_style(ref)

    def number_format(self, ref: str) -> str:
        return self._frame.format(ref).number_format

    def unseen(self, ref: str) -> bool:
        return self._frame.format(ref).unseen

    def digit_scale(self, ref: str) -> Decimal | None:
        return self._frame.format(ref).scale

    def locked(self, ref: str) -> bool:
        return self._frame.format(ref).locked

    def wrapped(self, ref: str) -> bool:
        return self._frame.format(ref).wrapped

    def row_height(self, row: int) -> Decimal | None:
        return self._frame.row_height(row)

    def column_width(self, column: int) -> Decimal | None:
        return self._frame.column_width(column)

    def conditional_prints(self) -> list[tuple[Range, str]]:
        return self._frame.conditional_prints()

    def texts_beside(self) -> list[tuple[str, str]]:
        return self._frame.texts_beside()

    @property
    def merges(self) -> tuple[Range, ...]:
        return self._frame.merges

    @property
    def hidden_rows(self) -> frozenset[int]:
        return self._frame.hidden_rows

    @property
    def hidden_cols(self) -> frozenset[int]:
        return self._frame.hidden_cols

    @property
    def hides(self) -> bool:
        return self._frame.hides_by_default or super().hides

    def hidden(self, ref: str) -> bool:
        return self._frame.hidden_by_default(ref) or super().hidden(ref)

    @property
    def protected(self) -> bool:
        return self._frame.protected

    @property
    def shows_formulas(self) -> bool:
        return self._frame.shows_formulas

    @property
    def has_password(self) -> bool:
        return self._frame.has_password

    @property
    def notes(self) -> dict[str, str]:
        return self._frame.notes

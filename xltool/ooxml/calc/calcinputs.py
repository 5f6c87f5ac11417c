"""The cells of a workbook as a recalculation sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from xltool.ooxml.calc.calcvalues import ERROR_CODES, CalculationError, Offset, Plain
from xltool.ooxml.calc.columns import SMALL, ColumnCells, ColumnFacts
from xltool.ooxml.calc.criteria import Criterion
from xltool.ooxml.calc.sheetcells import SheetCells
from xltool.ooxml.calc.tree import SheetArea
from xltool.ooxml.read.refs import Range, make_ref, split_ref
from xltool.ooxml.read.values import CellError
from xltool.ooxml.read.workbook import Sheet

Cell: TypeAlias = tuple[str, str]
"""(sheet name, reference)."""

_MOST_LOOKS = 50_000_000
"""Cells that the formulas of a workbook may look at, all together: many times what any form has."""


class Inputs:
    """Constants and formulas by cell.

    `blocked` are the cells whose value nobody here can tell, with the reason; among them the `array_formulas`
    and data tables and the formulas that are `unread`. `given` are formula cells that others see as constants.
    """

    def __init__(self, sheets: Mapping[str, Sheet], given: Mapping[Cell, Decimal]) -> None:
        self.given = given
        self.formulas: dict[Cell, str] = {}
        self.blocked: dict[Cell, str] = {}
        self.array_formulas: set[Cell] = set()
        self.unread: set[Cell] = set()
        self._sheets = sheets
        self._cells: dict[str, SheetCells] = {}
        self._room = _MOST_LOOKS
        self._inside: tuple[SheetArea | None, list[Plain]] = None, []
        """The range that was asked for last, and what is in it."""
        for name, sheet in sheets.items():
            self._enter(name, sheet)

    def _enter(self, name: str, sheet: Sheet) -> None:
        """The formulas of a sheet."""
        formulas, arrays, unread = sheet.formulas(), sheet.array_formulas, sheet.unread_formulas
        for ref in arrays:
            self.array_formulas.add((name, ref))
            self.blocked[name, ref] = "数组公式或模拟运算表，不能复算"
        for ref, reason in unread.items():
            self.unread.add((name, ref))
            self.blocked[name, ref] = reason
        for ref in sheet.refs() if arrays else ():
            if any(area.contains(ref) for area in arrays.values()):
                self.blocked.setdefault((name, ref), "属于数组公式或模拟运算表")
        for ref, text in formulas.items():
            if (name, ref) not in self.blocked:
                self.formulas[name, ref] = text

    def read(self, names: Iterable[str]) -> None:
        """Read the values of the sheets that formulas stand on or, by these names, refer to.

        A book may have many other sheets, and nobody wants to know what is in them.
        """
        on = {sheet for sheet, _ in (*self.formulas, *self.blocked)}
        for name in self._sheets:
            if name in on or name in names:
                self._cells[name] = self._load(name)

    def _load(self, name: str) -> SheetCells:
        """The cells of a sheet. One with an error that not every program knows is blocked."""
        formulas = self._sheets[name].formulas()
        values: dict[str, Plain] = {}
        for ref, value in self._sheets[name].items():
            if ref in formulas:
                continue
            if isinstance(value, Decimal):
                values[ref] = float(value)
            elif type(value) is CellError and value.code not in ERROR_CODES:
                self.blocked.setdefault((name, ref), f"错误值 {value} 不能复算")
            else:
                values[ref] = value
        blocked = {ref for sheet, ref in self.blocked if sheet == name}
        for ref in blocked:
            values.pop(ref, None)
        given = {ref: float(value) for (sheet, ref), value in self.given.items() if sheet == name}
        return SheetCells({**values, **given}, {*formulas, *blocked} - given.keys())

    # --- Formulas, as the order of work needs them ----------------------------------------------

    def column(self, cell: Cell) -> tuple[ColumnCells, int]:
        """The column that a formula stands in, and its row."""
        row, column = split_ref(cell[1])
        return self._cells[cell[0]].column(column), row

    def waiting(self, places: Iterable[SheetArea]) -> Iterator[Cell]:
        """The formulas in some ranges that are not closed when it is their turn."""
        for sheet, area in places:
            for ref in self._cells[sheet].waiting(area):
                yield sheet, ref

    def spoil(self, cell: Cell) -> None:
        """Nobody can tell the value of a cell: no formula that needs it can be worked out."""
        if cell not in self.given:
            self._cells[cell[0]].spoil(cell[1])

    def spoilt(self, sheet: str, area: Range) -> Cell | None:
        """The first cell in a range whose value nobody can tell."""
        ref = self._cells[sheet].spoilt(area)
        return (sheet, ref) if ref else None

    # --- Cells, as the evaluator sees them ------------------------------------------------------

    def at(self, sheet: str, row: int, column: int) -> Plain:
        """The value of a cell; None when it is blank."""
        return self._cells[sheet].at(row, column)

    def used(self, sheet: str, area: Range) -> list[Cell]:
        """The cells in a range that are not blank."""
        return [(sheet, make_ref(*place)) for place in self._cells[sheet].places(area)]

    def value(self, cell: Cell) -> Plain:
        """The value of a cell that is not blank."""
        return self._cells[cell[0]].at(*split_ref(cell[1]))

    def inside(self, place: SheetArea) -> list[Plain]:
        """The values of the cells of a range that are not blank. Raises CalculationError."""
        known, found = self._inside
        if place is not known:  # a formula asks whether there is anything, and then what it makes
            found = self._cells[place.sheet].inside(place.area)
            self.spend(len(found))
            self._inside = place, found
        return found

    def filled(self, place: SheetArea) -> list[tuple[Offset, Plain]]:
        """As `inside`, column by column, each value with its place in the range."""
        found = self._cells[place.sheet].filled(place.area)
        self.spend(len(found))
        return found

    def equal(self, place: SheetArea, wanted: Criterion) -> Sequence[Offset] | None:
        """The places of a range that a criterion holds for, in order; None when all have to be looked at."""
        found = self._cells[place.sheet].equal(place.area, wanted)
        self.spend(len(found or ()))
        return found

    def facts(self, place: SheetArea) -> Sequence[ColumnFacts] | None:
        """What is known of all values in the columns of a range; None of a few cells."""
        sheet, area = place
        top, left, bottom, right = area
        few = area.size <= SMALL if left < right else top == bottom
        return None if few else self._cells[sheet].facts(area)

    def every(self, rows: int, columns: int) -> list[Offset]:
        """All places of so many rows and columns of a range. Raises CalculationError."""
        self.spend(rows * columns)
        return [(row, column) for column in range(columns) for row in range(rows)]

    def picked(self, place: SheetArea, offsets: Sequence[Offset]) -> list[Plain]:
        """The values of some places of a range, None where a cell is blank. Raises CalculationError."""
        self.spend(len(offsets))
        return self._cells[place.sheet].picked(place.area, offsets)

    def reach(self, place: SheetArea) -> tuple[int, int]:
        """How many rows and columns of a range there are until all further cells are blank."""
        return self._cells[place.sheet].reach(place.area)

    def spend(self, cells: int) -> None:
        """A book cannot keep the machine busy for hours: formulas look at so many cells, no more.

        Raises CalculationError.
        """
        if cells > self._room:
            raise CalculationError("公式用到的单元格太多")
        self._room -= cells

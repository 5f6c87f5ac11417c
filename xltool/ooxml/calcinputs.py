"""The cells of a workbook as a recalculation sees them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeAlias

from .calcvalues import ERROR_CODES, CalculationError, Plain
from .refs import Range, make_ref, split_ref
from .sheet import Sheet
from .values import CellError, Value

Cell: TypeAlias = tuple[str, str]
"""(sheet name, reference)."""

_MOST_LOOKS = 50_000_000
"""Cells that the formulas of a workbook may look at, all together: many times what any form has."""


class _Grid:
    """Cells of one sheet by column and row, for finding those inside a range."""

    def __init__(self, sheet: str, refs: Iterable[str]) -> None:
        self._sheet = sheet
        self._columns: dict[int, list[int]] = {}
        for ref in refs:
            row, column = split_ref(ref)
            self._columns.setdefault(column, []).append(row)
        for rows in self._columns.values():
            rows.sort()
        self._known: dict[Range, list[Cell]] = {}

    def inside(self, area: Range) -> list[Cell]:
        """The cells in a range. Formulas of a row and of a column share many ranges."""
        found = self._known.get(area)
        if found is None:
            found = self._known[area] = [
                (self._sheet, make_ref(row, column))
                for column, rows in self._columns_of(area)
                for row in rows[bisect_left(rows, area.top) : bisect_right(rows, area.bottom)]
            ]
        return found

    def reach(self, area: Range) -> tuple[int, int]:
        """How many rows and columns of a range there are until no cell follows."""
        last_row, last_column = area.top - 1, area.left - 1
        for column, rows in self._columns_of(area):
            end = bisect_right(rows, area.bottom)
            if end and rows[end - 1] >= area.top:
                last_row, last_column = max(last_row, rows[end - 1]), max(last_column, column)
        return last_row - area.top + 1, last_column - area.left + 1

    def _columns_of(self, area: Range) -> list[tuple[int, list[int]]]:
        if area.left == area.right:
            rows = self._columns.get(area.left)
            return [(area.left, rows)] if rows else []
        return [item for item in self._columns.items() if area.left <= item[0] <= area.right]


class Inputs:
    """Constants and formulas by cell.

    `values` are the constants as the calculation takes them, and then, entered by `settle`, what the
    formulas make. `blocked` are the cells whose value nobody here can tell, with the reason; among
    them the `array_formulas` and data tables. `given` are formula cells that others see as constants.
    """

    def __init__(self, sheets: Mapping[str, Sheet], given: Mapping[Cell, Decimal]) -> None:
        self.given = given
        self.formulas: dict[Cell, str] = {}
        self.values: dict[Cell, Plain] = {}
        self.blocked: dict[Cell, str] = {}
        self.array_formulas: set[Cell] = set()
        self._sheets = sheets
        self._room = _MOST_LOOKS
        for name, sheet in sheets.items():
            self._load(name, sheet)
        self.values.update({cell: float(value) for cell, value in given.items()})
        self._used = self._grids({*self.formulas, *self.values, *self.blocked})
        self._computed = self._grids({*self.formulas, *self.blocked} - given.keys())

    def _load(self, name: str, sheet: Sheet) -> None:
        formulas, arrays = sheet.formulas(), sheet.array_formulas
        for ref in arrays:
            self.array_formulas.add((name, ref))
            self.blocked[name, ref] = "数组公式或模拟运算表，不能复算"
        for ref, value in sheet.items():
            if arrays and any(area.contains(ref) for area in arrays.values()):
                self.blocked.setdefault((name, ref), "属于数组公式或模拟运算表")
            elif ref in formulas:
                self.formulas[name, ref] = formulas[ref]
            elif isinstance(value, CellError) and value.code not in ERROR_CODES:
                self.blocked[name, ref] = f"错误值 {value} 不能复算"
            else:
                self.values[name, ref] = plain(value)

    def _grids(self, cells: Iterable[Cell]) -> dict[str, _Grid]:
        refs: dict[str, list[str]] = {name: [] for name in self._sheets}
        for sheet, ref in cells:
            refs[sheet].append(ref)
        return {name: _Grid(name, found) for name, found in refs.items()}

    def settle(self, cell: Cell, value: Plain) -> None:
        """Enter what a formula makes, for those that need it."""
        if cell not in self.given:
            self.values[cell] = value

    def used(self, sheet: str, area: Range) -> list[Cell]:
        """The cells in a range that are not blank."""
        return self._used[sheet].inside(area)

    def computed(self, sheet: str, area: Range) -> list[Cell]:
        """The formula cells and blocked cells in a range. Raises CalculationError."""
        found = self._computed[sheet].inside(area)
        self._spend(len(found))
        return found

    # --- Cells, as the evaluator sees them ------------------------------------------------------

    def at(self, sheet: str, row: int, column: int) -> Plain:
        """The value of a cell; None when it is blank."""
        return self.values.get((sheet, make_ref(row, column)))

    def inside(self, sheet: str, area: Range) -> list[Plain]:
        """The values of the cells of a range that are not blank. Raises CalculationError."""
        cells = self.used(sheet, area)
        self._spend(len(cells))
        return [self.values[cell] for cell in cells]

    def dense(self, sheet: str, area: Range, rows: int, columns: int) -> list[Plain]:
        """The values of so many rows and columns of a range, None where a cell is blank.

        Raises CalculationError, and ValueError where it leaves the sheet.
        """
        self._spend(rows * columns)
        values, top = self.values, area.top
        return [
            values.get((sheet, make_ref(row, column)))
            for column in range(area.left, area.left + columns)
            for row in range(top, top + rows)
        ]

    def reach(self, sheet: str, area: Range) -> tuple[int, int]:
        """How many rows and columns of a range there are until all further cells are blank."""
        return self._used[sheet].reach(area)

    def _spend(self, cells: int) -> None:
        """A book cannot keep the machine busy for hours: formulas look at so many cells, no more."""
        self._room -= cells
        if self._room < 0:
            raise CalculationError("公式用到的单元格太多")


def plain(value: Value) -> Plain:
    """A value of a cell as the calculation takes it."""
    return float(value) if isinstance(value, Decimal) else value

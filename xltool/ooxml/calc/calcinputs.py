"""The cells of a workbook as a recalculation sees them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from xltool.ooxml.calc.calcvalues import ERROR_CODES, CalculationError, Offset, Plain
from xltool.ooxml.read.refs import Range, make_ref, split_ref
from xltool.ooxml.read.sheet import Sheet
from xltool.ooxml.read.values import CellError, Value

Cell: TypeAlias = tuple[str, str]
"""(sheet name, reference)."""

_SMALL = 16
"""Up to so many cells a range is looked through place by place, once for all formulas with it."""

_MOST_LOOKS = 50_000_000
"""Cells that the formulas of a workbook may look at, all together: many times what any form has."""


@lru_cache(maxsize=1 << 13)
def _refs_in(area: Range) -> list[str]:
    """The cells of a small range; books of one form have most ranges in common."""
    rows, columns = range(area.top, area.bottom + 1), range(area.left, area.right + 1)
    return [make_ref(row, column) for row in rows for column in columns]


class _Grid:
    """Cells of one sheet by column and row, for finding those inside a range."""

    def __init__(self, placed: Sequence[tuple[int, int, Cell]]) -> None:
        """`placed`: column, row and cell, in order."""
        self._by_ref = {cell[1]: cell for _, _, cell in placed}
        self._small: dict[Range, list[Cell]] = {}
        self._rows: dict[int, list[int]] = {}
        self._cells: dict[int, list[Cell]] = {}
        for column, row, cell in placed:
            self._rows.setdefault(column, []).append(row)
            self._cells.setdefault(column, []).append(cell)

    def inside(self, area: Range) -> list[Cell]:
        """The cells in a range, row by row as programs go through them."""
        if area.size <= _SMALL:
            if area not in self._small:
                known = self._by_ref
                self._small[area] = [known[ref] for ref in _refs_in(area) if ref in known]
            return self._small[area]
        columns = self._columns_of(area)
        if len(columns) == 1:
            start, end = self._part(columns[0], area)
            return self._cells[columns[0]][start:end]
        return [cell for _, cell in sorted(self.placed(area))]

    def placed(self, area: Range) -> list[tuple[Offset, Cell]]:
        """The cells in a range with their places in it, column by column."""
        return [
            ((row - area.top, column - area.left), cell)
            for column in self._columns_of(area)
            for start, end in [self._part(column, area)]
            for row, cell in zip(
                self._rows[column][start:end], self._cells[column][start:end], strict=True
            )
        ]

    def reach(self, area: Range) -> tuple[int, int]:
        """How many rows and columns of a range there are until no cell follows."""
        last_row, last_column = area.top - 1, area.left - 1
        for column in self._columns_of(area):
            start, end = self._part(column, area)
            if start < end:
                last_row = max(last_row, self._rows[column][end - 1])
                last_column = max(last_column, column)
        return last_row - area.top + 1, last_column - area.left + 1

    def _part(self, column: int, area: Range) -> tuple[int, int]:
        rows = self._rows[column]
        return bisect_left(rows, area.top), bisect_right(rows, area.bottom)

    def _columns_of(self, area: Range) -> list[int]:
        if area.left == area.right:
            return [area.left] if area.left in self._rows else []
        return [column for column in self._rows if area.left <= column <= area.right]


class Inputs:
    """Constants and formulas by cell.

    `values` are the constants as the calculation takes them, and then, entered by `settle`, what the
    formulas make. `blocked` are the cells whose value nobody here can tell, with the reason; among
    them the `array_formulas` and data tables and the formulas that are `unread`. `given` are formula
    cells that others see as constants.
    """

    def __init__(self, sheets: Mapping[str, Sheet], given: Mapping[Cell, Decimal]) -> None:
        self.given = given
        self.formulas: dict[Cell, str] = {}
        self.values: dict[Cell, Plain] = {}
        self.blocked: dict[Cell, str] = {}
        self.array_formulas: set[Cell] = set()
        self.unread: set[Cell] = set()
        self._sheets = sheets
        self._room = _MOST_LOOKS
        for name, sheet in sheets.items():
            self._load(name, sheet)
        self.values.update({cell: float(value) for cell, value in given.items()})
        placed = self._placed({*self.formulas, *self.values, *self.blocked})
        computed = {*self.formulas, *self.blocked} - given.keys()
        self._used = {sheet: _Grid(found) for sheet, found in placed.items()}
        self._computed = {
            sheet: _Grid([place for place in found if place[2] in computed])
            for sheet, found in placed.items()
        }

    def _load(self, name: str, sheet: Sheet) -> None:
        formulas, arrays, unread = sheet.formulas(), sheet.array_formulas, sheet.unread_formulas
        for ref in arrays:
            self.array_formulas.add((name, ref))
            self.blocked[name, ref] = "数组公式或模拟运算表，不能复算"
        for ref, reason in unread.items():
            self.unread.add((name, ref))
            self.blocked[name, ref] = reason
        for ref, value in sheet.items():
            if arrays and any(area.contains(ref) for area in arrays.values()):
                self.blocked.setdefault((name, ref), "属于数组公式或模拟运算表")
            elif ref in unread:
                continue
            elif ref in formulas:
                self.formulas[name, ref] = formulas[ref]
            elif isinstance(value, CellError) and value.code not in ERROR_CODES:
                self.blocked[name, ref] = f"错误值 {value} 不能复算"
            else:
                self.values[name, ref] = plain(value)

    def _placed(self, cells: Iterable[Cell]) -> dict[str, list[tuple[int, int, Cell]]]:
        """Of each sheet the cells with column and row, in order."""
        found: dict[str, list[tuple[int, int, Cell]]] = {name: [] for name in self._sheets}
        for cell in cells:
            row, column = split_ref(cell[1])
            found[cell[0]].append((column, row, cell))
        return {name: sorted(placed) for name, placed in found.items()}

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

    def filled(self, sheet: str, area: Range) -> list[tuple[Offset, Plain]]:
        """As `inside`, column by column, each value with its place in the range."""
        placed = self._used[sheet].placed(area)
        self._spend(len(placed))
        return [(place, self.values[cell]) for place, cell in placed]

    def every(self, rows: int, columns: int) -> list[Offset]:
        """All places of so many rows and columns of a range. Raises CalculationError."""
        self._spend(rows * columns)
        return [(row, column) for column in range(columns) for row in range(rows)]

    def picked(self, sheet: str, area: Range, places: Sequence[Offset]) -> list[Plain]:
        """The values of some places of a range, None where a cell is blank.

        Raises CalculationError, and ValueError where it leaves the sheet.
        """
        self._spend(len(places))
        top, left, value_of = area.top, area.left, self.values.get
        return [value_of((sheet, make_ref(top + row, left + column))) for row, column in places]

    def reach(self, sheet: str, area: Range) -> tuple[int, int]:
        """How many rows and columns of a range there are until all further cells are blank."""
        return self._used[sheet].reach(area)

    def _spend(self, cells: int) -> None:
        """A book cannot keep the machine busy for hours: formulas look at so many cells, no more."""
        if cells > self._room:
            raise CalculationError("公式用到的单元格太多")
        self._room -= cells


def plain(value: Value) -> Plain:
    """A value of a cell as the calculation takes it."""
    return float(value) if isinstance(value, Decimal) else value

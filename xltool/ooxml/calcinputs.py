"""The cells of a workbook as a recalculation sees them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeAlias

from .engine import holds
from .refs import Range, make_ref, split_ref
from .sheet import Sheet
from .values import Value

Cell: TypeAlias = tuple[str, str]
"""(sheet name, reference)."""


class _Grid:
    """Cells of one sheet by column and row, for finding those inside a range."""

    def __init__(self, refs: Iterable[str]) -> None:
        self._columns: dict[int, list[int]] = {}
        for ref in refs:
            row, column = split_ref(ref)
            self._columns.setdefault(column, []).append(row)
        for rows in self._columns.values():
            rows.sort()

    def inside(self, area: Range) -> list[str]:
        """The references of the cells in a range."""
        found: list[str] = []
        for column, rows in self._columns.items():
            if area.left <= column <= area.right:
                start, end = bisect_left(rows, area.top), bisect_right(rows, area.bottom)
                found += [make_ref(row, column) for row in rows[start:end]]
        return found


class Inputs:
    """Constants and formulas by cell.

    `blocked` are the cells whose value nobody here can tell, with the reason; among them the
    `array_formulas` and data tables. `given` are formula cells that others see as constants.
    """

    def __init__(self, sheets: Mapping[str, Sheet], given: Mapping[Cell, Decimal]) -> None:
        self.given = given
        self.formulas: dict[Cell, str] = {}
        self.constants: dict[Cell, Value] = {}
        self.blocked: dict[Cell, str] = {}
        self.array_formulas: set[Cell] = set()
        self._sheets = sheets
        for name, sheet in sheets.items():
            self._load(name, sheet)
        self.constants.update(given)
        self._used = self._grids({*self.formulas, *self.constants, *self.blocked})
        self._computed = self._grids({*self.formulas, *self.blocked} - given.keys())

    def _load(self, name: str, sheet: Sheet) -> None:
        formulas, arrays = sheet.formulas(), sheet.array_formulas
        for ref in arrays:
            self.array_formulas.add((name, ref))
            self.blocked[name, ref] = "数组公式或模拟运算表，不能复算"
        for ref, value in sheet.items():
            if any(area.contains(ref) for area in arrays.values()):
                self.blocked.setdefault((name, ref), "属于数组公式或模拟运算表")
            elif ref in formulas:
                self.formulas[name, ref] = formulas[ref]
            elif not holds(value):
                self.blocked[name, ref] = f"错误值 {value} 不能复算"
            else:
                self.constants[name, ref] = value

    def _grids(self, cells: Iterable[Cell]) -> dict[str, _Grid]:
        refs: dict[str, list[str]] = {name: [] for name in self._sheets}
        for sheet, ref in cells:
            refs[sheet].append(ref)
        return {name: _Grid(found) for name, found in refs.items()}

    def used(self, sheet: str, area: Range) -> list[Cell]:
        """The cells in a range that are not blank."""
        return [(sheet, ref) for ref in self._used[sheet].inside(area)]

    def computed(self, sheet: str, area: Range) -> list[Cell]:
        """The formula cells and blocked cells in a range."""
        return [(sheet, ref) for ref in self._computed[sheet].inside(area)]

"""Values of formula cells that were stored without one (as openpyxl does): recalculated, or refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from xltool.mapping.ownsheets import own_sheets
from xltool.ooxml import Sheet, Value, Workbook

Cell = tuple[str, str]
"""Sheet name and address."""


class Recalculated(NamedTuple):
    """Values of formula cells that store none, and why others could not be recalculated."""

    values: dict[Cell, Value]
    reasons: dict[Cell, str]

    def __bool__(self) -> bool:
        return bool(self.values or self.reasons)


def missing_values(workbook: Workbook, cells: Iterable[tuple[Sheet, str]]) -> Recalculated:
    """The recalculated values of those `cells` that hold a formula but no value."""
    uncached = {sheet.name: refs for sheet in workbook.sheets if (refs := sheet.uncached())}
    if not uncached:
        return Recalculated({}, {})
    wanted = [(sheet.name, ref) for sheet, ref in cells if ref in uncached.get(sheet.name, ())]
    if not wanted:
        return Recalculated({}, {})
    from xltool.ooxml.calc.recalc import recalculate

    own = own_sheets(workbook)
    result = recalculate({s.name: s for s in workbook.sheets if s.name not in own})
    values = {cell: result.values[cell] for cell in wanted if cell in result.values}
    reasons = {cell: result.uncertain.get(cell, "") for cell in wanted if cell not in values}
    return Recalculated(values, reasons)

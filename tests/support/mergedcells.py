"""openpyxl gives every cell of a merged range its border and its protection, and compares all there are for each of
them: half of what opening a workbook takes. Here they are looked up once for all cells alike; what comes out is the
same (tests/ooxml/test_merged_cells.py).
"""

from __future__ import annotations

from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Border
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.merge import MergedCellRange

SLOW = MergedCellRange.format
_SIDES = ("top", "left", "right", "bottom")


def install() -> None:
    """Have openpyxl do so in this process."""
    MergedCellRange.format = _format


def _format(found: Any) -> None:
    first, sheet = found.start_cell, found.ws
    borders = {side: Border(**{side: drawn}) for side in _SIDES if (drawn := _drawn(first, side))}
    sides_of: dict[tuple[int, int], tuple[str, ...]] = {}
    for side in borders:
        for place in getattr(found, side):
            sides_of[place] = (*sides_of.get(place, ()), side)
    protection = (first._style or StyleArray()).protectionId
    known: dict[tuple[object, ...], int] = {}
    for place in found.cells:
        cell = sheet._cells.get(place)
        if cell is None:
            cell = sheet._cells[place] = MergedCell(sheet, *place)
        cell._style = cell._style or StyleArray()
        if sides := sides_of.get(place):
            key = (sides, cell._style.borderId)
            if key not in known:
                for side in sides:
                    cell.border += borders[side]
                known[key] = cell._style.borderId
            cell._style.borderId = known[key]
        cell._style.protectionId = protection


def _drawn(cell: Any, side: str) -> Any:
    drawn = getattr(cell.border, side)
    return drawn if drawn and drawn.style is not None else None

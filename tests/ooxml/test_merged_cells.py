"""The tests' own way to give merged cells their borders: it does what openpyxl does."""

from __future__ import annotations

from typing import Any
from unittest import mock

import openpyxl
from openpyxl.styles import Border, Protection, Side
from openpyxl.worksheet.merge import MergedCellRange

from tests.support.mergedcells import SLOW
from tests.support.paths import ROOT

FORM = ROOT / "workbook_templates" / "2021-national" / "项目支出绩效自评表.xlsx"


def looks(how: Any) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Border, protection and kind of every cell of a form, and of some ranges that are merged in it."""
    with mock.patch.object(MergedCellRange, "format", how):
        book = openpyxl.load_workbook(FORM)
        sheet = book.create_sheet("合并")
        thin, thick = Side("thin"), Side("thick", color="FF0000")
        sheet["B2"].border, sheet["D4"].border = Border(left=thin, top=thick), Border(right=thick)
        sheet["B2"].protection = Protection(locked=False)
        sheet["F2"].border = Border(left=thin, right=thin, top=thin, bottom=thick)
        for area in ("B2:D4", "F2:F9", "H1:L1"):
            sheet.merge_cells(area)
        return {
            (sheet.title, cell.coordinate): (type(cell), sides(cell.border), cell.protection.locked)
            for sheet in book
            for row in sheet
            for cell in row
        }


def sides(border: Any) -> tuple[Any, ...]:
    """The four sides of a border."""
    return tuple(
        (side.style, side.color and side.color.rgb) if (side := getattr(border, name)) else None
        for name in ("left", "right", "top", "bottom")
    )


def test_cells_of_merged_ranges_look_as_openpyxl_has_them() -> None:
    assert MergedCellRange.format is not SLOW
    assert looks(MergedCellRange.format) == looks(SLOW)

"""Columns too narrow for their figures print ####: told where it is sure, and only there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.editing import saved
from xltool.checks import validate
from xltool.core.resources import SAMPLES
from xltool.documents.load import load
from xltool.filling import fill

TABLE = "支出决算表"
CELL = "C5"
"""The 合计 of the table."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("窄") / "决算.xlsx"
    fill(*load(SAMPLES / "sgb-2024.json"), out, totals="given")
    return out


def found(book: Path, change: Callable[[Worksheet], object]) -> list[tuple[str, tuple[str, ...]]]:
    """What the check of prints says of the table after a change: messages and cells."""
    workbook = openpyxl.load_workbook(book)
    change(workbook[TABLE])
    findings = validate(saved(workbook)).findings
    return [(f.message, tuple(c.ref for c in f.cells)) for f in findings if f.rule == "ALL-08"]


def width(sheet: Worksheet, wide: float) -> None:
    columns = sheet.column_dimensions
    columns["C"].width, columns["C"].max = wide, 3
    for letter in "DEFGH":
        columns[letter].width = 20


def test_a_figure_that_has_no_room_is_told_with_its_cells(book: Path) -> None:
    ((message, cells),) = found(book, lambda sheet: width(sheet, 4))
    assert message.startswith("栏太窄，打开、印出来是####：C6 264.87") and CELL in cells


def larger(sheet: Worksheet) -> None:
    width(sheet, 9)
    sheet[CELL].value, sheet[CELL].font = 12345.67, Font(name="宋体", size=18)


def test_larger_type_needs_more_room(book: Path) -> None:
    (told,) = found(book, larger)
    assert told[1] == (CELL,)


def merged(sheet: Worksheet) -> None:
    width(sheet, 4)
    for row in range(6, 60):
        sheet[f"C{row}"].number_format = "General"
    sheet["D5"].value = None
    sheet.merge_cells("C5:D5")


def styled(**style: object) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        width(sheet, 4)
        for row in range(5, sheet.max_row + 1):
            for name, value in style.items():
                setattr(sheet.cell(row, 3), name, value)

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda sheet: width(sheet, 6.5), id="wide enough"),
        pytest.param(merged, id="merged with the next column"),
        pytest.param(styled(alignment=Alignment(shrink_to_fit=True)), id="shrinks"),
        pytest.param(styled(alignment=Alignment(text_rotation=90)), id="turned"),
        pytest.param(styled(number_format="General"), id="General rounds"),
        pytest.param(styled(font=Font(name="宋体", size=5)), id="small type"),
        pytest.param(
            lambda sheet: (width(sheet, 4), sheet.column_dimensions.pop("C")), id="no width"
        ),
    ],
)
def test_where_there_may_be_room_nothing_is_said(
    book: Path, change: Callable[[Worksheet], object]
) -> None:
    assert [m for m, _ in found(book, change) if "####" in m] == []

"""Templates with something of their own in them: filled, or refused with the reason; never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.terminal import assert_refused, xltool
from xltool.core.resources import SAMPLES
from xltool.editions import find_edition

TABLE, LAST = "支出决算表", 1_048_576


def template(folder: Path, change: Callable[[Worksheet], object]) -> Path:
    """The blank form of 2024-shanghai with a change in one table."""
    (spec,) = find_edition("2024-shanghai").workbooks[:1]
    book = openpyxl.load_workbook(spec.template)
    change(book[TABLE])
    path = folder / "表样.xlsx"
    book.save(path)
    return path


def filled(template: Path, folder: Path) -> tuple[str | Path, ...]:
    out = folder / "填好.xlsx"
    given = ("--template", template.name, "-o", out.name, "--totals", "given")
    return ("fill", SAMPLES / "sgb-2024.json", *given)


def test_a_last_row_with_nothing_but_a_format_is_no_obstacle(tmp_path: Path) -> None:
    def shape(sheet: Worksheet) -> None:
        sheet.row_dimensions[LAST].height = 18
        sheet.cell(LAST, 3).font = Font(bold=True)

    answer = xltool(*filled(template(tmp_path, shape), tmp_path), folder=tmp_path)
    assert answer.code == 0, answer.err
    assert xltool("validate", "填好.xlsx", folder=tmp_path).code == 0


def array(sheet: Worksheet) -> None:
    sheet["J6"] = ArrayFormula("J6:J15", "=C6:C15*2")


def spill(sheet: Worksheet) -> None:
    sheet["J6"] = ArrayFormula("J6:J15", "=_xlfn._xlws.SORT(A6:A15)")


def something_in_the_last_row(sheet: Worksheet) -> None:
    sheet.cell(LAST, 3).value = "不要丢"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (array, "数组公式区域 J6:J15"),
        (spill, "数组公式区域 J6:J15"),
        (something_in_the_last_row, "行数超出工作表范围"),
    ],
)
def test_what_would_be_torn_is_refused_with_the_reason(
    change: Callable[[Worksheet], None], reason: str, tmp_path: Path
) -> None:
    arguments = filled(template(tmp_path, change), tmp_path)
    assert_refused(tmp_path, *arguments, said=(TABLE, reason))

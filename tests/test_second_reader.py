"""A formula of a form that a trial has lost is told with its cell, itself, and what stands there now."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.recognition.test_recognition import INCOME
from xltool.forms.secondreader import second_reading
from xltool.reading import examine


def test_a_lost_formula_is_named_where_rows_have_moved(tmp_path: Path) -> None:
    form, filled = tmp_path / "表样.xlsx", tmp_path / "填好.xlsx"
    blank = openpyxl.Workbook()
    for row in INCOME:
        blank.active.append(row)
    for row in (6, 7, 9, 10):
        blank.active[f"I{row}"] = f"=D{row}+E{row}"
    blank.save(form)
    printed = examine(form)
    assert second_reading(form, form, printed, printed)[1] == []
    blank.active["I9"] = 60
    blank.active.delete_rows(8)
    blank.save(filled)
    (told,) = second_reading(filled, form, printed, examine(filled))[1]
    assert "少了公式：I9 =D9+E9（I8 现在是“60”）" in told

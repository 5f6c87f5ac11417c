"""Of forms laid out by hand as offices print them: every figure is read right, or named where it is nobody's."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.recognition.handforms import FORMS, UNIT
from tests.recognition.test_random_forms import bound, named
from tests.recognition.test_recognition import read
from xltool.core.model import CODE, NAME
from xltool.reading import examine


@pytest.mark.parametrize("name", FORMS)
def test_every_figure_of_a_form_is_read_right_or_named(name: str) -> None:
    form = FORMS[name]()
    reading = examine(form.content)
    got = {
        cell: (meaning, value)
        for cell, meaning, value in bound(reading)
        if not isinstance(value, str)
    }
    assert got == form.truth
    # what is named is nobody's, and nothing that is structure (栏次, 行次, pages) is named
    assert named(reading) == form.planted
    assert (reading.report.unit_name, reading.report.year) == (UNIT, form.year)


@pytest.mark.parametrize(
    "text",
    [
        "2130301-水利",
        "2130301－水利",
        "[2130301]水利",
        "【2130301】水利",
        "(2130301) 水利",
        "〔2130301〕水利",
    ],
)
def test_a_code_before_its_name_in_whatever_signs(text: str) -> None:
    upper = [[text.replace("2130301", code), 5] for code in ("213", "21303")]
    rows = [
        ["2022年度支出决算表"],
        ["部门：某县水务站", "单位：元"],
        ["科目编码及名称", "本年支出合计"],
        *upper,
        [text, 5],
    ]
    reading = read(表=rows)
    (table,) = reading.report.tables["支出决算表"]
    assert [row[CODE] for row in table.lists["明细"]] == ["213", "21303", "2130301"]
    assert {row[NAME] for row in table.lists["明细"]} == {"水利"}


def test_of_several_tables_on_a_sheet_none_is_passed_over() -> None:
    form = FORMS["乙"]()
    left = [
        (sheet, ref)
        for sheet, ref, value in examine(form.content).unmatched
        if isinstance(value, Decimal)
    ]
    assert set(left) == form.planted

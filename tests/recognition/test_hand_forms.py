"""Of forms laid out by hand as offices print them: every figure is read right, or named where it is nobody's."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from tests.recognition.handforms import FORMS, UNIT, Hand
from tests.recognition.test_random_forms import bound, named, values
from tests.recognition.test_recognition import read
from tests.support.editing import saved
from xltool.core.model import CODE, NAME
from xltool.filling import fill
from xltool.reading import Reading, examine


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


def blank(form: Hand, reading: Reading) -> bytes:
    """The form without its figures, codes and names, as a bureau hands it out."""
    book = openpyxl.load_workbook(BytesIO(form.content))
    for sheet, ref in (*form.truth, *form.planted):
        book[sheet][ref].value = None
    for found_table in reading.found_tables:
        for rows in found_table.located.lists.values():
            for name in {CODE, NAME} & rows.columns.keys():
                spot = rows.columns[name]
                for row in rows.rows:
                    for column in range(spot.left, spot.right + 1):
                        book[found_table.located.sheet.name].cell(row, column).value = None
    return saved(book)


@pytest.mark.parametrize("name", FORMS)
def test_a_blank_form_takes_what_the_filled_one_holds(name: str, tmp_path: Path) -> None:
    form = FORMS[name]()
    filled = examine(form.content)
    template, out = tmp_path / "表样.xlsx", tmp_path / "填好.xlsx"
    template.write_bytes(blank(form, filled))
    fill(filled.report, filled.edition, out, template=template, totals="given")
    assert values(examine(out)) == values(filled)


def test_a_form_without_a_place_for_the_year_is_filled_and_that_is_told(tmp_path: Path) -> None:
    form = FORMS["甲"]()
    filled = examine(form.content)
    book = openpyxl.load_workbook(BytesIO(blank(form, filled)))
    for sheet in book:
        for row in sheet.iter_rows(max_row=6):
            for cell in row:
                if "年度" in str(cell.value):
                    cell.value = None
    template, out = tmp_path / "表样.xlsx", tmp_path / "填好.xlsx"
    book.save(template)
    notes = fill(filled.report, filled.edition, out, template=template, totals="given").notes
    assert [note for note in notes if "2022年度没有写进去" in note] == notes != []
    assert values(examine(out)) == values(filled)
    assert examine(out).report.year == 0


def test_the_money_unit_of_a_head_counts_for_figures_named_by_head_and_label() -> None:
    table = "财政拨款“三公”经费支出决算表"
    form = FORMS["乙"]()
    book = openpyxl.load_workbook(BytesIO(form.content))
    book["附件3"]["E3"].value = "决算数（万元）"
    fields = examine(saved(book)).report.tables[table][0].fields
    wanted = {path: value for (name, path), value in form.truth.values() if name == table}
    assert fields == {
        path: value * (10000 if path[0] == "决算数" else 1) for path, value in wanted.items()
    }

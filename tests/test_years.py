"""The year of a book, however its cells say it; and dates where figures belong."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest

from tests.support.editing import edited
from xltool.checks import validate
from xltool.core.resources import SAMPLES
from xltool.core.years import year_of
from xltool.ooxml import Editor
from xltool.reading import Reading, examine

BOOK = (SAMPLES / "beiguan-2021.xlsx").read_bytes()


def year_cells(reading: Reading) -> list[tuple[str, str]]:
    return [
        (s.located.sheet.name, ref)
        for s in reading.found_tables
        for ref, text in s.located.labels.items()
        if "{年度}" in text
    ]


CELLS = year_cells(examine(BOOK))


def with_year(value: object, number_format: str = "General") -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(BOOK))
    for sheet, ref in CELLS:
        book[sheet][ref].value = value
        book[sheet][ref].number_format = number_format
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def in_year(text: str) -> Callable[[Editor], None]:
    def edit(editor: Editor) -> None:
        for sheet, ref in CELLS:
            editor.set(sheet, ref, text)

    return edit


def with_texts(text: str) -> bytes:
    return edited(BOOK, in_year(text))


@pytest.mark.parametrize(
    "text",
    [
        "2021", "2021年", "2021年度", "2021 年度", "2021 年", " 2021年度 ", "２０２１年度", "２０２１", "二〇二一年度",
        "二零二一年度", "二○二一年", "二０二一年度", "（2021年度）", "(2021)", "2\u200b021年度",
        "2021\xa0年度", "2 0 2 1 年度",
    ],
)  # fmt: skip
def test_the_year_as_a_text(text: str) -> None:
    reading = examine(with_texts(text))
    assert (reading.report.year, reading.edition.id) == (2021, "2021-national")
    assert not reading.problems
    assert not [cell for cell in reading.unmatched if cell[:2] in CELLS]


@pytest.mark.parametrize(
    ("value", "number_format"),
    [
        (2021, "General"),
        (2021, '0"年度"'),
        (44561, 'yyyy"年度"'),
        (44561, "yyyy-mm-dd"),
        (44561, "[$-804]yyyy年"),
    ],
)
def test_the_year_as_a_number_or_a_date(value: int, number_format: str) -> None:
    reading = examine(with_year(value, number_format))
    assert reading.report.year == 2021
    assert not [problem for problem in reading.problems if "年度" in problem.message]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("20XX年度", "写的是“20XX年度”"),
        ("二一年度", "写的是“二一年度”"),
        ("2201年度", "写的是“2201年度”"),
        (44561, "写的是“44561”"),
        ("=YEAR(NOW())", "是公式，没有存储值"),
    ],
)
def test_a_year_that_is_none_is_told_with_its_cell(value: object, words: str) -> None:
    (problem,) = [p for p in examine(with_year(value)).problems if "年度" in p.message]
    sheet, ref = CELLS[0]
    assert f"找不到年度：工作表“{sheet}”{ref} {words}" in problem.message


def test_of_two_years_in_a_cell_none_is_taken() -> None:
    (problem,) = [p for p in examine(with_year("2021-2022年度")).problems if "年度" in p.message]
    sheet, ref = CELLS[0]
    assert problem.message == (f"工作表“{sheet}”{ref} 一行写着2021、2022几个年度，不知道是哪一年的")
    assert problem.code == "no-year"


def test_another_date_above_the_table_is_not_the_year() -> None:
    book = openpyxl.load_workbook(io.BytesIO(BOOK))
    for sheet, ref in CELLS:
        book[sheet][ref].value = None
        other = book[sheet].cell(2, 30)
        other.value, other.number_format = 45717, "yyyy-mm-dd"
    buffer = io.BytesIO()
    book.save(buffer)
    reading = examine(buffer.getvalue(), "2021-national")
    assert reading.report.year == 0
    assert [p for p in reading.problems if "找不到年度" in p.message]


def test_what_is_a_year() -> None:
    assert [year_of(v) for v in (2024, "2024", "二〇二四", True, "24", 1989, 2101, None)] == [
        2024, 2024, 2024, None, None, None, None, None,
    ]  # fmt: skip


Change = Callable[[openpyxl.Workbook], None]


@pytest.mark.parametrize(
    "number_format", ["yyyy-mm-dd", "m/d", "h:mm", 'yyyy"年"m"月"', "[$-804]d"]
)
def test_a_date_is_no_amount(number_format: str) -> None:
    book = openpyxl.load_workbook(SAMPLES / "sgb-2024.xlsx")
    cell = book["收入支出决算总表"]["B6"]
    cell.value, cell.number_format = 45413, number_format
    book["支出决算表"]["D8"].number_format = number_format
    buffer = io.BytesIO()
    book.save(buffer)
    reading = examine(buffer.getvalue())
    assert [(f.ref, "日期格式" in f.message) for f in reading.faults] == [
        ("B6", True),
        ("D8", True),
    ]
    found = [f for f in validate(buffer.getvalue()).findings if f.rule == "ALL-06"]
    assert {cell for f in found for cell in f.cells} == {
        ("收入支出决算总表", "B6"),
        ("支出决算表", "D8"),
    }


@pytest.mark.parametrize(
    "number_format", ["#,##0.00_ ", '0.00"日"', "#,##0.00;[Red]-#,##0.00", "General", "¥#,##0.00"]
)
def test_other_formats_are_no_dates(number_format: str) -> None:
    book = openpyxl.load_workbook(SAMPLES / "sgb-2024.xlsx")
    book["收入支出决算总表"]["B6"].number_format = number_format
    book["收入支出决算总表"]["B7"].number_format = "yyyy-mm-dd"
    buffer = io.BytesIO()
    book.save(buffer)
    assert not examine(buffer.getvalue()).faults


@pytest.mark.parametrize(("year", "told"), [("2019年度", False), ("2021年度", True)])
def test_a_code_may_bear_the_name_that_it_had_in_the_year(year: str, told: bool) -> None:
    """20805 was 行政事业单位离退休 until 2019."""

    def edit(editor: Editor) -> None:
        for sheet in editor.workbook.sheets:
            for ref, text in list(sheet.items()):
                if isinstance(text, str) and text.strip() == "行政事业单位养老支出":
                    editor.set(sheet.name, ref, text.replace("养老支出", "离退休"))

    named = [
        f
        for f in validate(edited(edited(BOOK, edit), in_year(year))).findings
        if f.code == "name-differs"
    ]
    assert bool(named) is told

"""A cell that cannot be read is a fault of its own field and of no other."""

from __future__ import annotations

import io
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.reporting.books import SGB, with_cells
from tests.support.books import fill_raw
from tests.support.documents import make
from tests.support.editing import edited, saved
from xltool.checks import validate
from xltool.core.cellref import CellRef
from xltool.core.model import CODE
from xltool.core.places import FieldPlace, RowPlace, places
from xltool.ooxml import Editor, split_ref
from xltool.reading import Reading, examine

SHEET = "一般公共预算财政拨款基本支出决算表"


def _filled(folder: Path, edition: str = "2023-national") -> tuple[bytes, Reading]:
    """A filled workbook and what is read of it."""
    fill_raw(make(7, edition, details=9), folder / "表.xlsx")
    book = (folder / "表.xlsx").read_bytes()
    return book, examine(book)


def _with_texts(book: bytes, texts: Mapping[CellRef, str]) -> bytes:
    """The workbook with texts written over the figures and formulas of some cells."""

    def write(editor: Editor) -> None:
        for (sheet, ref), text in texts.items():
            editor.set(sheet, ref, text, over_formula=True)

    return edited(book, write)


def test_a_text_among_fixed_codes_makes_only_its_own_code_unreadable() -> None:
    located = examine(with_cells(SGB, {})).found_tables
    codes = next(s.located for s in located if s.mapping.table == SHEET).codes["明细"]
    book = with_cells(SGB, {(SHEET, codes["30203"]): "三", (SHEET, codes["30204"]): Decimal("0.5")})
    reading = examine(book)
    rows = reading.report.tables[SHEET][0].lists["明细"]
    (fault,) = reading.faults
    assert rows[fault.place[3]]["科目编码"] == "30203"
    assert next(row for row in rows if row["科目编码"] == "30204")["金额"] == Decimal("0.5")
    told = [f for f in validate(book).findings if f.rule == "ALL-06"]
    assert [f.cells for f in told] == [((SHEET, codes["30203"]),)]
    assert "30203" in told[0].where


@pytest.mark.parametrize("edition", ["2021-national", "2023-national", "2024-shanghai"])
def test_a_figure_written_as_text_makes_no_difference_to_its_list(
    edition: str, tmp_path: Path
) -> None:
    """Lists are read by columns, and cell by cell when one of the cells is unusual."""
    book, reading = _filled(tmp_path, edition)
    figures = {
        place[:3]: (reading.places[place], value)
        for place, value in places(reading.report)
        if len(place) == 5 and isinstance(value, Decimal)
    }
    assert len(figures) >= 4

    again = examine(_with_texts(book, {cell: f" {v:,f}" for cell, v in figures.values()}))
    assert again.report == reading.report
    assert again.places == reading.places
    assert again.row_numbers == reading.row_numbers
    assert again.faults == reading.faults


def test_texts_for_numbers_of_a_column_are_one_finding(tmp_path: Path) -> None:
    book, reading = _filled(tmp_path)
    cells = {
        reading.places[place]: value
        for place, value in places(reading.report)
        if place[0] == "支出决算表"
        and place[-1] == "基本支出"
        and isinstance(value, Decimal)
        and value
    }
    done = validate(_with_texts(book, {cell: f"{v:,f}" for cell, v in cells.items()}))
    (one,) = [f for f in done.findings if f.rule == "ALL-06"]
    first = min(cells, key=lambda cell: split_ref(cell[1]))
    assert len(cells) > 3 and {*one.cells} == {*cells}
    assert f"有{len(cells)}格是文本型数字（第一格 {first[1]} " in one.message


def test_zeros_that_are_stored_as_text_are_one_hint_for_the_book(tmp_path: Path) -> None:
    book, reading = _filled(tmp_path)
    given = places(reading.report)
    zeros = [reading.places[place] for place, value in given if value == Decimal(0)]
    after = validate(_with_texts(book, dict.fromkeys(zeros, "0.00")))
    told = [f for f in after.findings if f.rule in ("ALL-06", "ALL-09")]
    assert [(f.rule, f.level, {*f.cells}) for f in told] == [("ALL-09", "info", {*zeros})]
    assert f"有{len(zeros)}格零是文本型数字" in told[0].message


def test_a_book_whose_figures_are_all_texts_is_one_finding(tmp_path: Path) -> None:
    book, reading = _filled(tmp_path)
    figures = {
        reading.places[place]: value
        for place, value in places(reading.report)
        if isinstance(value, Decimal) and value
    }
    done = validate(_with_texts(book, {cell: f"{v:,f}" for cell, v in figures.items()}))
    (told,) = [f for f in done.findings if f.rule in ("ALL-06", "ALL-10")]
    assert (told.rule, told.level) == ("ALL-10", "warning")
    assert {*told.cells} <= {*figures} and f"（{len(told.cells)}格）" in told.message


def test_what_lacks_only_that_figure_is_told_under_it(tmp_path: Path) -> None:
    """One thing to do: what has another gap besides stands for itself."""
    book, _ = _filled(tmp_path, "2021-national")
    sheet = "公开01 收入支出决算总表"
    found = validate(_with_texts(book, {CellRef(sheet, "C7"): "253.38万"})).findings
    (cause,) = [f for f in found if f.rule == "ALL-06"]
    lacking = [f for f in found if f.outcome == "数据不足" and "读不出数" in f.message]
    assert {f.rule for f in lacking} >= {"T01-01", "X-03"}
    assert {(f.group, f.suspect) for f in lacking} == {(cause.group, cause.cells[0])}
    assert cause.group and cause.hint == "改成数字或清空"


def test_cells_without_a_figure_are_told_sheet_by_sheet(tmp_path: Path) -> None:
    """As they lie in the workbook, whatever failed because of them, and not by the names of the tables."""
    book, reading = _filled(tmp_path, "2021-national")
    cells = [
        reading.map.cell(FieldPlace(table, 0, ("合计", column)))
        for table, column in (("收入决算表", "财政拨款收入"), ("支出决算表", "基本支出"))
    ]
    found = validate(_with_texts(book, dict.fromkeys(filter(None, cells), "待定"))).findings
    causes = [f for f in found if f.rule == "ALL-06"]
    assert [f.cells[0] for f in causes] == cells
    assert [f.group for f in causes] == [1, 2]


def test_what_is_wrong_in_another_branch_of_a_list_does_not_follow_from_it(tmp_path: Path) -> None:
    """The formula of a 类 names all rows that come after, and adds up those with its own code."""
    book, reading = _filled(tmp_path, "2021-national")
    table = "一般公共预算财政拨款支出决算表"
    rows = reading.report.tables[table][0].lists["明细"]
    items = [n for n, row in enumerate(rows) if len(str(row[CODE])) == 7]
    above, wrong, unread = (
        reading.map.cell(RowPlace(table, 0, "明细", n, column))
        for n, column in ((0, "合计"), (items[0], "合计"), (items[-1], "项目支出"))
    )
    assert above and wrong and unread and rows[0][CODE] != str(rows[items[-1]][CODE])[:3]
    given = rows[items[0]]["合计"]
    assert isinstance(given, Decimal)

    edited_book = openpyxl.load_workbook(io.BytesIO(book))  # its formulas are worked out on reading
    edited_book[unread.sheet][unread.ref] = "待定"
    edited_book[wrong.sheet][wrong.ref] = given + 100
    found = validate(examine(saved(edited_book))).findings
    told = [f for f in found if f.outcome == "不符" and above in f.cells]
    assert told and {f.suspect for f in told} == {wrong}


def test_formulas_that_an_error_leaves_without_a_figure_are_told_under_it(tmp_path: Path) -> None:
    """An error in the range of a SUMIF keeps all that name it from being worked out, whatever they add up."""
    book, reading = _filled(tmp_path, "2021-national")
    table = "支出决算表"
    rows = reading.report.tables[table][0].lists["明细"]
    last = max(n for n, row in enumerate(rows) if len(str(row[CODE])) == 7)
    cell = reading.map.cell(RowPlace(table, 0, "明细", last, "项目支出"))
    assert cell
    edited_book = openpyxl.load_workbook(io.BytesIO(book))
    edited_book[cell.sheet][cell.ref] = "=1/0"
    found = validate(examine(saved(edited_book))).findings
    without = [f for f in found if f.rule == "ALL-06"]
    assert len(without) > 3
    assert {f.suspect for f in without} == {cell}

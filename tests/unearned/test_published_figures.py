"""Attempts on published figures, each with the rule that must speak: what `test_unbound_figures` and others have not.

Each attempt changes a book that is 合格: a real disclosure, or one of the national form, figures only.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from openpyxl.formatting.rule import DataBarRule, Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.workbook import Workbook

from tests.support.documents import make
from tests.support.editing import saved
from tests.unearned.books import filled
from tests.unearned.edits import Edit, both, changed, copied, extra, formatted, put, removed
from xltool.checks import validate
from xltool.core.resources import SAMPLES

OVERVIEW, INCOME, SPENDING = "收入支出决算总表", "收入决算表", "支出决算表"
FISCAL, GENERAL = "财政拨款收入支出决算总表", "一般公共预算财政拨款支出决算表"
BASIC, THREE = "一般公共预算财政拨款基本支出决算表", "财政拨款“三公”经费支出决算表"
FUND = "政府性基金预算财政拨款收入支出决算表"


class Attempt(NamedTuple):
    """What is done to a book, and the rule that must speak."""

    name: str
    change: Edit
    rule: str


def _values(book: bytes) -> Workbook:
    """The book without its formulas, as published figures are."""
    return openpyxl.load_workbook(io.BytesIO(book), data_only=True)


@lru_cache(maxsize=1)
def sample() -> bytes:
    """A real disclosure of 2024, figures only."""
    return saved(_values((SAMPLES / "sgb-2024.xlsx").read_bytes()))


@lru_cache(maxsize=1)
def national() -> bytes:
    """A book of the national form with funds and carry-overs, figures only."""
    raw = make(62, "2023-national", details=12, unit="万元", printed=True)
    return saved(_values(filled(raw, totals="given")))


def refuse(attempt: Attempt, book: bytes) -> None:
    """See that a changed book is not 合格, and that the rule says why."""
    validation = validate(changed(book, attempt.change))
    told = {
        f.rule
        for f in validation.findings
        if f.outcome in ("不符", "数据不足") and f.level == "error"
    }
    assert validation.verdict != "合格"
    assert attempt.rule in told


def parametrised(*attempts: Attempt) -> Any:
    return pytest.mark.parametrize("attempt", attempts, ids=[a.name for a in attempts])


def test_the_books_are_right_before_anything_is_done() -> None:
    assert validate(sample()).verdict == "合格"
    assert validate(national()).verdict == "合格"


# ── figures that no table has a place for ──


def twin(title: str, name: str = "Sheet9", *, state: str = "visible") -> Edit:
    """A second copy of a table under another title, with another figure in it."""

    def change(book: Workbook) -> None:
        copied(SPENDING, title, name, C6=999.99)(book)
        book[name].sheet_state = state

    return change


def inserted_row(book: Workbook) -> None:
    sheet = book[OVERVIEW]
    sheet.insert_rows(12)
    sheet["A12"], sheet["B12"] = "九、其他渠道收入", 66.66


def stacked(book: Workbook) -> None:
    sheet = book[THREE]
    row = sheet.max_row + 3
    sheet.cell(row, 1, "机关运行经费支出情况表")
    sheet.cell(row + 2, 1, 88.8)


def wide(book: Workbook) -> None:
    """A figure in a column that is merged with the one before in the form, and here is not."""
    sheet = book[BASIC]
    sheet["H10"] = 45.67


@parametrised(
    Attempt("a count of staff", extra("人员", [["机构人员情况表"], ["编制数", 38]]), "S-04"),
    Attempt("a second copy", twin(SPENDING), "S-01"),
    Attempt("a numbered second", twin("支出决算表2"), "S-04"),
    Attempt("a hidden second", twin("支出决算表（报审）", state="hidden"), "S-04"),
    Attempt("a very hidden second", twin("底稿", state="veryHidden"), "S-04"),
    Attempt("a sheet that looks like ours", twin("底稿", "xltool_校验", state="hidden"), "S-04"),
    Attempt("a sentence", extra("说明", [["编制说明"], ["全年支出1,234.56万元。"]]), "S-04"),
    Attempt("another table on the sheet", stacked, "S-04"),
    Attempt("beside the codes", wide, "S-04"),
)
def test_figures_of_no_table(attempt: Attempt) -> None:
    refuse(attempt, sample())


def test_a_row_of_another_label_is_not_passed_over() -> None:
    assert validate(changed(sample(), inserted_row)).verdict != "合格"


# ── what cannot be seen ──


def hide_sheet(name: str, state: str) -> Edit:
    def change(book: Workbook) -> None:
        book[name].sheet_state = state

    return change


@parametrised(
    Attempt("a sheet", hide_sheet(BASIC, "hidden"), "S-03"),
    Attempt("a very hidden sheet", hide_sheet(SPENDING, "veryHidden"), "S-03"),
)
def test_figures_out_of_sight(attempt: Attempt) -> None:
    refuse(attempt, sample())


def hide_figures_of_three(book: Workbook) -> None:
    """The only row with figures of the table of 三公."""
    sheet = book[_sheet(book, THREE)]
    rows = {c.row for row in sheet.iter_rows(min_row=8) for c in row if isinstance(c.value, float)}
    for row in rows:
        sheet.row_dimensions[row].hidden = True


def test_the_only_row_of_a_table_out_of_sight() -> None:
    refuse(Attempt("the only row", hide_figures_of_three, "S-03"), national())


# ── what is printed ──


def formats(code: str, sheet: str = SPENDING, ref: str = "C6") -> Edit:
    return formatted(sheet, code, ref)


def everywhere(code: str) -> Edit:
    def change(book: Workbook) -> None:
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, int | float):
                        cell.number_format = code

    return change


def red_on_red(book: Workbook) -> None:
    cell = book[SPENDING]["C6"]
    cell.font, cell.fill = Font(color="FFFF0000"), PatternFill("solid", fgColor="FFFF0000")


def small(book: Workbook) -> None:
    book[SPENDING]["C6"].font = Font(sz=1)


def covered(book: Workbook) -> None:
    """A figure under another cell: what is printed is the other one."""
    sheet = book[SPENDING]
    value = sheet["D6"].value
    sheet.merge_cells("C6:D6")
    sheet._cells[6, 4] = openpyxl.cell.cell.Cell(sheet, 6, 4, value)


def by_condition(book: Workbook) -> None:
    style = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode='"9,999.99"'))
    rule = Rule(type="expression", formula=["TRUE"], dxf=style)
    book[SPENDING].conditional_formatting.add("C6:C8", rule)


def bars_alone(book: Workbook) -> None:
    rule = DataBarRule("min", None, "max", None, "FF638EC6", showValue=False)
    book[SPENDING].conditional_formatting.add("C6:C8", rule)


@parametrised(
    Attempt("元 shown as 万元", formats("0!.0000"), "ALL-08"),
    Attempt("元 shown as 万元, escaped", formats(r"0\.0000"), "ALL-08"),
    Attempt("元 shown as 万元, quoted", formats('0"."0,'), "ALL-08"),
    Attempt("a digit behind", formats('0.00"5"'), "ALL-08"),
    Attempt("a dash", formats('"-"'), "ALL-08"),
    Attempt("brackets", formats("(0.00)"), "ALL-08"),
    Attempt("one decimal", formats("#,##0.0"), "ALL-08"),
    Attempt("a larger unit", formats('0.00"亿元"'), "ALL-08"),
    Attempt("万 by condition", formats('[>=100]0!.00,"万";0.00'), "ALL-08"),
    Attempt("all cells", everywhere("#,##0.00,"), "ALL-08"),
    Attempt("a total", formats("0.00,", OVERVIEW, "B33"), "ALL-08"),
    Attempt("a fixed list", formats('"0.00"', BASIC, "C4"), "ALL-08"),
    Attempt("red on red", red_on_red, "ALL-08"),
    Attempt("a type that nobody reads", small, "ALL-08"),
    Attempt("under another cell", covered, "ALL-08"),
    Attempt("a format by condition", by_condition, "ALL-08"),
    Attempt("bars instead of figures", bars_alone, "ALL-08"),
    Attempt("a date", formats("yyyy-mm-dd"), "ALL-06"),
)
def test_figures_that_print_others(attempt: Attempt) -> None:
    refuse(attempt, sample())


# ── years, and tables that are blank or gone ──


def years(year: int) -> Edit:
    def change(book: Workbook) -> None:
        for sheet in book:
            for row in sheet.iter_rows(max_row=6):
                for cell in row:
                    if isinstance(cell.value, str):
                        cell.value = cell.value.replace("2024", str(year))

    return change


def emptied(name: str) -> Edit:
    def change(book: Workbook) -> None:
        for row in book[name].iter_rows(min_row=5):
            for cell in row:
                if isinstance(cell.value, int | float):
                    cell.value = None

    return change


@parametrised(
    Attempt("before the edition", years(2019), "S-05"),
    Attempt("long before", years(2001), "S-05"),
    Attempt("after the edition", years(2030), "S-05"),
    Attempt("no year", years(1), "S-01"),
    Attempt("a table is gone", removed(INCOME), "S-01"),
    Attempt("a table is blank", emptied(BASIC), "X-09"),
    Attempt("a table with a statement is gone", removed(FUND), "S-01"),
    Attempt("a title that says something else", put(SPENDING, {"A1": "支出情况"}), "S-01"),
)
def test_years_and_tables(attempt: Attempt) -> None:
    refuse(attempt, sample())


# ── units of money ──


def times(factor: int, *names: str) -> Edit:
    """All amounts of some tables, or of all, by a factor."""

    def change(book: Workbook) -> None:
        for sheet in book:
            if names and not sheet.title.endswith(names):
                continue
            for row in sheet.iter_rows(min_row=4):
                for cell in row:
                    # the national form counts its rows and columns in whole numbers
                    if isinstance(cell.value, float):
                        cell.value = round(cell.value * factor, 2)

    return change


def unit_line(text: str) -> Edit:
    def change(book: Workbook) -> None:
        for sheet in book:
            for row in sheet.iter_rows(max_row=6):
                for cell in row:
                    if isinstance(cell.value, str):
                        cell.value = cell.value.replace("单位：万元", f"单位：{text}")

    return change


@parametrised(
    Attempt("the whole book in 元", times(10_000), "C-05"),
    Attempt("万元 on a form in 元", unit_line("元"), "C-05"),
    Attempt("one table in 元", times(10_000, SPENDING), "C-04"),
    Attempt("a unit that is none", unit_line("千元"), "ALL-05"),
)
def test_units_of_money(attempt: Attempt) -> None:
    refuse(attempt, sample())


@parametrised(
    Attempt("三公 in 元", times(10_000, THREE), "SG-05"),
    Attempt("funds in 元", times(10_000, FUND), "C-04"),
    Attempt("基本支出 in 元", times(10_000, BASIC), "X-09"),
    Attempt("the whole book", times(10_000), "C-05"),
)
def test_units_of_money_in_the_national_form(attempt: Attempt) -> None:
    refuse(attempt, national())


def test_a_jump_against_last_year(tmp_path: Path) -> None:
    path = tmp_path / "上年.xlsx"
    path.write_bytes(changed(sample(), both(times(10_000), years(2023))))
    validation = validate(sample(), prior=path)
    assert validation.verdict != "合格"
    assert "P-06" in {f.rule for f in validation.findings if f.level == "error"}


# ── figures that contradict each other ──


def shift(amount: float, *cells: tuple[str, str, int]) -> Edit:
    """Add an amount to cells, each with its sign."""

    def change(book: Workbook) -> None:
        for sheet, ref, sign in cells:
            cell = book[_sheet(book, sheet)][ref]
            cell.value = round((cell.value or 0) + sign * amount, 2)

    return change


def _sheet(book: Workbook, table: str) -> str:
    return next(sheet.title for sheet in book if sheet.title.endswith(table))


@parametrised(
    Attempt(
        "two kinds of appropriation", shift(1, (OVERVIEW, "C7", 1), (OVERVIEW, "C8", -1)), "X-23"
    ),
    Attempt("a kind that is none", shift(0.5, (OVERVIEW, "C8", 1), (OVERVIEW, "C9", -1)), "X-23"),
    Attempt("funds in other 类", shift(1, (FISCAL, "H8", 1), (FISCAL, "H9", -1)), "X-25"),
    Attempt("income and total", shift(1, (OVERVIEW, "C37", 1)), "T01-03"),
    Attempt("a cent more than rounding", shift(0.3, (OVERVIEW, "C37", 1)), "T01-03"),
)
def test_figures_that_contradict(attempt: Attempt) -> None:
    refuse(attempt, national())


# ── what a verdict rests on ──


def test_errors_cannot_be_explained_away(tmp_path: Path) -> None:
    wrong = changed(sample(), put(OVERVIEW, {"B33": 999}))
    lines = [
        f"{f.rule},{f.where.replace(',', '，')},{f.left.value if f.left else ''},"
        f"{f.right.value if f.right else ''},无误"
        for f in validate(wrong).findings
        if f.outcome == "不符"
    ]
    path = tmp_path / "说明.csv"
    path.write_text("规则,位置,左方,右方,说明\n" + "\n".join(lines), encoding="utf-8")
    assert validate(wrong, explanations=path).verdict == "不合格"


@pytest.mark.parametrize("skip", ["S-04", "structure", "ALL-08", "printing", "C-05"])
def test_what_was_left_out_is_not_passed(skip: str) -> None:
    assert validate(sample(), skip=(skip,)).verdict == "未完成审核"

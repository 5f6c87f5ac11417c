"""Books in which checks see nothing: blank tables, missing totals, missing rows, missing tables."""

from __future__ import annotations

import pytest
from openpyxl.workbook import Workbook

from tests.unearned.books import (
    BASIC,
    FISCAL,
    FUNDS,
    GENERAL,
    INCOME,
    OVERVIEW,
    SHEETS,
    SPENDING,
    STATE,
    THREE,
    sound,
    values,
)
from tests.unearned.edits import Edit, changed, put, removed
from tests.unearned.trial import asks, unearned


def blank(
    *sheets: str, rows: tuple[int, int] = (7, 60), columns: str = "", formulas: bool = True
) -> Edit:
    """Clear the amounts of sheets, or of some columns of them."""

    def edit(book: Workbook) -> None:
        for name in sheets:
            for row in book[name].iter_rows(min_row=rows[0], max_row=rows[1]):
                for cell in row:
                    formula = isinstance(cell.value, str) and cell.value.startswith("=")
                    number = isinstance(cell.value, int | float) and "0.0" in cell.number_format
                    if (number or (formula and formulas)) and (
                        not columns or cell.column_letter in columns
                    ):
                        cell.value = None

    return edit


def replaced(text: str, *sheets: str) -> Edit:
    """Put a text in place of the amounts."""

    def edit(book: Workbook) -> None:
        for name in sheets:
            for row in book[name].iter_rows(min_row=6):
                for cell in row:
                    if isinstance(cell.value, int | float) and "0.0" in cell.number_format:
                        cell.value = text

    return edit


def cleared_rows(*sheets: str) -> Edit:
    """Take the lists out of their tables and leave the totals."""

    def edit(book: Workbook) -> None:
        for name in sheets:
            for row in book[name].iter_rows(min_row=8):
                code = row[0].value
                if isinstance(code, str) and code.isdigit():
                    for cell in row:
                        if not type(cell).__name__.startswith("Merged"):
                            cell.value = None

    return edit


VALUES: dict[str, Edit] = {
    "全簿空白": blank(*SHEETS),
    "总表空白": blank(OVERVIEW),
    "收入决算表空白": blank(INCOME),
    "支出决算表空白": blank(SPENDING),
    "财政拨款总表空白": blank(FISCAL),
    "一般公共表空白": blank(GENERAL),
    "基本支出表空白": blank(BASIC),
    "基金表空白": blank(FUNDS),
    "国资表空白": blank(STATE),
    "三公表空白": blank(THREE),
    "三公没有决算数": blank(THREE, columns="GHIJKL"),
    "三公没有合计": put(THREE, {"A8": None, "G8": None}),
    "三公没有分项": put(THREE, {"E8": None, "F8": None, "K8": None, "L8": None, "C8": None, "I8": None}),
    "支出表没有合计行": blank(SPENDING, rows=(7, 7)),
    "收入表没有合计行": blank(INCOME, rows=(7, 7)),
    "一般公共表没有合计行": blank(GENERAL, rows=(7, 7)),
    "基金表没有合计行": blank(FUNDS, rows=(7, 7)),
    "国资表没有合计行": blank(STATE, rows=(7, 7)),
    "各表都没有合计行": blank(INCOME, SPENDING, GENERAL, FUNDS, STATE, rows=(7, 7)),
    "基本支出表没有合计": put(BASIC, {"C34": None, "I34": None}),
    "基本支出表只有合计": blank(BASIC, rows=(6, 33)),
    "基本支出表只有类": put(BASIC, {f"{c}{r}": None for c in "CF" for r in (*range(7, 20), *range(21, 34))}),
    "总表没有本年合计": put(OVERVIEW, {"C33": None, "F33": None}),
    "总表没有总计": put(OVERVIEW, {"C37": None, "F37": None}),
    "总表只有总计": blank(OVERVIEW, rows=(7, 36)),
    "总表没有收入": put(OVERVIEW, {f"C{r}": None for r in range(7, 38)}),
    "总表没有支出各类": put(OVERVIEW, {f"F{r}": None for r in range(7, 33)}),
    "财政拨款总表没有合计栏": put(FISCAL, {f"F{r}": None for r in range(7, 39)}),
    "财政拨款总表没有总计": put(FISCAL, {f"{c}38": None for c in "CFGHI"}),
    "财政拨款总表没有年初": put(FISCAL, {f"C{r}": None for r in range(34, 38)}),
    "财政拨款总表没有年末": put(FISCAL, {f"{c}34": None for c in "FGHI"}),
    "财政拨款总表没有支出各类": blank(FISCAL, rows=(7, 32), columns="FGHI"),
    "支出表没有明细": cleared_rows(SPENDING),
    "收入表没有明细": cleared_rows(INCOME),
    "一般公共表没有明细": cleared_rows(GENERAL),
    "各表都没有明细": cleared_rows(INCOME, SPENDING, GENERAL, FUNDS, STATE),
    "支出表没有合计栏": put(SPENDING, {f"E{r}": None for r in range(7, 35)}),
    "支出表没有基本项目": put(SPENDING, {f"{c}{r}": None for r in range(7, 35) for c in "FG"}),
    "收入表没有财政拨款栏": put(INCOME, {f"F{r}": None for r in range(7, 35)}),
    "金额都是杠": replaced("—", SPENDING),
    "金额都是见附件": replaced("见附件", SPENDING),
    "金额都是星号": replaced("***", THREE),
    "金额是略": replaced("略", BASIC),
    "删去总表": removed(OVERVIEW),
    "删去收入决算表": removed(INCOME),
    "删去支出决算表": removed(SPENDING),
    "删去财政拨款总表": removed(FISCAL),
    "删去一般公共表": removed(GENERAL),
    "删去基本支出表": removed(BASIC),
    "删去基金表": removed(FUNDS),
    "删去国资表": removed(STATE),
    "删去三公表": removed(THREE),
    "只剩三公表": removed(*SHEETS[:-1]),
    "只剩总表": removed(*SHEETS[1:]),
    "没有标题": put(SPENDING, {"A1": None}),
    "标题写错一个字": put(SPENDING, {"A1": "支出预算表"}),
    "总表的标题没有了": put(OVERVIEW, {"A1": None}),
    "一张表是别的单位": put(SPENDING, {"A3": "部门：上游县水务局"}),
    "三公表是别的单位": put(THREE, {"A3": "部门：上游县水务局"}),
    "有数的表写着无数据": put(FUNDS, {"A18": "说明：我单位没有政府性基金收入，故本表无数据。"}),
    "不认识的科目": put(SPENDING, {"A@2010302": "9999999"}),
    "没有类的行": put(SPENDING, {f"{column}@201": None for column in "DEFGA"}),
}  # fmt: skip


@pytest.mark.parametrize("attempt", VALUES)
def test_a_book_that_shows_too_little(attempt: str) -> None:
    unearned(changed(values(), VALUES[attempt]))


@pytest.mark.parametrize(
    "attempt",
    ["全簿空白", "支出表没有明细", "删去三公表", "收入决算表空白", "三公表空白", "没有标题"],
)
def test_the_same_with_formulas(attempt: str) -> None:
    edit = blank(*SHEETS, formulas=False) if attempt == "全簿空白" else VALUES[attempt]
    unearned(changed(sound(), edit))


QUESTIONS: dict[str, tuple[Edit, str]] = {
    "一张表没有单位名称": (put(SPENDING, {"A3": None}), "S-02"),
    "一张表没有年度": (put(SPENDING, {"E3": None}), "S-02"),
    "一张表没有金额单位": (put(SPENDING, {"H3": None}), "S-02"),
    "没有科目名称": (put(SPENDING, {"D@2010302": None}), "ALL-02"),
    "名称是别的科目的": (put(SPENDING, {"D@2010302": "住房公积金"}), "ALL-02"),
}


@pytest.mark.parametrize("attempt", QUESTIONS)
def test_what_may_be_right_is_asked_about(attempt: str) -> None:
    edit, rule = QUESTIONS[attempt]
    asks(changed(values(), edit), rule)

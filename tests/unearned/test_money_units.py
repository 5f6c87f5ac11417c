"""元 and 万元 mixed up: in one table, one column, all tables, or only on the label."""

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
)
from tests.unearned.edits import Edit, changed, formatted, put
from tests.unearned.trial import asks, unearned

LABELS = {
    OVERVIEW: "E3",
    INCOME: "I3",
    SPENDING: "H3",
    FISCAL: "G3",
    GENERAL: "F3",
    BASIC: "G3",
    FUNDS: "H3",
    STATE: "F3",
    THREE: "I3",
}


def label(text: str | None, *sheets: str) -> Edit:
    def edit(book: Workbook) -> None:
        for name in sheets or SHEETS:
            assert "万元" in book[name][LABELS[name]].value
            book[name][LABELS[name]].value = text

    return edit


def times(factor: float, *sheets: str, columns: str = "") -> Edit:
    """Multiply the typed amounts of sheets (of some columns only); the formulas follow."""

    def edit(book: Workbook) -> None:
        for name in sheets or SHEETS:
            for row in book[name].iter_rows(min_row=6):
                for cell in row:
                    typed = isinstance(cell.value, int | float) and "0.0" in cell.number_format
                    if typed and (not columns or cell.column_letter in columns):
                        cell.value = round(cell.value * factor, 6)

    return edit


ATTEMPTS: dict[str, Edit] = {
    "全簿的单位改成元": label("金额单位：元"),
    "全簿填成元": times(10000),
    "全簿填成亿元": times(0.0001),
    "三公填成元": times(10000, THREE),
    "三公填成亿元": times(0.0001, THREE),
    "基金填成元": times(10000, FUNDS),
    "国资填成元": times(10000, STATE),
    "基本支出表填成元": times(10000, BASIC),
    "一般公共填成元": times(10000, GENERAL, BASIC),
    "总表填成元": times(10000, OVERVIEW),
    "收入决算表填成元": times(10000, INCOME),
    "财政拨款各表填成元": times(10000, FISCAL, GENERAL, BASIC, FUNDS, STATE, THREE),
    "三公的决算数填成元": times(10000, THREE, columns="HIJKL"),
    "三公的预算数填成元": times(10000, THREE, columns="BCDEF"),
    "一张表的单位改成元": label("金额单位：元", SPENDING),
    "三公的单位改成元": label("金额单位：元", THREE),
    "国资的单位改成元": label("金额单位：元", STATE),
    "基本支出表的单位改成元": label("单位：元", BASIC),
    "全簿的单位改成千元": label("金额单位：千元"),
    "全簿的单位改成亿元": label("金额单位：亿元"),
    "全簿的单位改成美元": label("金额单位：美元"),
    "全簿没有单位": label(None),
    "全簿只有金额单位几个字": label("金额单位："),
    "单位写成元或万元": label("金额单位：元/万元"),
    "一张表的单位改成千元": label("金额单位：千元", THREE),
    "一张表的单位改成百万元": label("金额单位：百万元", SPENDING),
    "印着两个单位": put(THREE, {"A3": "部门：临江县水务局  金额单位：元"}),
    "单位一个万元一个元": label("金额单位：万元、元", THREE),
    "栏名里写着元": put(SPENDING, {"F4": "基本支出（元）"}),
    "三公表的栏名写着元": put(THREE, {"G4": "决算数（元）"}),
    "数字格式里写着元": formatted(THREE, '0.00"元"', "K8", "L8"),
}  # fmt: skip


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_another_money_unit_is_not_passed(attempt: str) -> None:
    unearned(changed(sound(), ATTEMPTS[attempt]))


def test_ten_times_as_much_is_asked_about() -> None:
    asks(changed(sound(), times(10, THREE, columns="HIJKL")), "SG-03")

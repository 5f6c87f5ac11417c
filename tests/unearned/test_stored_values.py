"""Formulas that show one thing and mean another."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest

from tests.unearned.books import (
    BASIC,
    FISCAL,
    GENERAL,
    INCOME,
    OVERVIEW,
    SPENDING,
    STATE,
    THREE,
    sound,
)
from tests.unearned.edits import Edit, changed, part_of, parts, put
from tests.unearned.trial import asks, unearned

FORMULAS: dict[str, Edit] = {
    "合计里加一笔": put(OVERVIEW, {"C33": "=SUM(C7:C14)+5"}),
    "合计写死了另一个数": put(OVERVIEW, {"C33": 290}),
    "合计写死在如果里": put(OVERVIEW, {"C33": "=IF(1=1,290,SUM(C7:C14))"}),
    "到日子就变的合计": put(OVERVIEW, {"C33": "=IF(TODAY()<DATE(2099,1,1),SUM(C7:C14),0)"}),
    "随机数": put(SPENDING, {"G@2010302": "=55.5+RAND()*0"}),
    "间接引用": put(OVERVIEW, {"C33": '=SUM(INDIRECT("C7:C14"))'}),
    "偏移引用": put(OVERVIEW, {"C33": "=SUM(OFFSET(C7,0,0,8,1))"}),
    "自己引用自己": put(OVERVIEW, {"C33": "=C33"}),
    "循环引用": put(OVERVIEW, {"C7": "=C33-C8-C9-C11"}),
    "引用没有了": put(OVERVIEW, {"C33": "=SUM(#REF!)"}),
    "错误值": put(SPENDING, {"G@2010302": "#N/A"}),
    "除以零": put(SPENDING, {"G@2010302": "=1/0"}),
    "文字的结果": put(OVERVIEW, {"C33": '="289.00"'}),
    "文字函数的结果": put(OVERVIEW, {"C33": '=TEXT(SUM(C7:C14),"0.00")'}),
    "录入格里的外部链接": put(SPENDING, {"G@2010302": "='[去年.xlsx]表'!$A$1"}),
    "合计引用外部": put(OVERVIEW, {"C33": "='[去年.xlsx]表'!$A$1"}),
    "三公合计加一笔": put(THREE, {"G8": "=SUM(H8,I8,L8)+1"}),
    "支出表的一行合计": put(SPENDING, {"E@2010302": "=SUM(F11:J11)+1"}),
    "逻辑值": put(SPENDING, {"G@2010302": True}),
    "日期": put(SPENDING, {"G@2010302": datetime.date(2024, 5, 1)}),
    "脚注号": put(SPENDING, {"G@2010302": "55.50①"}),
    "上标": put(SPENDING, {"G@2010302": "55.5²"}),
    "约数": put(SPENDING, {"G@2010302": "约55.50"}),
    "两个数": put(SPENDING, {"G@2010302": "55.50 60.00"}),
    "带百分号": put(SPENDING, {"G@2010302": "55.50%"}),
    "带亿": put(SPENDING, {"G@2010302": "55.50亿元"}),
    "空格隔开的数": put(SPENDING, {"G@2010302": "5 5.50"}),
}  # fmt: skip


OTHER_FORMULAS = {
    "基本支出合计少一类": put(BASIC, {"I34": "=SUM(F6)", "F6": "=SUM(F7:F33)+0"}),
    "合计少加一行": put(OVERVIEW, {"C33": "=SUM(C7:C13)"}),
}


@pytest.mark.parametrize("attempt", OTHER_FORMULAS)
def test_another_formula_with_the_same_result_is_asked_about(attempt: str) -> None:
    asks(changed(sound(), OTHER_FORMULAS[attempt]), "F-03")


@pytest.mark.parametrize("attempt", FORMULAS)
def test_a_formula_or_a_value_that_is_none(attempt: str) -> None:
    unearned(changed(sound(), FORMULAS[attempt]))


def stale(ref: str, value: str) -> Callable[[str], str]:
    """Store another value for a formula, and leave the formula."""

    def edit(text: str) -> str:
        cell = re.search(rf'<c r="{ref}"[^>]*>.*?</c>', text)
        assert cell is not None and "<f" in cell[0], ref
        new = re.sub(r"<v>[^<]*</v>", f"<v>{value}</v>", cell[0])
        return text.replace(cell[0], new)

    return edit


STALE = {
    "总计": (OVERVIEW, "C37", "299"),
    "本年收入合计": (OVERVIEW, "C33", "299"),
    "支出表合计": (SPENDING, "E7", "299"),
    "支出表的一项": (SPENDING, "E11", "65.5"),
    "三公合计": (THREE, "G8", "9"),
    "基本支出合计": (BASIC, "C34", "170"),
    "财政拨款总表": (FISCAL, "F14", "34"),
    "国资合计": (STATE, "E7", "5"),
}
CALCULATION = {
    "自动": lambda text: re.sub(r"<calcPr[^>]*/>", '<calcPr calcId="191029" iterate="0"/>', text),
    "手动": lambda text: re.sub(
        r"<calcPr[^>]*/>", '<calcPr calcMode="manual" calcOnSave="0"/>', text
    ),
    "打开时全算": lambda text: re.sub(
        r"<calcPr[^>]*/>", '<calcPr calcId="1" fullCalcOnLoad="1"/>', text
    ),
}


@pytest.mark.parametrize("mode", CALCULATION)
@pytest.mark.parametrize("attempt", STALE)
def test_a_stored_value_that_its_formula_does_not_give(attempt: str, mode: str) -> None:
    sheet, ref, value = STALE[attempt]
    book = sound()
    tricked = parts(
        book, {part_of(book, sheet): stale(ref, value), "xl/workbook.xml": CALCULATION[mode]}
    )
    unearned(tricked, naming=ref)


def test_all_stored_values_are_another_units() -> None:
    """The formulas are right and the stored values all wrong by the same factor."""
    book = sound()
    double = {
        part_of(book, name): lambda text: re.sub(
            r"(</f><v>)(\d[\d.]*)(</v>)",
            lambda found: f"{found[1]}{float(found[2]) * 2}{found[3]}",
            text,
        )
        for name in (OVERVIEW, INCOME, SPENDING, FISCAL, GENERAL)
    }
    unearned(parts(book, double))

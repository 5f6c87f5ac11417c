"""Errors that make up for one another, so that only an identity between tables can see them."""

from __future__ import annotations

import pytest

from tests.unearned.books import (
    BASIC,
    FISCAL,
    FUNDS,
    GENERAL,
    INCOME,
    OVERVIEW,
    SPENDING,
    STATE,
    THREE,
    values,
)
from tests.unearned.edits import Edit, both, changed, place, put
from tests.unearned.trial import asks, unearned


def add(sheet: str, **amounts: float) -> Edit:
    """Add to amounts of a sheet: `G_2010302=5` for a row of a list, `C7=5` for a cell."""

    def edit(book) -> None:  # type: ignore[no-untyped-def]
        for ref, amount in amounts.items():
            cell = book[sheet][place(book, sheet, ref.replace("_", "@"))]
            cell.value = round((cell.value or 0) + amount, 6) or None

    return edit


def row(sheet: str, columns: str, code: str, amount: float, *, total: bool = True) -> Edit:
    """Add to the amounts of a row and of the rows above it, and to 合计."""
    codes = [code[:3], code[:5], code]

    def edit(book) -> None:  # type: ignore[no-untyped-def]
        for column in columns:
            refs = [place(book, sheet, f"{column}@{one}") for one in codes] + (
                [f"{column}7"] if total else []
            )
            for ref in refs:
                cell = book[sheet][ref]
                cell.value = round((cell.value or 0) + amount, 6) or None

    return edit


def moved(sheet: str, columns: str, from_code: str, to_code: str, amount: float) -> Edit:
    return both(row(sheet, columns, from_code, -amount), row(sheet, columns, to_code, amount))


def recoded(sheet: str, **codes: str) -> Edit:
    def edit(book) -> None:  # type: ignore[no-untyped-def]
        for old, new in codes.items():
            ref = place(book, sheet, f"A@{old[1:]}")
            book[sheet][ref] = new

    return edit


ATTEMPTS: dict[str, Edit] = {
    # 总表 and 财政拨款总表
    "总表一般多基金少": add(OVERVIEW, C7=10, C8=-10),
    "总表一般多国资少": add(OVERVIEW, C7=3, C9=-3),
    "财政拨款总表一般多基金少": add(FISCAL, C7=10, C8=-10),
    "两张总表一般多基金少年末也跟着": both(
        add(OVERVIEW, C7=-10, C8=10), add(FISCAL, C7=-10, C8=10, G34=-10, H34=10, G38=-10, H38=10, C35=0)
    ),
    "两张总表一般多基金少年初跟着": both(
        add(OVERVIEW, C7=-5, C8=5), add(FISCAL, C7=-5, C8=5, C35=5, C36=-5)
    ),
    "两张总表一般少国资多年末跟着": both(
        add(OVERVIEW, C7=-3, C9=3), add(FISCAL, C7=-3, C9=3, G34=-3, I34=3, G38=-3, I38=3)
    ),
    "基金收入多一笔年末也多收入表不动": both(
        add(OVERVIEW, C7=-10, C8=10),
        add(FISCAL, C7=-10, C8=10, C35=10, C36=0, G34=0, H34=10, F34=10, C34=10, C38=10, F38=10, H38=10),
        add(OVERVIEW, C35=10, F35=10, C37=10, F37=10),
        row(FUNDS, "FJ", "2120801", 10),
    ),
    "年初年末各多一笔": add(FISCAL, C36=5, C34=5, C38=5, H34=5, F34=5, F38=5, H38=5),
    "年初一般多基金少": add(FISCAL, C35=5, C36=-5, G34=5, H34=-5, G38=5, H38=-5),
    "财政拨款年初大于总表年初": add(FISCAL, C35=10, C34=10, C38=10, G34=10, F34=10, F38=10, G38=10),
    "总表年初年末少到小于财政拨款": add(OVERVIEW, C35=-10, C37=-10, F35=-10, F37=-10),
    # 总表 and the lists
    "总表事业收入记成其他收入": add(OVERVIEW, C11=-12, C14=12),
    "收入表事业收入记成其他收入": both(row(INCOME, "H", "2010350", -12), row(INCOME, "K", "2010350", 12)),
    "总表两类支出对调": add(OVERVIEW, F14=-5, F15=5),
    "总表国资支出记成其他支出": add(OVERVIEW, F27=-3, F29=3),
    "收入表基金科目的收入挪到一般科目": moved(INCOME, "EF", "2120801", "2010302", 10),
    "收入表国资科目的收入挪到一般科目": moved(INCOME, "EF", "2230105", "2010302", 1),
    "收入表一般科目的收入挪到国资科目": moved(INCOME, "EF", "2010302", "2230105", 1),
    "收入表基金两个科目互挪": moved(INCOME, "EF", "2120801", "2120803", 5),
    "收入表合计多": add(INCOME, E7=5, F7=5),
    "收入表某行合计与各栏不符": add(INCOME, E_2010301=5, E_20103=5, E_201=5, E7=5),
    # 支出决算表
    "支出表一类多一类少": moved(SPENDING, "EF", "2010301", "2080505", 5),
    "支出表基本记成项目": both(row(SPENDING, "F", "2010301", -5), row(SPENDING, "G", "2010301", 5)),
    "支出表基本项目两行互挪": both(
        row(SPENDING, "F", "2010301", -5), row(SPENDING, "G", "2010301", 5), row(SPENDING, "F", "2010302", 5),
        row(SPENDING, "G", "2010302", -5),
    ),
    "支出表项目记成经营": both(row(SPENDING, "G", "2010302", -5), row(SPENDING, "I", "2010302", 5)),
    "支出表基金两个科目互挪": moved(SPENDING, "EG", "2120801", "2120803", 5),
    "支出表基金项目记成基本": both(row(SPENDING, "G", "2120801", -5), row(SPENDING, "F", "2120801", 5)),
    "支出表国资项目记成基本": both(row(SPENDING, "G", "2230105", -1), row(SPENDING, "F", "2230105", 1)),
    "支出表基金科目的支出挪到国资科目": moved(SPENDING, "EG", "2120801", "2230105", 5),
    "支出表少一项": recoded(SPENDING, _2101103="2101199"),
    # 财政拨款总表 by 类
    "财政拨款总表两类对调": add(FISCAL, G14=-5, F14=-5, G15=5, F15=5),
    "财政拨款总表一般记成基金": add(FISCAL, G18=5, H17=-5, F17=-5, F18=5, G33=5, H33=-5, G38=0),
    "财政拨款总表基金换一类": add(FISCAL, H17=-10, F17=-10, H18=10, F18=10),
    "财政拨款总表国资换一类": add(FISCAL, I27=-3, F27=-3, I29=3, F29=3),
    "财政拨款总表国资记成一般": both(
        add(FISCAL, I27=-1, G27=1, I33=-1, G33=1, I34=1, G34=-1),
    ),
    "财政拨款总表某行合计不等于三栏": add(FISCAL, F7=5, F14=-5),
    # 一般公共
    "一般公共两项互挪": moved(GENERAL, "EF", "2010301", "2080505", 5),
    "一般公共基本记成项目": both(row(GENERAL, "F", "2010301", -5), row(GENERAL, "G", "2010301", 5)),
    "支出表和一般公共基本记成项目": both(
        row(GENERAL, "F", "2010301", -5), row(GENERAL, "G", "2010301", 5), row(SPENDING, "F", "2010301", -5),
        row(SPENDING, "G", "2010301", 5),
    ),
    "一般公共少一项": recoded(GENERAL, _2101103="2101199"),
    "一般公共里有基金科目": recoded(GENERAL, _2101103="2101199", _21011="21208", _210="212", _2101101="2120801"),
    # 基本支出
    "基本支出一款多一款少": add(BASIC, C7=5, C8=-5, F7=5),
    "基本支出类不等于款": add(BASIC, C6=5, C20=-5),
    "基本支出合计多": add(BASIC, C34=5),
    "基本支出款的数等于类": put(BASIC, {"F33": 21}),
    # 三公
    "三公接待小于基本支出里的接待": add(THREE, L8=-1, G8=-1),
    "三公运行小于基本支出里的运行": add(THREE, K8=-2, I8=-2, G8=-2),
    "三公出国没有而基本支出有": add(BASIC, F17=2, F7=-2),
    "三公合计多": add(THREE, G8=5),
    "三公小计不等于购置加运行": add(THREE, I8=5, L8=-1.5, G8=3.5),
    "三公预算合计不等于分项": add(THREE, A8=5),
    "三公大于全年财政拨款支出": add(THREE, K8=300, I8=300, G8=300, E8=300, C8=300, A8=300),
    "三公大于本年支出": add(THREE, L8=500, G8=500, F8=500, A8=500),
    "三公的项目大于公用经费和项目支出": add(THREE, L8=150, G8=150, F8=150, A8=150),
    # 基金、国资
    "基金表两个科目互挪": moved(FUNDS, "GI", "2120801", "2120803", 5),
    "基金表本年收入两个科目互挪年末跟着": moved(FUNDS, "FJ", "2120801", "2120803", 5),
    "基金表项目记成基本": both(row(FUNDS, "I", "2120801", -5), row(FUNDS, "H", "2120801", 5)),
    "基金表年末不等于年初加收减支": row(FUNDS, "J", "2120801", 5),
    "基金表换一个科目": recoded(FUNDS, _2120803="2120804"),
    "基金表换一类": recoded(FUNDS, _2120801="2130801", _21208="21308", _212="213", _2120803="2130803"),
    "基金表收支都少": both(row(FUNDS, "GI", "2120801", -5), row(FUNDS, "F", "2120801", -5)),
    "国资表换一个科目": recoded(STATE, _2230105="2230106"),
    "国资表项目记成基本": both(row(STATE, "G", "2230105", -1), row(STATE, "F", "2230105", 1)),
    "国资表多": row(STATE, "EG", "2230105", 1),
    "国资表换一类": recoded(STATE, _2230105="2080105", _22301="20801", _223="208"),
    # rows
    "科目写了两行": recoded(SPENDING, _2010302="2010301"),
    "两个科目的编码写成一个": put(SPENDING, {"A@2080505": "2080506"}),
    "编码少一位": recoded(SPENDING, _2010302="201030"),
    "负的其他支出": add(OVERVIEW, F29=-5, F7=5),
    "负数相抵": both(row(SPENDING, "EG", "2010302", -100), row(SPENDING, "EF", "2010301", 100)),
}  # fmt: skip

QUESTIONS = {
    "收入表的收入挪到没有支出的科目": moved(INCOME, "EF", "2010302", "2210201", 5),
    "收入表一类多一类少": moved(INCOME, "EF", "2010301", "2080505", 5),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_errors_that_make_up_for_one_another(attempt: str) -> None:
    unearned(changed(values(), ATTEMPTS[attempt]))


@pytest.mark.parametrize("attempt", QUESTIONS)
def test_what_may_be_right_is_asked_about(attempt: str) -> None:
    asks(changed(values(), QUESTIONS[attempt]), "X-29")

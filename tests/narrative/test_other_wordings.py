"""Wordings that are right and were told to be wrong, and the slips beside them that are still found."""

from __future__ import annotations

import pytest

from benchmarks.paraphrases import checked, faults

RIGHT = [
    # 总收入, 总支出 are said of the grand totals as well as of the year's
    "一、收支总体情况\n本部门2023年度总收入2181.40万元，总支出2181.40万元。",
    "二、收入决算情况\n2023年度总收入2091.80万元，其中事业收入64.20万元，占总收入的3.07%。",
    "三、支出决算情况\n2023年度总支出2056.34万元。",
    # last year's figure in brackets behind 上年
    "二、收入决算情况\n2023年收入合计2091.80万元，较上年（1948.50万元）增加143.30万元，增长7.35%。",
    # shares of 科目 are of the money that the section is about, whatever was said before
    "五、一般公共预算支出情况\n一般公共预算财政拨款支出1845.44万元，占本年支出合计的89.74%。"
    "其中：卫生健康支出72.84万元（占3.95%）、住房保障支出96.84万元，占5.25%。",
    # the last of a list has a name that is in no table
    "三、支出决算情况\n项目支出524.03万元（其中一般公共预算377.33万元、政府性基金110.00万元、"
    "国有资本经营预算15.00万元、单位资金21.70万元）。",
    # a second comparison of the same figure, with an earlier year
    "五、一般公共预算支出情况\n一般公共预算财政拨款支出1845.44万元，较2022年度增加102.19万元，增长5.86%；"
    "较2021年度增加200.00万元。",
    # titles that begin with 关于
    "二、关于收入决算情况\n本年收入合计2091.80万元，其中财政拨款收入1997.35万元，上级补助收入8.50万元，"
    "事业收入64.20万元，其他收入21.75万元。",
    "四、财政拨款收入支出决算总体情况\n财政拨款收、支总计2067.63万元，其中本年支出1970.44万元，约占全部支出的95.8%。",
    # 基本支出 of the section, behind a 科目
    "五、一般公共预算支出情况\n住房保障支出96.84万元，占5.25%。\n按支出性质：基本支出1468.11万元，占79.55%；项目支出377.33万元，占20.45%。",
    # the year's income as a whole, in a section on 财政拨款
    "四、财政拨款收支情况\n本年收入1997.35万元，占本年收入的95.48%；本年支出1970.44万元，占本年支出的95.82%。",
    # since the beginning of the year, not since last year
    "四、财政拨款收支情况\n年末财政拨款结转和结余97.19万元，比年初增加26.91万元。",
    # parts in brackets are no parts of the list around them
    "五、一般公共预算支出情况\n一般公共预算财政拨款支出1845.44万元，其中基本支出1468.11万元（人员经费1286.57万元，"
    "公用经费181.54万元），项目支出377.33万元。",
    # budgets that were changed within the year
    "五、一般公共预算支出情况\n（三）具体情况\n1.一般公共服务支出（类）市场监督管理事务（款）行政运行（项）年初预算1040万元，追加预算10万元，"
    "调整后预算1050万元，支出决算1012.46万元，完成年初预算的97.35%，完成调整后预算的96.42%。"
    "决算数小于年初预算数的主要原因是退休。",
    "五、一般公共预算支出情况\n（三）具体情况\n1.一般公共服务支出（类）市场监督管理事务（款）行政运行（项）年初预算1040万元，调整预算1050万元，"
    "支出决算1012.46万元，为年初预算的97.35%、调整预算的96.42%。",
    "七、“三公”经费情况\n与上年相比，公务用车运行维护费由22.10万元降至21.36万元。",
    "八、政府性基金\n政府性基金本年收入120.00万元，本年支出110.00万元。",
]


@pytest.mark.parametrize("text", RIGHT)
def test_right_wordings_are_no_faults(text: str) -> None:
    found = faults(checked(text.split("\n")))
    assert {rule for rule, _ in found} <= {"N5-03"}, found  # not all 科目 are spoken of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("一、收支总体情况\n2023年度总收入2188.40万元。", "2188.40万元"),
        ("二、收入决算情况\n2023年收入合计2181.40万元。", "2181.40万元"),
        (
            "二、收入决算情况\n2023年收入合计2091.80万元，较上年（1848.50万元）增加143.30万元。",
            "1848.50万元",
        ),
        (
            "五、一般公共预算支出情况\n一般公共预算财政拨款支出1845.44万元，占本年支出合计的89.74%。"
            "其中：卫生健康支出72.84万元（占3.54%）。",
            "3.54%",
        ),
        (
            "五、一般公共预算支出情况\n一般公共预算财政拨款支出1845.44万元，较2021年度增加102.19万元。",
            "2021",
        ),
        ("五、一般公共预算支出情况\n按支出性质：基本支出1486.11万元，占79.55%。", "1486.11万元"),
        ("四、财政拨款收支情况\n本年收入1997.35万元，占本年收入的94.58%。", "94.58%"),
        (
            "五、一般公共预算支出情况\n（三）具体情况\n1.一般公共服务支出（类）市场监督管理事务（款）行政运行（项）年初预算1040万元，"
            "追加预算10万元，调整后预算1050万元，支出决算1012.46万元，完成年初预算的96.42%。",
            "96.42%",
        ),
        (
            "七、“三公”经费情况\n与上年相比，公务用车运行维护费由21.20万元降至21.36万元。",
            "21.20万元",
        ),
        (
            "五、一般公共预算支出情况\n（三）具体情况\n1.一般公共服务支出（类）市场监督管理事务（款）行政运行（项）年初预算1040万元，"
            "调整预算1150万元，支出决算1012.46万元，为年初预算的97.35%、调整预算的96.42%。",
            "96.42%",
        ),
        ("八、政府性基金\n政府性基金本年收入102.00万元，本年支出110.00万元。", "102.00万元"),
    ],
)
def test_slips_in_such_wordings_are_found(text: str, words: str) -> None:
    found = [
        f.where.words
        for f in checked(text.split("\n")).findings
        if f.finding.outcome == "不符" and f.finding.level == "error"
    ]
    assert any(words in where for where in found), found

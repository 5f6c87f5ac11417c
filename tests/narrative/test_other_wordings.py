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
    "八、政府性基金\n政府性基金本年收入120.00万元，本年支出110.00万元。",
]


@pytest.mark.parametrize("text", RIGHT)
def test_right_wordings_are_no_faults(text: str) -> None:
    assert dict(faults(checked(text.split("\n")))) == {}


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

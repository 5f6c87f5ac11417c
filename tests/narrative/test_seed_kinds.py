"""Slips of a whole disclosure: names of the unit, the self-evaluation beside the rest; lines cut by the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from xltool.core.resources import SAMPLES
from xltool.narrative.book import tables_of, validated
from xltool.narrative.check import NarrativeCheck, check_narrative
from xltool.narrative.text import load_narrative

WHOLE = """第一部分 安阳市北关区大数据局概况
二、机构设置
{name}是区政府工作部门，内设科室3个。
第二部分 2021年度部门决算表
部门（单位）名称{form}年度履职目标
部门预算总额（万元）40.86 29.54 29.54 100%
第三部分 2021年度部门决算情况说明
一、收入支出决算总体情况说明
2021年度收、支总计均为29.54万元。主要原因是我单位{reason}。
五、一般公共预算财政拨款支出决算情况说明
（三）具体情况。
2021年度一般公共预算财政拨款支出年初预算为40.86万元，支出决算为29.54万元，完成年初预算的72.30%{adjusted}。
八、绩效评价结果等情况说明
预算执行率{rate}，“三公经费”控制率{travel}，政府采购执行率{bought}。
十一、政府采购支出情况说明
政府采购支出总额0.00万元。
"""
RIGHT = {
    "name": "安阳市北关区大数据局",
    "form": "北关区大数据局",
    "reason": "人员调整",
    "adjusted": "，年中调减预算11.32万元",
    "rate": "100%",
    "travel": "不涉及",
    "bought": "不涉及",
}


@pytest.fixture(scope="module")
def tables():
    return tables_of(validated(SAMPLES / "beiguan-2021.json"))


def told(result: NarrativeCheck) -> set[tuple[str, str]]:
    return {
        (f.finding.rule, f.where.words)
        for f in result.findings
        if f.finding.rule in ("N0-05", "N5-06", "N5-08", "N8-01", "N8-02")
    }


def test_a_right_disclosure_has_none_of_them(checked) -> None:
    result = checked(WHOLE.format(**RIGHT))
    assert told(result) == set()
    assert "40.86" not in {s.words for s in result.unchecked}, "numbers of tables are no sentences"


@pytest.mark.parametrize(
    ("field", "wrong", "rule", "words"),
    [
        ("name", "北关区政务服务和大数据局", "N0-05", "北关区政务服务和大数据局"),
        ("form", "北关区政务服务局", "N0-05", "北关区政务服务局"),
        ("reason", "厉行节约", "N5-06", "厉行节约"),
        ("adjusted", "", "N5-08", ""),
        ("rate", "90%", "N8-02", "90%"),
        ("travel", "0%", "N8-01", "0%"),
        ("bought", "100%", "N8-01", "100%"),
    ],
)
def test_each_slip_is_told(checked, field: str, wrong: str, rule: str, words: str) -> None:
    found = told(checked(WHOLE.format(**{**RIGHT, field: wrong})))
    assert {r for r, _ in found} == {rule}
    assert not words or (rule, words) in found


CUT = """第三部分 2021年度部门决算情况说明
一、收入支出决算总体情况说明
2021年度收、支总计均为29.54万元。与上年度相比，收、支总计各减
少8.68万元，下降22.71%。主要原因是人员调整。
五、一般公共预算财政拨款支出决算情况说明
（三）具体情况。
2021年度一般公共预算财政拨款支出年初预算为40.86万元，支出决算为
29.54万元，完成年初预算的72.30%。其中：
1．社会保障和就业支出（类）行政事业单位养老支出（款）机关事业单位
基本养老保险缴费支出（项）。年初预算为3.40万元，支出决算为2.74
万元。完成年初预算的80.59%。
2.卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）。年
初预算为1.50万元，支出决算为1.16万元。完成年初预算的77.33%。
七、一般公共预算财政拨款“三公”经费支出决算情况说明
（一）“三公”经费财政拨款支出决算总体情况说明。
2021年度“三公”经费财政拨款支出决算为0.00万元。
"""


def test_lines_cut_by_the_page_are_put_together(checked) -> None:
    result = checked(CUT)
    assert [f.finding.message for f in result.findings if f.finding.level == "error"] == []
    assert [s.words for s in result.unchecked] == []


BLANK = """七、一般公共预算财政拨款“三公”经费支出决算情况说明
（一）“三公”经费财政拨款支出决算总体情况说明。
2021年度“三公”经费财政拨款支出预算为{budget}万元，支出决算为0.00万元。
九、政府性基金预算财政拨款支出决算情况说明
2021年度政府性基金预算财政拨款支出决算为{fund}万元。
"""


def test_a_blank_table_of_what_a_unit_need_not_have_is_nothing(checked) -> None:
    result = checked(BLANK.format(budget="0.00", fund="0.00"))
    assert [f.finding.message for f in result.findings if f.finding.level == "error"] == []
    assert [s.words for s in result.unchecked] == []
    wrong = checked(BLANK.format(budget="0.95", fund="3.00"))
    assert {f.where.words for f in wrong.findings if f.finding.level == "error"} == {
        "0.95万元",
        "3.00万元",
    }


COUNTS = """七、一般公共预算财政拨款“三公”经费支出决算情况说明
（二）“三公”经费财政拨款支出决算具体情况说明。
1．因公出国（境）费。支出决算为0.00万元。全年因公出国（境）团组{groups}个，累计{people}人次。
八、绩效评价结果等情况说明
全年财政预算数29.54万元（其中基本支出{basic}万元），部门绩效自评得分{score}分，结转结余率{left}%。
"""
SAID = {"groups": "0", "people": "0", "basic": "29.54", "score": "100", "left": "0"}


def test_counts_beside_expenses_and_figures_of_the_evaluation(checked) -> None:
    right = checked(COUNTS.format(**SAID))
    assert [f.finding.message for f in right.findings if f.finding.outcome == "不符"] == []
    assert [s.words for s in right.unchecked] == []
    for field, wrong, rule in (
        ("groups", "2", "N7-01"),
        ("people", "6", "N7-01"),
        ("basic", "28.54", "N1-01"),
        ("score", "98", "N7-02"),
        ("left", "3", "N8-02"),
    ):
        result = checked(COUNTS.format(**{**SAID, field: wrong}))
        assert [f.finding.rule for f in result.findings if f.finding.outcome == "不符"] == [rule]


def test_quotes_that_a_pdf_puts_elsewhere(
    tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quotes of another font come out together, before the line that they are in."""
    pypdf = pytest.importorskip("pypdf")
    lines = (
        "“ ”七、一般公共预算财政拨款 三公 经费支出决算情况说明\n"
        "2021 “ ”年度 三公 经费财政拨款支出预算为0.00万元，支出决算为3.00万元。\n"
    )

    class Page:
        def extract_text(self) -> str:
            return lines

    class Reader:
        def __init__(self, path: Path) -> None:
            self.pages = [Page()]

    monkeypatch.setattr(pypdf, "PdfReader", Reader)
    path = tmp_path / "公开.pdf"
    path.write_bytes(b"%PDF")
    result = check_narrative(load_narrative(path), tables)
    assert [s.topic.name for s in result.document.sections if s.topic] == ["三公"]
    assert [s.words for s in result.document.statements] == ["0.00万元", "3.00万元"]
    assert [f.where.words for f in result.findings if f.finding.level == "error"] == ["3.00万元"]

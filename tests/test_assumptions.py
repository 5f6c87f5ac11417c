"""Assumptions of `fill --derive`: what one makes determinate, told with its rule; rows are named rightly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xltool.documents.load import from_raw
from xltool.entry.derive import Derived, derive, told

ASSUMED = ("只有一般公共预算", "没有填的是零", "社保公积金按科目")
SPENT = {
    "2012601": 1000,
    "2080505": 150,
    "2080506": 75,
    "2101101": 60,
    "2101102": 20,
    "2210201": 110,
}


def derived(economic: dict[str, int], *assume: str, income: int = 0) -> Derived:
    rows: list[dict[str, Any]] = [{"科目编码": c, "基本支出": v} for c, v in SPENT.items()]
    rows.append({"科目编码": "2012604", "科目名称": "档案馆", "项目支出": 300})
    raw = {
        "版本": "2023-national",
        "单位名称": "某局",
        "年度": 2024,
        "金额单位": "元",
        "无数据": ["财政拨款“三公”经费支出决算表"],
        "表": {
            "收入决算表": {"明细": [{"科目编码": "2012601", "其他收入": income}]},
            "支出决算表": {"明细": rows},
            "一般公共预算财政拨款基本支出决算表": {
                "明细": [{"科目编码": code, "金额": value} for code, value in economic.items()]
            },
        },
    }
    report, edition = from_raw(raw)
    return derive(report, edition, assume)


def economic_of(found: Derived) -> dict[str, Decimal]:
    table = found.report.table("一般公共预算财政拨款基本支出决算表")
    assert table is not None
    return {str(row["科目编码"]): row["金额"] for row in table.lists["明细"]}  # type: ignore[misc]


def test_social_insurance_by_function_saves_typing() -> None:
    found = derived({"30101": 800, "30201": 200}, *ASSUMED)
    assert found.contradictions == []
    assert economic_of(found) == {
        "301": 1215,
        "30101": 800,
        "30108": 150,
        "30109": 75,
        "30110": 80,
        "30113": 110,
        "302": 200,
        "30201": 200,
    }
    lines = list(told(found))
    assert any(line.startswith("前提：社保公积金按科目") for line in lines)
    assert any("30110·金额 = 80.00（A-06，由" in line and "2101102" in line for line in lines)


def test_without_the_assumption_nothing_is_taken_for_granted() -> None:
    found = derived({"30101": 800, "30201": 200}, *ASSUMED[:2])
    assert "30108" not in economic_of(found)


def test_steps_name_the_rows_that_they_mean() -> None:
    found = derived({"30101": 800, "30201": 200}, *ASSUMED)
    codes = {code[:n] for code in (*SPENT, "2012604") for n in (3, 5, 7)} | economic_of(
        found
    ).keys()
    for step in found.steps:
        words = found.labels[step.place].split()[1].split("·")[0]
        assert not words.isdigit() or words in codes


def test_spending_is_no_zero_of_a_fund_whose_list_nobody_filled() -> None:
    project = "一般公共.明细[2012604].项目支出"
    found = derived({"30101": 800}, "没有填的是零", income=50)
    assert project in {address for one in found.open for address in one.unknown}

"""`fill --derive`: what the identities determine need not be typed; every derived figure has its rule."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from xltool.core.places import facts
from xltool.core.problems import InputError
from xltool.documents.load import from_raw
from xltool.entry.derive import derive
from xltool.entry.ruleresults import RuleResults
from xltool.entry.skeleton import with_places
from xltool.rules.load import load_rules
from xltool.rules.values import Quantity

ALL = ("没有结转", "只有一般公共预算", "没有填的是零")
FIRST, SECOND, PENSION = "2010301", "2010302", "2080505"


def document(**tables: Any) -> dict[str, Any]:
    return {
        "版本": "2023-national",
        "单位名称": "某局",
        "年度": 2024,
        "金额单位": "元",
        "表": tables,
    }


def rows(*figures: dict[str, Any]) -> dict[str, Any]:
    return {"明细": [dict(row) for row in figures]}


TYPED = document(
    收入决算表=rows({"科目编码": FIRST, "其他收入": 1000}),
    支出决算表=rows(
        {"科目编码": FIRST, "基本支出": 5000},
        {"科目编码": SECOND, "项目支出": 700},
        {"科目编码": PENSION, "基本支出": 300},
    ),
    一般公共预算财政拨款基本支出决算表=rows(
        {"科目编码": "30101", "金额": 3600},
        {"科目编码": "30108", "金额": 300},
        {"科目编码": "30201", "金额": 400},
    ),
)


def figures(raw: dict[str, Any], *assume: str) -> tuple[dict[tuple[str, ...], Decimal], Any]:
    report, edition = from_raw(raw)
    derived = derive(report, edition, assume)
    found = {
        (fact.table, fact.row, fact.code or "", fact.column): fact.value
        for _, fact in facts(derived.report, edition.specs)
        if fact.value is not None
    }
    return found, derived


def test_seven_figures_give_the_nine_tables() -> None:
    found, derived = figures(TYPED, *ALL)
    assert derived.contradictions == []
    total, fiscal = Decimal(6000), Decimal(5000)
    assert found["收入支出决算总表", "总计", "", "收入"] == total
    assert found["收入支出决算总表", "其他收入", "", "收入"] == 1000
    assert found["收入支出决算总表", "一般公共预算财政拨款收入", "", "收入"] == fiscal
    assert found["收入支出决算总表", "一般公共服务支出", "", "支出"] == 5700
    assert found["收入决算表", "明细", FIRST, "财政拨款收入"] == 4000
    assert found["一般公共预算财政拨款支出决算表", "明细", FIRST, "基本支出"] == 4000
    assert found["一般公共预算财政拨款支出决算表", "明细", SECOND, "项目支出"] == 700
    assert found["财政拨款收入支出决算总表", "总计", "", "收入"] == fiscal
    places = {step.place for step in derived.steps}
    assert len(places) == len(derived.steps) > 40
    assert all(step.rule and step.sources for step in derived.steps)


def test_without_assumptions_nothing_is_guessed() -> None:
    found, derived = figures(TYPED)
    assert not any(table == "财政拨款收入支出决算总表" for table, *_ in found)
    assert ("收入决算表", "明细", FIRST, "财政拨款收入") not in found
    assert derived.assumed == []


def test_given_figures_are_never_changed() -> None:
    typed = rows({"科目编码": FIRST, "基本支出": 5000})
    found, derived = figures(document(支出决算表={"合计": {"本年支出合计": 1}, **typed}), *ALL)
    assert found["支出决算表", "合计", "", "本年支出合计"] == 1
    assert any("T03-0" in str(problem) for problem in derived.contradictions)
    hints = {problem.hint for problem in derived.contradictions}
    assert "核对支出表.合计.本年支出合计；或用 --totals given 照填的写" in hints


def test_an_unknown_assumption_is_named_with_the_nearest() -> None:
    with pytest.raises(InputError, match="没有结转"):
        figures(TYPED, "没有结余转")


def test_needed_assumptions_come_along() -> None:
    _, derived = figures(TYPED, "只有一般公共预算")
    assert [entry.name for entry in derived.assumed] == ["没有结转", "只有一般公共预算"]


def test_results_that_no_new_figure_touches_are_those_of_a_new_evaluation() -> None:
    report, edition = from_raw(TYPED)
    rules = [load_rules(edition)]
    steps = derive(report, edition, ALL).steps
    made = with_places(report, edition)
    kept = RuleResults(rules, made, edition)
    for number, step in enumerate(steps):
        kept.put(step.place, step.value)
        if number % 20 == 0 or number > len(steps) - 3:
            anew = RuleResults(rules, made, edition)
            assert told(kept) == told(anew)


def told(results: RuleResults) -> list[object]:
    def side(of: Quantity | None) -> object:
        return of and (of.value, of.blank, of.absent, of.leaves, of.unshown, of.unlisted)

    return [(r.rule.id, r.outcome, r.reason, side(r.left), side(r.right)) for r in results.all()]

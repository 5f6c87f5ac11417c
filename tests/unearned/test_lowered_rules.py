"""Rules made weaker by whoever checks: the verdict says so; explanations settle only what they may."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

import xltool
from tests.support.terminal import xltool as command
from tests.unearned.books import OVERVIEW, SPENDING, sound, values
from tests.unearned.edits import changed, put
from tests.unearned.trial import judged, unearned

WRONG = put(OVERVIEW, {"C7": 240})
"""A figure that several rules see."""
SEEN = ("T01-01", "X-03", "X-01")

RULES: dict[str, tuple[dict[str, object], str]] = {
    "取消": ({"X-01": None}, "X-01"),
    "降为提示": ({"X-01": {"level": "info"}}, "X-01"),
    "降为需核实": ({"X-01": {"level": "warning"}}, "X-01"),
    "由人确认": ({"X-01": {"confirm": True}}, "X-01"),
    "算式换成恒等": ({"X-01": {"expr": "1 = 1"}}, "X-01"),
    "容差放大": ({"X-01": {"tolerance": 99999}}, "X-01"),
    "容差放大一点": ({"T01-05": {"tolerance": 0.5}}, "T01-05"),
    "前提永远不成立": ({"X-01": {"if": "1 = 2"}}, "X-01"),
    "只对别的单位": ({"X-01": {"when": 'head(单位类型) = "没有的"'}}, "X-01"),
    "只管从前的年度": ({"X-01": {"years": [1990, 1991]}}, "X-01"),
    "程序的检查降级": ({"S-04": {"level": "info"}}, "S-04"),
    "程序的检查取消": ({"ALL-08": None}, "ALL-08"),
    "公式检查降级": ({"F-02": {"level": "info"}}, "F-02"),
    "改名": ({"X-01": {"name": "收入合计", "level": "info"}}, "X-01"),
}


@pytest.mark.parametrize("attempt", RULES)
def test_a_weaker_rule_stands_in_the_verdict(attempt: str, tmp_path: Path) -> None:
    rules, name = RULES[attempt]
    file = tmp_path / "本局.yaml"
    file.write_text(yaml.safe_dump({"rules": rules}, allow_unicode=True), encoding="utf-8")
    try:
        raw = xltool.validate(sound(), rules=file).to_dict()
    except xltool.InputError:
        return
    terms = raw["terms"]
    assert name in [*terms["removed"], *terms["lowered"], *terms["rewritten"]], terms


@pytest.mark.parametrize("options", [("--skip", "X-01"), ("--only", "cells"), ("--summed", "3")])
def test_the_line_of_the_verdict_says_what_was_left_out(
    options: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "决算.xlsx").write_bytes(sound())
    answer = command("validate", "决算.xlsx", *options, folder=tmp_path)
    verdict = next(line for line in answer.out.splitlines() if "审核了" in line or "合格" in line)
    assert options[1] in verdict or "只" in verdict, answer.out
    raw = json.loads(
        command("validate", "决算.xlsx", *options, "--format", "json", folder=tmp_path).out
    )
    assert raw["terms"][options[0][2:]], raw["terms"]


def test_all_the_rules_switched_off(tmp_path: Path) -> None:
    ledger = xltool.validate(sound()).to_dict()["ledger"]["rules"]
    file = tmp_path / "全不要.yaml"
    lowered = {one["rule"]: None for one in ledger}
    file.write_text(yaml.safe_dump({"rules": lowered}, allow_unicode=True), encoding="utf-8")
    try:
        raw = xltool.validate(changed(sound(), WRONG), rules=file).to_dict()
    except xltool.InputError:
        return
    assert raw["verdict"] != "合格" or set(raw["terms"]["removed"]) >= {*SEEN, "S-04"}, raw["terms"]


@pytest.mark.parametrize(
    "only", ["structure", "cells", "codes", "formulas", "printing", "identities", "T01-01"]
)
def test_only_one_check_of_a_wrong_book_is_said(only: str) -> None:
    raw = xltool.validate(changed(values(), put(OVERVIEW, {"C35": 30})), only=[only]).to_dict()
    assert raw["verdict"] != "合格" or raw["terms"]["only"] == [only]


def test_summed_is_bounded_by_what_the_units_can_be() -> None:
    slightly = changed(values(), put(OVERVIEW, {"C33": 289.05}))
    unearned(slightly, summed=1)
    for units in (5, 50, 283, 100000):
        try:
            raw = xltool.validate(slightly, summed=units).to_dict()
        except xltool.InputError:
            continue
        assert raw["verdict"] != "合格" or raw["terms"]["summed"] == units
    with pytest.raises(xltool.InputError):
        xltool.validate(slightly, summed=100000)


def explained(book: bytes, text: str, folder: Path) -> Path:
    """A file that explains every finding of a book with the same words."""
    raw = xltool.validate(book).to_dict()
    for one in raw["findings"]:
        one["explanation"] = text
    file = folder / "说明.json"
    file.write_text(json.dumps(raw, ensure_ascii=False, default=float), encoding="utf-8")
    return file


EXPLANATIONS = {
    "必须相符的问题不能用说明": (put(OVERVIEW, {"C7": 240}), "情况属实"),
    "空的说明": (put(SPENDING, {"M11": 125.5}), ""),
    "只有空格": (put(SPENDING, {"M11": 125.5}), "   "),
    "只有看不见的字": (put(SPENDING, {"M11": 125.5}), "\u200b\u200b"),
    "只有标点": (put(SPENDING, {"M11": 125.5}), "。"),
    "只有杠": (put(SPENDING, {"M11": 125.5}), "—"),
}


@pytest.mark.parametrize("attempt", EXPLANATIONS)
def test_what_is_no_explanation_settles_nothing(attempt: str, tmp_path: Path) -> None:
    edit, text = EXPLANATIONS[attempt]
    book = changed(values(), edit)
    unearned(book, explanations=explained(book, text, tmp_path))


OTHER_FIGURES = {
    "账外的数又变了": (put(SPENDING, {"M11": 125.5}), put(SPENDING, {"M11": 999.5})),
    "隐藏的表里的数变了": (
        put(SPENDING, {"A33": "另有", "E33": 1.5}),
        put(SPENDING, {"A33": "另有", "E33": 88.5}),
    ),
    "多了一格": (put(SPENDING, {"M11": 125.5}), put(SPENDING, {"M11": 125.5, "M12": 77.5})),
    "挪到别的格": (put(SPENDING, {"M11": 125.5}), put(SPENDING, {"N20": 125.5})),
}


@pytest.mark.parametrize("attempt", OTHER_FIGURES)
def test_an_explanation_of_other_figures_settles_nothing(attempt: str, tmp_path: Path) -> None:
    first, then = OTHER_FIGURES[attempt]
    book = changed(values(), first)
    file = explained(book, "与决算无关，备查", tmp_path)
    assert judged(book, explanations=file)[0] == "合格"
    unearned(changed(values(), then), explanations=file)


def test_an_explanation_of_no_figures_settles_none(tmp_path: Path) -> None:
    book = changed(values(), put(SPENDING, {"M11": 125.5}))
    (where,) = (one.where for one in xltool.validate(book).findings if one.rule == "S-04")
    file = tmp_path / "说明.csv"
    file.write_text(f"规则,位置,左方,右方,说明\nS-04,{where},,,备查\n", encoding="utf-8-sig")
    unearned(book, explanations=file)

"""What is missing is told as missing: no other figure is to be changed for it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from benchmarks.mutations.books import without_formulas
from tests.support.documents import make
from tests.support.editing import edited, saved
from xltool.checks import Validation, validate
from xltool.checks.findings import Finding
from xltool.core.places import FieldPlace
from xltool.core.resources import SAMPLES
from xltool.documents.datafile import read_document
from xltool.documents.load import from_raw
from xltool.filling import filled_workbooks

Raw = dict[str, Any]

SPENDING, GENERAL = "支出决算表", "一般公共预算财政拨款支出决算表"
OVERVIEW, FISCAL = "收入支出决算总表", "财政拨款收入支出决算总表"
REVIEW = "项目支出绩效自评表"

STYLES = pytest.mark.parametrize("plain", [False, True], ids=["公式", "数值"])


def sample() -> Raw:
    """A real disclosure."""
    return deepcopy(read_document(SAMPLES / "beiguan-2021.json"))


def validated(raw: Raw, *, plain: bool, book: int = 0) -> Validation:
    """A workbook of a document as published figures stand in it, with its formulas or as plain figures."""
    report, edition = from_raw(raw)
    data = saved(filled_workbooks(report, edition, totals="given")[book])
    return validate(edited(data, without_formulas) if plain else data)


def errors(validation: Validation) -> list[Finding]:
    """What does not hold, besides what only a person can say: the sample's 自评表 has another name of the unit."""
    failed = [f for f in validation.findings if f.outcome == "不符" and f.level == "error"]
    return [f for f in failed if not f.confirm]


def without_row(raw: Raw, table: str, code: str) -> None:
    """Leave a row out, and the totals to the form."""
    found = raw["表"][table]
    found["明细"] = [row for row in found["明细"] if row["科目编码"] != code]
    found.pop("合计", None)


@STYLES
def test_a_row_that_another_table_has_with_the_difference_is_missing(plain: bool) -> None:
    raw = sample()
    without_row(raw, GENERAL, "2101103")
    found = errors(validated(raw, plain=plain))
    assert {f.rule for f in found} == {"X-06", "X-09"}
    for finding in found:
        assert f"“{GENERAL}”很可能漏了一行 2101103 公务员医疗补助" in finding.hint
        assert "0.96" in finding.hint
        assert finding.suspect is None
        assert finding.expected is None
    assert {f.group for f in found} == {1}


@STYLES
def test_a_whole_class_may_be_missing(plain: bool) -> None:
    raw = sample()
    without_row(raw, GENERAL, "2080505")
    found = errors(validated(raw, plain=plain))
    assert {f.rule for f in found} >= {"X-06", "X-09"}
    told = [f for f in found if "很可能漏了一行 2080505" in f.hint]
    assert {f.rule for f in told} >= {"X-06", "X-09"}
    assert not [f for f in found if f.expected is not None]


def test_a_row_with_another_amount_is_not_called_missing() -> None:
    raw = sample()
    without_row(raw, GENERAL, "2101103")
    for row in raw["表"][SPENDING]["明细"]:
        if row["科目编码"] == "2101103":
            row |= {"本年支出合计": Decimal("0.9"), "基本支出": Decimal("0.9")}
    raw["表"][SPENDING].pop("合计")
    assert not [f for f in errors(validated(raw, plain=False)) if "漏了一行" in f.hint]


@STYLES
def test_of_two_rows_with_the_same_figure_none_is_named(plain: bool) -> None:
    raw = sample()
    without_row(raw, GENERAL, "2101103")
    rows = raw["表"][SPENDING]["明细"]
    rows.append(
        {"科目编码": "2101199", "本年支出合计": Decimal("0.96"), "基本支出": Decimal("0.96")}
    )
    raw["表"][SPENDING].pop("合计")
    assert not [f for f in errors(validated(raw, plain=plain)) if "漏了一行" in f.hint]


def without_carry_over() -> Raw:
    """The carry-over of one table left out, and its totals without it."""
    raw = sample()
    fiscal = raw["表"][FISCAL]
    for name in ("年初财政拨款结转和结余", "年初一般公共预算财政拨款"):
        del fiscal["收入"][name]
    fiscal["收入"]["总计"] = Decimal("28.22")
    fiscal["支出"]["总计"] = {"合计": Decimal("28.22"), "一般公共预算财政拨款": Decimal("28.22")}
    return raw


@STYLES
def test_a_carry_over_that_its_totals_lack_too_is_missing(plain: bool) -> None:
    raw = without_carry_over()
    validation = validated(raw, plain=plain)
    found = errors(validation)
    assert {"T04-03", "T04-06", "X-12"} <= {f.rule for f in found}
    assert {f.group for f in found} == {1}
    place = FieldPlace(FISCAL, 0, ("收入", "年初一般公共预算财政拨款"))
    for finding in found:
        assert finding.suspect == validation.context.cell(place)
        assert "漏填了 1.32" in finding.hint
        assert f"“{OVERVIEW}”收入·年初结转和结余" in finding.hint
        assert "支出·总计·合计 29.54" in finding.hint
        assert "-1.32" not in finding.hint
        assert finding.expected is None


@STYLES
def test_where_no_other_table_has_the_figure_nothing_is_made_up(plain: bool) -> None:
    raw = without_carry_over()
    overview = raw["表"][OVERVIEW]
    overview["收入"] |= {"年初结转和结余": Decimal("1.5"), "总计": Decimal("29.72")}
    overview["支出"] |= {"年末结转和结余": Decimal("0.18"), "总计": Decimal("29.72")}
    found = errors(validated(raw, plain=plain))
    assert found
    assert not [f for f in found if "漏填了" in f.hint or f.expected is not None]


def emptied(change: Callable[[Raw], None]) -> Raw:
    """A document with a 自评表 whose indicators were left out."""
    raw = make(2, "2023-national", details=3, unit="万元")
    review = raw["表"][REVIEW][0]
    review["绩效指标"] = []
    change(review)
    return raw


@pytest.mark.parametrize("score", [None, 100])
@STYLES
def test_a_list_without_rows_is_told_and_no_figure_is_to_be_changed(
    plain: bool, score: int | None
) -> None:
    def change(review: Raw) -> None:
        review["项目资金"]["年度资金总额"] |= {"分值": 10, "得分": 10}
        review["总分"] = {"分值": score, "得分": score} if score else {}

    found = errors(validated(emptied(change), plain=plain, book=1))
    told = [f for f in found if "“绩效指标”一行也没有填" in f.hint]
    assert {f.rule for f in told} == {"X-20"}
    assert not [f for f in found if "改为" in f.hint or f.expected == Decimal(100)]

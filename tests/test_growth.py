"""What filling and validating a list cost grows with its rows: counted in calls, which no busy machine changes."""

from __future__ import annotations

import cProfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.recognition.test_recognition import blank_income, book
from xltool.checks import validate
from xltool.documents.load import from_raw
from xltool.filling import fill

FEW, MANY = 240, 960
CLASSES = ("201", "204", "205", "206", "207", "208", "210", "211", "212", "213", "214")


def document(rows: int) -> dict[str, Any]:
    """A list in which every other row is a 款 with a sum of its own: what sums cost shows most."""
    listed: list[dict[str, Any]] = []
    for number in range(rows // 2):
        code = f"{CLASSES[number // 90]}{number % 90 + 1:02}"
        one, other = Decimal(number + 1), Decimal("0.25")
        money = {"本年支出合计": one + other, "基本支出": one, "项目支出": other}
        listed += [{"科目编码": code, "科目名称": f"款{code}"}]
        listed += [{"科目编码": f"{code}01", "科目名称": f"项{code}01", **money}]
    heads = {"版本": "2021-national", "单位名称": "长表单位", "年度": 2021, "金额单位": "元"}
    return {**heads, "表": {"支出决算表": {"明细": listed}}}


def calls(work: Callable[[], object]) -> int:
    """How many functions are called."""
    profile = cProfile.Profile()
    profile.enable()
    work()
    profile.disable()
    return sum(entry.callcount for entry in profile.getstats())  # type: ignore[attr-defined]


@pytest.mark.parametrize("way", ["fill", "validate"])
def test_four_times_the_rows_cost_four_times_as_much(way: str, tmp_path: Path) -> None:
    costs = []
    for rows in (FEW, FEW, MANY):  # what is made once is made the first time
        book = tmp_path / f"{rows}-{len(costs)}.xlsx"
        filling = calls(lambda to=book, n=rows: fill(*from_raw(document(n)), to))  # type: ignore[misc]
        costs.append(filling if way == "fill" else calls(lambda of=book: validate(of)))  # type: ignore[misc]
    assert costs[2] < 5 * costs[1]


def test_so_do_rows_of_a_form_that_has_none_for_their_parents(tmp_path: Path) -> None:
    form = tmp_path / "只列项级.xlsx"
    samples = [["2010301", "行政运行"], ["2010302", "一般行政管理事务"]]
    form.write_bytes(book(表=blank_income(["合计"], *samples)))
    costs = []
    for rows in (FEW, FEW, MANY):
        report, edition = from_raw(income(rows))
        out = tmp_path / f"{rows}-{len(costs)}.xlsx"
        costs.append(calls(lambda r=report, e=edition, to=out: fill(r, e, to, template=form)))  # type: ignore[misc]
    assert costs[2] < 5 * costs[1]


def income(rows: int) -> dict[str, Any]:
    money = {"本年收入合计": Decimal(1), "财政拨款收入": Decimal(1)}
    codes = [f"{CLASSES[n // 90]}{n % 90 + 1:02}01" for n in range(rows)]
    listed = [{"科目编码": code, "科目名称": f"项{code}", **money} for code in codes]
    heads = {"版本": "2022-national", "单位名称": "长表单位", "年度": 2022, "金额单位": "元"}
    return {**heads, "表": {"收入决算表": {"明细": listed}}}

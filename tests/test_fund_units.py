"""Units that also spend 政府性基金 and 国有资本经营预算: from a list to the workbook, by what the messages say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.terminal import xltool
from xltool.documents.load import from_raw
from xltool.entry.derive import Derived, derive

TITLE = "某县自然资源局2023年部门决算支出明细（单位：元）"
MARKED = """科目编码,科目名称,资金性质,基本支出,项目支出
2080505,机关事业单位基本养老保险缴费支出,一般公共预算,50000,
2200101,行政运行,一般公共预算,1000000,
2120801,征地和拆迁补偿支出,政府性基金预算,,300000
2230201,国有经济结构调整支出,国有资本经营预算,,80000
"""
PLAIN = """科目编码,科目名称,基本支出,项目支出
2080505,机关事业单位基本养老保险缴费支出,50000,
2200101,行政运行,1000000,
2120801,征地和拆迁补偿支出,,300000
"""
FUND, SOE, GENERAL, SPENT = (
    "政府性基金预算财政拨款收入支出决算表",
    "国有资本经营预算财政拨款支出决算表",
    "一般公共预算财政拨款支出决算表",
    "支出决算表",
)
ONLY, ALL = "支出都是一般公共预算", "支出都是财政拨款"


@pytest.mark.parametrize("text", [MARKED, PLAIN], ids=["money told", "by 科目 alone"])
def test_the_messages_lead_from_a_list_to_a_sound_workbook(tmp_path: Path, text: str) -> None:
    (tmp_path / "表.csv").write_text(f"{TITLE}\n{text}", encoding="utf-8", newline="")
    words = ("import", "表.csv", "-e", "2023-national", "--unit-name", "某局", "-o", "数.json")
    read = xltool(*words, "--yes", folder=tmp_path)
    assert read.code == 0 and f"  {ALL}：支出都用财政拨款" in read.err, read.err
    (line,) = (one.strip() for one in read.err.splitlines() if one.startswith("  xltool fill"))
    left = " --set 基本支出.明细[?].金额=?"
    assert line.endswith(left) and "只有一般公共预算" not in line
    economic = " --assume 社保公积金按科目 --set 基本支出.明细[30101].金额=1000000"
    done = xltool(*line.replace(left, economic).split()[1:], folder=tmp_path)
    assert done.code == 0 and "推算不出来" not in done.err, done.err
    finished = xltool("finish", "报表.xlsx", "-o", "上报稿.xlsx", folder=tmp_path)
    assert "结论：合格" in finished.out, finished.err


def derived(tables: dict[str, dict[str, int]], empty: list[str], *assume: str) -> Derived:
    """`tables`: 项目支出 by code."""
    raw: dict[str, Any] = {
        "版本": "2023-national",
        "单位名称": "某局",
        "年度": 2023,
        "金额单位": "元",
        "无数据": empty,
        "表": {
            table: {"明细": [{"科目编码": c, "项目支出": n} for c, n in rows.items()]}
            for table, rows in tables.items()
        },
    }
    return derive(*from_raw(raw), assume)


def spent(found: Derived) -> dict[str, Any]:
    table = found.report.table(SPENT)
    rows = table.lists["明细"] if table else []
    codes = {str(row["科目编码"]): row.get("项目支出") for row in rows}
    return {code: number for code, number in codes.items() if len(code) == len("2120801")}


def test_a_list_that_nobody_gave_is_unknown_and_no_zero() -> None:
    """Whether there was spending of 国有资本经营预算 too is not known until somebody says so."""
    rows = {GENERAL: {"2200106": 200}, FUND: {"2120801": 300}}
    assert spent(derived(rows, [], ALL)) == {}
    assert spent(derived(rows, [SOE], ALL)) == {"2120801": 300, "2200106": 200}


@pytest.mark.parametrize("table", [SPENT, FUND])
def test_an_assumption_that_what_was_given_breaks_is_told(table: str) -> None:
    found = derived({GENERAL: {"2200106": 200}, table: {"2120801": 300}}, [SOE], ONLY)
    hints = {str(problem.hint) for problem in found.contradictions}
    assert any(f"不用前提“{ONLY}”" in hint and "2120801" in hint for hint in hints), hints

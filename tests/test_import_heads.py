"""Heads and codes as accountants print them: funds and ways of paying below a nature, codes behind their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_import import figures, given_without, problems, run
from tests.test_import_shapes import FIRST, PENSION, SECOND, SPENT, Rows, book

NATURES: dict[str, Rows] = {
    "列名只有基本、项目": [
        ["科目", "科目名称", "支出合计", "基本", "项目"],
        [FIRST, "行政运行", 5000, 5000, None],
        [SECOND, "一般行政管理事务", 700, None, 700],
        [PENSION, "养老保险缴费", 300, 300, None],
    ],
    "直接支付、授权支付在合计旁边": [
        ["科目编码", "科目名称", "基本支出", None, None, "项目支出", None, None],
        [None, None, "合计", "直接支付", "授权支付", "合计", "直接支付", "授权支付"],
        [FIRST, "行政运行", 5000, 4000, 1000, None, None, None],
        [SECOND, "一般行政管理事务", None, None, None, 700, 600, 100],
        [PENSION, "养老保险缴费", 300, 300, None, None, None, None],
    ],
    "只有直接支付、授权支付，没有合计": [
        ["科目编码", "科目名称", "基本支出", None, "项目支出", None],
        [None, None, "财政直接支付", "财政授权支付", "财政直接支付", "财政授权支付"],
        [FIRST, "行政运行", 4000, 1000, None, None],
        [SECOND, "一般行政管理事务", None, None, 600, 100],
        [PENSION, "养老保险缴费", 300, None, None, None],
    ],
    "编码在名称后面，金额在前": [
        ["基本支出（元）", "项目支出（元）", "支出科目"],
        [5000, None, f"行政运行（{FIRST}）"],
        [None, 700, f"一般行政管理事务[{SECOND}]"],
        [300, None, f"养老保险缴费({PENSION})"],
        [5300, 700, "合计"],
    ],
    "调整数不是支出": [
        ["科目编码", "支出类别", "年初批复数", "调整数", "指标金额", "支付数"],
        [FIRST, "基本支出", 4000, 1000, 5000, 5000],
        [SECOND, "项目支出", 800, 0, 800, 700],
        [PENSION, "基本支出", 300, 0, 300, 300],
    ],
}


@pytest.mark.parametrize("name", NATURES)
def test_heads_of_natures(tmp_path: Path, name: str) -> None:
    assert figures(run(book(tmp_path / "表.xlsx", {"表": NATURES[name]}))) == SPENT


def test_funds_below_their_natures(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "基本支出", None, "项目支出", None, None, "经营支出", "合计"],
        [None, "一般公共预算", "单位资金", "一般公共预算", "政府性基金", "单位资金", None, None],
        [FIRST, 4000, 1000, None, None, None, 8, 5008],
        [SECOND, None, None, 600, None, 100, None, 700],
        ["2296002", None, None, None, 50, None, None, 50],
        ["合计", 4000, 1000, 600, 50, 100, 8, 5758],
    ]
    general, whole = "一般公共预算财政拨款支出决算表", "支出决算表"
    assert figures(run(book(tmp_path / "表.xlsx", {"表": rows}, "B1:C1", "D1:F1"))) == {
        f"{general} {FIRST}·基本支出": 4000,
        f"{general} {SECOND}·项目支出": 600,
        "政府性基金预算财政拨款收入支出决算表 2296002·项目支出": 50,
        f"{whole} {FIRST}·基本支出": 5000,
        f"{whole} {FIRST}·经营支出": 8,
        f"{whole} {SECOND}·项目支出": 700,
        f"{whole} 2296002·项目支出": 50,
    }


@pytest.mark.parametrize("key", ["账簿", "核算主体", "会计主体", "核算组织"])
def test_the_unit_by_the_name_of_its_books(tmp_path: Path, key: str) -> None:
    title = [f"{key}：某县水文站", None, "2024年1-12月", "元"]
    rows: Rows = [title, *NATURES["列名只有基本、项目"]]
    path = book(tmp_path / "表.xlsx", {"表": rows})
    told = run(path, given=given_without("单位名称"))
    assert told.raw["单位名称"] == "某县水文站"


def test_books_may_be_called_otherwise_than_the_unit(tmp_path: Path) -> None:
    rows: Rows = [["账簿：001主账簿"], *NATURES["列名只有基本、项目"]]
    path = book(tmp_path / "表.xlsx", {"表": rows})
    assert "单位名称：文件里没有写" in problems(path, given=given_without("单位名称"))


def test_the_unit_and_the_year_by_which_an_export_was_queried(tmp_path: Path) -> None:
    rows: Rows = [["查询条件：年度=2024；单位=某县水文站"], *NATURES["列名只有基本、项目"]]
    told = run(book(tmp_path / "表.xlsx", {"表": rows}), given={"金额单位": "元"})
    assert (told.raw["单位名称"], told.raw["年度"]) == ("某县水文站", 2024)
    rows[0] = ["查询条件：年度=2024；单位=全部"]
    path = book(tmp_path / "全部.xlsx", {"表": rows})
    assert "单位名称：文件里没有写" in problems(path, given={"金额单位": "元"})


def test_the_unit_and_the_year_in_a_title_that_says_draft_books(tmp_path: Path) -> None:
    rows: Rows = [["某县水文站2024年决算底稿"], *NATURES["列名只有基本、项目"]]
    told = run(book(tmp_path / "表.xlsx", {"表": rows}), given={"金额单位": "元"})
    assert (told.raw["单位名称"], told.raw["年度"]) == ("某县水文站", 2024)


@pytest.mark.parametrize("income", ["政府性基金拨款", "政府性基金预算拨款", "基金预算拨款收入"])
def test_wordings_of_income_of_funds(tmp_path: Path, income: str) -> None:
    rows: Rows = [["收入项目", "金额"], ["一般公共预算拨款", 90], [income, 50]]
    assert figures(run(book(tmp_path / "表.xlsx", {"表": rows}))) == {
        "收入支出决算总表 收入·一般公共预算财政拨款收入": 90,
        "收入支出决算总表 收入·政府性基金预算财政拨款收入": 50,
    }


@pytest.mark.parametrize("fiscal", ["财政拨款", "财政拨款资金", "财政资金"])
def test_fiscal_money_over_natures_is_of_the_fund_of_each_code(tmp_path: Path, fiscal: str) -> None:
    """Fiscal money beside other money was read as all spending, and the other as a second column of it."""
    rows: Rows = [
        ["编码", "科目", fiscal, None, "其他资金", None, "合计"],
        [None, None, "基本支出", "项目支出", "基本支出", "项目支出", None],
        [FIRST, "行政运行", 50, None, 3, None, 53],
        ["2120803", "城市建设支出", None, 30, None, None, 30],
    ]
    path = book(tmp_path / "表.xlsx", {"表": rows}, "C1:D1", "E1:F1")
    assert figures(run(path)) == {
        f"一般公共预算财政拨款支出决算表 {FIRST}·基本支出": 50,
        "政府性基金预算财政拨款收入支出决算表 2120803·项目支出": 30,
        f"支出决算表 {FIRST}·基本支出": 53,
        "支出决算表 2120803·项目支出": 30,
    }

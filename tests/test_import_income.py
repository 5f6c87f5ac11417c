"""Ledgers of income, one row for what came in, with a column that says of which kind it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_import import figures, problems, run
from tests.test_import_answers import answered, session
from tests.test_import_shapes import FIRST, SECOND, Rows, book
from xltool.core.problems import InputError

HEAD = ["日期", "收入类别", "功能科目", "摘要", "来款单位", "票据号", "金额"]
INCOME = "收入支出决算总表 收入"


def entry(day: str, kind: str, code: str, amount: float) -> list[object]:
    return [day, kind, code, "收款", "县财政局", f"NO{day[5:7]}", amount]


ROWS: Rows = [
    entry("2024-03-10", "一般公共预算财政拨款", f"{FIRST} 行政运行", 4000),
    entry("2024-06-10", "其他收入", f"{SECOND} 管理", 20),
    entry("2024-12-10", "一般公共预算财政拨款", f"{FIRST} 行政运行", 1000),
]
TOTAL: list[object] = ["合计", None, None, None, None, None, 5020]


def without_codes(rows: Rows) -> Rows:
    return [[*row[:2], *row[3:]] for row in rows]


def test_by_kind_and_function(tmp_path: Path) -> None:
    path = book(tmp_path / "台账.xlsx", {"收入台账": [HEAD, *ROWS, TOTAL]})
    assert figures(run(path)) == {
        f"{INCOME}·一般公共预算财政拨款收入": 5000,
        f"收入决算表 {FIRST}·财政拨款收入": 5000,
        f"收入决算表 {SECOND}·其他收入": 20,
    }


def test_income_says_nothing_of_tables_of_spending(tmp_path: Path) -> None:
    assert "无数据" not in run(book(tmp_path / "台账.xlsx", {"收入台账": [HEAD, *ROWS]})).raw


def test_by_kind_alone(tmp_path: Path) -> None:
    rows = without_codes([HEAD, *ROWS, TOTAL])
    path = book(tmp_path / "台账.xlsx", {"收入台账": rows})
    assert figures(run(path)) == {
        f"{INCOME}·一般公共预算财政拨款收入": 5000,
        f"{INCOME}·其他收入": 20,
    }


@pytest.mark.parametrize("cut", [list, without_codes])
def test_a_total_that_is_not_the_sum_is_asked_about(tmp_path: Path, cut: type[Rows]) -> None:
    rows = cut([HEAD, *ROWS, [*TOTAL[:-1], 5030]])
    assert "合计" in problems(book(tmp_path / "台账.xlsx", {"收入台账": rows}))


def test_what_was_carried_over_has_no_function(tmp_path: Path) -> None:
    carried: list[object] = ["2024-01-01", "上年结转", None, "年初", None, None, 30]
    rows = [HEAD, carried, *ROWS, [*TOTAL[:-1], 5050]]
    assert figures(run(book(tmp_path / "台账.xlsx", {"收入台账": rows}))) == {
        f"{INCOME}·年初结转和结余": 30,
        f"{INCOME}·一般公共预算财政拨款收入": 5000,
        f"收入决算表 {FIRST}·财政拨款收入": 5000,
        f"收入决算表 {SECOND}·其他收入": 20,
    }


def test_a_kind_that_nobody_knows_is_asked_about(tmp_path: Path) -> None:
    rows = [HEAD, *ROWS, entry("2024-12-20", "利息", f"{SECOND} 管理", 3)]
    reader = session(book(tmp_path / "台账.xlsx", {"收入台账": rows}))
    assert answered(reader, "利息=总表.收入.其他收入") == {
        "收入·一般公共预算财政拨款收入": 5000,
        f"{FIRST}·财政拨款收入": 5000,
        f"{SECOND}·其他收入": 23,
    }


CARRIED: Rows = [
    ["资金来源", "科目编码", "支出类别", "上年结转", "本年收入", "本年支出", "年末结转"],
    ["一般公共预算", FIRST, "基本支出", 10, 45, 50, 5],
    ["政府性基金", "2120803", "项目支出", 0, 7, 7, 0],
    ["合计", None, None, 10, 52, 57, 5],
]


def test_income_beside_spending_is_no_second_column_of_it(tmp_path: Path) -> None:
    path = book(tmp_path / "表.xlsx", {"表": CARRIED})
    assert answered(session(path), "E=财政拨款收入") == {
        f"{FIRST}·财政拨款收入": 45,
        "2120803·财政拨款收入": 7,
        f"{FIRST}·基本支出": 50,
        "2120803·项目支出": 7,
    }
    other: Rows = [*CARRIED[:3], ["其他资金", SECOND, "项目支出", 0, 3, 3, 0]]
    reader = session(book(tmp_path / "他.xlsx", {"表": other}))
    reader.correct("E=财政拨款收入")
    with pytest.raises(InputError, match="不知道“本年收入”填到哪里"):
        reader.read()


def test_what_was_carried_over_is_told_where_it_is_not_filled(tmp_path: Path) -> None:
    reader = session(book(tmp_path / "表.xlsx", {"表": CARRIED}))
    reader.correct("E=不要")
    notes = [note for note in reader.read().collected.notes if "没有填" in note]
    assert [note.partition("另填 ")[2].partition("，")[0] for note in notes] == [
        "总表.收入.年初结转和结余=10",
        "总表.支出.年末结转和结余=5",
    ]


def test_money_of_which_the_kind_names_no_fund_is_of_that_of_its_code(tmp_path: Path) -> None:
    rows: Rows = [
        entry("2024-03-10", "政府性基金", "2120899 其他国有土地使用权出让收入安排的支出", 5),
        entry("2024-06-10", "财政拨款", "2120899 其他国有土地使用权出让收入安排的支出", 10),
        entry("2024-12-10", "财政拨款", f"{FIRST} 行政运行", 7),
    ]
    path = book(tmp_path / "台账.xlsx", {"收入台账": [HEAD, *rows]})
    assert figures(run(path)) == {
        f"{INCOME}·政府性基金预算财政拨款收入": 15,
        f"{INCOME}·一般公共预算财政拨款收入": 7,
        "收入决算表 2120899·财政拨款收入": 15,
        f"收入决算表 {FIRST}·财政拨款收入": 7,
    }


def test_a_kind_that_contradicts_its_code_is_asked_about(tmp_path: Path) -> None:
    rows = [HEAD, entry("2024-12-10", "政府性基金", f"{FIRST} 行政运行", 5)]
    told = problems(book(tmp_path / "台账.xlsx", {"收入台账": rows}))
    assert f"收入类别是“政府性基金”，科目 {FIRST} 却是“一般公共”的" in told

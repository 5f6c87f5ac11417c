"""Ledgers that say 功能分类 and 经济分类 by the names of their accounts alone."""

from __future__ import annotations

from pathlib import Path

from tests.test_import import figures, problems
from tests.test_import_answers import answered, asked, session
from tests.test_import_shapes import Rows, book

PATH = "行政支出—财政拨款支出—基本支出"
HOUSING, WAGES = "住房公积金", "行政运行"
LEDGER: Rows = [
    ["某局三栏式明细账"],
    ["科目", "日期", "摘要", "借方", "贷方", "余额"],
    [f"{PATH}—{HOUSING}—{HOUSING}", "2024-03-08", "付款", 60, None, 60],
    [f"{PATH}—{HOUSING}—{HOUSING}", "2024-12-31", "本年合计", 60, None, 60],
    [f"{PATH}—{WAGES}—基本工资", "2024-03-08", "付款", 500, None, 500],
    [f"{PATH}—{WAGES}—基本工资", "2024-12-08", "付款", 40, None, 540],
    [f"{PATH}—{WAGES}—基本工资", "2024-12-31", "本年合计", 540, None, 540],
]
FIGURES = {
    "2210201·基本支出": 60,
    "30113·金额": 60,
    "2010301·基本支出": 540,
    "30101·金额": 540,
}


def test_names_of_a_three_column_ledger(tmp_path: Path) -> None:
    reader = session(book(tmp_path / "账.xlsx", {"明细账": LEDGER}))
    said = [str(problem) for problem in asked(reader)]
    assert len(said) == 2
    assert "“行政运行”是哪一个科目编码" in said[0]
    assert "住房公积金 2210201、住房公积金 30113、基本工资 30101" in said[1]
    reader.correct("行政运行=2010301")
    assert answered(reader, "科目按名称=对") == FIGURES


def test_accounts_of_money_are_left_out_by_their_names(tmp_path: Path) -> None:
    income = ["财政拨款预算收入—一般公共预算", "2024-12-01", "拨款", None, 600, 600]
    money = ["资金结存—零余额账户用款额度", "2024-12-01", "额度", 600, None, 600]
    reader = session(book(tmp_path / "账.xlsx", {"明细账": [*LEDGER, income, money]}))
    reader.correct("行政运行=2010301")
    assert answered(reader, "科目按名称=对") == {**FIGURES, "合计·财政拨款收入": 600}


def test_names_below_accounts_with_codes(tmp_path: Path) -> None:
    """An account above others is their sum, whatever its name."""
    rows: Rows = [
        ["科目编码", "科目名称", "本年借方", "本年贷方"],
        ["7101", "行政支出", 600, 600],
        ["710101", "财政拨款支出", 600, 600],
        ["71010101", "基本支出", 600, 600],
        ["7101010101", WAGES, 540, 540],
        ["710101010101", "基本工资", 540, 540],
        ["7101010102", HOUSING, 60, 60],
        ["710101010201", HOUSING, 60, 60],
    ]
    reader = session(book(tmp_path / "余额表.xlsx", {"余额表": rows}))
    reader.correct("行政运行=2010301")
    assert answered(reader, "科目按名称=对") == FIGURES


def test_a_name_of_both_classifications_is_neither(tmp_path: Path) -> None:
    rows: Rows = [*LEDGER[:2], [f"{PATH}—{HOUSING}", "2024-12-08", "付款", 60, None, 60]]
    path = book(tmp_path / "账.xlsx", {"明细账": rows})
    assert "这一行有数，没有功能分类" in problems(path)


def test_items_with_codes_are_not_counted_again_by_the_name_of_their_account(
    tmp_path: Path,
) -> None:
    rows: Rows = [
        ["科目编码", "科目名称", "功能分类", "经济分类", "本年借方", "本年贷方"],
        ["7101010101", f"{PATH}—{WAGES}", None, None, 540, 540],
        ["7101010101", f"{PATH}—{WAGES}", "2010301 行政运行", "30101 基本工资", 540, 540],
    ]
    found = figures(session(book(tmp_path / "余额表.xlsx", {"余额表": rows})).read())
    assert found["支出决算表 2010301·基本支出"] == 540


def _below(*groups: str) -> Rows:
    rows = [[f"{PATH}—{g}—{WAGES}—基本工资", "2024-12-08", "付款", 100, None, 0] for g in groups]
    return [*LEDGER[:2], *rows]


def test_what_is_said_of_a_name_holds_below_its_own_group(tmp_path: Path) -> None:
    rows = _below("卫生健康支出", "教育支出")
    reader = session(book(tmp_path / "账.xlsx", {"明细账": rows}))
    reader.correct("行政运行=2100101")
    assert "行政运行 2050101" in str(asked(reader)[0])
    found = answered(reader, "科目按名称=对")
    assert found == {"2100101·基本支出": 100, "2050101·基本支出": 100, "30101·金额": 200}


def test_a_name_below_two_groups_wants_codes(tmp_path: Path) -> None:
    rows = _below("卫生健康支出", "公共安全支出")
    reader = session(book(tmp_path / "账.xlsx", {"明细账": rows}))
    reader.correct("行政运行=2100101")
    assert "“行政运行”有的不在2100101的上级科目下面" in str(asked(reader)[0])


def test_names_below_an_item_are_its_details(tmp_path: Path) -> None:
    row = [f"{PATH}—{WAGES}—培训费—劳务费", "2024-12-08", "付款", 100, None, 0]
    reader = session(book(tmp_path / "账.xlsx", {"明细账": [*LEDGER[:2], row]}))
    reader.correct("行政运行=2010301")
    found = answered(reader, "科目按名称=对")
    assert found == {"2010301·基本支出": 100, "30216·金额": 100}

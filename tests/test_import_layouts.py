"""How accountants lay out a sheet: printed pages, ledgers below each other, subtotals above, lists side by side."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_import import figures, given_without, problems, run
from tests.test_import_shapes import FIRST, PENSION, SECOND, SPENT, Rows, book

HEAD = ["科目编码", "科目名称", "基本支出", "项目支出"]
ROWS: Rows = [
    [FIRST, "行政运行", 5000, None],
    [SECOND, "一般行政管理事务", None, 700],
    [PENSION, "养老保险缴费", 300, None],
]
FOOT: Rows = [
    ["单位负责人：", None, "财务负责人：", "填表人：某某", "联系电话：", 1234567],
    ["报出日期：", None, 45672],
]


QUARTERS = ["一季度", "二季度", "三季度", "四季度"]


def by_quarters(*years: int | None) -> Rows:
    """基本支出 and 项目支出, each over its quarters and its year."""
    blank = [None] * 5
    basic, project = [1000, 2000, 1500, 500, years[0]], [100, 200, 300, 100, years[1]]
    return [
        ["某局支出决算明细"],
        ["科目编码", "基本支出", *[None] * 4, "项目支出", *[None] * 4],
        [None, *[*QUARTERS, "全年合计"] * 2],
        [FIRST, *basic, *blank],
        [SECOND, *blank, *project],
    ]


def test_a_year_beside_its_quarters_is_not_added_to_them(tmp_path: Path) -> None:
    """Under a head of two lines both were of 基本支出, and every figure was twice what it is."""
    rows = by_quarters(5000, 700)
    read = figures(run(book(tmp_path / "表.xlsx", {"表": rows})))
    assert read == {f"支出决算表 {FIRST}·基本支出": 5000, f"支出决算表 {SECOND}·项目支出": 700}
    for years, told in (((5300, 700), "5300不等于这一行各栏之和5000"), ((5000, None), "空着")):
        asked = problems(book(tmp_path / "表.xlsx", {"表": by_quarters(*years)}))
        assert asked.count("\n") == 0 and told in asked, asked


def test_subtotals_of_projects_in_the_column_of_projects(tmp_path: Path) -> None:
    rows: Rows = [
        ["某局项目支出决算"],
        ["科目编码", "科目名称", "项目名称", "支出数"],
        [SECOND, "一般行政管理事务", "甲工程", 100],
        [SECOND, "一般行政管理事务", "乙工程", 500],
        [SECOND, "一般行政管理事务", "小计", 600],
        [PENSION, "养老保险缴费", "小计", 80],  # the one row of its code
        ["总计", None, None, 680],
    ]
    read = figures(run(book(tmp_path / "表.xlsx", {"表": rows})))
    assert read == {f"支出决算表 {SECOND}·项目支出": 600, f"支出决算表 {PENSION}·项目支出": 80}


def test_a_project_may_be_called_a_summary(tmp_path: Path) -> None:
    rows: Rows = [
        ["某局支出明细"],
        ["功能分类编码", "经济分类编码", "项目名称", "项目支出"],
        [SECOND, "30201", "甲工程", 300],
        [SECOND, None, "决算资料汇总", 300],
    ]
    said = problems(book(tmp_path / "表.xlsx", {"表": rows}))
    assert "看不出来" in said, said


def test_printed_pages_of_one_list(tmp_path: Path) -> None:
    def page(number: int) -> Rows:
        return [["某局支出决算明细"], ["2024年度", None, None, f"第{number}页 共2页"], HEAD]

    printed = ["制表：某某", "审核：某某", "打印日期：", 20250115]
    rows: Rows = [*page(1), *ROWS[:1], printed, *page(2), *ROWS[1:], ["合计", None, 5300, 700]]
    assert figures(run(book(tmp_path / "表.xlsx", {"表": [*rows, *FOOT]}))) == SPENT


LEDGER_HEAD = ["月", "日", "凭证号", "摘要", "部门经济分类", "借方", "贷方", "方向", "余额"]


def ledger(nature: str, code: str, *vouchers: tuple[str, int]) -> Rows:
    """A 明细账 on two pages, its account and its 功能分类 in a line over the heads."""
    over: Rows = [
        ["明细账"],
        [
            f"科目：72010101 行政支出/财政拨款支出/{nature}",
            None,
            None,
            None,
            f"功能分类：{code} 事务",
        ],
    ]
    rows: Rows = [*over, ["单位：某局", None, "2024.01-2024.12"], LEDGER_HEAD]
    balance = 0
    for number, (economic, amount) in enumerate(vouchers):
        balance += amount
        rows.append(["12", "3", f"记-{number}", "付款", economic, amount, None, "借", balance])
        if not number:
            turned = [None, None, None, "过次页", None, balance, None, "借", balance]
            rows += [turned, *over, LEDGER_HEAD, [*turned[:3], "承前页", *turned[4:]]]
    return [*rows, ["12", None, None, "本年累计", None, balance, None, "借", balance], []]


def test_ledgers_below_each_other_are_each_of_the_account_over_them(tmp_path: Path) -> None:
    rows = [
        *ledger("基本支出", FIRST, ("30101 基本工资", 3000), ("30201 办公费", 2000)),
        *ledger("基本支出", PENSION, ("30108 养老保险", 300)),
        *ledger("项目支出", SECOND, ("30227 委托业务费", 600), ("30201 办公费", 100)),
    ]
    found = figures(run(book(tmp_path / "账.xlsx", {"明细账": rows})))
    assert {k: v for k, v in found.items() if k.startswith("支出决算表 ")} == SPENT


def test_a_ledger_names_its_account_in_words_and_its_function_in_a_cell_of_its_own(
    tmp_path: Path,
) -> None:
    """The line of the second ledger is no row of the first one, nor are its figures those of it."""
    rows: Rows = [["某局明细账", None, "期间：2024年1月至12月", None, "币别：人民币元"]]
    for nature, code, amount in (
        ("基本支出", f"{FIRST}行政运行", 5000),
        ("项目支出", f"{SECOND}一般行政管理事务", 700),
        ("基本支出", f"{PENSION}养老保险缴费", 300),
    ):
        rows += [
            [f"科目：行政支出-财政拨款支出-{nature}", None, "功能分类：", code],
            ["日期", "凭证字号", "摘要", "借方金额", "贷方金额", "方向", "余额"],
            ["2024-12-15", "记-1", "付款", amount, None, "借", amount],
            ["2024-12-31", None, "年末结转", None, amount, "平", 0],
            ["2024-12-31", None, "本年累计", amount, amount, "平", 0],
            [],
        ]
    path = book(tmp_path / "账.xlsx", {"明细账": rows})
    found = run(path, given=given_without("金额单位"))
    assert found.raw["金额单位"] == "元"
    assert {k: v for k, v in figures(found).items() if k.startswith("支出决算表 ")} == SPENT


def test_projects_below_each_other_are_of_the_function_over_each(tmp_path: Path) -> None:
    """Their 经济分类 were asked about as 基本支出, though the title of the sheet says 项目支出."""
    rows: Rows = [["2024年项目支出台账"]]
    for name, code, amount in (("道路", FIRST, 5000), ("桥梁", SECOND, 700)):
        rows += [
            [f"项目名称：{name}", None, "功能科目：", f"{code} 事务"],
            ["日期", "凭证号", "摘要", "经济分类", "金额"],
            ["2024-12-01", 12, "付款", "31005", amount],
            ["小计", None, None, None, amount],
            [],
        ]
    assert figures(run(book(tmp_path / "台账.xlsx", {"台账": rows}))) == {
        f"支出决算表 {FIRST}·项目支出": 5000,
        f"支出决算表 {SECOND}·项目支出": 700,
    }


def test_a_ledger_without_its_account_is_not_of_the_one_above_it(tmp_path: Path) -> None:
    rows = ledger("基本支出", FIRST, ("30101 基本工资", 5000))
    other = ledger("项目支出", SECOND, ("30227 委托业务费", 700))[2:]
    other = [["项目支出明细账"], *other]
    path = book(tmp_path / "账.xlsx", {"明细账": [*rows, *other]})
    said = problems(path, added=True)
    assert "明细账!第16行：不知道这个会计科目填到哪里" in said


def test_a_single_part_below_its_function_is_its_part(tmp_path: Path) -> None:
    rows: Rows = [
        ["项目", None, "本年支出", "其中：基本支出", "其中：项目支出"],
        [FIRST, "行政运行", 5000, 5000, 0],
        ["  30101", "  基本工资", 3000, 3000, 0],
        ["  30201", "  办公费", 2000, 2000, 0],
        [SECOND, "一般行政管理事务", 700, 0, 700],
        ["  30227", "  委托业务费", 700, 0, 700],
        [PENSION, "机关事业单位基本养老保险缴费支出", 300, 300, 0],
        ["  30108", "  机关事业单位基本养老保险缴费", 300, 300, 0],
        [None, "合  计", 6000, 5300, 700],
    ]
    path = book(tmp_path / "表.xlsx", {"表": rows})
    found = figures(run(path, given={**given_without(""), "经济分类": "不填"}))
    assert {k: v for k, v in found.items() if v} == SPENT


PIVOT: Rows = [
    ["求和项:支付金额", None, "列标签"],
    ["支出类型", "功能分类科目", "30101-基本工资", "30201-办公费", "30108-养老保险", "总计"],
    ["基本支出", f"{FIRST}-行政运行", 3000, 2000, None, 5000],
    [None, f"{PENSION}-养老保险缴费", None, None, 300, 300],
    ["基本支出 汇总", None, 3000, 2000, 300, 5300],
    ["项目支出", f"{SECOND}-一般行政管理事务", None, 700, None, 700],
    ["项目支出 汇总", None, None, 700, None, 700],
    ["总计", None, 3000, 2700, 300, 6000],
]


def test_a_pivot_table_by_nature_and_both_classifications(tmp_path: Path) -> None:
    path = book(tmp_path / "表.xlsx", {"Sheet4": PIVOT})
    assert "空着的性质=同上" in problems(path)
    given = {**given_without(""), "空着的性质": "同上", "经济分类": "一般公共基本支出"}
    found = figures(run(path, given=given))
    assert {k: v for k, v in found.items() if k.startswith("支出决算表 ")} == SPENT
    basic = {k[-8:-3]: v for k, v in found.items() if k.startswith("一般公共预算财政拨款基本支出")}
    assert basic == {"30101": 3000, "30201": 2000, "30108": 300}


def test_a_pivot_table_in_outline(tmp_path: Path) -> None:
    rows: Rows = [
        ["功能分类科目", "支出类型", "部门经济分类", "求和项:金额"],
        [f"{FIRST}-行政运行", "基本支出", "30101-基本工资", 3000],
        [None, None, "30201-办公费", 2000],
        [f"{FIRST}-行政运行 汇总", None, None, 5000],
        [f"{PENSION}-养老", "基本支出", "30108-养老保险", 300],
        [f"{PENSION}-养老 汇总", None, None, 300],
        [f"{SECOND}-一般行政管理事务", "项目支出", "30227-委托业务费", 700],
        [f"{SECOND}-一般行政管理事务 汇总", None, None, 700],
        ["总计", None, None, 6000],
    ]
    path = book(tmp_path / "表.xlsx", {"表": rows})
    said = problems(path)
    assert "空着的编码=同上" in said
    assert "不等于各行之和" not in said
    assert "看不出来（是合计的" not in said
    assert "空着的性质=同上" in said
    same = {"空着的编码": "同上", "空着的性质": "同上", "经济分类": "一般公共基本支出"}
    found = figures(run(path, given={**given_without(""), **same}))
    assert {k: v for k, v in found.items() if k.startswith("支出决算表 ")} == SPENT


def test_a_total_below_the_second_of_two_stretches(tmp_path: Path) -> None:
    rows: Rows = [
        [*HEAD, None, *HEAD],
        [*ROWS[0], None, *ROWS[2]],
        [*ROWS[1], None, "合计", None, 5300, 700],
    ]
    assert figures(run(book(tmp_path / "表.xlsx", {"表": rows}))) == SPENT
    rows[2][-1] = 701
    assert "合计701不等于各行之和" in problems(book(tmp_path / "错.xlsx", {"表": rows}))


def test_columns_by_economic_codes_have_answers(tmp_path: Path) -> None:
    rows = [["功能分类科目", *PIVOT[1][2:5]], [f"{FIRST}-行政运行", 3000, 2000, None]]
    assert "经济分类=一般公共基本支出" in problems(book(tmp_path / "表.xlsx", {"表": rows}))


def test_a_block_of_wages_beside_the_list(tmp_path: Path) -> None:
    wages: Rows = [
        ["一般公共预算基本支出（经济分类）", None],
        ["经济科目", "金额（元）"],
        ["一、工资福利支出", 3300],
        ["基本工资", 3000],
        ["机关事业单位基本养老保险缴费", 300],
        ["二、商品和服务支出", 2000],
        ["办公费", 2000],
        ["合计", 5300],
    ]
    left: Rows = [["某局2024年决算底稿"], HEAD, *ROWS, ["合计", None, 5300, 700]]
    left += [[]] * (len(wages) - len(left))
    rows = [[*(a + [None] * 4)[:4], None, None, *b] for a, b in zip(left, wages, strict=True)]
    path = book(tmp_path / "表.xlsx", {"底稿": rows})
    told = run(path, given={"金额单位": "元", "科目按名称": "对"})
    found = figures(told)
    assert (told.raw["单位名称"], told.raw["年度"]) == ("某局", 2024)
    assert {k: v for k, v in found.items() if k.startswith("支出决算表 ")} == SPENT
    basic = {k[-8:-3]: v for k, v in found.items() if k.startswith("一般公共预算财政拨款基本支出")}
    assert basic == {"30101": 3000, "30108": 300, "30201": 2000}


def test_a_title_over_both_parts_speaks_of_both(tmp_path: Path) -> None:
    rows: Rows = [
        ["某局2024年部门预算"],
        [*HEAD, None, "经济分类编码", "金额"],
        [*ROWS[0], None, "30101", 5000],
        [*ROWS[1], None, None, None],
    ]
    said = problems(book(tmp_path / "表.xlsx", {"表": rows}))
    assert "标题或文件名像是预算的" in said
    assert "一般公共预算财政拨款的基本支出" not in said


def of_funds(*rows: tuple[str, Rows]) -> dict[str, Rows]:
    return {fund: [[f"某局2024年支出表（{fund}）"], HEAD, *lines] for fund, lines in rows}


FUNDS = of_funds(
    ("一般公共预算", [[FIRST, "行政运行", 4000, None], [SECOND, "一般行政管理事务", None, 600]]),
    ("政府性基金", [["2296002", "彩票公益金", None, 50]]),
    ("单位资金", [[FIRST, "行政运行", 1000, None], [SECOND, "一般行政管理事务", None, 100]]),
)


def test_sheets_of_all_funds_make_the_whole(tmp_path: Path) -> None:
    found = figures(run(book(tmp_path / "表.xlsx", FUNDS)))
    assert {k: v for k, v in found.items() if k.startswith("支出决算表 ")} == {
        f"支出决算表 {FIRST}·基本支出": 5000,
        f"支出决算表 {SECOND}·项目支出": 700,
        "支出决算表 2296002·项目支出": 50,
    }
    assert found[f"一般公共预算财政拨款支出决算表 {SECOND}·项目支出"] == 600


def test_sheets_of_funds_beside_the_whole_are_not_added_to_it(tmp_path: Path) -> None:
    whole: Rows = [["某局2024年支出表"], HEAD, [FIRST, "行政运行", 5000, None]]
    said = problems(book(tmp_path / "表.xlsx", {"合计表": whole, **FUNDS}))
    assert "只有财政拨款以外的资金" in said
    assert "几张表=相加" not in said


@pytest.mark.parametrize("second", ["单位资金", "单位资金（2）"])
def test_two_sheets_of_one_fund_are_asked_about(tmp_path: Path, second: str) -> None:
    more = of_funds((second, [[FIRST, "行政运行", 30, None]]))
    path = book(tmp_path / "表.xlsx", {**FUNDS, "别的单位资金": more[second]})
    assert "几张表里的数不同" in problems(path)


def test_functions_across_and_economic_codes_down(tmp_path: Path) -> None:
    title: Rows = [["2024年一般公共预算财政拨款基本支出"]]
    rows: Rows = [
        ["经济分类科目", "名称", FIRST, PENSION, "合计"],
        [None, None, "行政运行", "养老保险缴费", None],
        ["30101", "基本工资", 4000, None, 4000],
        ["30108", "养老保险缴费", None, 300, 300],
        ["30201", "办公费", 1000, None, 1000],
        ["合计", None, 5000, 300, 5300],
    ]
    fiscal, basic = "一般公共预算财政拨款支出决算表", "一般公共预算财政拨款基本支出决算表"
    assert figures(run(book(tmp_path / "表.xlsx", {"表": title + rows}))) == {
        f"{fiscal} {FIRST}·基本支出": 5000,
        f"{fiscal} {PENSION}·基本支出": 300,
        f"{basic} 30101·金额": 4000,
        f"{basic} 30108·金额": 300,
        f"{basic} 30201·金额": 1000,
    }
    rows[2][2] = 4001
    assert problems(book(tmp_path / "错.xlsx", {"表": title + rows}))


def test_amounts_that_look_like_functions_are_none(tmp_path: Path) -> None:
    rows: Rows = [
        ["2024年一般公共预算财政拨款基本支出"],
        ["经济分类", "名称", "决算数", "年初预算数"],
        ["合计", None, 4013302, 4013302],
        ["30101", "基本工资", 2010301, 2010301],
        ["30201", "办公费", 2003001, 2003001],
    ]
    assert figures(run(book(tmp_path / "表.xlsx", {"表": rows}))) == {
        "一般公共预算财政拨款基本支出决算表 30101·金额": 2010301,
        "一般公共预算财政拨款基本支出决算表 30201·金额": 2003001,
    }

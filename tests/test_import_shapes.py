"""Spreadsheets as different people make them: every figure right, or asked about; none wrong in silence."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.test_import import GIVEN, figures, given_without, problems, run
from xltool.core.problems import InputError
from xltool.entry.importing.session import Session

Rows = list[list[Any]]
FIRST, SECOND, PENSION = "2010301", "2010302", "2080505"
SPENT = {
    f"支出决算表 {FIRST}·基本支出": Decimal(5000),
    f"支出决算表 {SECOND}·项目支出": Decimal(700),
    f"支出决算表 {PENSION}·基本支出": Decimal(300),
}


def book(path: Path, sheets: dict[str, Rows], *merges: str) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in merges:
            sheet.merge_cells(area)
    made.save(path)
    return path


SHAPES: dict[str, tuple[Rows, tuple[str, ...]]] = {
    "两行列名，编码和名称竖着合并": (
        [
            ["某局2024年支出", None, None, None],
            ["科目编码", "科目名称", "支出", None],
            [None, None, "基本支出", "项目支出"],
            [FIRST, "行政运行", 5000, None],
            [SECOND, "一般行政管理事务", None, 700],
            [PENSION, "养老保险缴费", 300, None],
        ],
        ("A2:A3", "B2:B3", "C2:D2"),
    ),
    "合计在最上面": (
        [
            ["功能分类科目", "基本支出", "项目支出", "合计"],
            ["合计", 5300, 700, 6000],
            [f"{FIRST} 行政运行", 5000, None, 5000],
            [f"{SECOND}一般行政管理事务", None, 700, 700],
            [f"{PENSION} 养老保险缴费", 300, None, 300],
        ],
        (),
    ),
    "类款项三级都有，夹着备注": (
        [
            ["编码", "名称", "基本支出", "项目支出", "备注"],
            ["201", "一般公共服务支出", 5000, 700, None],
            ["20103", "政府办公厅", 5000, 700, None],
            [FIRST, "行政运行", 5000, None, "含补发工资"],
            [SECOND, "一般行政管理事务", None, 700, "见附件3"],
            ["208", "社会保障和就业支出", 300, None, None],
            ["20805", "养老", 300, None, None],
            [PENSION, "养老保险缴费", 300, None, None],
            ["注：本表数据来自账务系统，2024年12月31日导出", None, None, None, None],
        ],
        (),
    ),
    "列的次序和说法不同，数写成文字": (
        [
            ["序号", "项目支出金额", "基本支出金额", "科目代码"],
            [1, None, "5,000.00", 2010301],
            [2, "￥700.00", "-", 2010302],
            [3, "—", " 300 ", 2080505],
            ["小计", "700", "5,300.00", None],
        ],
        (),
    ),
    "列名里写着万元": (
        [
            ["科目编码", "科目名称", "基本支出（万元）", "项目支出（元）"],
            [FIRST, "行政运行", 0.5, None],
            [SECOND, "一般行政管理事务", None, 700],
            [PENSION, "养老保险缴费", 0.03, None],
        ],
        (),
    ),
    "同一科目分几行": (
        [
            ["支出功能分类", "基本支出", "项目支出", "摘要"],
            [FIRST, 4000, None, "工资"],
            [FIRST, 1000, None, "办公费"],
            [SECOND, None, 700, "专项"],
            [PENSION, 300, None, "保险"],
            ["总计", 5300, 700, None],
        ],
        (),
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_that_are_read(tmp_path: Path, name: str) -> None:
    rows, merges = SHAPES[name]
    assert figures(run(book(tmp_path / "表.xlsx", {"Sheet1": rows}, *merges))) == SPENT


def test_part_and_whole_under_heads_of_their_own(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "科目名称", "全部支出", None, "财政拨款", None],
        [None, None, "基本支出", "项目支出", "基本支出", "项目支出"],
        [FIRST, "行政运行", 5000, None, 4000, None],
        [SECOND, "一般行政管理事务", None, 700, None, 700],
    ]
    path = book(tmp_path / "表.xlsx", {"表": rows}, "C1:D1", "E1:F1")
    assert figures(run(path)) == {
        f"支出决算表 {FIRST}·基本支出": 5000,
        f"支出决算表 {SECOND}·项目支出": 700,
        f"一般公共预算财政拨款支出决算表 {FIRST}·基本支出": 4000,
        f"一般公共预算财政拨款支出决算表 {SECOND}·项目支出": 700,
    }


def test_two_columns_of_one_name_are_asked_about(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "甲股", None, "乙股", None],
        [None, "基本支出", "项目支出", "基本支出", "项目支出"],
        [FIRST, 5000, None, 4000, None],
    ]
    said = problems(book(tmp_path / "表.xlsx", {"表": rows}, "B1:C1", "D1:E1"))
    assert "“乙股/基本支出”与 表.xlsx 表!B2 像是同一栏" in said


def test_months_are_added_only_when_that_is_said(tmp_path: Path) -> None:
    head = ["科目编码", "基本支出", "项目支出"]
    months = {
        "1月": [head, [FIRST, 100, None]],
        "2月": [head, [FIRST, 100, None], [SECOND, None, 7]],
        "12月": [head, [FIRST, 100, None]],
    }
    path = book(tmp_path / "2024年各月.xlsx", months)
    assert "几个月的表里的数相同" in problems(path)
    assert figures(run(path, added=True)) == {
        f"支出决算表 {FIRST}·基本支出": 300,
        f"支出决算表 {SECOND}·项目支出": 7,
    }
    months["2月"][1][1] = 90
    assert "--add-sheets" in problems(book(tmp_path / "二.xlsx", months))


def year_of_sheets(head: str, first: int, step: int) -> dict[str, Rows]:
    """A sheet for each month, with a first figure that grows from month to month by a step."""
    return {
        f"{n}月": [
            [f"某局2024年{n}月支出"],
            ["科目编码", "支出性质", head],
            [FIRST, "基本支出", first + (n - 1) * step],
            [SECOND, "项目支出", 10 * n],
        ]
        for n in range(1, 13)
    }


def test_twelve_sheets_of_months_are_one_question(tmp_path: Path) -> None:
    path = book(tmp_path / "账.xlsx", year_of_sheets("金额", 100, 1))
    (asked,) = problems(path).splitlines()
    assert f"支出表·{FIRST}·基本支出 等2个数：几张表里的数不同" in asked
    assert figures(run(path, added=True))[f"支出决算表 {FIRST}·基本支出"] == 1200 + 66
    sheets = year_of_sheets("金额", 100, 1)
    del sheets["5月"]
    assert "各月的表没有5月的" in problems(book(tmp_path / "缺.xlsx", sheets), added=True)


def test_running_totals_of_months_are_never_added(tmp_path: Path) -> None:
    path = book(tmp_path / "账.xlsx", year_of_sheets("累计数", 100, 100))
    for added in (False, True):
        (asked,) = problems(path, added=added).splitlines()
        assert "各月的表里是累计数，不能相加" in asked
    session = Session([path], "2023-national", dict(GIVEN))
    session.correct("几张表=最后一个月")
    assert figures(session.read())[f"支出决算表 {FIRST}·基本支出"] == 1200


def test_one_answer_holds_for_sheets_with_the_same_heads(tmp_path: Path) -> None:
    rows = [["科目编码", "基本支出", "核定额"], [FIRST, 100, 7]]
    path = book(tmp_path / "表.xlsx", {"甲股": rows, "乙股": rows})
    assert "表.xlsx 甲股!C1、表.xlsx 乙股!C1：不认识列名“核定额”" in problems(path, added=True)
    session = Session([path], "2023-national", dict(GIVEN), added=True)
    session.correct("C=不要")
    assert figures(session.read()) == {f"支出决算表 {FIRST}·基本支出": Decimal(200)}


def test_spending_on_receptions_is_no_table_without_data(tmp_path: Path) -> None:
    head = ["一般公共预算财政拨款基本支出"], ["经济分类", "决算数"]
    for code, stated in (("30201", True), ("30217", False)):
        imported = run(book(tmp_path / f"{code}.xlsx", {"表": [*head, [code, 500]]}))
        empty = "财政拨款“三公”经费支出决算表" in imported.raw["无数据"]
        said = any("没有写“无数据”" in note for note in imported.collected.notes)
        assert (empty, said) == (stated, not stated)


def test_a_source_without_economic_codes_does_not_tell_of_receptions(tmp_path: Path) -> None:
    functions = run(book(tmp_path / "功能.xlsx", {"表": [["科目编码", "基本支出"], [FIRST, 100]]}))
    natures = [["一般公共预算财政拨款基本支出"], ["经济分类", "决算数"], ["30201", 500]]
    economic = run(book(tmp_path / "经济.xlsx", {"表": natures}))
    told = [
        any("看不出有没有" in note for note in i.collected.notes) for i in (functions, economic)
    ]
    assert told == [True, False]


def test_sheets_in_yuan_and_in_wan_yuan(tmp_path: Path) -> None:
    sheets = {
        "支出": [
            ["单位：万元"],
            ["科目编码", "基本支出", "项目支出"],
            [FIRST, 0.5, None],
            [PENSION, 0.03, None],
        ],
        "项目": [["单位：元"], ["科目编码", "基本支出", "项目支出"], [SECOND, None, 700]],
    }
    path = book(tmp_path / "表.xlsx", sheets)
    assert figures(run(path, given=given_without("金额单位"))) == SPENT
    assert figures(run(path)) == SPENT
    wan = figures(run(path, given={**GIVEN, "金额单位": "万元"}))
    assert wan[f"支出决算表 {SECOND}·项目支出"] == Decimal("0.07")


def test_a_long_list_with_one_column_of_amounts_is_asked_about(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "科目名称", "项目", "金额"],
        [FIRST, "行政运行", "基本支出", 5000],
        [SECOND, "一般行政管理事务", "项目支出", 700],
    ]
    assert figures(run(book(tmp_path / "表.xlsx", {"表": rows}))) == {
        f"支出决算表 {FIRST}·基本支出": 5000,
        f"支出决算表 {SECOND}·项目支出": 700,
    }
    rows[2][2] = "信息化"
    assert "不知道“金额”填到哪里" in problems(book(tmp_path / "二.xlsx", {"表": rows}))


LEDGER_HEAD = ["科目编码", "科目名称", "功能分类", "部门经济分类"]
LEDGER_ROWS: Rows = [
    ["6001", "财政拨款预算收入", None, None],
    ["7101", "行政支出/财政拨款支出/基本支出", f"{FIRST} 行政运行", "30101 基本工资"],
]


def test_a_ledger_by_month_and_by_year(tmp_path: Path) -> None:
    head = [*LEDGER_HEAD, "本期借方", "本期贷方", "本年累计借方", "本年累计贷方"]
    rows = [head, [*LEDGER_ROWS[0], 10, 10, 120, 120], [*LEDGER_ROWS[1], 8, 0, 96, 0]]
    found = figures(run(book(tmp_path / "余额表.xlsx", {"12月": rows})))
    assert found[f"支出决算表 {FIRST}·基本支出"] == 96
    assert found["收入决算表 合计·财政拨款收入"] == 120
    assert found["一般公共预算财政拨款基本支出决算表 30101·金额"] == 96


def test_a_ledger_that_does_not_say_which_column_is_the_year(tmp_path: Path) -> None:
    head = [*LEDGER_HEAD, "借方", "贷方", "借方金额", "贷方金额"]
    rows = [head, [*LEDGER_ROWS[0], 10, 10, 120, 120], [*LEDGER_ROWS[1], 8, 0, 96, 0]]
    said = problems(book(tmp_path / "余额表.xlsx", {"账": rows}))
    assert "有几列贷方：贷方、贷方金额，不知道哪一列是全年的" in said


def test_a_total_on_top_that_is_wrong_is_told(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "基本支出", "项目支出"],
        ["合计", 5301, 700],
        [FIRST, 5000, None],
        [SECOND, None, 700],
        [PENSION, 300, None],
    ]
    said = problems(book(tmp_path / "表.xlsx", {"表": rows}))
    assert "合计5301不等于各行之和5300" in said


def test_last_year_beside_this_year_is_no_figure_of_this_year(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "基本支出", "项目支出", "上年数"],
        [FIRST, 5000, None, 4000],
        [SECOND, None, 700, 600],
        [PENSION, 300, None, 250],
    ]
    assert figures(run(book(tmp_path / "表.xlsx", {"表": rows}))) == SPENT
    rows[0][3] = "2023年基本支出"
    assert figures(run(book(tmp_path / "二.xlsx", {"表": rows}))) == SPENT
    rows[0][3] = "三年前的"
    assert "不认识列名“三年前的”" in problems(book(tmp_path / "三.xlsx", {"表": rows}))


DAY_BOOK = ["日期", "摘要", "科目编码", "科目名称", "支出功能分类", "经济分类", "借方", "贷方"]
PAY = ["7101", "行政支出/财政拨款支出/基本支出", f"{FIRST} 行政运行", "30101 基本工资"]


def test_totals_of_a_day_book_are_not_added(tmp_path: Path) -> None:
    rows: Rows = [
        DAY_BOOK,
        ["2024-01-05", "发工资", *PAY, 100, None],
        [None, "本月合计", *PAY, 100, None],
        ["2024-02-05", "发工资", *PAY, 120, None],
        [None, "本月合计", *PAY, 120, None],
        [None, "本年累计", *PAY, 220, None],
        ["2024-12-31", "年终结转", *PAY, None, 220],
    ]
    found = figures(run(book(tmp_path / "明细账.xlsx", {"账": rows})))
    assert found[f"支出决算表 {FIRST}·基本支出"] == 220
    rows.insert(5, ["2024-03-01", "退回多发", *PAY, None, 20])
    path = book(tmp_path / "退.xlsx", {"账": rows})
    assert "H6：摘要写着退、冲、红字，20从借方里减去，对不对" in problems(path)
    less = run(path, given={**GIVEN, "冲减": "减去"})
    assert figures(less)[f"支出决算表 {FIRST}·基本支出"] == 200
    assert "H6 的20，照所说的，从借方里减去" in "".join(less.collected.notes)
    rows[5][1] = "调账"
    said = problems(book(tmp_path / "二.xlsx", {"账": rows}))
    assert "是冲销还是结转，看不出来" in said


def test_accounts_above_others_are_not_added(tmp_path: Path) -> None:
    head = [*LEDGER_HEAD, "本年借方", "本年贷方"]
    rows: Rows = [head]
    for code, name, economic, figure in (
        ("7101", "行政支出", None, 300),
        ("710101", "行政支出/财政拨款支出/基本支出", None, 300),
        ("71010101", "行政支出/财政拨款支出/基本支出/人员", "30101 基本工资", 200),
        ("71010102", "行政支出/财政拨款支出/基本支出/公用", "30201 办公费", 100),
    ):
        rows.append([code, name, f"{FIRST} 行政运行", economic, figure, 0])
    found = figures(run(book(tmp_path / "余额表.xlsx", {"账": rows})))
    assert found[f"支出决算表 {FIRST}·基本支出"] == 300


def test_two_blocks_of_one_sheet_are_asked_about(tmp_path: Path) -> None:
    block: Rows = [["科目编码", "基本支出", "项目支出"], [FIRST, 5, None], ["合计", 5, None]]
    path = book(tmp_path / "表.xlsx", {"表": [*block, [], *block]})
    assert "一张表里有两处，数相同" in problems(path)
    assert figures(run(path, added=True)) == {f"支出决算表 {FIRST}·基本支出": 10}


def test_a_title_that_names_no_fund_or_two_is_asked_about(tmp_path: Path) -> None:
    rows: Rows = [
        ["某局2024年财政拨款支出（单位：元）"],
        ["科目编码", "基本支出", "项目支出"],
        [FIRST, 5000, None],
    ]
    one = book(tmp_path / "表.xlsx", {"表": rows})
    rows[0] = ["某局2024年一般公共预算和政府性基金支出（单位：元）"]
    rows.append(["2120801", 60, None])
    two = book(tmp_path / "二.xlsx", {"表": rows})
    for path in (one, two):
        assert "标题写着财政拨款或国库支付：这些数是不是单位的全部支出，看不出来" in problems(path)
    part = figures(run(one, given={**GIVEN, "财政拨款": "一部分支出"}))
    assert part == {f"一般公共预算财政拨款支出决算表 {FIRST}·基本支出": 5000}
    fund = "政府性基金预算财政拨款收入支出决算表 2120801·基本支出"
    spent = {"支出决算表 2120801·基本支出": 60, f"支出决算表 {FIRST}·基本支出": 5000}
    found = figures(run(two, given={**GIVEN, "财政拨款": "全部支出"}))
    assert found == {**part, **spent, fund: 60}


def test_a_nature_that_names_two_is_asked_about(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "科目名称", "支出性质", "金额"],
        [FIRST, "行政运行", "项目支出（人员类）", 5000],
    ]
    said = problems(book(tmp_path / "表.xlsx", {"表": rows}))
    assert "“项目支出（人员类）”是基本支出还是项目支出，看不出来" in said


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("某局2024年部门预算支出表", "预算"),
        ("某局2024年1-6月支出", "不到全年"),
        ("某局支出 期间：2024.01-2024.09", "不到全年"),
        ("某局2024年12月支出", "十二月一个月"),
        ("某局支出 期间：2024.12", "十二月一个月"),
        ("某局支出 期间：2024.06", "不到全年"),
        ("某局支出（截至2024年9月30日）", "不到全年"),
        ("某局2024年8月支出", "一个月"),
        ("某局支出 2024年预算数", "预算"),
        ("某局2024年支出 填表日期：2025年1月", ""),
        ("某局2024年支出 截止2024年12月31日", ""),
        ("某局支出 期间：2024年01期—2024年12期", ""),
        ("某局2024年部门预算执行情况", ""),
        ("某局2024年1-12月支出", ""),
        ("某局2024年1月至2024年12月支出", ""),
        ("某局2024年支出（按部门预算支出经济分类）", ""),
        ("某局2024年度部门预算执行和决算", ""),
    ],
)
def test_titles_of_other_than_final_figures_are_asked_about(
    tmp_path: Path, title: str, why: str
) -> None:
    rows: Rows = [[title], ["科目编码", "基本支出", "项目支出"], [FIRST, 5000, None]]
    path = book(tmp_path / "表.xlsx", {"表": rows})
    if why:
        assert f"像是{why}的，不像全年的决算数" in problems(path)
    confirmed = run(path, given={**GIVEN, "口径": "全年决算"})
    assert figures(confirmed)[f"支出决算表 {FIRST}·基本支出"] == 5000
    told = [f"像是{why}的" in note for note in confirmed.collected.notes if "像是" in note]
    assert told == ([True] if why else [])


def test_void_payments_are_asked_about(tmp_path: Path) -> None:
    rows: Rows = [
        ["功能分类", "部门经济分类", "支出类型", "资金性质", "支付金额", "支付状态"],
        [f"{FIRST}-行政运行", "30201-办公费", "基本支出", "一般公共预算", 100, "已支付"],
        [f"{FIRST}-行政运行", "30201-办公费", "基本支出", "一般公共预算", -30, "已退款"],
    ]
    assert (
        figures(run(book(tmp_path / "表.xlsx", {"表": rows})))[
            f"一般公共预算财政拨款支出决算表 {FIRST}·基本支出"
        ]
        == 70
    )
    rows.append([f"{FIRST}-行政运行", "30201-办公费", "基本支出", "一般公共预算", 40, "已作废"])
    assert "“已作废”的金额算不算" in problems(book(tmp_path / "二.xlsx", {"表": rows}))


def test_totals_that_differ_by_rounding_are_told_in_wan_yuan_and_asked_in_yuan(
    tmp_path: Path,
) -> None:
    rows: Rows = [
        ["单位：万元"],
        ["科目编码", "基本支出", "项目支出"],
        [FIRST, 33.33, None],
        [SECOND, 33.33, None],
        [PENSION, 33.33, None],
        ["合计", 100, None],
    ]
    given = {**GIVEN, "金额单位": "万元"}
    read = run(book(tmp_path / "表.xlsx", {"表": rows}), given=given)
    assert "表.xlsx 表!第6行 的合计与各行之和差0.01，是四舍五入的尾差" in read.collected.notes
    rows[5][1] = 100.03
    assert "不等于各行之和" in problems(book(tmp_path / "二.xlsx", {"表": rows}), given=given)
    rows[0], rows[5][1] = ["单位：元"], 100
    assert "不等于各行之和" in problems(book(tmp_path / "三.xlsx", {"表": rows}))


def test_names_with_those_above_them_are_codes(tmp_path: Path) -> None:
    rows = [
        ["支出功能分类", "基本支出", "项目支出"],
        ["一般公共服务支出/政府办公厅（室）及相关机构事务/行政运行", 5000, None],
        ["一般公共服务支出/政府办公厅（室）及相关机构事务/一般行政管理事务", None, 700],
        ["社会保障和就业支出/行政事业单位养老支出/机关事业单位基本养老保险缴费支出", 300, None],
        ["合计", 5300, 700],
    ]
    assert figures(run(book(tmp_path / "表.xlsx", {"表": rows}))) == SPENT


def test_columns_by_economic_code_with_functions_in_rows(tmp_path: Path) -> None:
    basic = [
        ["某局2024年基本支出明细表"],
        ["科目编码", "科目名称", "合计", "30101基本工资", "30217公务接待费"],
        [FIRST, "行政运行", 5000, 4000, 1000],
        [PENSION, "养老保险缴费", 300, 300, None],
        ["合计", None, 5300, 4300, 1000],
    ]
    project = [
        ["某局2024年项目支出明细表"],
        ["科目编码", "合计", "专用材料费", "委托业务费"],
        [SECOND, 700, 200, 500],
    ]
    path = book(tmp_path / "表.xlsx", {"基本支出": basic, "项目支出": project})
    assert "按经济分类的数没有写明是不是一般公共预算财政拨款的基本支出" in problems(path)
    session = Session([path], "2023-national", dict(GIVEN))
    session.correct("经济分类=不填")
    imported = session.read()
    assert figures(imported) == SPENT
    assert not any("三公" in table for table in imported.raw["无数据"])


def test_lines_of_keys_and_values_over_the_heads(tmp_path: Path) -> None:
    text = "单位名称;某局;;\n年度;2024;金额单位;元\n科目编码;科目名称;基本支出;项目支出\n"
    text += (
        f"{FIRST};行政运行;5,000.00;\n{SECOND};一般行政管理事务;;700.00\n{PENSION};养老;300.00;\n"
    )
    (tmp_path / "表.csv").write_text(text, encoding="gb18030", newline="")
    imported = run(tmp_path / "表.csv", given={})
    assert figures(imported) == SPENT
    assert (imported.raw["单位名称"], imported.raw["金额单位"]) == ("某局", "元")


@pytest.mark.parametrize(
    "heads",
    [
        ["预算单位", "功能分类编码", "年度", "基本支出"],
        ["期间", "科目编码", "年度", "基本支出"],
    ],
)
def test_heads_that_may_be_keys_are_heads(tmp_path: Path, heads: list[str]) -> None:
    first = "某局" if heads[0] == "预算单位" else "2024-12"
    rows = [heads, [first, FIRST, "2024", 5000], [first, PENSION, "2024", 300]]
    found = figures(run(book(tmp_path / "表.xlsx", {"表": rows})))
    assert found == {key: value for key, value in SPENT.items() if value != 700}


@pytest.mark.parametrize("span", ["1-12月", "2024年1-12月", "2024.01-2024.12"])
def test_rows_of_a_span_of_months_are_of_its_last(tmp_path: Path, span: str) -> None:
    heads = ["期间", "科目编码", "基本支出"]
    rows = [heads, [span, FIRST, 5000], [span, PENSION, 300]]
    found = figures(run(book(tmp_path / "表.xlsx", {"表": rows})))
    assert found == {key: value for key, value in SPENT.items() if value != 700}


def test_the_unit_may_stand_behind_every_amount(tmp_path: Path) -> None:
    rows = [["科目编码", "基本支出"], [FIRST, "5,000.00元"], [PENSION, "300.00元"]]
    given = given_without("金额单位")
    imported = run(book(tmp_path / "表.xlsx", {"表": rows}), given=given)
    assert sum(figures(imported).values()) == 5300 and imported.raw["金额单位"] == "元"


def test_outlays_in_columns_under_heads_of_two_lines(tmp_path: Path) -> None:
    rows = [
        ["某局2024年度“三公”经费情况　单位：元"],
        [None, "合计", "因公出国（境）费", "公务用车购置及运行费", None, None, "公务接待费"],
        [None, None, None, "小计", "公务用车购置费", "公务用车运行费", None],
        ["预算数", 35, 0, 30, 0, 30, 5],
        ["决算数", 31, 0, 28, 0, 28, 3],
    ]
    found = figures(run(book(tmp_path / "表.xlsx", {"三公": rows}, "D2:F2", "B2:B3", "G2:G3")))
    assert len(found) == 12
    table = "财政拨款“三公”经费支出决算表"
    assert found[f"{table} 预算数·公务用车购置及运行费"] == 30
    assert found[f"{table} 决算数·公务接待费"] == 3 and found[f"{table} 决算数·合计"] == 31


@pytest.mark.parametrize("number", [str, Decimal])
def test_months_as_numbers_over_their_columns(tmp_path: Path, number: type) -> None:
    months = [number(f"2024.{n:02}") for n in range(1, 13)]
    rows = [
        ["科目编码", "支出类型", *months, "合计"],
        [FIRST, "基本支出", *[10] * 11, 4890, 5000],
        [SECOND, "项目支出", *[None] * 11, 700, 700],
        [PENSION, "基本支出", *[25] * 12, 300],
    ]
    assert figures(run(book(tmp_path / "表.xlsx", {"表": rows}))) == SPENT


def test_figures_that_look_like_months_stay_figures(tmp_path: Path) -> None:
    rows = [
        ["科目编码", "科目名称", "基本支出", "项目支出", "经营支出"],
        [FIRST, "行政运行", 2010.01, 2010.02, 2010.03],
        ["合计", None, 2010.01, 2010.02, 2010.03],
    ]
    found = figures(run(book(tmp_path / "表.xlsx", {"表": rows})))
    assert sum(found.values()) == Decimal("6030.06")


def test_months_as_numbers_below_the_heads_of_the_other_columns(tmp_path: Path) -> None:
    rows = [
        ["科目编码", "支出类型", "支出", *[None] * 11],
        [None, None, *(f"2024{n:02}" for n in range(1, 13))],
        [FIRST, "基本支出", *[400] * 11, 600],
    ]
    found = figures(run(book(tmp_path / "表.xlsx", {"表": rows}, "A1:A2", "B1:B2", "C1:N1")))
    assert found == {f"支出决算表 {FIRST}·基本支出": Decimal(5000)}


def test_of_columns_of_two_years_the_year_is_asked_first(tmp_path: Path) -> None:
    rows = [["科目编码", "2023年基本支出", "2024年基本支出"], [FIRST, 90, 100]]
    given = given_without("年度")
    session = Session([book(tmp_path / "表.xlsx", {"表": rows})], "2023-national", given)
    with pytest.raises(InputError) as error:
        session.read()
    (asked,) = error.value.problems
    assert asked.answers == ("年度=2024", "年度=2023")
    session.correct(asked.answers[0])
    assert figures(session.read()) == {f"支出决算表 {FIRST}·基本支出": Decimal(100)}


def test_months_below_each_other_are_one_question(tmp_path: Path) -> None:
    rows = [row for sheet in year_of_sheets("金额", 100, 1).values() for row in (*sheet, [])]
    path = book(tmp_path / "账.xlsx", {"汇总": rows})
    (asked,) = problems(path).splitlines()
    assert "几张表里的数不同" in asked
    assert figures(run(path, added=True))[f"支出决算表 {FIRST}·基本支出"] == 1200 + 66


def test_of_running_months_in_columns_the_last_is_the_year(tmp_path: Path) -> None:
    rows = [
        ["科目编码", "支出类型", "1-3月", "1-6月", "1-12月"],
        [FIRST, "基本支出", 1000, 2000, 5000],
        [SECOND, "项目支出", None, 300, 700],
        [PENSION, "基本支出", 75, 150, 300],
    ]
    assert figures(run(book(tmp_path / "表.xlsx", {"表": rows}))) == SPENT


def of_december(head: str, amount: int) -> Rows:
    return [
        ["2024年12月支出表"],
        ["科目编码", "支出性质", head],
        [FIRST, "基本支出", amount],
        [SECOND, "项目支出", 50],
    ]


def test_departments_with_totals_to_december_are_added(tmp_path: Path) -> None:
    paths = [
        book(tmp_path / f"{name}科12月.xlsx", {"表": of_december("本年累计", n)})
        for name, n in (("甲", 200), ("乙", 100))
    ]
    said = problems(*paths)
    assert "几张表里的数不同" in said and "几张表里的数相同" in said and "累计数" not in said
    found = figures(run(*paths, added=True))
    assert found == {
        f"支出决算表 {FIRST}·基本支出": Decimal(300),
        f"支出决算表 {SECOND}·项目支出": Decimal(100),
    }


def test_departments_of_december_alone_are_not_told_of_months_that_are_missing(
    tmp_path: Path,
) -> None:
    for head, said in (("金额", "像是十二月一个月的"), ("本年累计人头费", "不认识列名")):
        paths = [
            book(tmp_path / f"{name}科12月.xlsx", {"表": of_december(head, n)})
            for name, n in (("甲", 200), ("乙", 100))
        ]
        told = problems(*paths, added=True)
        assert said in told and "各月的表没有" not in told
        assert ("像是十二月" in told) == (head == "金额")


@pytest.mark.parametrize("names", [("甲", "乙"), ("1月", "2月"), ("一月", "二月")])
def test_totals_up_to_different_months_are_never_added(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    sheets = {
        name: [
            [f"2024年{n}月支出表"],
            ["科目编码", "支出性质", "累计数"],
            [FIRST, "基本支出", 9 * n],
        ]
        for n, name in enumerate(names, 1)
    }
    for name, rows in sheets.items():
        if name[0] == "一" or name[0] == "二":
            rows[0][0] = "2024年支出表 打印日期：2024年12月31日"
    assert "各月的表里是累计数，不能相加" in problems(
        book(tmp_path / "账.xlsx", sheets), added=True
    )
    for rows in sheets.values():
        rows[2][2] = 9  # nothing was spent after the first month
    assert "各月的表里是累计数，不能相加" in problems(
        book(tmp_path / "同.xlsx", sheets), added=True
    )


def test_of_files_with_totals_up_to_a_month_no_sheet_is_the_answer(tmp_path: Path) -> None:
    paths = [book(tmp_path / f"{n}月.xlsx", {"表": of_december("累计数", n)[1:]}) for n in (11, 12)]
    with pytest.raises(InputError, match="只导入最后一个月的文件") as error:
        run(*paths, added=True)
    assert error.value.problems[0].answers == ()

"""Tables that no edition has: read as they most likely are, marked so, checked, and filled."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.recognition.test_recognition import Rows, book, read
from tests.support.terminal import xltool
from xltool.core.model import Table
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary

HEADS: list[object] = ["编制单位：某县水务站", "2022年度", "金额单位：元"]
DETAIL: Rows = [
    ["一般公共预算财政拨款支出决算明细表"],
    HEADS,
    [
        "科目编码",
        "科目名称",
        "合计",
        "工资福利支出",
        None,
        None,
        "资本性支出",
        None,
        "资本性支出（基本建设）",
        None,
    ],
    [None, None, None, "小计", "基本工资", "奖金", "小计", "办公设备购置", "小计", "办公设备购置"],
    ["合计", None, 10, 4, 3, 1, 5, 5, 1, 1],
    ["213", "农林水支出", 10, 4, 3, 1, 5, 5, 1, 1],
    ["21303", "水利", 10, 4, 3, 1, 5, 5, 1, 1],
    ["2130301", "行政运行", 10, 4, 3, 1, 5, 5, 1, 1],
]
PROJECTS: Rows = [
    ["一般公共预算财政拨款项目支出决算表"],
    HEADS,
    ["科目编码", "科目名称", "项目名称", "金额", "备注"],
    ["合计", None, None, 7, None],
    ["2130301", "行政运行", "甲项目", 3, None],
    ["2130301", "行政运行", "乙项目", 4, "结转"],
]
BALANCE: Rows = [
    ["收入支出决算表"],
    HEADS,
    [
        "科目编码",
        "科目名称",
        "年初结转和结余",
        "本年收入",
        "本年支出",
        None,
        None,
        "年末结转和结余",
    ],
    [None, None, None, None, "合计", "基本支出", "项目支出", None],
    ["合计", None, 1, 10, 8, 5, 3, 3],
    ["213", "农林水支出", 1, 10, 8, 5, 3, 3],
    ["21303", "水利", 1, 10, 8, 5, 3, 3],
    ["2130301", "行政运行", 1, 10, 8, 5, 3, 3],
]
MEETINGS: Rows = [
    ["财政拨款“三公”经费及会议费、培训费支出决算表"],
    HEADS,
    ["项目", "合计", "“三公”经费", None, None, None, None, None, "会议费", "培训费"],
    [
        None,
        None,
        "小计",
        "因公出国（境）费",
        "公务用车购置及运行费",
        None,
        None,
        "公务接待费",
        None,
        None,
    ],
    [None, None, None, None, "小计", "公务用车购置费", "公务用车运行费", None, None, None],
    ["预算数", 9, 5, 0, 4, 1, 3, 1, 2, 2],
    ["决算数", 8, 4, 0, 3, 0, 3, 1, 2, 2],
]
RUNNING: Rows = [
    ["机构运行信息表"],
    HEADS,
    ["项目", "行次", "预算数", "统计数"],
    ["一、“三公”经费支出", 1, "—", "—"],
    ["（一）支出合计", 2, 5, 4],
    ["1．因公出国（境）费", 3, 0, 0],
    ["2．公务用车购置及运行维护费", 4, 4, 3],
    ["（1）公务用车购置费", 5, 1, 0],
    ["（2）公务用车运行维护费", 5, 3, 3],
    ["3．公务接待费", 5, 1, 1],
    ["二、机关运行经费", 6, "—", "—"],
    ["（一）行政单位", 7, None, 88],
    ["三、政府采购支出", 8, "—", "—"],
    ["政府采购支出合计", 9, None, 6],
    ["政府采购货物支出", 10, None, 6],
]
PEOPLE: Rows = [
    ["基本数字表"],
    HEADS,
    ["科目编码", "科目名称", "编制数", "年末实有人数", None, None, None, "年末遗属人员"],
    [None, None, None, "小计", "在职人员", "离休人员", "退休人员", None],
    ["合计", None, 12, 11, 8, 1, 2, 3],
    ["213", "农林水支出", 12, 11, 8, 1, 2, 3],
    ["21303", "水利", 12, 11, 8, 1, 2, 3],
    ["2130301", "行政运行", 12, 11, 8, 1, 2, 3],
]
ASSETS: Rows = [
    ["部门资产负债情况表"],
    HEADS,
    ["项目", "年初数", "年末数"],
    ["一、资产合计", 90, 100],
    ["（一）流动资产", 20, 25],
    ["（二）固定资产", 70, 75],
    ["其中：房屋", 50, 50],
    ["      车辆", 20, 25],
    ["二、负债合计", 10, 30],
    ["三、净资产合计", 80, 70],
]
BUDGETS: Rows = [
    ["收入支出决算总表"],
    HEADS,
    ["收入", None, None, None, "支出", None, None, None, "支出", None],
    ["项目", "年初预算数", "调整预算数", "决算数", "项目（按功能分类）", "年初预算数", "调整预算数", "决算数",
     "项目（按支出性质和经济分类）", "决算数"],
    ["一、一般公共预算财政拨款收入", 8, 9, 10, "一、一般公共服务支出", None, None, None, "一、基本支出", 7],
    ["二、政府性基金预算财政拨款收入", None, None, None, "十二、农林水支出", 8, 9, 10, "    人员经费", 5],
    ["五、事业收入", None, None, None, "十九、住房保障支出", None, None, None, "    日常公用经费", 2],
    ["八、其他收入", None, None, None, "二十三、其他支出", None, None, None, "二、项目支出", 3],
    ["本年收入合计", 8, 9, 10, "本年支出合计", 8, 9, 10, None, None],
    ["总计", 8, 9, 10, "总计", 8, 9, 10, None, None],
]  # fmt: skip


def table(name: str, rows: Rows) -> Table:
    reading = read(表=rows)
    left = [(ref, v) for _, ref, v in reading.unmatched if isinstance(v, Decimal)]
    assert left == []
    assert reading.report.likely == {name}
    return reading.report.tables[name][0]


def test_a_column_for_each_economic_code_names_alike_kept_apart() -> None:
    found = table("一般公共预算财政拨款支出决算明细表", DETAIL)
    assert found.fields["合计", "资本性支出·办公设备购置"] == 5
    assert found.fields["合计", "资本性支出（基本建设）·办公设备购置"] == 1
    assert found.lists["明细"][2]["基本工资"] == 3


def test_projects_of_one_code_are_rows_of_their_own() -> None:
    found = table("一般公共预算财政拨款项目支出决算表", PROJECTS)
    assert [(row["项目名称"], row["合计"]) for row in found.lists["明细"]] == [
        ("甲项目", 3),
        ("乙项目", 4),
    ]


def test_a_list_of_balances_is_not_taken_for_the_two_sided_form() -> None:
    found = table("收入支出决算表", BALANCE)
    assert found.lists["明细"][0]["年末结转和结余"] == 3 and found.fields["合计", "基本支出"] == 5


def test_meetings_and_training_beside_the_three() -> None:
    found = table("财政拨款“三公”经费及会议费、培训费支出决算表", MEETINGS)
    assert found.fields["决算数", "“三公”经费"] == 4 and found.fields["决算数", "合计"] == 8
    assert found.fields["预算数", "公务用车购置及运行费"] == 4


def test_a_form_may_have_some_of_the_blocks_only() -> None:
    found = table("机构运行信息表", RUNNING)
    assert found.fields["“三公”经费", "支出合计", "统计数"] == 4
    assert found.fields["机关运行经费", "行政单位"] == 88
    assert found.fields["政府采购", "政府采购支出合计"] == 6


def test_people_are_counted_for_each_code() -> None:
    found = table("基本数字表", PEOPLE)
    assert found.fields["合计", "年末实有人数"] == 11 and found.lists["明细"][2]["退休人员"] == 2


def test_assets_and_debts_with_the_parts_of_fixed_assets() -> None:
    found = table("资产负债情况表", ASSETS)
    assert found.fields["资产", "房屋", "年末数"] == 50
    assert found.fields["负债和净资产", "净资产合计", "年初数"] == 80


def test_budgets_and_the_economic_side_of_a_total_table_stand_apart() -> None:
    reading = read(表=BUDGETS)
    assert not [v for _, _, v in reading.unmatched if isinstance(v, Decimal)]
    tables = reading.report.tables
    assert tables["收入支出决算总表"][0].fields["支出", "农林水支出"] == 10
    other = tables["收入支出决算总表其他栏目"][0].fields
    assert (
        other["收入", "总计", "年初预算数"] == 8 and other["支出", "农林水支出", "全年预算数"] == 9
    )
    assert other["按支出性质和经济分类", "日常公用经费", "决算数"] == 2
    assert reading.report.likely == {"收入支出决算总表其他栏目"}


def test_they_stand_apart_in_the_document_and_fill_a_form_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "簿.xlsx").write_bytes(book(明细=DETAIL, 项目=PROJECTS, 收支=BALANCE))
    answer = xltool("read", "簿.xlsx", "-o", "出.json", folder=tmp_path)
    assert answer.code == 0 and "附表" in answer.err, answer.err
    document = json.loads((tmp_path / "出.json").read_text(encoding="utf-8"))
    assert document["表"] == {} and len(document["附表"]) == 3
    made = xltool("mapping", "init", "簿.xlsx", "-o", "本县", folder=tmp_path)
    assert made.code == 0, made.err
    filled = xltool("fill", "出.json", "-e", "本县", "-o", "填.xlsx", folder=tmp_path)
    assert filled.code == 0, filled.err
    again = xltool("read", "填.xlsx", "-o", "再.json", folder=tmp_path)
    assert again.code == 0, again.err
    assert (
        json.loads((tmp_path / "再.json").read_text(encoding="utf-8"))["附表"] == document["附表"]
    )


@pytest.mark.parametrize(
    ("rows", "cell", "rule"),
    [
        (DETAIL, (5, 4), "MX-01"),
        (DETAIL, (4, 2), "MX-02"),
        (BALANCE, (5, 7), "SZ-11"),
        (BALANCE, (5, 5), "SZ-12"),
        (MEETINGS, (5, 1), "HP-01"),
        (RUNNING, (4, 3), "JG-01"),
        (RUNNING, (13, 3), "JG-02"),
        (PEOPLE, (4, 4), "JB-01"),
        (PEOPLE, (5, 7), "JB-02"),
        (ASSETS, (9, 2), "ZC-01"),
        (BUDGETS, (6, 9), "ZQ-02"),
    ],
)
def test_their_identities_are_checked(
    rows: Rows, cell: tuple[int, int], rule: str, tmp_path: Path
) -> None:
    (tmp_path / "对.xlsx").write_bytes(book(表=rows))
    wrong = [list(row) for row in rows]
    wrong[cell[0]][cell[1]] = 77
    (tmp_path / "错.xlsx").write_bytes(book(表=wrong))
    right = xltool("validate", "对.xlsx", folder=tmp_path)
    assert right.code == 0 or rows is BUDGETS, right.out  # a 总表 alone is no whole return
    assert "S-09" in right.out and rule not in right.out, right.out
    found = xltool("validate", "错.xlsx", folder=tmp_path)
    assert found.code == 1 and rule in found.out, found.out


def test_no_title_means_two_tables_that_are_told_by_nothing() -> None:
    """Titles that two tables bear are told by shape or year; no table without fields has one of them."""
    words = vocabulary()
    both = {
        title: [table.table for table in tables]
        for title, tables in words.titles.items()
        if len(tables) > 1
    }
    assert both.keys() == {"收入支出决算表", "收支决算表", "三公经费支出决算表", "三公经费决算表"}
    assert not words.titles.keys() & words.others.keys()

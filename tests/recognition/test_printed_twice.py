"""What forms print twice or in other places: heads, totals, sides, sums of rows, scores beside weights."""

from __future__ import annotations

from decimal import Decimal

import openpyxl
import pytest

from tests.recognition.test_recognition import Rows, read
from tests.support.editing import saved
from tests.support.filling import UNIT
from xltool.core.model import CODE
from xltool.core.problems import InputError
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.reading import examine

INCOME = "收入决算表"
HEAD: Rows = [
    ["科目编码", "科目名称", "本年收入合计", "财政拨款收入"],
    ["栏次", None, 1, 2],
]
FIRST: Rows = [
    ["2023年度收入决算表"],
    [f"部门：{UNIT}", None, None, "单位：万元"],
    *HEAD,
    ["合计", None, 9, 9],
    ["205", "教育支出", 5, 5],
    ["20502", "普通教育", 5, 5],
    ["2050202", "小学教育", 5, 5],
]
SECOND: Rows = [
    ["213", "农林水支出", 4, 4],
    ["21303", "水利", 4, 4],
    ["2130301", "行政运行", 4, 4],
]


@pytest.mark.parametrize("title", ["收入决算表（续）", "2023年度收入决算表", "收入决算表（续表1）"])
def test_a_list_that_goes_on_below_its_heads_printed_again(title: str) -> None:
    reading = read(表2=[*FIRST, ["第1页　共2页"], [title], *FIRST[1:2], *HEAD, *SECOND])
    (table,) = reading.report.tables[INCOME]
    assert [row[CODE] for row in table.lists["明细"]] == [
        "205", "20502", "2050202", "213", "21303", "2130301",
    ]  # fmt: skip
    assert table.fields["合计", "财政拨款收入"] == 9
    figures = [v for _, _, v in reading.unmatched if isinstance(v, Decimal)]
    assert not reading.report.unread and not figures


@pytest.mark.parametrize(
    ("title", "rows"),
    [
        pytest.param("收入决算表（续）", FIRST[5:], id="its codes once more"),
        pytest.param("收入决算表（续）", [FIRST[4], *SECOND], id="a second total"),
        pytest.param("收入决算表（调整后）", SECOND, id="another version"),
        pytest.param("2023年度乙县水务局收入决算表（续）", SECOND, id="another unit"),
    ],
)
def test_a_second_table_of_a_title_is_not_the_rest_of_the_first(title: str, rows: Rows) -> None:
    reading = read(表2=[*FIRST, [title], *FIRST[1:2], *HEAD, *rows])
    (table,) = reading.report.tables[INCOME]
    assert [row[CODE] for row in table.lists["明细"]] == ["205", "20502", "2050202"]
    assert [unread.table for unread in reading.report.unread] == [title]


def test_the_table_of_another_year_is_not_more_of_this_one() -> None:
    with pytest.raises(InputError, match="几个年度的表"):
        read(表2=[*FIRST, ["2022年度收入决算表"], *FIRST[1:2], *HEAD, *SECOND])


def test_a_figure_beside_a_title_printed_again_is_not_lost() -> None:
    title: Rows = [["收入决算表（续）", None, None, 12345.67]]
    reading = read(表2=[*FIRST, *title, *FIRST[1:2], *HEAD, *SECOND])
    assert [unread.table for unread in reading.report.unread] == ["收入决算表（续）"]


def test_many_pages_are_one_table() -> None:
    pages = [[["收入决算表（续）"], *HEAD, [f"2{n:02}", "教育支出", 1, 1]] for n in range(10, 40)]
    reading = read(表2=[*FIRST[:5], *(row for page in pages for row in page)])
    (table,) = reading.report.tables[INCOME]
    assert len(table.lists["明细"]) == 30 and not reading.report.unread


def test_other_heads_are_another_table() -> None:
    other: Rows = [["科目编码", "科目名称", "本年收入合计", "事业收入"], *SECOND]
    reading = read(表2=[*FIRST, ["收入决算表（续）"], *other])
    assert [unread.table for unread in reading.report.unread] == ["收入决算表（续）"]


@pytest.mark.parametrize("head", [["项目", "决算数"], ["项目", "金额"]])
def test_sides_that_stand_one_below_the_other(head: list[object]) -> None:
    rows: Rows = [
        ["2023年度收入支出决算总表"],
        [f"部门：{UNIT}", "单位：万元"],
        head,
        ["收入"],
        ["一、一般公共预算财政拨款收入", 8],
        ["二、政府性基金预算财政拨款收入", None],
        ["三、国有资本经营预算财政拨款收入", None],
        ["本年收入合计", 8],
        ["总计", 8],
        ["支出"],
        ["一、一般公共服务支出", 6],
        ["二、外交支出", None],
        ["三、国防支出", None],
        ["四、公共安全支出", 2],
        ["本年支出合计", 8],
        ["总计", 8],
    ]
    reading = read(表1=rows)
    (table,) = reading.report.tables["收入支出决算总表"]
    assert table.fields["收入", "一般公共预算财政拨款收入"] == 8
    assert table.fields["支出", "公共安全支出"] == 2
    assert {value for value in table.fields.values() if value is not None} == {
        Decimal(8), Decimal(6), Decimal(2),
    }  # fmt: skip
    assert not [v for _, _, v in reading.unmatched if isinstance(v, Decimal)]


@pytest.mark.parametrize(
    "title", ["收入决算公开表", "2023年度收入决算批复表", "收入决算公开表（公开02表）"]
)
def test_a_title_that_says_what_its_table_is_for(title: str) -> None:
    assert read(表2=[[title], *FIRST[1:]]).report.tables[INCOME][0].lists["明细"]


def test_the_tables_of_two_units_in_a_workbook_are_told_by_their_names() -> None:
    other = [[f"部门：{UNIT}二站", *row[1:]] if row == FIRST[1] else row for row in FIRST]
    with pytest.raises(InputError) as told:
        read(甲=FIRST, 乙=other)
    (problem,) = told.value.problems
    assert f"里面有几个单位的表：{UNIT}（“甲”A2 等1张表）、{UNIT}二站（“乙”A2 等1张表）" in str(
        problem
    )


def test_so_are_those_of_two_years() -> None:
    other = [["2022年度收入决算表"], *FIRST[1:]]
    with pytest.raises(InputError, match="里面有几个年度的表：2023（“甲”A1 等1张表）、2022"):
        read(甲=FIRST, 乙=other)


def test_a_total_above_a_list_that_stands_below_it_once_more() -> None:
    rows: Rows = [*FIRST, ["总计", None, 9, 9]]
    reading = read(表2=rows)
    (table,) = reading.report.tables[INCOME]
    assert len(table.lists["明细"]) == 3 and table.fields["合计", "财政拨款收入"] == 9
    assert not [v for _, _, v in reading.unmatched if isinstance(v, Decimal)]
    other = read(表2=[*FIRST, ["总计", None, 9, 8]])
    assert {ref for _, ref, v in other.unmatched if v == 8} == {"D9"}


def test_a_sum_of_rows_is_none_of_them() -> None:
    rows: Rows = [
        ["2019年度收入支出决算总表"],
        [f"部门：{UNIT}", None, None, "单位：万元"],
        ["项目", "决算数", "项目", "决算数"],
        ["一、财政拨款收入", 8, "一、一般公共服务支出", 8],
        ["  其中：政府性基金预算财政拨款", 3, "二、外交支出", None],
        ["二、上级补助收入", None, "三、国防支出", None],
        ["本年收入合计", 8, "本年支出合计", 8],
        ["总计", 8, "总计", 8],
    ]
    reading = read(表1=rows)
    (table,) = reading.report.tables["收入支出决算总表"]
    assert ("收入", "一般公共预算财政拨款收入") not in table.fields
    assert table.fields["收入", "政府性基金预算财政拨款收入"] == 3
    assert {ref for _, ref, v in reading.unmatched if isinstance(v, Decimal)} == {"B4"}
    rows[4:6] = [["（一）一般公共预算财政拨款", 5], ["（二）政府性基金预算财政拨款", 3]]
    (table,) = read(表1=rows).report.tables["收入支出决算总表"]
    assert table.fields["收入", "一般公共预算财政拨款收入"] == 5
    assert table.fields["收入", "政府性基金预算财政拨款收入"] == 3
    rows[4:6] = [["  政府部门安排", 3], ["二、上级补助收入", None]]
    (table,) = read(表1=rows).report.tables["收入支出决算总表"]
    assert table.fields["收入", "一般公共预算财政拨款收入"] == 8


def test_the_units_name_alone_above_the_title() -> None:
    rows: Rows = [["清河县水务站"], *FIRST[:1], ["公开02表", None, None, "单位：万元"], *FIRST[2:]]
    assert read(表2=rows).report.unit_name == "清河县水务站"


def test_a_heading_is_not_the_unit_where_a_cover_names_it() -> None:
    rows: Rows = [["湖北省财政厅"], *FIRST[:1], ["公开02表", None, None, "单位：万元"], *FIRST[2:]]
    cover: Rows = [["2023年度部门决算"], ["单位名称：清河县水务站"]]
    assert read(封面=cover, 表2=rows).report.unit_name == "清河县水务站"


@pytest.mark.parametrize(("scores", "score"), [(["分值", "得分"], 98), (["分值", "自评分"], 98)])
def test_the_score_of_a_whole_unit_is_no_weight(scores: list[object], score: int) -> None:
    rows: Rows = [
        ["2023年度某区区级部门整体支出绩效自评表"],
        ["部门名称", UNIT],
        ["年度预算执行情况（万元）", None, "年初预算数", "全年预算数", "全年执行数"],
        [None, "年度资金总额", 10, 12, 11],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "实际完成值", *scores],
        [None, "产出指标", "数量指标", "培训人次", "300人", "312人", 100, 98],
        ["总分", None, None, None, None, None, 100, 98],
    ]
    (table,) = read(自评=rows).report.tables["部门整体绩效自评表"]
    assert table.fields["总分",] == score
    assert table.fields["预算情况", "部门预算总额", "实际执行数"] == 11


def test_a_word_that_heads_two_rows_beside_it_is_no_head_of_a_column() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (
        ["甲区区级预算项目支出绩效自评表（2021年度）"],
        ["项目名称", "整治"],
        ["实施单位", UNIT],
        ["年度绩效目标", "年初设定目标", "年度总体目标完成情况"],
        [None, "目标", "完成"],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "目标值", "完成值"],
        [None, "产出指标", "数量指标", "人次", "3", "4"],
    ):
        sheet.append(row)
    sheet.merge_cells("A4:A5")
    (table,) = examine(saved(workbook)).report.tables["项目支出绩效自评表"]
    assert table.fields["年度总体目标", "预期目标"] == "目标"
    assert table.fields["年度总体目标", "实际完成情况"] == "完成"


@pytest.mark.parametrize("code", ["201", "2010301", "20805", "2210201"])
def test_codes_of_2019_were_in_force_then(code: str) -> None:
    entry = vocabulary().codes["functional"].get(code)
    assert entry is not None and entry.in_force(2019)


def test_a_head_may_say_that_its_column_is_part_of_the_one_before() -> None:
    rows: Rows = [
        ["2022年度财政拨款收入支出决算总表"],
        [f"部门：{UNIT}", None, None, None, None, "单位：万元"],
        ["收入", None, "支出"],
        ["项目", "金额", "项目", "合计", "其中：一般公共预算财政拨款", "政府性基金预算财政拨款"],
        ["一、一般公共预算财政拨款", 5, "一、一般公共服务支出", 8, 5, 3],
        ["二、政府性基金预算财政拨款", 3, "二、外交支出"],
        ["三、国有资本经营预算财政拨款", None, "三、国防支出"],
        ["本年收入合计", 8, "本年支出合计", 8, 5, 3],
        ["总计", 8, "总计", 8, 5, 3],
    ]
    (table,) = read(表4=rows).report.tables["财政拨款收入支出决算总表"]
    assert table.fields["支出", "本年支出合计", "一般公共预算财政拨款"] == 5
    assert table.fields["支出", "本年支出合计", "政府性基金预算财政拨款"] == 3


@pytest.mark.parametrize(("heads", "year"), [("2022年度", 2022), ("", 0)])
def test_the_year_may_stand_in_the_heads_of_figures_alone(heads: str, year: int) -> None:
    rows: Rows = [
        ["财政拨款“三公”经费支出决算表"],
        [f"部门：{UNIT}", None, "单位：万元"],
        ["项目", f"{heads}预算数", f"{heads}决算数"],
        ["合计", 3, 2],
        ["1.因公出国（境）费", 1, 0],
        ["2.公务接待费", 2, 2],
    ]
    assert read(表9=rows).report.year == year


def test_the_year_of_a_column_that_is_not_read_is_not_the_forms() -> None:
    head: Rows = [[*FIRST[2], "2022年决算数"]]
    rows: Rows = [["收入决算表"], *FIRST[1:2], *head, *([*row, 7] for row in FIRST[4:])]
    assert read(表2=rows).report.year == 0

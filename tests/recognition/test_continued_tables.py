"""Tables that go on below heads printed once more, sides that stand one below the other, titles in other words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.recognition.test_recognition import Rows, read
from tests.support.filling import UNIT
from xltool.core.model import CODE
from xltool.core.problems import InputError

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
    ],
)
def test_a_second_table_of_a_title_is_not_the_rest_of_the_first(title: str, rows: Rows) -> None:
    reading = read(表2=[*FIRST, [title], *FIRST[1:2], *HEAD, *rows])
    (table,) = reading.report.tables[INCOME]
    assert [row[CODE] for row in table.lists["明细"]] == ["205", "20502", "2050202"]
    assert [unread.table for unread in reading.report.unread] == [title]


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
    assert f"里面有几个单位的表：{UNIT}（“甲”等1张表）、{UNIT}二站（“乙”等1张表）" in str(problem)

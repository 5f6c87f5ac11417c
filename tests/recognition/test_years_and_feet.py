"""Heads that are a year and nothing else, and lines of the document that stand in unusual places."""

from __future__ import annotations

from decimal import Decimal

import openpyxl
import pytest

from tests.recognition.test_recognition import INCOME, Rows, read
from tests.support.editing import saved
from tests.support.filling import UNIT
from tests.support.paths import ROOT
from xltool.checks import validate
from xltool.core.model import CODE
from xltool.reading import Reading, examine

CARS = "财政拨款“三公”经费支出决算表"
ABOVE: Rows = [[f"2023年度{CARS}"], [f"部门：{UNIT}", None, "单位：万元"]]


def unbound(reading: Reading) -> list[str]:
    """The cells with figures that no field reads."""
    return [ref for _, ref, value in reading.unmatched if isinstance(value, Decimal)]


@pytest.mark.parametrize(
    "heads", [("2022年", "2023年"), ("2022年度", "2023年度"), ("上年", "本年")]
)
def test_of_two_years_side_by_side_that_of_the_book_is_read(heads: tuple[str, str]) -> None:
    rows: Rows = [
        *ABOVE,
        ["项目", *heads],
        ["合计", 10, 9],
        ["1.因公出国（境）费", 2, 1],
        ["2.公务用车购置及运行费", 5, 6],
        ["3.公务接待费", 3, 2],
    ]
    reading = read(表9=rows)
    (table,) = reading.report.tables[CARS]
    assert {path[-1]: value for path, value in table.fields.items()} == {
        "合计": 9, "因公出国（境）费": 1, "公务用车购置及运行费": 6, "公务接待费": 2,
    }  # fmt: skip
    assert {path[0] for path in table.fields} == {"决算数"}
    assert unbound(reading) == ["B4", "B5", "B6", "B7"]


def test_a_year_over_budget_and_final_figures_is_theirs() -> None:
    heads = ["合计", "因公出国（境）费", "公务接待费"]
    rows: Rows = [
        *ABOVE,
        [*["2023年"] * 6, *["2022年"] * 3],
        [*["预算数"] * 3, *["决算数"] * 6],
        [*heads, *heads, *heads],
        [9, 4, 5, 6, 2, 4, 3, 1, 2],
    ]
    reading = read(表9=rows)
    (table,) = reading.report.tables[CARS]
    assert table.fields["预算数", "合计"] == 9
    assert table.fields["决算数", "合计"] == 6
    assert unbound(reading) == ["G6", "H6", "I6"]


@pytest.mark.parametrize("heads", [("2023年", "2022年"), ("2023年（万元）", "2022年（万元）")])
def test_both_sides_of_a_form_have_the_years(heads: tuple[str, str]) -> None:
    rows: Rows = [
        ["2023年度收入支出决算总表"],
        [f"部门：{UNIT}", None, None, None, None, "单位：万元"],
        ["收入", None, None, "支出"],
        ["项目", *heads, "项目", *heads],
        ["一、一般公共预算财政拨款收入", 9, 8, "一、一般公共服务支出", 7, 6],
        ["二、事业收入", 1, 2, "二、教育支出", 3, 4],
        ["本年收入合计", 10, 10, "本年支出合计", 10, 10],
        ["总计", 10, 10, "总计", 10, 10],
    ]
    reading = read(表1=rows)
    (table,) = reading.report.tables["收入支出决算总表"]
    assert table.fields["收入", "事业收入"] == 1
    assert table.fields["支出", "教育支出"] == 3
    assert {ref[0] for ref in unbound(reading)} == {"C", "F"}


def test_a_row_of_years_is_no_line_of_the_document() -> None:
    heads = ["合计", "因公出国（境）费", "公务接待费"]
    rows: Rows = [
        *ABOVE,
        ["2022年", None, None, "2023年"],
        ["决算数", None, None, "预算数"],
        [*heads, *heads],
        [9, 4, 5, 6, 2, 4],
    ]
    reading = read(表9=rows)
    (table,) = reading.report.tables[CARS]
    assert {path[0] for path in table.fields} == {"预算数"}
    assert {"A6", "B6", "C6"} <= {*unbound(reading)}


def test_years_say_nothing_where_no_sheet_tells_which_is_the_book_s() -> None:
    rows: Rows = [[CARS], *ABOVE[1:], ["项目", "2022年", "2023年"],
                  ["合计", 3, 3], ["因公出国（境）费", 2, 1], ["公务接待费", 1, 2],
                  ["公务用车运行费", 0, 0]]  # fmt: skip
    reading = read(表9=rows, 表2=[["收入决算表"], *INCOME[1:]])
    assert not reading.report.tables.get(CARS)


def foot(*lines: list[str | None]) -> Rows:
    return [["2023年度收入决算表"], *INCOME[2:], ["注：本表反映各项收入。"], *lines]


def test_name_and_unit_may_stand_under_a_table() -> None:
    reading = read(表2=foot([f"填报单位：{UNIT}", None, None, "金额单位：万元"]))
    assert (reading.report.unit_name, reading.report.unit) == (UNIT, "万元")


def test_what_stands_above_counts_before_what_stands_under() -> None:
    rows = foot(["编制单位：某区财政局"])
    rows.insert(1, [f"部门：{UNIT}", None, None, "单位：万元"])
    assert read(表2=rows).report.unit_name == UNIT


def test_lines_between_two_tables_are_those_of_the_lower_one() -> None:
    upper = [*foot(), ["部门：某区教育局", None, None, "金额单位：万元"]]
    lower: Rows = [["支出决算表"], ["科目编码", "科目名称", "本年支出合计"], ["205", "教育支出", 5]]
    reading = read(表=[*upper, *lower])
    assert reading.found_tables[0].heads.get("单位名称") is None


def test_the_last_day_of_the_year_tells_it() -> None:
    rows: Rows = [
        ["收入决算表"],
        [f"部门：{UNIT}", None, "2023年12月31日", "单位：万元"],
        *INCOME[2:],
    ]
    assert read(表2=rows).report.year == 2023


def test_no_other_day_does() -> None:
    rows: Rows = [
        ["收入决算表"],
        [f"部门：{UNIT}", None, "2024年3月5日", "单位：万元"],
        *INCOME[2:],
    ]
    assert read(表2=rows).report.year == 0


@pytest.mark.parametrize("title", ["青山县水务站收入决算表", "青山县水务站收入决算表（公开02表）"])
def test_a_title_begins_with_the_name_and_no_year(title: str) -> None:
    rows: Rows = [[title], [None, None, "2023年度", "单位：万元"], *INCOME[2:]]
    assert read(表2=rows).report.unit_name == "青山县水务站"


@pytest.mark.parametrize("before", ["本部门", "区级", "××单位", "附表2 "])
def test_what_else_stands_before_a_title_is_no_name(before: str) -> None:
    rows: Rows = [[f"{before}收入决算表"], [None, None, "2023年度", "单位：万元"], *INCOME[2:]]
    assert not read(表2=rows).report.unit_name


@pytest.mark.parametrize("gap", [" ", "\u3000"])
def test_spaces_between_the_levels_of_a_code_divide_it(gap: str) -> None:
    rows: Rows = [
        *INCOME[:2],
        ["科目编码", "科目名称", "本年收入合计", "财政拨款收入"],
        ["213", "农林水支出", 5, 5],
        [f"213{gap}03", "水利", 5, 5],
        [f"213{gap}03{gap}01", "行政运行", 5, 5],
    ]
    (table,) = read(表2=rows).report.tables["收入决算表"]
    assert [row[CODE] for row in table.lists["明细"]] == ["213", "21303", "2130301"]


@pytest.mark.parametrize(
    ("over", "total"), [("本年支出合计", "合计"), ("本年支出", "本年支出小计")]
)
def test_a_total_over_its_parts_is_called_that_of_the_year(over: str, total: str) -> None:
    rows: Rows = [
        ["2023年度一般公共预算财政拨款支出决算表"],
        [f"部门：{UNIT}", None, None, None, "单位：万元"],
        ["科目编码", "科目名称", over],
        [None, None, total, "基本支出", "项目支出"],
        ["合计", None, 5, 3, 2],
        ["213", "农林水支出", 5, 3, 2],
    ]
    (table,) = read(表5=rows).report.tables["一般公共预算财政拨款支出决算表"]
    (row,) = table.lists["明细"]
    assert (row["合计"], row["基本支出"], row["项目支出"]) == (5, 3, 2)


def income_of(source: str) -> Rows:
    """An income list whose fiscal income stands under a head, the other sources as usual."""
    others = ["上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"]
    return [
        *ABOVE[1:],
        ["科目编码", "科目名称", "本年收入合计", source, *others],
        ["合计", None, 9, 5, 0, 4],
        ["213", "农林水支出", 9, 5, 0, 4],
        ["21303", "水利", 9, 5, 0, 4],
        ["2130301", "行政运行", 9, 5, 0, 4],
    ]


def outcome(rule: str, **sheets: Rows) -> list[str]:
    return [f.outcome for f in validate(read(**sheets)).findings if f.rule == rule]


def test_a_sum_is_not_known_where_one_of_its_parts_may_stand_under_a_head_that_is_not() -> None:
    assert outcome("T02-01", 表2=[["2023年度收入决算表"], *income_of("本级拨付收入")]) == [
        "数据不足"
    ]


def test_it_is_known_where_nothing_else_stands_beside_its_parts() -> None:
    rows = [["2023年度收入决算表"], *(row[:3] + row[4:] for row in income_of("-")[1:])]
    rows[1:1] = [[f"部门：{UNIT}", None, None, "单位：万元"]]
    assert "不符" in outcome("T02-01", 表2=rows)


def test_fiscal_income_by_the_name_it_had_in_accounts() -> None:
    assert outcome("T02-01", 表2=[["2023年度收入决算表"], *income_of("财政补助收入")]) == []


@pytest.mark.parametrize("year", ["2021", 2021, "2021年"])
@pytest.mark.parametrize("edition", [True, False])
def test_a_year_alone_in_its_cell_is_no_figure_that_nobody_read(
    year: object, edition: bool
) -> None:
    if edition:
        workbook = openpyxl.load_workbook(ROOT / "samples" / "beiguan-2021.xlsx")
        sheet = workbook[workbook.sheetnames[0]]
        assert sheet["C3"].value == "2021年度"
        sheet["C3"] = year
        reading = examine(saved(workbook))
    else:
        reading = read(
            表2=[["收入决算表"], [f"部门：{UNIT}", None, year, "单位：万元"], *INCOME[2:]]
        )
    assert reading.report.year == 2021
    told = [f for f in validate(reading).findings if f.rule == "S-04"]
    assert not [f for f in told if "2021" in f.message or "2,021" in f.message]


def test_a_year_alone_above_the_heads_is_none_of_them() -> None:
    rows: Rows = [
        ["收入支出决算总表"],
        [f"部门：{UNIT}", None, "2023", None, "第一联", "单位：万元"],
        ["收入", None, "支出"],
        ["项目", "金额", "项目", "金额"],
        ["一、一般公共预算财政拨款收入", 9, "一、一般公共服务支出", 9],
        ["二、事业收入", 1, "二、教育支出", 1],
        ["本年收入合计", 10, "本年支出合计", 10],
        ["总计", 10, "总计", 10],
    ]
    (table,) = read(表1=rows).report.tables["收入支出决算总表"]
    assert table.fields["支出", "教育支出"] == 1


@pytest.mark.parametrize(
    "line",
    [
        [f"部门：{UNIT}", "2023年度", "2024年3月5日", "单位：万元"],
        [f"部门：{UNIT}", "2023年度", "2024年2月批复", "单位：万元"],
        [f"部门：{UNIT}", "2023年12月31日", "2024年3月5日", "单位：万元"],
    ],
)
def test_a_day_beside_the_year_of_a_document_makes_no_head(line: list[str]) -> None:
    reading = read(表2=[["收入决算表"], line, *INCOME[2:]])
    assert (reading.report.year, reading.report.unit_name, reading.report.unit) == (
        2023, UNIT, "万元",
    )  # fmt: skip
    (table,) = reading.report.tables["收入决算表"]
    assert table.fields["合计", "本年收入合计"] == Decimal("30.5")


@pytest.mark.parametrize(
    "years",
    ["　2023年度、2024年度", "（2023、2024年度）", " 2023年—2024年", " 2023年度 、 2024年度"],
)
def test_of_two_years_behind_a_name_neither_is_taken(years: str) -> None:
    rows = [list(row) for row in INCOME]
    rows[0] = ["收入决算表"]
    rows[1][0] = f"部门：{UNIT}{years}"
    reading = read(表2=rows)
    assert (reading.report.unit_name, reading.report.year) == (UNIT, 0)
    assert "S-05" in {f.rule for f in validate(reading).findings}

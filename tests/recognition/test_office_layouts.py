"""Kinds of layout that offices print and that were once read wrongly, in part or not at all."""

from __future__ import annotations

import json
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from tests.recognition.test_recognition import INCOME, Rows, book, read
from tests.support.editing import saved
from tests.support.filling import UNIT, fill_form
from tests.support.terminal import xltool
from xltool.core.model import CODE
from xltool.core.resources import TEMPLATES
from xltool.filling import fill
from xltool.mapping.headlines import filled_line, match_line
from xltool.reading import Reading, examine

HEADS: Rows = [["政府性基金预算财政拨款收入支出决算表"], [f"部门：{UNIT}", None, "金额单位：元"]]


def codes(reading: Reading, table: str) -> list[object]:
    return [row[CODE] for row in reading.report.tables[table][0].lists["明细"]]


def test_a_table_by_units_beside_the_one_by_codes_is_named_and_the_other_read() -> None:
    by_units: Rows = [
        ["2022年度收入决算表（分单位）"],
        [f"部门：{UNIT}", None, "单位：元"],
        ["单位名称", "本年收入合计", "财政拨款收入"],
        ["本级", 7, 7],
    ]
    by_codes = [["2022年度收入决算表（分科目）"], *INCOME[1:]]
    reading = read(表2=by_units, 表3=by_codes)
    assert codes(reading, "收入决算表") == ["213", "21303", "2130301"]
    assert [(u.sheet, u.table) for u in reading.report.unread] == [("表2", "收入决算表（分单位）")]


IN_ONE = "编制单位：{单位名称}      {年度}年度      金额单位：{金额单位}"


@pytest.mark.parametrize("label", ["金额单位", "单位", "计量单位", "货币单位"])
def test_name_year_and_money_unit_in_one_cell(label: str) -> None:
    rows = [["收入决算表"], [f"编制单位：{UNIT}　　　（2021年度）　　{label}：万元"], *INCOME[2:]]
    report = read(表2=rows).report
    assert (report.unit_name, report.year, report.unit) == (UNIT, 2021, "万元")


@pytest.mark.parametrize(
    "printed",
    [
        "编制单位：          2022年度     金额单位：万元",
        "编制单位：旧名称    2022年度     金额单位：万元",
        "编制单位：             年度     金额单位：万元",
    ],
)
def test_heads_in_one_cell_are_filled_and_stay_apart(printed: str) -> None:
    heads = {"单位名称": "某县第3中学", "年度": "2023"}
    filled = filled_line(IN_ONE, printed, heads)
    assert filled is not None and match_line(IN_ONE, filled) == {**heads, "金额单位": "万元"}
    assert "某县第3中学    " in filled and filled.endswith("     金额单位：万元")


@pytest.mark.parametrize(
    "text", ["公开02表\n（单位：元）", "公开2表  金额单位：元", "表2 单位：元"]
)
def test_the_money_unit_behind_the_number_of_a_table(text: str) -> None:
    rows = [["2022年度收入决算表"], [f"部门：{UNIT}", None, None, None, text], *INCOME[2:]]
    assert read(表2=rows).report.unit == "元"


def national(*edits: tuple[str, str | None]) -> bytes:
    """The first table of a shipped form, with other heads."""
    workbook = openpyxl.load_workbook(TEMPLATES / "2022-national" / "部门决算公开表.xlsx")
    sheet = workbook.worksheets[0]
    for area in [area for area in sheet.merged_cells.ranges if area.min_row == 3]:
        sheet.unmerge_cells(str(area))
    for ref, text in edits:
        sheet[ref] = Decimal(text) if text and text.isdecimal() else text
    return saved(workbook)


@pytest.mark.parametrize(
    "edits", [(("A3", f"部门名称：{UNIT}"),), (("A3", "部门："), ("B3", UNIT))], ids=["词", "格"]
)
def test_an_editions_form_with_the_units_name_in_other_words(
    edits: tuple[tuple[str, str], ...],
) -> None:
    assert examine(national(*edits)).report.unit_name == UNIT


def test_an_empty_list_whose_one_column_takes_code_and_name() -> None:
    rows: Rows = [
        *HEADS,
        ["项目", "年初结转和结余", "本年收入", "本年支出", None, None, "年末结转和结余"],
        [None, None, None, "小计", "基本支出", "项目支出", None],
        ["栏次", 1, 2, 3, 4, 5, 6],
        ["合计"],
        [],
        ["说明：本单位没有政府性基金收支，本表无数据。"],
    ]
    reading = read(表8=rows)
    assert reading.report.no_data == ["政府性基金预算财政拨款收入支出决算表"]
    assert not reading.report.unread


CARS: Rows = [
    ["2022年度财政拨款“三公”经费支出决算表"],
    [f"部门：{UNIT}", None, None, None, None, "金额单位：元"],
    ["预算数", None, None, "决算数"],
    ["合计", "因公出国（境）费", "公务接待费", "合计", "因公出国（境）费", "公务接待费"],
    [1, 2, 3, 4, 5, 6, None, 0],
    [5, None, 5, 3, None, 3],
]


def test_a_row_that_counts_columns_with_a_figure_of_nobody_behind_it() -> None:
    workbook = openpyxl.load_workbook(BytesIO(book(表9=CARS)))
    for area in ("A3:C3", "D3:F3"):
        workbook["表9"].merge_cells(area)
    reading = examine(saved(workbook))
    (table,) = reading.report.tables["财政拨款“三公”经费支出决算表"]
    assert table.fields["预算数", "合计"] == 5 and table.fields["决算数", "公务接待费"] == 3
    assert [(ref, value) for _, ref, value in reading.unmatched] == [("H5", Decimal(0))]


def test_of_tables_one_under_the_other_one_counts_its_columns_without_the_word() -> None:
    spent = [["2022年度支出决算表"], *INCOME[1:]]
    spent[2] = ["项目", None, None, "本年支出合计", "基本支出", "项目支出"]
    spent[5:] = [[1, 2, 3, 4, 5, 6], ["213", None, None, 5, 5], [None, "03", None, 5, 5]]
    reading = read(表2=[*[row[:6] for row in INCOME[:-1]], [], *spent])
    assert codes(reading, "支出决算表") == ["213", "21303"]
    assert [ref for _, ref, value in reading.unmatched if isinstance(value, Decimal)] == []


def test_a_list_with_a_statement_above_another_table(tmp_path: Path) -> None:
    """The statement goes when the list is filled: the blank rows below it then end the list no more."""
    funds: Rows = [
        *HEADS,
        ["科目编码", "科目名称", "年初结转和结余", "本年收入", "年末结转和结余"],
        ["合计"],
        *([[]] * 3),
        ["说明：本单位没有政府性基金收支，本表无数据。"],
        [],
        [],
        ["国有资本经营预算财政拨款支出决算表"],
        [f"部门：{UNIT}", None, "金额单位：元"],
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["合计"],
    ]
    rows = [{"科目编码": code, "本年收入": 5} for code in ("212", "21208", "2120899")]
    table = {"合计": {"本年收入": 5}, "明细": rows}
    answer = fill_form(tmp_path, book(表8=funds), {"政府性基金预算财政拨款收入支出决算表": table})
    assert (tmp_path / "出.xlsx").exists(), answer.err
    assert codes(examine(tmp_path / "出.xlsx"), "政府性基金预算财政拨款收入支出决算表") == [
        "212",
        "21208",
        "2120899",
    ]


def test_a_year_in_other_words_is_not_printed_a_second_time(tmp_path: Path) -> None:
    form = national(("A3", "部门："), ("C3", None), ("A2", "（二〇二二年度）"))
    (tmp_path / "空表.xlsx").write_bytes(form)
    reading = examine(national(("A3", f"部门：{UNIT}"), ("C3", "2023年度"), ("C11", "5")))
    fill(reading.report, reading.edition, tmp_path / "出.xlsx", template=tmp_path / "空表.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "出.xlsx").worksheets[0]
    assert (sheet["A2"].value, sheet["C3"].value) == ("（2023年度）", None)


def test_a_list_of_the_lowest_codes_alone_is_one_question(tmp_path: Path) -> None:
    rows = [["2022年度支出决算表"], [f"部门：{UNIT}", None, "单位：元"]]
    rows += [["科目编码", "科目名称", "本年支出合计"], ["2130301", "行政运行", 5]]
    rows += [["2130306", "水利工程运行与维护", 4], ["合计", None, 9]]
    (tmp_path / "簿.xlsx").write_bytes(book(表3=rows))
    answer = xltool("validate", "簿.xlsx", "--format", "json", folder=tmp_path)
    (found,) = [f for f in json.loads(answer.out)["findings"] if f["rule"] == "ALL-01"]
    assert found["confirm"] is True and "都是最低一级" in found["message"]


@pytest.mark.parametrize("middle", [["21303", "水利", 9], ["213", "农林水支出", 9]])
def test_a_level_that_a_list_has_no_row_of_is_one_question(
    middle: list[object], tmp_path: Path
) -> None:
    rows = [["2022年度支出决算表"], [f"部门：{UNIT}", None, "单位：元"]]
    rows += [["科目编码", "科目名称", "本年支出合计"], middle, ["2130301", "行政运行", 5]]
    rows += [["2130306", "水利工程运行与维护", 4], ["合计", None, 9]]
    (tmp_path / "簿.xlsx").write_bytes(book(表3=rows))
    answer = json.loads(xltool("validate", "簿.xlsx", "--format", "json", folder=tmp_path).out)
    (found,) = [f for f in answer["findings"] if f["rule"] == "ALL-01"]
    assert found["confirm"] is True and "个科目编码里没有" in found["message"]
    assert answer["verdict"] == "未完成审核"


def test_a_number_of_a_table_before_a_title_that_begins_with_one() -> None:
    """表五 一般公共…: the 一 is the title's."""
    rows: Rows = [
        ["表五 一般公共预算财政拨款支出决算表"],
        ["单位名称（公章）：某县水务站", None, "货币单位：元"],
        ["科目编码", "科目名称", "合计", "基本支出", None, None, "项目支出"],
        [None, None, None, "小计", "人员经费", "公用经费", None],
        ["合计", None, 9, 5, 3, 2, 4],
        ["213", "农林水支出", 9, 5, 3, 2, 4],
    ]
    reading = read(表5=rows)
    (table,) = reading.report.tables["一般公共预算财政拨款支出决算表"]
    assert table.fields == {
        ("合计", "合计"): 9,
        ("合计", "基本支出"): 5,
        ("合计", "项目支出"): 4,
    }
    assert reading.report.unit_name == "某县水务站"
    left = [ref for _, ref, value in reading.unmatched if isinstance(value, Decimal)]
    assert left == ["E5", "F5", "E6", "F6"]


def test_the_money_unit_behind_a_label_that_nobody_knows() -> None:
    rows = [["2022年度收入决算表"], ["主办处室：预算处　　　　金额单位：万元"], *INCOME[2:]]
    report = read(表2=rows).report
    assert (report.unit_name, report.unit) == ("", "万元")


def test_one_set_of_costs_in_a_table_of_what_was_spent() -> None:
    rows = [*CARS[:2], CARS[3][:3], [3, None, 3]]
    table = read(表9=rows).report.tables["财政拨款“三公”经费支出决算表"][0]
    assert table.fields == {("决算数", "合计"): 3, ("决算数", "公务接待费"): 3}
    of_two_years = [*CARS[:2], ["2021年", None, None, "2022年"], *CARS[3:]]
    reading = read(表9=of_two_years, 表2=INCOME)
    table = reading.report.tables["财政拨款“三公”经费支出决算表"][0]
    assert table.fields == {("决算数", "合计"): 3, ("决算数", "公务接待费"): 3}
    assert {ref for sheet, ref, _ in reading.unmatched if sheet == "表9"} == {"A6", "C6", "H5"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("某某县水务局2023年度部门决算", ""),
        ("青山县水务局2023年度部门决算", "青山县水务局"),
        ("2023年度青山县水务局单位决算公开表", "青山县水务局"),
        ("青山县2023年度部门决算公开表", ""),
        ("2023年度青山县本级部门决算公开表", ""),
    ],
)
def test_a_cover_that_names_the_unit_in_its_heading_alone(text: str, name: str) -> None:
    rows = [["收入决算表"], ["单位：元"], *INCOME[2:]]
    report = read(封面=[[text]], 表2=rows).report
    assert (report.unit_name, report.year) == (name, 2023)


@pytest.mark.parametrize(("before", "name"), [("水务局", "水务局"), ("区本级", ""), ("本部门", "")])
def test_a_short_name_before_the_year_of_a_title(before: str, name: str) -> None:
    rows = [[f"{before}2023年度收入决算表"], ["单位：元"], *INCOME[2:]]
    report = read(表2=rows).report
    assert (report.unit_name, report.year) == (name, 2023)


def test_heads_that_a_list_repeats_in_its_midst_are_no_row() -> None:
    workbook = openpyxl.load_workbook(BytesIO(national(("A3", f"部门：{UNIT}"))))
    sheet = workbook.worksheets[2]
    rows: Rows = [
        ["213", None, None, "农林水支出", 5],
        ["支出决算表"],
        [f"部门：{UNIT}"],
        ["科目编码", None, None, "科目名称", "本年支出合计", "基本支出"],
        ["21303", None, None, "水利", 5],
        ["2130301", None, None, "行政运行", 5],
    ]
    for n, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.cell(8 + n, column + 1, value)
    assert codes(examine(saved(workbook)), "支出决算表") == ["213", "21303", "2130301"]


def test_pieces_of_codes_that_are_numbers_have_lost_their_zero() -> None:
    rows = [*INCOME[:7], [213, None, None, 5, 5], [213, 3, None, 5, 5], [213, 3, 1, 5, 5]]
    assert codes(read(表2=rows), "收入决算表") == ["213", "21303", "2130301"]


def test_an_editions_form_with_the_year_in_its_heading_alone() -> None:
    reading = examine(
        national(("A3", f"部门：{UNIT}"), ("C3", None), ("A2", "2023年度部门决算报表"))
    )
    assert reading.report.year == 2023


@pytest.mark.parametrize("head", ["本年收入合计（1=2+3+…+7）", "本年收入合计（1=2+3）"])
def test_a_head_with_the_sum_that_it_is(head: str) -> None:
    rows = [list(row) for row in INCOME]
    rows[2][3] = head
    table = read(表2=rows).report.tables["收入决算表"][0]
    assert table.fields["合计", "本年收入合计"] == Decimal("30.5")


def test_a_form_with_several_sheets_for_projects(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "2022-national" / "项目支出绩效自评表.xlsx")
    first = workbook.worksheets[0]
    first.title = "自评1"
    workbook.copy_worksheet(first).title = "自评2"
    table = "项目支出绩效自评表"
    projects = [{"项目名称": f"项目{n}", "主管部门": UNIT} for n in "甲乙丙"]
    answer = fill_form(tmp_path, saved(workbook), {table: projects}, unit="万元")
    assert (tmp_path / "出.xlsx").exists(), answer.err
    tables = examine(tmp_path / "出.xlsx").report.tables[table]
    assert [each.fields[("项目名称",)] for each in tables] == ["项目甲", "项目乙", "项目丙"]

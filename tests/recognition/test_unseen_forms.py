"""Kinds of forms that were drawn, with their truth, before anyone looked whether they can be read."""

from __future__ import annotations

from decimal import Decimal

import openpyxl
import pytest

from tests.recognition.test_recognition import INCOME, Rows, read
from tests.support.editing import saved
from xltool.checks import validate
from xltool.core.resources import TEMPLATES
from xltool.reading import examine

COSTS = ["合计", "因公出国（境）费", "公务用车购置及运行费", "公务接待费"]
TRAVEL: Rows = [["部门：某县水务局", None, None, "单位：元"]]


@pytest.mark.parametrize(
    ("plan", "planned"), [("全年预算数", "2.5"), ("调整预算数", "2.5"), (None, "1.5")]
)
def test_of_two_budgets_the_one_as_it_was_adjusted_is_meant(plan: str | None, planned: int) -> None:
    heads = ["项目", "年初预算数", *([plan] if plan else []), "决算数"]
    figures = [1.5, *([2.5] if plan else []), 3.5]
    rows = [[cost, *figures] for cost in COSTS]
    sheet = [["2023年度财政拨款三公经费支出决算表"], *TRAVEL, heads, *rows]
    reading = read(表2=INCOME, 表9=sheet)
    table = reading.report.tables["财政拨款“三公”经费支出决算表"][0]
    assert {table.fields["预算数", cost] for cost in COSTS} == {Decimal(planned)}
    assert {table.fields["决算数", cost] for cost in COSTS} == {Decimal("3.5")}
    unread = {f.cells[0].ref for f in validate(reading).findings if f.rule == "S-04"}
    assert ("B4" in unread) is (plan is not None) and "D4" not in unread


def test_a_form_without_a_year_is_told_what_to_add() -> None:
    rows: Rows = [["项目", "预算数", "决算数"], *([cost, 1, 2] for cost in COSTS)]
    (unread,) = read(
        表2=[["收入决算表"], *INCOME[1:]], 表9=[["三公经费支出决算表"], *TRAVEL, *rows]
    ).report.unread
    assert "至2021年" in unread.reason and "2022年起" in unread.reason
    assert "没有印年度" in unread.reason and "写上年度" in unread.reason


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("支出功能科目编码", "支出功能科目名称"),
        ("支出分类科目代码", "支出分类科目名称"),
        ("政府收支分类科目编码", "政府收支分类科目名称"),
    ],
)
def test_heads_of_codes_and_names_are_made_of_parts(code: str, name: str) -> None:
    rows: Rows = [
        ["2022年度收入决算表"],
        ["部门：某县水务局", None, "单位：元"],
        [code, name, "本年收入合计"],
        ["213", "农林水支出", 5],
        ["21303", "水利", 5],
        ["2130301", "行政运行", 5],
    ]
    (table,) = read(表2=rows).report.tables["收入决算表"]
    names = ["农林水支出", "水利", "行政运行"]
    assert [row.get("科目名称") for row in table.lists["明细"]] == names


@pytest.mark.parametrize(
    ("total", "fiscal"), [("本年收入小计", "本年财政拨款收入"), ("小计", "财政拨款收入小计")]
)
def test_columns_of_income_that_call_their_sums_otherwise(total: str, fiscal: str) -> None:
    heads = ["科目编码", "科目名称", total, fiscal, "其他收入"]
    rows = [heads, ["213", "农林水支出", 5, 4, 1], ["21303", "水利", 5, 4, 1]]
    (table,) = read(表2=[*INCOME[:2], *rows]).report.tables["收入决算表"]
    first = table.lists["明细"][0]
    assert [first[name] for name in ("本年收入合计", "财政拨款收入", "其他收入")] == [5, 4, 1]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("注：我单位没有政府性基金收支，本表为空表。", True),
        ("本部门2022年度没有相关收支，本表以空表公开。", True),
        ("注：单位无此项内容的，不填。", False),
    ],
)
def test_an_editions_form_may_say_in_other_words_that_it_has_no_data(
    said: str, wanted: bool
) -> None:
    form = TEMPLATES / "2022-national" / "部门决算公开表.xlsx"
    workbook = openpyxl.load_workbook(form)
    sheet = next(s for s in workbook.worksheets if "政府性基金" in s.title)
    sheet.cell(sheet.max_row + 1, 1, said)
    told = [f for f in validate(saved(workbook)).findings if f.code == "statement-missing"]
    assert ("政府性基金预算财政拨款收入支出决算表" not in {f.table for f in told}) is wanted


def test_an_editions_form_with_a_line_more_and_the_name_beside_its_label() -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "2022-national" / "部门决算公开表.xlsx")
    sheet = workbook["公开02 收入决算表"]
    for merged in [str(area) for area in sheet.merged_cells.ranges]:
        sheet.unmerge_cells(merged)
    sheet.insert_rows(2)
    for row in workbook.worksheets:
        for cell in (c for line in row.iter_rows(max_row=4) for c in line):
            if "部门：" in str(cell.value):
                cell.value = None
    sheet["A4"], sheet["B4"] = "单位名称：", "青山县水务局"
    reading = examine(saved(workbook))
    assert not reading.recognised and reading.report.unit_name == "青山县水务局"


def test_an_editions_form_with_the_year_on_its_cover_alone() -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "2022-national" / "部门决算公开表.xlsx")
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows(max_row=4):
            for cell in row:
                if isinstance(cell.value, str) and "年度" in cell.value and len(cell.value) < 8:
                    cell.value = None
    workbook.create_sheet("封面", 0)["B3"] = "2023年度部门决算"
    reading = examine(saved(workbook))
    assert not reading.recognised and reading.report.year == 2023

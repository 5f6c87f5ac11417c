"""Kinds of forms that were drawn, with their truth, before anyone looked whether they can be read."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Border, Side

from tests.recognition.test_recognition import INCOME, Rows, book, read
from tests.support.editing import saved
from tests.support.filling import UNIT, fill_form
from tests.support.terminal import xltool
from xltool.checks import validate
from xltool.core.model import CODE
from xltool.core.resources import TEMPLATES
from xltool.editions import find_edition
from xltool.forms.init import make_edition
from xltool.ooxml import open_workbook
from xltool.reading import examine
from xltool.reading.forms import by_words

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


def test_figures_beside_those_that_are_read_count_no_columns() -> None:
    rows = [[cost, 1, 2, 3] for cost in COSTS]
    heads = ["项目", "年初预算数", "全年预算数", "决算数"]
    sheet = [["2023年度财政拨款三公经费支出决算表"], *TRAVEL, heads, *rows]
    (told,) = (
        f
        for f in validate(read(表2=INCOME, 表9=sheet)).findings
        if f.rule == "S-04" and f.sheet == "表9"
    )
    assert [cell.ref for cell in told.cells] == ["B4", "B5", "B6", "B7"]


def test_a_form_without_a_year_is_told_what_to_add() -> None:
    rows: Rows = [["项目", "预算数", "决算数"], *([cost, 1, 2] for cost in COSTS)]
    (unread,) = read(
        表2=[["收入决算表"], *INCOME[1:]], 表9=[["三公经费支出决算表"], *TRAVEL, *rows]
    ).report.unread
    assert "至2021年" in unread.reason and "2022年起" in unread.reason
    assert "没有印年度" in unread.reason and "写上年度" in unread.reason


@pytest.mark.parametrize(("figure", "rule"), [(None, "S-01"), (5, "S-04")])
def test_an_official_table_that_was_not_read_waits_for_a_word(
    figure: int | None, rule: str
) -> None:
    sheet: Rows = [["2022年度支出决算表"], *TRAVEL, ["甲", "乙"], ["丙", figure], ["本表无数据"]]
    validation = validate(read(表2=INCOME, 表3=sheet))
    (told,) = (f for f in validation.findings if f.sheet == "表3" and "没有读" in f.message)
    assert (told.rule, told.confirm, told.outcome) == (rule, True, "不符")


def test_a_table_of_a_kind_that_nobody_knows_waits_for_nothing_while_it_is_blank() -> None:
    sheet: Rows = [["2022年度车辆情况登记表"], ["甲", "乙"], ["丙", None]]
    validation = validate(read(表2=INCOME, 附表=sheet))
    assert not [f for f in validation.findings if f.sheet == "附表"]


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
        ("说明：本单位本年度无此类资金收支。", True),
        ("我单位没有政府性基金收入，也没有使用政府性基金安排的支出。", True),
        ("备注：此表空白。", True),
        ("注：单位无此项内容的，不填。", False),
        ("注：没有数据的单位也要公开此表。", False),
        ("无论有无支出，均须填报。", False),
        ("注：数据不为零的项目另附说明。", False),
        ("本部门无下属预算单位。", False),
        ("注：如无此类支出，请保留空白表格。", False),
        ("注：本表反映部门本年度政府性基金预算财政拨款收入、支出及结转和结余情况。", False),
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


@pytest.mark.parametrize("name", ["无锡市预算编审中心", "某县无业务经费监管站"])
def test_the_name_of_a_unit_does_not_say_that_a_table_has_no_data(name: str) -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "2022-national" / "部门决算公开表.xlsx")
    lines = [c for s in workbook.worksheets for c in s["A"] if str(c.value).startswith("部门：")]
    for cell in lines:
        cell.value = f"部门：{name}"
        title = cell.parent["A1"]
        title.value = f"{name}{title.value}"
    told = [f for f in validate(saved(workbook)).findings if f.code == "statement-missing"]
    assert lines and "政府性基金预算财政拨款收入支出决算表" in {f.table for f in told}


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


PERCENTS: Rows = [
    ["2023年度项目支出绩效自评表"],
    ["项目名称", "饮水工程", None, None, "实施单位", "青山县水务局"],
    ["项目资金（万元）", None, "年初预算数", "全年预算数", "全年执行数", "执行率（%）"],
    ["年度资金总额", None, 500, 480, 456, None],
    ["其中：财政拨款", None, 500, 480, 456, None],
    ["年度总体目标", "预期目标", None, "实际完成情况"],
    [None, "供水", None, "已供水"],
    ["绩效指标", "三级指标", "年度指标值", "实际完成值"],
    [None, "受益人口", "2万人", "2万人"],
    ["总分"],
]
CARD = "项目支出绩效自评表"


@pytest.mark.parametrize(
    ("printed", "rate"), [(95, "0.95"), ("95%", "0.95"), (100.5, "1.005"), (0.95, None)]
)
def test_a_ratio_under_a_head_that_says_percent(printed: object, rate: str | None) -> None:
    rows = [list(row) for row in PERCENTS]
    rows[3][5] = printed
    card = read(表2=INCOME, 自评=rows).report.tables[CARD][0]
    found = card.fields.get(("项目资金", "年度资金总额", "执行率"))
    assert found == (None if rate is None else Decimal(rate))


def test_a_ratio_is_filled_in_percent_where_the_head_says_so(tmp_path: Path) -> None:
    rows = [list(row) for row in PERCENTS]
    rows[1][1] = rows[1][5] = rows[6][1] = rows[6][3] = None
    for row in rows[3:5]:
        row[2:5] = [None] * 3
    rows[8] = [None] * 4
    money = {"年初预算数": 500, "全年预算数": 480, "全年执行数": 456, "执行率": 0.95}
    card = {"项目名称": "饮水工程", "实施单位": UNIT, "项目资金": {"年度资金总额": money}}
    answer = fill_form(tmp_path, book(自评=rows), {CARD: [card]}, year=2023, unit="万元")
    assert (tmp_path / "出.xlsx").exists(), answer.err
    assert openpyxl.load_workbook(tmp_path / "出.xlsx")["自评"]["F4"].value == 95
    found = examine(tmp_path / "出.xlsx").report.tables[CARD][0]
    assert found.fields["项目资金", "年度资金总额", "执行率"] == Decimal("0.95")


@pytest.mark.parametrize("numbered", [True, False])
def test_rows_that_a_blank_form_numbers_are_free(numbered: bool, tmp_path: Path) -> None:
    heads = ["序号", "科目编码", "科目名称", "本年收入合计", "财政拨款收入"]
    free = [[n if numbered else None] for n in (1, 2, 3)]
    rows: Rows = [["2022年度收入决算表"], ["部门：", None, "单位：元"], heads, ["合计"], *free]
    rows.append(["注：本表反映收入。"])
    details = [
        {CODE: code, "本年收入合计": 5, "财政拨款收入": 5} for code in ("2130301", "2130306")
    ]
    answer = fill_form(tmp_path, book(表2=rows), {"收入决算表": {"明细": details}})
    assert (tmp_path / "出.xlsx").exists(), answer.err
    (table,) = examine(tmp_path / "出.xlsx").report.tables["收入决算表"]
    assert [row[CODE] for row in table.lists["明细"]] == ["213", "21303", "2130301", "2130306"]


def test_a_merged_row_under_a_list_is_the_place_of_its_statement(tmp_path: Path) -> None:
    heads = ["科目编码", "科目名称", "年初结转和结余", "本年收入", "本年支出"]
    title = ["2022年度政府性基金预算财政拨款收入支出决算表"]
    form = openpyxl.Workbook()
    for row in (title, ["部门：", None, "单位：元"], heads, ["合计"]):
        form.active.append(row)
    for cells in form.active["A3:E8"]:
        for cell in cells:
            cell.border = Border(bottom=Side("thin"))
    form.active.merge_cells("A8:E8")
    form.active["A9"] = "注：本表反映政府性基金收支。"
    details = [{CODE: code, "本年收入": 5, "本年支出": 5} for code in ("2120801", "2120804")]
    table = {"政府性基金预算财政拨款收入支出决算表": {"明细": details}}
    answer = fill_form(tmp_path, saved(form), table)
    assert (tmp_path / "出.xlsx").exists(), answer.err
    sheet = openpyxl.load_workbook(tmp_path / "出.xlsx").active
    assert [sheet[f"A{row}"].value for row in range(5, 9)] == ["212", "21208", "2120801", "2120804"]
    assert "A9:E9" in {str(area) for area in sheet.merged_cells.ranges}


def test_samples_tell_an_own_edition_that_each_cell_has_its_level_alone(tmp_path: Path) -> None:
    samples = [["201"], [None, "03"], [None, None, "01"], [], []]
    heads = ["项目", None, None, None, "本年收入合计", "财政拨款收入"]
    parts: Rows = [["科目编码", None, None, "科目名称"], ["类", "款", "项"], ["合计"]]
    rows: Rows = [["2022年度收入决算表"], ["部门：", None, "单位：元"], heads, *parts, *samples]
    (tmp_path / "表样.xlsx").write_bytes(book(表2=rows))
    made = xltool("mapping", "init", "表样.xlsx", "-o", "本局", folder=tmp_path)
    assert made.code == 0, made.err
    details = [{CODE: "2130301", "本年收入合计": 5, "财政拨款收入": 5}]
    report = {
        "单位名称": UNIT,
        "年度": 2022,
        "金额单位": "元",
        "表": {"收入决算表": {"明细": details}},
    }
    (tmp_path / "报.json").write_text(json.dumps(report), encoding="utf-8")
    done = xltool("fill", "报.json", "-e", "本局", "-o", "报.xlsx", folder=tmp_path)
    assert done.code == 0, done.err
    sheet = openpyxl.load_workbook(tmp_path / "报.xlsx")["表2"]
    found = [[cell.value for cell in row] for row in sheet["A7:C9"]]
    assert found == [["213", None, None], [None, "03", None], [None, None, "01"]]


def test_a_form_that_prints_its_year_in_heads_alone_is_tried_for_that_year(tmp_path: Path) -> None:
    heads = ["项目", "2019年预算数", "2019年决算数"]
    rows: Rows = [["一般公共预算财政拨款三公经费支出决算表"], *TRAVEL, heads, *([c] for c in COSTS)]
    (tmp_path / "表样.xlsx").write_bytes(book(表9=rows))
    assert not make_edition(tmp_path / "表样.xlsx", "试").faults


def test_the_other_name_of_a_table_is_not_missing(tmp_path: Path) -> None:
    rows: Rows = [["项目", "预算数", "决算数"], *([cost, 1, 2] for cost in COSTS)]
    form = book(
        表9=[["2021年度一般公共预算财政拨款三公经费支出决算表"], *TRAVEL, *rows], 表2=INCOME
    )
    reading = by_words(open_workbook(form), find_edition("2023-hunan"))
    assert not [p for p in reading.problems if "三公" in str(p.table)]


def test_the_total_of_a_list_may_be_called_the_years() -> None:
    heads = ["科目编码", "科目名称", "本年收入合计", "财政拨款收入"]
    rows = [heads, ["本年合计", None, 5, 5], ["213", "农林水支出", 5, 5]]
    (table,) = read(表2=[*INCOME[:2], *rows]).report.tables["收入决算表"]
    assert table.fields["合计", "本年收入合计"] == 5
    assert [row[CODE] for row in table.lists["明细"]] == ["213"]


@pytest.mark.parametrize(
    ("plan", "spent", "car"),
    [
        ("本年预算", "本年决算", "车辆购置及运行费"),
        ("预算金额", "决算金额", "公务车购置及运行费"),
        ("预算数", "实际支出", "公务用车购置及运行费"),
    ],
)
def test_the_three_costs_in_words_of_offices(plan: str, spent: str, car: str) -> None:
    costs = ["合计", "因公出国费", car, "公务招待费"]
    rows: Rows = [["项目", plan, spent], *([cost, 1.5, 3.5] for cost in costs)]
    sheet = [["2023年度财政拨款三公经费支出决算表"], *TRAVEL, *rows]
    (table,) = read(表2=INCOME, 表9=sheet).report.tables["财政拨款“三公”经费支出决算表"]
    assert {table.fields["预算数", cost] for cost in COSTS} == {Decimal("1.5")}
    assert {table.fields["决算数", cost] for cost in COSTS} == {Decimal("3.5")}

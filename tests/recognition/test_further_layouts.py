"""More kinds of layout that provinces print: codes, heads and totals that stand in other ways."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.recognition.test_recognition import INCOME, Rows, blank_income, book, read
from tests.support.editing import saved
from tests.support.filling import UNIT, fill_form
from xltool.checks import validate
from xltool.core.model import CODE
from xltool.core.problems import InputError
from xltool.documents.document import to_report
from xltool.editions import find_edition
from xltool.mapping.blocks import Form, ListBlock
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.mapping.recognition.workbook import recognise
from xltool.ooxml import open_workbook
from xltool.reading import examine

BASIC = "一般公共预算财政拨款基本支出决算表"
CARS = "财政拨款“三公”经费支出决算表"


def test_a_total_that_takes_in_meetings_and_training_is_not_that_of_the_three_costs() -> None:
    rows: Rows = [
        ["2023年度财政拨款“三公”经费支出决算表"],
        [f"部门：{UNIT}", None, None, "单位：万元"],
        ["决算数"],
        ["合计", "因公出国（境）费", "公务接待费", "会议费"],
        [9, 1, 2, 6],
    ]
    reading = read(表9=rows)
    (table,) = reading.report.tables[CARS]
    assert table.fields == {("决算数", "因公出国（境）费"): 1, ("决算数", "公务接待费"): 2}
    assert [ref for _, ref, value in reading.unmatched if isinstance(value, Decimal)] == [
        "A5",
        "D5",
    ]


def test_so_it_is_where_the_costs_are_rows() -> None:
    rows: Rows = [
        ["2023年度财政拨款“三公”经费支出决算表"],
        [f"部门：{UNIT}", None, "单位：万元"],
        ["项目", "预算数", "决算数"],
        ["合计", 10, 9],
        ["1.因公出国（境）费", 2, 1],
        ["2.公务接待费", 2, 2],
        ["3.培训费", 6, 6],
    ]
    (table,) = read(表9=rows).report.tables[CARS]
    assert ("决算数", "合计") not in table.fields
    assert table.fields["决算数", "公务接待费"] == 2


@pytest.mark.parametrize("sign", ["-", "－", "·", "/", ".", "．"])
def test_codes_with_signs_between_their_levels(sign: str) -> None:
    rows: Rows = [
        *INCOME[:2],
        ["科目编码", "科目名称", "本年收入合计", "财政拨款收入"],
        ["合计", None, 5, 5],
        ["213", "农林水支出", 5, 5],
        [f"213{sign}03", "水利", 5, 5],
        [f"213{sign}03{sign}01", "行政运行", 5, 5],
    ]
    (table,) = read(表2=rows).report.tables["收入决算表"]
    assert [row[CODE] for row in table.lists["明细"]] == ["213", "21303", "2130301"]


@pytest.mark.parametrize(("above", "style"), [("301", "全写"), (None, "只写本级")])
def test_economic_codes_in_two_columns(above: str | None, style: str) -> None:
    rows: Rows = [
        [f"2023年度{BASIC}"],
        [f"部门：{UNIT}", None, None, None, None, "单位：万元"],
        ["支出经济分类科目", None, None, "合计", "人员经费", "公用经费"],
        ["科目编码", None, "科目名称"],
        ["类", "款"],
        ["合计", None, None, 12, 7, 5],
        ["301", None, "工资福利支出", 7, 7],
        [above, "01", "基本工资", 4, 4],
        [above, "02", "津贴补贴", 3, 3],
        ["302", None, "商品和服务支出", 5, None, 5],
        ["302" if above else None, "01", "办公费", 5, None, 5],
    ]
    (table,) = read(表6=rows).report.tables[BASIC]
    found = {row[CODE]: row["金额"] for row in table.lists["明细"]}
    assert found == {"301": 7, "30101": 4, "30102": 3, "302": 5, "30201": 5}, style
    assert table.fields == {("合计", "人员经费合计"): 7, ("合计", "公用经费合计"): 5}


def test_totals_above_the_codes_of_a_fixed_list() -> None:
    rows: Rows = [
        [f"2023年度{BASIC}"],
        [f"部门：{UNIT}", None, None, None, None, "单位：万元"],
        ["科目编码", "科目名称", "金额", "科目编码", "科目名称", "金额"],
        ["人员经费合计", None, 7, "公用经费合计", None, 5],
        ["301", "工资福利支出", 7, "302", "商品和服务支出", 5],
        ["30101", "基本工资", 7, "30201", "办公费", 5],
    ]
    (table,) = read(表6=rows).report.tables[BASIC]
    assert [row[CODE] for row in table.lists["明细"]] == ["301", "30101", "302", "30201"]
    assert table.fields == {("合计", "人员经费合计"): 7, ("合计", "公用经费合计"): 5}


@pytest.mark.parametrize(
    "line",
    [
        [f"部门：{UNIT}　　　2021年度　　　公开02表　　　金额单位：元"],
        [f"部门：{UNIT}　　公开02表　　单位：元"],
        ["单位名称", UNIT, None, "金额单位：", "元"],
        [f"部门编码及名称：303001-{UNIT}", None, "单位：元"],
        [f"预算单位：[303001]{UNIT}", None, "单位：元"],
    ],
)
def test_the_units_name_among_other_heads(line: list[object]) -> None:
    report = read(表2=[["2021年度收入决算表"], line, *INCOME[2:]]).report
    assert (report.unit_name, report.year, report.unit) == (UNIT, 2021, "元")


def test_figures_at_the_beginning_of_a_units_name_are_its_own() -> None:
    rows = [["2021年度收入决算表"], ["单位名称：12345政务服务热线中心", "单位：元"], *INCOME[2:]]
    assert read(表2=rows).report.unit_name == "12345政务服务热线中心"


def test_figures_of_a_column_that_is_not_known_are_told_with_its_head() -> None:
    rows = [list(row) for row in INCOME]
    rows[2][4] = "上年决算数"
    told = [f for f in validate(book(表2=rows)).findings if f.rule == "S-04"]
    assert [f.message.partition("栏的")[0] for f in told] == ["“上年决算数”、“备注”"]


def test_a_figure_that_another_column_repeats_is_not_said_to_be_unread() -> None:
    rows: Rows = [
        [f"2023年度{BASIC}"],
        [f"部门：{UNIT}", None, None, None, "单位：万元"],
        ["科目编码", "科目名称", "合计", "人员经费", "公用经费"],
        ["合计", None, 12, 7, 5],
        ["301", "工资福利支出", 7, 7],
        ["302", "商品和服务支出", 5, None, 5],
    ]
    assert not any(isinstance(value, Decimal) for _, _, value in read(表6=rows).unmatched)


def test_a_name_that_is_a_field_of_its_table_is_no_line_above_one() -> None:
    form = find_edition("2023-national").workbooks[0].template
    tables = {t.mapping.table: t.mapping for t in recognise(open_workbook(form)).tables}
    card = tables["部门整体绩效自评表"]
    (field,) = (
        cell
        for block in card.blocks
        if isinstance(block, Form)
        for cell in block.cells
        if cell.path == ("部门名称",)
    )
    assert field.range.anchor not in {line.range.anchor for line in card.lines}


BLANK_LISTS: dict[str, Rows] = {
    "人员公用两栏": [
        ["科目编码", "科目名称", "合计", "人员经费", "公用经费"],
        ["合计"],
        *([[]] * 3),
        ["注：本表反映基本支出情况。"],
    ],
    "没有合计栏": [
        ["科目编码", "科目名称", "人员经费", "公用经费"],
        [],
        [],
        ["合计"],
        ["注：本表反映基本支出情况。"],
    ],
    "类款两格": [
        ["经济分类科目", None, None, "本年支出"],
        ["科目编码", None, "科目名称", "合计", "人员经费", "公用经费"],
        ["类", "款"],
        *([[]] * 9),
        ["合计"],
    ],
    "编码名称同格": [
        ["经济分类科目", "合计", "人员经费", "公用经费"],
        ["合计"],
        [],
        ["注：本表反映基本支出情况。"],
    ],
    "只有一栏": [["科目编码", "科目名称", "决算数"], ["合计"], [], ["注：本表反映基本支出情况。"]],
}


@pytest.mark.parametrize("layout", BLANK_LISTS)
@pytest.mark.parametrize("printed", [False, True])
def test_a_blank_list_of_economic_codes_is_filled(
    layout: str, printed: bool, tmp_path: Path
) -> None:
    """Every figure stands in each column that has it, the total row too, codes printed or not."""
    rows = [[f"2023年度{BASIC}"], ["部门：", None, "单位：万元"], *BLANK_LISTS[layout]]
    details = [{CODE: c, "金额": n} for c, n in (("30101", 4), ("30102", 3.5), ("30201", 5))]
    totals = {} if layout == "只有一栏" else {"人员经费合计": 7.5, "公用经费合计": 5}
    table = {"明细": details, "合计": totals}
    out = "出.xlsx"
    answer = fill_form(tmp_path, book(表6=rows), {BASIC: table}, year=2023, unit="万元")
    assert (tmp_path / out).exists(), answer.err
    if printed:  # the same form with its codes, figures taken out, is filled once more
        form = openpyxl.load_workbook(tmp_path / out)
        for row in form.worksheets[0].iter_rows(min_row=3):
            for cell in row:
                if isinstance(cell.value, (int, float)) or str(cell.value or "").startswith("="):
                    cell.value = None
        table["明细"] += [{CODE: "301", "金额": 7.5}, {CODE: "302", "金额": 5}]
        out = "再出.xlsx"
        answer = fill_form(tmp_path, saved(form), {BASIC: table}, year=2023, unit="万元", out=out)
        assert (tmp_path / out).exists(), answer.err
    reading = examine(tmp_path / out)
    (found,) = reading.report.tables[BASIC]
    assert {row[CODE]: row["金额"] for row in found.lists["明细"]} == {
        "301": Decimal("7.5"), "30101": 4, "30102": Decimal("3.5"), "302": 5, "30201": 5
    }  # fmt: skip
    assert found.fields == {("合计", name): Decimal(str(v)) for name, v in totals.items()}
    figures = [v for _, v in reading.workbook.sheets[0].items() if isinstance(v, Decimal)]
    assert (Decimal("12.5") in figures) is (layout != "没有合计栏")
    assert not any(isinstance(value, Decimal) for _, _, value in reading.unmatched)


@pytest.mark.parametrize("title", ["收入决算情况表", "2022年度收入决算一览表（公开02表）"])
def test_a_title_that_calls_its_table_a_survey(title: str) -> None:
    assert list(read(表2=[[title], *INCOME[1:]]).report.tables) == ["收入决算表"]


def test_labels_of_rows_with_the_codes_of_their_classes() -> None:
    rows: Rows = [
        ["收支决算总体情况表"],
        [f"部门：{UNIT}", "2023 年 度", None, "单位：元"],
        ["收入", None, "支出"],
        ["项目", "决算数", "项目", "决算数"],
        ["一、一般公共预算财政拨款收入", 9, "201 一般公共服务支出", 4],
        ["二、政府性基金预算财政拨款收入", None, "208 社会保障和就业支出", 3],
        ["三、其他收入", None, "210 卫生健康支出", 2],
        ["本年收入合计", 9, "本年支出合计", 9],
        ["总计", 9, "总计", 9],
    ]
    report = read(表1=rows).report
    assert report.year == 2023
    fields = report.tables["收入支出决算总表"][0].fields
    assert fields["支出", "卫生健康支出"] == 2 and fields["收入", "总计"] == 9


def test_heads_of_sheets_that_are_not_read_are_filled_and_their_tables_kept(tmp_path: Path) -> None:
    """A table by units begins with 单位名称: what stands beside that is a head of a column."""
    blank = blank_income(["合计"], [])
    line = "编制单位：　　　　2022年度　　　　金额单位：元"
    by_units: Rows = [["收入决算表（分单位）"], [line], ["单位名称", "本年收入合计"], ["本级"]]
    rows = [{CODE: "2130301", "本年收入合计": 5, "财政拨款收入": 5}]
    form = book(表2=blank, 表3=by_units)
    answer = fill_form(tmp_path, form, {"收入决算表": {"明细": rows}})
    assert (tmp_path / "出.xlsx").exists(), answer.err
    sheet = openpyxl.load_workbook(tmp_path / "出.xlsx")["表3"]
    assert (sheet["A3"].value, sheet["B3"].value) == ("单位名称", "本年收入合计")
    assert str(sheet["A2"].value).startswith(f"编制单位：{UNIT}")
    assert str(sheet["A2"].value).endswith("2022年度　　　　金额单位：元")


def test_blank_rows_above_the_total_of_a_card_are_its_lists() -> None:
    rows: Rows = [
        ["项目支出绩效自评表（2024年度）"],
        ["项目名称", None, None, "实施单位"],
        ["项目资金（万元）", None, "全年预算数", "全年执行数", "执行率"],
        [None, "年度资金总额"],
        [None, "其他资金"],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
        [],
        [],
        [],
        ["总分"],
    ]
    (table,) = recognise(open_workbook(book(自评=rows))).tables
    (block,) = (b for b in table.mapping.blocks if isinstance(b, ListBlock))
    assert (block.first, block.rows, block.until) == (7, 3, ("总分",))


@pytest.mark.parametrize(
    ("between", "name"),
    [("青山县水务局", "青山县水务局"), ("青山县", ""), ("部门", ""), ("本级", "")],
)
def test_a_units_name_between_the_year_and_the_title(between: str, name: str) -> None:
    rows = [[f"2023年度{between}收入决算表"], [None, None, None, "单位：元"], *INCOME[2:]]
    report = read(表2=rows).report
    assert (report.unit_name, report.year) == (name, 2023)


@pytest.mark.parametrize("last", [("收入合计", "支出合计"), ("总计", "总计")])
@pytest.mark.parametrize("first", ["合计", "总计"])
def test_a_second_total_behind_what_was_carried_over_is_the_last_one(
    first: str, last: tuple[str, str]
) -> None:
    rows: Rows = [
        ["2022年度收入支出决算总表"],
        [f"部门：{UNIT}", None, None, "单位：元"],
        ["收入", None, "支出"],
        ["项目", "决算数", "项目", "决算数"],
        ["一、一般公共预算财政拨款收入", 9, "一、一般公共服务支出", 4],
        ["二、其他收入", None, "二、教育支出", 3],
        [f"本年收入{first}", 9, f"本年支出{first}", 7],
        ["上年结转", 1, "结转下年", 3],
        [last[0], 10, last[1], 10],
    ]
    fields = read(表1=rows).report.tables["收入支出决算总表"][0].fields
    assert (fields["收入", "本年收入合计"], fields["收入", "总计"]) == (9, 10)
    assert (fields["支出", "本年支出合计"], fields["支出", "总计"]) == (7, 10)


def test_one_total_that_may_be_either_is_read_as_none() -> None:
    rows: Rows = [
        ["2022年度收入支出决算总表"],
        [f"部门：{UNIT}", None, None, "单位：元"],
        ["收入", None, "支出"],
        ["项目", "决算数", "项目", "决算数"],
        ["一、一般公共预算财政拨款收入", 9, "一、一般公共服务支出", 6],
        ["二、事业收入", 1, "二、教育支出", 3],
        ["三、其他收入", None, "三、农林水支出", 1],
        ["收入合计", 10, "支出合计", 10],
    ]
    reading = read(表1=rows)
    fields = reading.report.tables["收入支出决算总表"][0].fields
    totals = {
        ("收入", "本年收入合计"),
        ("收入", "总计"),
        ("支出", "本年支出合计"),
        ("支出", "总计"),
    }
    assert not totals & set(fields)
    assert {"B8", "D8"} <= {ref for _, ref, _ in reading.unmatched}


def test_a_document_may_call_a_row_as_forms_of_other_years_print_it() -> None:
    specs = {words.table: words.spec for words in vocabulary().tables}
    raw = {"单位名称": UNIT, "年度": 2019, "金额单位": "元"}
    table = "收入支出决算总表"
    older = {"表": {table: {"支出": {"资源勘探信息等支出": 5, "医疗卫生与计划生育支出": 2}}}}
    fields = to_report({**raw, **older}, specs, "试").tables[table][0].fields
    assert fields == {("支出", "资源勘探工业信息等支出"): 5, ("支出", "卫生健康支出"): 2}
    for unsaid in ("合计", "财政拨款收入"):
        with pytest.raises(InputError, match="本表没有这一项"):
            to_report({**raw, "表": {table: {"收入": {unsaid: 5}}}}, specs, "试")

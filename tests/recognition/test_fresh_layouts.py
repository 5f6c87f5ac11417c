"""Layouts of forms that nobody had seen: heads that are not merged, titles and lines with more in them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.recognition.test_printed_twice import FIRST, HEAD, INCOME, SECOND
from tests.recognition.test_recognition import Rows, book, read
from tests.support.editing import saved
from tests.support.filling import UNIT, fill_form
from xltool.checks import validate
from xltool.core.model import CODE, NAME
from xltool.editions import find_edition
from xltool.reading import examine
from xltool.reading.model import Reading


def codes(reading: Reading, table: str = INCOME) -> list[object]:
    return [row[CODE] for row in reading.report.tables[table][0].lists["明细"]]


def figures(reading: Reading) -> list[Decimal]:
    return [value for _, _, value in reading.unmatched if isinstance(value, Decimal)]


PIECES: Rows = [
    ["收入决算表"],
    [f"部门：{UNIT}", None, None, "2023年度", None, "单位：万元"],
    ["项目", None, None, None, "本年收入合计", "财政拨款收入"],
    ["功能分类科目编码", None, None, "科目名称"],
]


@pytest.mark.parametrize("numbers", [["类", "款", "项", "栏次", 1, 2], None])
@pytest.mark.parametrize(
    "rows",
    [
        [["205", None, None], ["205", "02", None], ["205", "02", "01"]],
        [["205", None, None], [None, "02", None], [None, None, "01"]],
        [[205, None, None], [205, 2, None], [205, 2, 1]],
    ],
)
def test_codes_in_three_columns_under_a_head_that_is_not_merged(
    numbers: list[object] | None, rows: Rows
) -> None:
    names = ["教育支出", "普通教育", "学前教育"]
    body = [[*code, name, 5, 5] for code, name in zip(rows, names, strict=True)]
    counted = [numbers] if numbers else []
    reading = read(表2=[*PIECES, *counted, [None, None, None, "合计", 5, 5], *body])
    (table,) = reading.report.tables[INCOME]
    assert codes(reading) == ["205", "20502", "2050201"]
    assert [row[NAME] for row in table.lists["明细"]] == names
    assert not figures(reading)


def test_a_figure_between_code_and_name_makes_no_code() -> None:
    rows = [list(row) for row in PIECES[:3]]
    body: Rows = [
        ["科目编码", None, "科目名称", None, None, None],
        ["205", 12.5, "教育支出", None, 5, 5],
    ]
    reading = read(表2=[*rows, *body])
    assert Decimal("12.5") in figures(reading)


@pytest.mark.parametrize("title", ["收入决算表（公开）", "附表2：收入决算表（公开表）"])
def test_a_title_says_that_its_table_is_published(title: str) -> None:
    assert codes(read(表2=[[title], [f"部门：{UNIT}", "2023年度", None, "单位：万元"], *FIRST[2:]]))


@pytest.mark.parametrize(
    "title", ["收入决算表（公开02表）", "附表2：2023年度收入决算表（公开）", "表2 收入决算表"]
)
def test_the_rest_of_a_table_bears_its_title_and_not_what_stands_beside_it(title: str) -> None:
    first: Rows = [[title], [f"部门：{UNIT}（2023年度）", None, None, "单位：万元"], *FIRST[2:]]
    reading = read(表2=[*first, ["收入决算表（续）"], *HEAD, *SECOND])
    assert codes(reading) == ["205", "20502", "2050202", "213", "21303", "2130301"]
    assert not reading.report.unread


@pytest.mark.parametrize("year", ["（2023年度）", "(2023年)", "2023年度"])
def test_the_year_right_behind_the_units_name_is_none_of_it(year: str) -> None:
    rows: Rows = [["收入决算表"], [f"编制单位：{UNIT}{year}", None, None, "单位：万元"], *FIRST[2:]]
    report = read(表2=rows).report
    assert (report.unit_name, report.year) == (UNIT, 2023)


@pytest.mark.parametrize("first", ["万元", "元"])
def test_each_of_the_tables_of_a_sheet_has_its_own_money_unit(first: str) -> None:
    other = "元" if first == "万元" else "万元"
    rows: Rows = [
        ["收入决算表"],
        [f"单位：{UNIT}", "2023年度", None, f"单位：人民币{first}"],
        *FIRST[2:],
        [],
        ["财政拨款“三公”经费支出决算表"],
        [f"单位：{UNIT}", "2023年度", None, f"单位：人民币{other}"],
        ["项目", "预算数", "决算数"],
        ["合计", 4, 3],
        ["1.因公出国（境）费用", 1, 1],
        ["2.公务用车购置及运行维护费", 2, 1],
        ["（1）公务用车购置费"],
        ["（2）公务用车运行维护费", 2, 1],
        ["3.公务接待费", 1, 1],
    ]
    reading = read(表2=rows)
    assert not reading.problems
    spent = reading.report.tables["财政拨款“三公”经费支出决算表"][0].fields["决算数", "合计"]
    income = reading.report.tables[INCOME][0].fields["合计", "财政拨款收入"]
    scale = {"元": 1, "万元": 10000}
    assert spent * scale[reading.report.unit] == 3 * scale[other]
    assert income * scale[reading.report.unit] == 9 * scale[first]


@pytest.mark.parametrize("gap", ["        ", "　　"])
@pytest.mark.parametrize("unit", ["（单位：元）", "(金额单位:元)", "单位：元"])
@pytest.mark.parametrize("label", ["单位：", "编制单位："])
def test_a_money_unit_in_brackets_behind_name_and_year(label: str, unit: str, gap: str) -> None:
    for year in ("2023年度", ""):
        line = gap.join(filter(None, [f"{label}{UNIT}", year, unit]))
        title = "收入决算表" if year else "2023年度收入决算表"
        report = read(表2=[[title], [line], *FIRST[2:]]).report
        assert (report.unit_name, report.year, report.unit) == (UNIT, 2023, "元")


def test_a_head_that_is_not_merged_ends_where_the_next_group_begins() -> None:
    pairs = ["预算数", "决算数"] * 3
    rows: Rows = [
        ["财政拨款“三公”经费支出决算表"],
        [f"部门：{UNIT}", "2023年度", None, "单位：万元"],
        ["合计", None, "因公出国（境）费", None, "公务用车购置及运行费", *[None] * 5, "公务接待费"],
        [*[None] * 4, "小计", None, "购置费", None, "运行费"],
        [*pairs, *pairs],
        [8, 7, 3, 2, 4, 4, 1, 1, 3, 3, 1, 1],
    ]
    reading = read(表9=rows)
    fields = reading.report.tables["财政拨款“三公”经费支出决算表"][0].fields
    assert fields["决算数", "公务接待费"] == 1 and fields["决算数", "公务用车运行费"] == 3
    assert not figures(reading)


CODES = ["205", "20502", "2050202", "213", "21303", "2130301"]
NAMES = ["教育支出", "普通教育", "小学教育", "农林水支出", "水利", "行政运行"]


@pytest.mark.parametrize("cut", [2, 3, 5])
@pytest.mark.parametrize("style", ["每格重写", "只写本级", "整码三格", "编码名称同格", "201.03.01"])
def test_the_rest_of_a_list_however_its_codes_stand(style: str, cut: int) -> None:
    def cells(code: str, name: str) -> list[object]:
        pieces = [code[:3], code[3:5] or None, code[5:] or None]
        if style == "每格重写":
            return [*pieces, name]
        if style == "只写本级":
            last = max(n for n, piece in enumerate(pieces) if piece)
            return [piece if n == last else None for n, piece in enumerate(pieces)] + [name]
        if style == "整码三格":
            return [code, None, None, name]
        return (
            [f"{code} {name}"]
            if style == "编码名称同格"
            else [".".join(filter(None, pieces)), name]
        )

    wide = len(cells("205", "")) - 1
    head: Rows = [
        [["科目编码及名称"], ["科目编码", "科目名称"], [], ["科目编码", None, None, "科目名称"]][
            wide
        ]
        + ["本年收入合计", "财政拨款收入"],
        ["栏次", *[None] * wide, 1, 2],
    ]
    body: Rows = [[*cells(code, name), 5, 5] for code, name in zip(CODES, NAMES, strict=True)]
    top: Rows = [
        ["收入决算表"],
        [f"部门：{UNIT}　2023年度　单位：万元"],
        *head,
        ["合计", *[None] * wide, 10, 10],
    ]
    reading = read(表2=[*top, *body[:cut], ["收入决算表（续）"], *head, *body[cut:]])
    assert codes(reading) == CODES
    assert not figures(reading) and not reading.report.unread


SPENT = {
    "合计": {"本年收入合计": 10, "财政拨款收入": 10},
    "明细": [
        {"科目编码": code, "科目名称": name, "本年收入合计": 5, "财政拨款收入": 5}
        for code, name in zip(CODES, NAMES, strict=True)
    ],
}


def filled(folder: Path, rows: Rows) -> Rows:
    """What a blank form prints once it is filled, row by row without blank ones."""
    answer = fill_form(folder, book(表2=rows), {INCOME: SPENT}, year=2023, unit="万元")
    assert (folder / "出.xlsx").exists(), answer.err
    sheet = openpyxl.load_workbook(folder / "出.xlsx").worksheets[0]
    cells = ([cell.value for cell in row] for row in sheet.iter_rows())
    return [row for row in cells if any(value is not None for value in row)]


def test_the_blank_row_of_a_head_that_is_not_merged_takes_no_code(tmp_path: Path) -> None:
    numbers = ["类", "款", "项", "栏次", 1, 2]
    blank: Rows = [
        *PIECES,
        [],
        numbers,
        [None, None, None, "合计"],
        *([[]] * 3),
        ["注：本表反映收入。"],
    ]
    rows = filled(tmp_path, blank)
    assert [row[:4] for row in rows[4:7]] == [
        numbers[:4],
        [None, None, None, "合计"],
        ["205", *rows[6][1:4]],
    ]


@pytest.mark.parametrize("above", [3, 8])
def test_the_total_stays_below_its_list(above: int, tmp_path: Path) -> None:
    blank: Rows = [
        *FIRST[:2],
        *HEAD,
        *([[]] * above),
        ["合计"],
        [],
        [],
        ["支出决算表"],
        [f"部门：{UNIT}", None, None, "单位：万元"],
        ["科目编码", "科目名称", "本年支出合计", "基本支出"],
    ]
    first = [row[0] for row in filled(tmp_path, blank)]
    assert first[4:11] == [*CODES, "合计"]


def test_a_form_without_a_place_for_the_units_name_says_so(tmp_path: Path) -> None:
    nameless: Rows = [
        ["2023年度收入决算表"],
        [None, None, None, "单位：万元"],
        *HEAD,
        ["合计"],
        *([[]] * 7),
    ]
    for rows, said in (
        (nameless, True),
        ([FIRST[0], ["部门：", None, None, "单位：万元"], *nameless[2:]], False),
    ):
        answer = fill_form(
            tmp_path, book(表2=rows), {INCOME: SPENT}, year=2023, unit="万元", out=f"{said}.xlsx"
        )
        assert (tmp_path / f"{said}.xlsx").exists(), answer.err
        assert (f"没有印单位名称的地方，“{UNIT}”没有写进去" in answer.err + answer.out) == said


@pytest.mark.parametrize(
    "lines",
    [
        [["附表1：青阳县水务站2023年度收入决算表"]],
        [["附表2-1 青阳县水务站2023年度收入决算表"]],
        [["收入决算表"], ["附表1：青阳县水务站", "2023年度"]],
    ],
)
def test_the_number_of_a_table_before_the_units_name(lines: Rows) -> None:
    report = read(表2=[*lines, [None, None, None, "单位：万元"], *FIRST[2:]]).report
    assert (report.unit_name, report.year) == ("青阳县水务站", 2023)


@pytest.mark.parametrize(
    ("unit", "total", "outcome"),
    [
        ("元", 61101.37, "不符"),
        ("元", 61000, "通过"),
        ("万元", 6.11, "通过"),
        ("万元", 6.2, "不符"),
    ],
)
def test_what_rounding_explains_follows_the_unit_that_a_table_is_printed_in(
    unit: str, total: float, outcome: str
) -> None:
    """Among tables in the other unit: in 元 nothing is rounded, in 万元 0.01 more than the sum may be."""
    parts = [10000, 50000, 0, 50000, 1000] if unit == "元" else [1, 5, 0, 5, 0.1]
    other = "万元" if unit == "元" else "元"
    heads: Rows = [[f"部门：{UNIT}", "2023年度", None, f"单位：{other}"]]
    labels = [
        "因公出国（境）费",
        "公务用车购置及运行费",
        "公务用车购置费",
        "公务用车运行费",
        "公务接待费",
    ]
    costs: Rows = [["合计", total, total], *([x, n, n] for x, n in zip(labels, parts, strict=True))]
    reading = read(
        表2=[FIRST[0], *heads, *FIRST[2:]],
        表3=[
            ["支出决算表"],
            *heads,
            ["科目编码", "科目名称", "本年支出合计", "基本支出"],
            ["合计", None, 9, 9],
        ],
        表9=[
            ["财政拨款“三公”经费支出决算表"],
            [f"部门：{UNIT}", "2023年度", f"单位：{unit}"],
            ["项目", "预算数", "决算数"],
            *costs,
        ],
    )
    assert reading.report.unit == other
    failed = [f for f in validate(reading).findings if f.rule == "SG-01" and f.outcome == "不符"]
    assert bool(failed) == (outcome == "不符")


@pytest.mark.parametrize("unit", ["单位：人民币元", "（单位：元）", "(金额单位：元)"])
def test_the_money_unit_of_a_line_stays_as_it_is_printed(unit: str, tmp_path: Path) -> None:
    line = "编制单位：        2023年度        "
    rows: Rows = [["收入决算表"], [line + unit], *HEAD, ["合计"], *([[]] * 7)]
    printed = filled(tmp_path, rows)[1][0]
    assert str(printed).endswith(unit) and UNIT in str(printed)


def test_a_form_that_prints_the_codes_in_use_alone_is_read_beside_the_editions_tables() -> None:
    """All other tables stand where the edition has them."""
    workbook = openpyxl.load_workbook(find_edition("2023-national").workbooks[0].template)
    sheet = workbook["公开06 一般公共预算财政拨款基本支出决算表"]
    for span in list(sheet.merged_cells.ranges):
        if span.min_row > 5:
            sheet.unmerge_cells(str(span))
    sheet.delete_rows(6, sheet.max_row)
    for row in (
        ["301", "工资福利支出", 5, "302", "商品和服务支出", 3, "310", "资本性支出", 2],
        ["30101", "基本工资", 4, "30201", "办公费", 2, "31002", "办公设备购置", 1],
        ["30102", "津贴补贴", 1, "30202", "印刷费", 1, "31003", "专用设备购置", 1],
        ["人员经费合计", None, 5, "公用经费合计", *[None] * 4, 5],
    ):
        sheet.append(row)
    reading = examine(saved(workbook))
    (table,) = reading.report.tables["一般公共预算财政拨款基本支出决算表"]
    (rows,) = table.lists.values()
    figures = {str(row[CODE]): row["金额"] for row in rows if "金额" in row}
    wanted = {"301": 5, "30101": 4, "30102": 1, "302": 3, "30201": 2, "30202": 1}
    assert figures == wanted | {"310": 2, "31002": 1, "31003": 1}
    assert table.fields == {("合计", "人员经费合计"): 5, ("合计", "公用经费合计"): 5}
    assert not any("公开06" in problem.where for problem in reading.problems)

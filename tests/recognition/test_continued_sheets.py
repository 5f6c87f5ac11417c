"""A table that goes on on another sheet under its title: 收入决算表（续）."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.recognition.test_printed_twice import FIRST, HEAD, INCOME, SECOND
from tests.recognition.test_recognition import Rows, book, read
from tests.support.editing import saved
from tests.support.filling import UNIT, fill_form
from tests.support.paths import ROOT
from tests.support.terminal import xltool
from xltool.checks import validate
from xltool.core.model import CODE
from xltool.core.places import RowPlace
from xltool.reading import Reading, examine

LINE: Rows = [[f"部门：{UNIT}", None, "2023年度", "单位：万元"]]
HEADS: Rows = [*LINE, HEAD[0]]
BEGUN: Rows = [["收入决算表"], *HEADS, ["合计", None, 9, 9], *FIRST[5:]]
WHOLE: Rows = [
    ["收入支出决算总表"], *LINE, ["收入", None, "支出"], ["项目", "决算数", "项目", "决算数"],
    ["一、一般公共预算财政拨款收入", 7, "一、一般公共服务支出", 7],
    ["本年收入合计", 7, "本年支出合计", 7], ["总计", 7, "总计", 7],
]  # fmt: skip


def codes(reading: Reading) -> list[object]:
    return [row[CODE] for row in reading.report.tables[INCOME][0].lists["明细"]]


def figures(reading: Reading) -> list[Decimal]:
    return [value for _, _, value in reading.unmatched if isinstance(value, Decimal)]


@pytest.mark.parametrize(
    "title",
    [
        "收入决算表（续）",
        "收入决算表（续表）",
        "收入决算表续表1",
        "收入决算表（之二）",
        "收入决算表之2",
    ],
)
@pytest.mark.parametrize("heads", [HEADS, LINE, [], [*HEADS, HEAD[1]]])
def test_rows_on_another_sheet_are_those_of_the_table(title: str, heads: Rows) -> None:
    begun = [*BEGUN[:3], HEAD[1], *BEGUN[3:]] if len(heads) > 2 else BEGUN
    reading = read(表2=begun, 表2续=[[title], *heads, *SECOND])
    assert codes(reading) == ["205", "20502", "2050202", "213", "21303", "2130301"]
    assert not reading.report.unread and not figures(reading)
    cell = reading.map.cell(RowPlace(INCOME, 0, "明细", 4, "财政拨款收入"))
    assert cell == ("表2续", f"D{len(heads) + 3}")
    assert reading.cells(INCOME)["明细", 4, "财政拨款收入"] == cell
    frame = reading.to_frame()
    assert frame[frame["科目编码"] == "21303"]["工作表"].tolist() == ["表2续", "表2续"]


@pytest.mark.parametrize(
    ("name", "rows"),
    [("2023收入续", 6), (f"{UNIT}-收入续", 6), ("2022收入续", 3), ("乙县水务站-收入续", 3)],
)
def test_the_name_of_a_sheet_may_say_that_it_is_of_another(name: str, rows: int) -> None:
    reading = read(**{"表2": BEGUN, name: [["收入决算表（续）"], *SECOND]})
    assert len(codes(reading)) == rows
    assert len(reading.report.unread) == (rows == 3)


def test_the_first_part_may_say_so_too() -> None:
    first: Rows = [["收入决算表（之一）"], *BEGUN[1:]]
    assert len(codes(read(表2=first, 表3=[["收入决算表（之二）"], *HEADS, *SECOND]))) == 6


def test_many_sheets_are_one_table() -> None:
    pages = {
        f"续{n}": [[f"收入决算表（续{n - 9}）"], *HEADS, [f"2{n:02}", "教育支出", 1, 1]]
        for n in range(10, 30)
    }
    reading = read(表2=BEGUN[:4], **pages)
    assert len(codes(reading)) == 20 and not reading.report.unread


def test_the_total_may_stand_where_the_table_ends() -> None:
    begun = [row for row in BEGUN if row[0] != "合计"]
    for total in (9, 8):
        end: Rows = [["合计", None, total, 9]]
        reading = read(表2=begun, 续=[["收入决算表（续）"], *HEADS, *SECOND, *end])
        assert len(codes(reading)) == 6 and not figures(reading)
        (table,) = reading.report.tables[INCOME]
        assert table.fields["合计", "本年收入合计"] == total
        assert reading.cells(INCOME)["合计", "本年收入合计"] == ("续", "C7")
        told = [f for f in validate(reading).findings if f.table == INCOME and f.outcome == "不符"]
        assert bool(told) == (total == 8)
        assert all(("续", "C7") in f.cells for f in told)


def test_a_sum_is_compared_with_the_total_where_it_stands(tmp_path: Path) -> None:
    begun = [row for row in BEGUN if row[0] != "合计"]
    for file, total in (("甲", 9), ("部门", 8)):
        end: Rows = [["合计", None, total, 9]]
        made = book(表2=begun, 续=[["收入决算表（续）"], *HEADS, *SECOND, *end])
        (tmp_path / f"{file}.xlsx").write_bytes(made)
    words = ("甲.xlsx", "--check", "部门.xlsx", "--format", "json")
    told = json.loads(xltool("sum", *words, folder=tmp_path).out)
    (found,) = told["check"]["differences"]
    assert (found["sheet"], found["cell"]) == ("续", "C7")


def test_codes_in_pieces_go_on_with_those_above() -> None:
    head: Rows = [["科目编码", None, None, "科目名称", "本年收入合计", "财政拨款收入"]]
    line: Rows = [[f"部门：{UNIT}", None, None, None, "2023年度", "单位：万元"]]
    begun: Rows = [["收入决算表"], *line, *head, ["合计", None, None, None, 9, 9],
                   ["205", None, None, "教育支出", 9, 9], [None, "02", None, "普通教育", 9, 9],
                   [None, None, "01", "学前教育", 4, 4]]  # fmt: skip
    rest: Rows = [["收入决算表（续）"], *line, *head, [None, None, "02", "小学教育", 5, 5]]
    assert codes(read(表2=begun, 表3=rest)) == ["205", "20502", "2050201", "2050202"]


def test_what_the_rules_say_counts_all_rows() -> None:
    reading = read(表2=BEGUN, 表2续=[["收入决算表（续）"], *HEADS, *SECOND])
    wrong = [f for f in validate(reading).findings if f.table == INCOME and f.outcome == "不符"]
    assert not wrong
    off = [["213", "农林水支出", 5, 5], *SECOND[1:]]
    reading = read(表2=BEGUN, 表2续=[["收入决算表（续）"], *HEADS, *off])
    told = [f for f in validate(reading).findings if f.table == INCOME and f.outcome == "不符"]
    assert any(sheet == "表2续" for finding in told for sheet, _ in finding.cells)


OTHER = [["213", "农林水支出", 4, 4], ["205", "教育支出", 5, 5]]


@pytest.mark.parametrize(
    ("title", "rows"),
    [
        pytest.param("收入决算表（续）", [*HEADS, *OTHER], id="codes once more"),
        pytest.param("收入决算表（续）", [*HEADS, BEGUN[3], *SECOND], id="a second total"),
        pytest.param(
            "收入决算表（续）", [*LINE, ["科目编码", "科目名称", "事业收入", "其他收入"], *SECOND],
            id="other heads",
        ),
        pytest.param("收入决算表（续）", [[f"部门：{UNIT}二站"], *SECOND], id="another unit"),
        pytest.param("收入决算表（续）", [["2022年度"], *SECOND], id="another year"),
        pytest.param("收入决算表（续）", [["单位：元"], *SECOND], id="another money unit"),
        pytest.param("收入决算表（续）", [["单位：万元", None, 125.5], *SECOND], id="a figure above"),
        pytest.param("收入决算表（调整后）", [*HEADS, *SECOND], id="another version"),
    ],
)  # fmt: skip
def test_what_may_be_no_rest_is_named(title: str, rows: Rows) -> None:
    reading = read(表2=BEGUN, 另一张=[[title], *rows])
    assert codes(reading) == ["205", "20502", "2050202"]
    assert [unread.table for unread in reading.report.unread] == [title]


@pytest.mark.parametrize(
    ("line", "own"),
    [([], True), (LINE[0], True), (["2022年度"], False), (["单位：元"], False), (["单位：千元"], False),
     ([f"部门：{UNIT}二站"], False)],
)  # fmt: skip
def test_a_rest_says_what_the_book_says_where_its_first_part_says_nothing(
    line: list[object], own: bool
) -> None:
    first, rest = [BEGUN[0], *BEGUN[2:]], [["收入决算表（续）"], line, *SECOND]
    reading = read(表1=WHOLE, 表2=first, 表2续=rest)
    assert len(codes(reading)) == (6 if own else 3)
    assert len(reading.report.unread) == (not own)


def test_a_figure_beside_the_rows_is_named() -> None:
    rest: Rows = [["收入决算表（续）"], *HEADS, *SECOND, [None, "另有", 125.5]]
    reading = read(表2=BEGUN, 表2续=rest)
    told = [f for f in validate(reading).findings if f.rule == "S-04"]
    assert any("C7" in f.message for f in told)


def test_rules_that_need_rows_that_were_not_read_are_not_said_to_be_broken(tmp_path: Path) -> None:
    rest: Rows = [["收入决算表（续）"], *HEADS, BEGUN[3], *SECOND]
    (tmp_path / "簿.xlsx").write_bytes(book(表2=BEGUN, 表2续=rest))
    answer = xltool("validate", "簿.xlsx", "--format", "json", folder=tmp_path)
    told = json.loads(answer.out)
    assert not [f for f in told["findings"] if f["level"] == "error" and f["outcome"] == "不符"]
    assert told["verdict"] == "未完成审核"
    assert "收入决算表（续）" in answer.out


def test_nor_in_the_book_of_an_edition() -> None:
    """Its 支出决算表 ends before a 类 that stands on a sheet of its own, joined or, of another unit, not."""
    for unit in ("安阳市北关区大数据局", "清河县水务站"):
        reading = examine(_split_sample(unit))
        joined = unit == reading.report.unit_name
        assert len(reading.report.unread) == (not joined)
        assert len(reading.report.tables["支出决算表"][0].lists["明细"]) == (10 if joined else 6)
        wrong = [f for f in validate(reading).findings if f.outcome == "不符"]
        assert not [f for f in wrong if f.level == "error" and f.rule not in ("S-04", "ALL-04")]


def test_a_figure_on_another_sheet_is_changed_there(tmp_path: Path) -> None:
    (tmp_path / "簿.xlsx").write_bytes(_split_sample("安阳市北关区大数据局"))
    for column, value in (("基本支出", 1.17), ("经营支出", 0.5)):
        change = f"支出决算表.明细[2101101].{column}={value}"
        answer = xltool("set", "簿.xlsx", change, "-o", "改.xlsx", "--force", folder=tmp_path)
        sheet = openpyxl.load_workbook(tmp_path / "改.xlsx")[REST]
        assert sheet[{"基本支出": "F9", "经营支出": "I9"}[column]].value == value, answer.err


def test_the_live_sheet_has_no_formula_about_such_a_list(tmp_path: Path) -> None:
    (tmp_path / "簿.xlsx").write_bytes(_split_sample("安阳市北关区大数据局"))
    assert xltool("checks-sheet", "簿.xlsx", "-o", "审.xlsx", folder=tmp_path).code in (0, 1)
    sheet = openpyxl.load_workbook(tmp_path / "审.xlsx")["审核表"]
    rows = [[cell for cell in row if cell] for row in sheet.iter_rows(values_only=True)]
    assert any("T03-02" in row and "未执行" in row for row in rows)
    assert any("“支出决算表”的行分在几张工作表上（续表）" in row for row in rows)


def test_the_report_shows_both_sheets(tmp_path: Path) -> None:
    (tmp_path / "簿.xlsx").write_bytes(_split_sample("安阳市北关区大数据局"))
    xltool("validate", "簿.xlsx", "--format", "html", "-o", "报告.html", folder=tmp_path)
    page = (tmp_path / "报告.html").read_text(encoding="utf-8")
    assert REST in page and "公务员医疗补助" in page[page.index(REST) :]


REST = "公开03 续"


def _split_sample(unit: str) -> bytes:
    """The book of an edition in which the last 类 of 支出决算表 stands on a sheet that bears the name of a unit."""
    workbook = openpyxl.load_workbook(ROOT / "samples" / "beiguan-2021.xlsx", data_only=True)
    first = workbook["公开03 支出决算表"]
    rest = workbook.copy_worksheet(first)
    rest.title, rest["A1"], rest["A3"] = REST, "支出决算表（续）", f"部门：{unit}"
    workbook.move_sheet(rest, workbook.index(first) - workbook.index(rest) + 1)
    _cut(first, 14, 4)
    _cut(rest, 7, 7)
    return saved(workbook)


def _cut(sheet: Worksheet, first: int, rows: int) -> None:
    for area in [*sheet.merged_cells.ranges]:
        if area.min_row >= first:
            sheet.unmerge_cells(str(area))
    sheet.delete_rows(first, rows)


def test_those_that_need_none_of_them_are() -> None:
    rest: Rows = [["收入决算表（续）"], *HEADS, BEGUN[3], *SECOND]
    findings = validate(read(表1=WHOLE, 表2=BEGUN, 表2续=rest)).findings
    assert [f for f in findings if f.rule == "X-01" and f.outcome == "不符"]


@pytest.mark.parametrize("rows", [[], [["213", "农林水支出"]]])
def test_a_form_of_two_sheets_is_not_filled(tmp_path: Path, rows: Rows) -> None:
    first: Rows = [["收入决算表"], *HEADS, ["合计"], *([[]] * 3), ["注：本表反映收入。"]]
    blank = book(表2=first, 表2续=[["收入决算表（续）"], *HEADS, *rows])
    spent = {"明细": [{"科目编码": "2050202", "本年收入合计": 5, "财政拨款收入": 5}]}
    answer = fill_form(tmp_path, blank, {INCOME: spent}, year=2023, unit="万元")
    assert "分在几张工作表上" in answer.err and "表2续" in answer.err

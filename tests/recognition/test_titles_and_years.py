"""Titles that a 预算 bears as well, and lines that tell more than one year."""

from __future__ import annotations

import openpyxl
import pytest

from tests.recognition.test_recognition import Rows, read
from tests.support.editing import saved
from tests.support.filling import UNIT
from tests.support.paths import ROOT
from xltool.checks import validate
from xltool.core.problems import InputError
from xltool.reading import examine

WHOLE = "收入支出决算总表"
LINE: list[object] = [f"部门：{UNIT}", None, "2023年度", "单位：万元"]
UNDATED: list[object] = [f"部门：{UNIT}", None, None, "单位：万元"]


def whole(title: str, line: list[object] = LINE, head: str = "决算数") -> Rows:
    return [
        [title], line, ["收入", None, "支出"], ["项目", head, "项目", head],
        ["一、一般公共预算财政拨款收入", 7, "一、一般公共服务支出", 7],
        ["本年收入合计", 7, "本年支出合计", 7], ["总计", 7, "总计", 7],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "title", ["收入支出总体情况表", "2019年度部门收支总体情况表", "附件1：某县水务局收支总体情况表"]
)
def test_a_title_of_both_is_that_of_a_final_account_where_the_sheet_says_so(title: str) -> None:
    report = read(表1=whole(title)).report
    assert report.tables[WHOLE][0].fields["收入", "总计"] == 7


def test_lists_have_such_titles_too() -> None:
    rows: Rows = [["2019年部门决算公开表"], ["支出总体情况表"], LINE,
                  ["科目编码", "科目名称", "本年支出合计", "基本支出"],
                  ["合计", None, 9, 9], ["205", "教育支出", 9, 9]]  # fmt: skip
    assert read(表3=rows).report.tables["支出决算表"][0].lists["明细"]


@pytest.mark.parametrize("head", ["金额", "预算数", "2023年预算数"])
def test_otherwise_it_is_not_and_is_told_what_to_do(head: str) -> None:
    with pytest.raises(InputError, match=r"像是预算表.*写上“决算”.*收入支出总体情况表"):
        read(表1=whole("收入支出总体情况表", head=head))


def test_a_budget_that_shows_the_last_final_account_is_none() -> None:
    rows = whole("收入支出总体情况表")
    rows[3] = ["项目", "上年决算数", "项目", "本年预算数"]
    with pytest.raises(InputError, match="像是预算表"):
        read(表1=rows)


@pytest.mark.parametrize(
    "before",
    ["2023年部门决算公开表之一：", "2023年度部门决算报表之1-", "2023年度决算公开表之十二 "],
)
def test_which_of_a_set_a_table_is_stands_before_its_title(before: str) -> None:
    report = read(表1=whole(f"{before}{WHOLE}", UNDATED)).report
    assert report.year == 2023 and report.tables[WHOLE]


TORN: dict[str, tuple[str, list[object]]] = {
    "A2": (WHOLE, [f"部门：{UNIT} 2022年度、2023年度", None, None, "单位：万元"]),
    "B2": (WHOLE, [f"部门：{UNIT}", "2022年度", "2023年度", "单位：万元"]),
    "C2": (WHOLE, [f"部门：{UNIT}", None, "2022、2023年度", "单位：万元"]),
    "A1": (f"2022—2023年度{WHOLE}", UNDATED),
}


@pytest.mark.parametrize("ref", TORN)
def test_of_two_years_in_a_line_none_is_taken_and_both_are_told(ref: str) -> None:
    title, line = TORN[ref]
    reading = read(表1=whole(title, line))
    assert reading.report.year == 0 and reading.report.tables[WHOLE]
    (told,) = [f for f in validate(reading).findings if f.rule == "S-05"]
    assert f"“表1”{ref} 一行写着2022、2023" in told.message
    assert [*told.cells] == [("表1", ref)]


def test_an_edition_s_form_is_told_so_too() -> None:
    workbook = openpyxl.load_workbook(ROOT / "samples" / "beiguan-2021.xlsx")
    for sheet in workbook:
        for row in sheet.iter_rows(max_row=6):
            for cell in row:
                if isinstance(cell.value, str) and "2021年度" in cell.value:
                    cell.value = cell.value.replace("2021年度", "2020、2021年度")
    reading = examine(saved(workbook))
    told = [f.message for f in validate(reading).findings if f.code in ("no-year", "year-missing")]
    assert reading.report.year == 0 and any("2020、2021" in each for each in told)


CODES: list[object] = ["205", "20502", "2050202"]
NAMES: list[object] = ["教育支出", "普通教育", "小学教育"]
ACROSS: dict[str, Rows] = {
    "codes and names": [["科目编码", None, *CODES], ["科目名称", "合计", *NAMES]],
    "codes": [["项目", "合计", *CODES]],
    "names": [["项目", "合计", *NAMES]],
    "both in a cell": [["项目", "合计", *(f"{c} {n}" for c, n in zip(CODES, NAMES, strict=True))]],
    "numbers": [["科目编码", None, 205, 20502, 2050202]],
}


@pytest.mark.parametrize("heads", ACROSS)
@pytest.mark.parametrize(
    ("title", "columns"),
    [
        ("支出决算表", ["本年支出合计", "基本支出", "项目支出"]),
        ("收入决算表", ["本年收入合计", "财政拨款收入", "其他收入"]),
        ("一般公共预算财政拨款支出决算表", ["合计", "基本支出", "项目支出"]),
    ],
)
def test_a_list_that_lies_on_its_side_is_told_as_one(
    heads: str, title: str, columns: list[str]
) -> None:
    figures = ([9, 5, 5, 4], [6, 3, 3, 3], [3, 2, 2, 1])
    rows = [[c, *values] for c, values in zip(columns, figures, strict=True)]
    reading = read(表1=whole(WHOLE), 表3=[[title], LINE, *ACROSS[heads], *rows])
    assert [*reading.report.tables] == [WHOLE]
    (unread,) = reading.report.unread
    assert unread.table == title and unread.reason.startswith("横放的清单")
    assert validate(reading).verdict != "合格"

"""A workbook with the tables of several units: refused in one sentence, or what stands twice is named."""

from __future__ import annotations

import pytest

from tests.recognition.test_printed_twice import FIRST
from tests.recognition.test_recognition import Rows, read
from xltool.checks import validate
from xltool.core.problems import InputError

ONE, OTHER = "清河县水务站", "清河县农机站"


def income(unit: str, title: str = "收入决算表") -> Rows:
    line = [f"部门：{unit}" if unit else None, None, "2023年度", "单位：万元"]
    return [[title], line, *FIRST[2:]]


def whole(unit: str, title: str = "收入支出决算总表") -> Rows:
    return [
        *income(unit, title)[:2], ["收入", None, "支出"], ["项目", "决算数", "项目", "决算数"],
        ["一、一般公共预算财政拨款收入", 9, "一、教育支出", 9],
        ["本年收入合计", 9, "本年支出合计", 9], ["总计", 9, "总计", 9],
    ]  # fmt: skip


def told(**sheets: Rows) -> str:
    with pytest.raises(InputError) as refused:
        read(**sheets)
    (problem,) = refused.value.problems
    return str(problem)


SHAPES: dict[str, tuple[dict[str, Rows], str, str]] = {
    "a set of sheets for each": (
        {"甲01": whole(ONE), "甲02": income(ONE), "乙01": whole(OTHER), "乙02": income(OTHER)},
        "“甲01”A2 ", "“乙01”A2 ",
    ),
    "a sheet for each": (
        {"甲": [*whole(ONE), *income(ONE)], "乙": [*whole(OTHER), *income(OTHER)]},
        "“甲”A2 ", "“乙”A2 ",
    ),
    "one below the other": (
        {"收入": [*income(ONE), *income(OTHER)], "总表": [*whole(ONE), *whole(OTHER)]},
        "“收入”A2 ", "“收入”A10 ",
    ),
    "in the titles": (
        {
            "甲01": whole("", f"{ONE}收入支出决算总表"), "甲02": income("", f"{ONE}收入决算表"),
            "乙01": whole("", f"{OTHER}收入支出决算总表"), "乙02": income("", f"{OTHER}收入决算表"),
        },
        "“甲01”A1 ", "“乙01”A1 ",
    ),
    "in the names of the sheets": (
        {
            f"总表-{ONE}": whole(""), f"收入-{ONE}": income(""),
            f"总表-{OTHER}": whole(""), f"收入-{OTHER}": income(""),
        },
        f"“总表-{ONE}”", f"“总表-{OTHER}”",
    ),
    "sheets called by the unit": (
        {ONE: [*whole(""), *income("")], OTHER: [*whole(""), *income("")]},
        f"“{ONE}”", f"“{OTHER}”",
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_the_units_and_the_cells_where_they_differ_are_told(shape: str) -> None:
    sheets, *cells = SHAPES[shape]
    message = told(**sheets)
    for unit, cell in zip((ONE, OTHER), cells, strict=True):
        assert f"{unit}（{cell}等2张表）" in message
    assert "一个单位存成一个工作簿" in message


def test_copies_that_tell_no_unit_are_told_in_one_sentence() -> None:
    sheets = {"01": whole(ONE), "02": income(ONE), "01 (2)": whole(ONE), "02 (2)": income(ONE)}
    message = told(**sheets)
    assert "“收入支出决算总表”：01、01 (2)；“收入决算表”：02、02 (2)" in message
    assert "只留一套" in message


def test_one_table_of_another_unit_beside_is_named_with_both() -> None:
    reading = read(表1=whole(ONE), 表2=income(ONE), 另=income(OTHER))
    assert {unread.sheet for unread in reading.report.unread} == {"表2", "另"}
    for unread in reading.report.unread:
        assert f"“表2”A2 写的是{ONE}、“另”A2 写的是{OTHER}" in unread.reason
    assert validate(reading).verdict != "合格"


def test_a_sheet_of_another_unit_in_place_of_the_own_one_is_an_error() -> None:
    findings = validate(read(表1=whole(ONE), 表2=income(OTHER))).findings
    (found,) = [f for f in findings if f.rule == "ALL-04"]
    assert OTHER in found.message and ONE in found.message and found.cells

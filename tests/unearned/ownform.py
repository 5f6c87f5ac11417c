"""A form of nobody's edition, which is recognised by its words: a book of six tables in values."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook

from tests.support.editing import saved
from tests.unearned.books import FISCAL, FUNDS, GENERAL, INCOME, OVERVIEW, SPENDING, THREE, values

_CODE = ("功能分类科目编码", "科目名称")
_NATURE = ("本年支出合计", "基本支出", "项目支出")
_OTHERS = ("上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
LISTS = {
    "g02收入": (INCOME, "收入决算表", (*_CODE, "本年收入合计", "财政拨款收入", *_OTHERS)),
    "g03支出": (
        SPENDING,
        "支出决算表",
        (*_CODE, *_NATURE, "上缴上级支出", "经营支出", "对附属单位补助支出"),
    ),
    "g05一般": (GENERAL, "一般公共预算财政拨款支出决算表", (*_CODE, *_NATURE)),
    "g07基金": (
        FUNDS,
        "政府性基金预算财政拨款收入支出决算表",
        (*_CODE, "年初结转和结余", "本年收入", *_NATURE, "年末结转和结余"),
    ),
}
"""Own sheet -> the sheet of the sound book, its title, its heads."""


@lru_cache(maxsize=1)
def own_form() -> bytes:
    """The figures of the sound book in another province's layout: no 行次, no 栏次, one head row."""
    source = openpyxl.load_workbook(io.BytesIO(values()))
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, sheet, title, columns in (
        ("g01总表", OVERVIEW, "收入支出决算总表", "ACDF"),
        ("g04财拨", FISCAL, "财政拨款收入支出决算总表", "ACDFGHI"),
    ):
        heads = ["项目", "决算数", "项目"] + (
            ["决算数"]
            if len(columns) == 4
            else [
                "合计",
                "一般公共预算财政拨款",
                "政府性基金预算财政拨款",
                "国有资本经营预算财政拨款",
            ]
        )
        to = _sheet(book, name, title, len(columns))
        to.append(["收入", None, "支出"])
        to.append(heads)
        for row in range(7, 38 if name == "g01总表" else 39):
            to.append([source[sheet][f"{column}{row}"].value for column in columns])
    for name, (sheet, title, columns) in LISTS.items():
        to = _sheet(book, name, title, len(columns))
        to.append(list(columns))
        for row in source[sheet].iter_rows(min_row=7, values_only=True):
            code, label, amounts = row[0], row[3], row[4 : 2 + len(columns)]
            if code == "合计":
                to.append([None, "合计", *amounts])
            elif isinstance(code, str) and code.isdigit():
                to.append([code, label, *amounts])
    to = _sheet(book, "g08三公", "财政拨款“三公”经费支出决算表", 3)
    to.append(["项目", "预算数", "决算数"])
    for label, planned, spent in (
        ("合计", "A", "G"), ("1.因公出国（境）费", "B", "H"), ("2.公务用车购置及运行费", "C", "I"),
        ("其中：公务用车购置费", "D", "J"), ("公务用车运行费", "E", "K"), ("3.公务接待费", "F", "L"),
    ):  # fmt: skip
        to.append([label, source[THREE][f"{planned}8"].value, source[THREE][f"{spent}8"].value])
    for one in book:
        for line in one.iter_rows(min_row=4):
            for cell in line:
                if isinstance(cell.value, int | float):
                    cell.number_format = "#,##0.00"
    return saved(book)


def _sheet(book: Workbook, name: str, title: str, width: int) -> Any:
    sheet = book.create_sheet(name)
    sheet.append([title])
    sheet.append(["编制单位：临江县水务局", "2024年度", *[None] * (width - 3), "单位：万元"])
    return sheet

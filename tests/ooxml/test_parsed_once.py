"""The tests' own way to open a book that was opened before: it is what openpyxl makes of it, and one's own."""

from __future__ import annotations

import io
import re
import zipfile
from copy import copy
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from tests.support import feature_book
from tests.support.editing import saved
from tests.support.parsedonce import PARSE, load_workbook
from tests.support.paths import ROOT


def rich() -> bytes:
    """What openpyxl keeps of a book, as far as the forms do not have it."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(1, 6):
        sheet.append([row, row * 1.5, f"=A{row}+B{row}", "文字"])
    sheet["F1"] = CellRichText("一", TextBlock(InlineFont(b=True), "二"))
    sheet["A1"].comment = Comment("批注", "会计")
    sheet["B2"].number_format = '0.00"元"'
    sheet["B3"].hyperlink = "https://example.com/"
    fill = PatternFill("solid", fgColor="92D050")
    sheet.conditional_formatting.add("A1:B5", CellIsRule("lessThan", ["3"], fill=fill))
    choice = DataValidation("list", formula1='"是,否"')
    choice.add("D1:D5")
    sheet.add_data_validation(choice)
    sheet.merge_cells("A7:C8")
    sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows = "B2", "A1:D5", "1:1"
    sheet.column_dimensions.group("E", "G", hidden=True)
    sheet.row_dimensions[4].hidden = True
    sheet.protection.set_password("机密")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=5))
    sheet.add_chart(chart, "H2")
    book.defined_names["合计"] = DefinedName("合计", attr_text="Sheet!$A$1:$A$5")
    sheet.defined_names["本表"] = DefinedName("本表", attr_text="Sheet!$B$1")
    book.create_sheet("藏着").sheet_state = "veryHidden"
    return saved(book)


LOOK = ("font", "fill", "border", "alignment", "number_format", "protection")
BOOKS = {
    "表样": (ROOT / "workbook_templates/2021-national/项目支出绩效自评表.xlsx").read_bytes,
    "样例": (ROOT / "samples/sgb-2024.xlsx").read_bytes,
    "各种部件": feature_book.package,
    "openpyxl 有的": rich,
}


def written(book: Any) -> dict[str, list[bytes]]:
    """The parts of a book as openpyxl writes it, cut into elements: but for the time, the numbers that it gives to
    styles, and the order of merged cells, which are a set.
    """
    with zipfile.ZipFile(io.BytesIO(saved(book))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    found = {}
    for name in parts.keys() - {"docProps/core.xml", "xl/styles.xml"}:
        elements = re.sub(rb' (s|style)="\d+"', b"", parts[name]).split(b"<")
        merged = sorted(element for element in elements if element.startswith(b"mergeCell "))
        found[name] = [element for element in elements if element not in merged] + merged
    return found


def looks(book: Any) -> dict[tuple[object, ...], object]:
    """What the styles of cells, rows and columns are, and those of conditions."""
    known: dict[tuple[int, ...], str] = {}
    found: dict[tuple[object, ...], object] = {}
    for sheet in book:
        cells = ((cell.coordinate, cell) for row in sheet for cell in row)
        for at, styled in (*cells, *sheet.row_dimensions.items(), *sheet.column_dimensions.items()):
            number = tuple(styled._style or ())
            if number not in known:
                known[number] = repr([copy(getattr(styled, name)) for name in LOOK])
            found[sheet.title, at] = known[number]
    found["conditions",] = book._differential_styles.styles
    return found


@pytest.mark.filterwarnings("ignore:.* extension is not supported")
@pytest.mark.parametrize("how", [{}, {"data_only": True}, {"rich_text": True}], ids=str)
@pytest.mark.parametrize("name", BOOKS)
def test_opened_again_it_is_what_openpyxl_makes_of_it(name: str, how: dict[str, bool]) -> None:
    content = BOOKS[name]()
    for _ in range(2):
        load_workbook(io.BytesIO(content), **how)
    again = load_workbook(io.BytesIO(content), **how)
    parsed = PARSE(io.BytesIO(content), **how)
    assert looks(again) == looks(parsed)
    assert written(again) == written(parsed)


def test_who_opens_it_has_it_for_oneself() -> None:
    content = rich()
    for _ in range(4):
        book = load_workbook(io.BytesIO(content))
        assert book.active["A1"].value == 1
        book.active["A1"] = 2
        book.active["A1"].number_format = "0.000"

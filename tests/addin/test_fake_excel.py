"""The stand-in for Excel is as strict as Excel, and offers nothing that xlwings does not have."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.comments import Comment
from xlwings import base_classes as base

from tests.addin.fakeexcel import App, ComError, app, books, ranges, sheets
from xltool.ooxml import open_workbook

OURS = {
    "journal",
    "areas",
    "of",
    "title",
    "formulas",
    "values",
    "save_as",
    "new",
    "items",
    "current",
}
"""What the tests themselves use of the stand-in."""


@pytest.mark.parametrize("module", [app, books, ranges, sheets])
def test_only_what_xlwings_has(module: Any) -> None:
    for name, made in inspect.getmembers(module, inspect.isclass):
        its = getattr(base, name, None)
        if made.__module__ != module.__name__ or its is None or name == "App":
            continue
        offered = {attribute for attribute in vars(made) if not attribute.startswith("_")}
        assert offered - OURS <= set(dir(its)) | {"Shape", "sheet"}, name


@pytest.fixture
def book(excel: App, tmp_path: Path) -> xw.Book:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for ref, value in {"B2": 1, "C2": "甲", "B3": "#REF!", "C3": True, "B4": "=B2+1"}.items():
        sheet[ref] = value
    sheet["B2"].comment = Comment("有批注", "王会计")
    sheet.merge_cells("E1:F2")
    path = tmp_path / "表.xlsx"
    made.save(path)
    return xw.Book(impl=excel.open(path))


def test_values_come_as_com_gives_them(book: xw.Book) -> None:
    sheet = book.sheets[0].impl
    assert sheet.used_range.raw_value[0] == (None, None, None, None, None)
    assert sheet.range("B2").raw_value == 1.0 and isinstance(sheet.range("B2").raw_value, float)
    assert sheet.range("B2:C3").raw_value == ((1.0, "甲"), (-2146826265, True))
    assert book.sheets[0]["B2:C3"].options(err_to_str=True).value == [[1, "甲"], ["#REF!", True]]


def test_a_copy_has_formulas_and_the_values_in_memory(book: xw.Book, tmp_path: Path) -> None:
    sheet = book.sheets[0].impl
    sheet.formulas["B2"], sheet.values["B2"], sheet.values["B4"] = 41, 41, 42
    book.api.SaveCopyAs(str(tmp_path / "副本.xlsx"))
    copied = open_workbook(tmp_path / "副本.xlsx").sheets[0]
    assert copied.formula("B4") == "B2+1"
    assert (copied.value("B2"), copied.value("B4")) == (41, 42)
    assert book.fullname == str(tmp_path / "表.xlsx")


@pytest.mark.parametrize(
    ("ref", "words"),
    [("B2", "已有批注"), ("F2", "左上角"), ("A1:A2", "一个单元格"), ("A1,A3", "一个")],
)
def test_notes_that_excel_refuses(book: xw.Book, ref: str, words: str) -> None:
    with pytest.raises(ComError, match=words):
        book.sheets[0].range(ref).impl.add_note("新的")


def test_protection_refuses(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet.impl.formulas.protection.sheet = True
    sheet.impl.formulas.protection.objects = True
    with pytest.raises(ComError, match="受保护"):
        sheet["A1"].value = 1
    with pytest.raises(ComError, match="受保护"):
        sheet["A1"].add_note("新的")
    with pytest.raises(ComError, match="受保护"):
        sheet["A1"].conditional_formats.add_custom("=TRUE", fill_color="#FF0000")


def test_addresses_are_bounded_and_only_what_is_in_front_is_selected(book: xw.Book) -> None:
    with pytest.raises(ComError, match="255"):
        book.sheets[0].range(",".join(f"A{n}" for n in range(1, 90)))
    book.impl.app.new()
    with pytest.raises(ComError, match="Select"):
        book.sheets[0]["A1"].select()


def test_new_rules_come_first(book: xw.Book) -> None:
    rules = book.sheets[0]["A1:A9"].conditional_formats
    rules.add_custom("=1=1", fill_color="#00FF00")
    rules.add_custom("=2=2", fill_color="#FF0000")
    assert [rule.formula for rule in book.sheets[0].cells.conditional_formats] == ["=2=2", "=1=1"]

"""Old .xls books, read with the interface of any other sheet."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import xlwt

from xltool.ooxml import CellError, Range, Workbook, open_workbook


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("收入 表")
    sheet.write(0, 0, "单位：万元")
    sheet.write(1, 1, 29.54, xlwt.easyxf("protection: cell_locked false", "#,##0.00"))
    sheet.write(2, 0, True)
    sheet.write(2, 1, 0.1 + 0.2)
    sheet.write(2, 3, "")
    sheet.row(4).set_cell_error(2, "#DIV/0!")
    sheet.write_merge(6, 7, 0, 2, "合并")
    sheet.row(9).hidden = True
    sheet.row(9).write(0, "藏")
    sheet.col(5).hidden = True
    hidden = book.add_sheet("隐藏")
    hidden.visibility = 1
    path = tmp_path_factory.mktemp("xls") / "旧.xls"
    book.save(str(path))
    return open_workbook(path)


def test_values(workbook: Workbook) -> None:
    sheet = workbook.sheet("收入 表")
    assert dict(sheet.items()) == {
        "A1": "单位：万元",
        "B2": Decimal("29.54"),
        "A3": True,
        "B3": Decimal("0.3"),
        "C5": CellError("#DIV/0!"),
        "A7": "合并",
        "A10": "藏",
    }
    assert sheet.value("$b$2") == Decimal("29.54")
    assert sheet.value("A3") is True
    assert sheet.value("Z99") is None
    assert sheet.extent == Range.parse("A1:C10")


def test_merges_hidden_parts_and_formats(workbook: Workbook) -> None:
    sheet = workbook.sheet("收入 表")
    assert sheet.merges == (Range.parse("A7:C8"),)
    assert sheet.merge_of("B8") == Range.parse("A7:C8")
    assert sheet.hidden_rows == {10}
    assert sheet.hidden_cols == {6}
    assert sheet.hidden("A10")
    assert sheet.number_format("B2") == "#,##0.00"
    assert sheet.number_format("Z99") == "General"
    assert (sheet.locked("B2"), sheet.locked("A1"), sheet.locked("Z99")) == (False, True, True)


def test_the_workbook(workbook: Workbook) -> None:
    assert workbook.kind == "xls"
    assert [(sheet.name, sheet.index, sheet.state) for sheet in workbook.sheets] == [
        ("收入 表", 0, "visible"),
        ("隐藏", 1, "hidden"),
    ]
    assert (workbook.date1904, workbook.external_links, workbook.defined_names) == (False, 0, ())


def test_there_are_no_formulas(workbook: Workbook) -> None:
    sheet = workbook.sheets[0]
    assert sheet.formulas() == {}
    assert sheet.formula("B2") is None
    assert not sheet.has_cached("B2")
    assert sheet.style("B2") != sheet.style("A1")
    assert sheet.notes == {}
    assert sheet.array_formulas == {}


def test_references_are_checked(workbook: Workbook) -> None:
    sheet = workbook.sheets[0]
    for ask in (sheet.value, sheet.formula, sheet.style, sheet.has_cached, sheet.locked):
        with pytest.raises(ValueError, match="不是单元格"):
            ask("0A")


@pytest.mark.parametrize(
    ("look", "unseen"),
    [
        ("", False),
        ("font: colour white", True),
        ("font: colour red", False),
        ("font: colour red; pattern: pattern solid, fore_colour red", True),
        ("pattern: pattern solid, fore_colour black", True),
        ("font: colour white; pattern: pattern solid, fore_colour red", False),
        ("font: height 20", True),
        ("font: struck_out true", True),
        ("font: name Wingdings", True),
        ("align: horiz filled", True),
    ],
)
def test_texts_that_nobody_can_read(look: str, unseen: bool, tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    book.add_sheet("表").write(0, 0, 29.54, xlwt.easyxf(look))
    book.save(str(tmp_path / "旧.xls"))
    sheet = open_workbook(tmp_path / "旧.xls").sheet("表")
    assert sheet.unseen("A1") is unseen
    assert not sheet.unseen("Z99")

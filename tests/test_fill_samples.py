"""Sample rows that a bureau prints in its blank form: they go, and codes are written in their manner."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from tests.recognition.test_recognition import Rows, book
from xltool.core.model import CODE
from xltool.documents.load import from_raw
from xltool.editions import find_edition
from xltool.filling import fill
from xltool.reading import examine

TABLE = "支出决算表"
HEADS = {"版本": "2023-national", "单位名称": "某局", "年度": 2023, "金额单位": "元"}
OWN: Rows = [
    ["2023年度支出决算表"],
    ["部门：", None, None, None, "金额单位：元"],
    ["科目编码", None, None, "科目名称", "本年支出合计", "基本支出"],
    ["类", "款", "项", None, None, None],
    ["合计"],
    ["205", None, None, "教育支出"],
    [None, "02", None, "普通教育"],
    [None, None, "01", "学前教育"],
    ["注：本表反映本年度支出情况。"],
]
"""A form that prints the last level of each code, with three sample rows."""


def filled(form: Rows, folder: Path, tables: dict[str, object], *, merged: str = "") -> Path:
    """The form, filled with a document of these tables."""
    workbook = openpyxl.load_workbook(BytesIO(book(表=form)))
    if merged:
        workbook["表"].merge_cells(merged)
    template, out = folder / "表样.xlsx", folder / "填好.xlsx"
    workbook.save(template)
    report, edition = from_raw({**HEADS, "表": tables})
    fill(report, edition, out, template=template, totals="given")
    return out


def spent(*codes: str) -> dict[str, object]:
    rows = [{"科目编码": c, "科目名称": "某项", "本年支出合计": 5, "基本支出": 5} for c in codes]
    return {TABLE: {"合计": {"本年支出合计": 5, "基本支出": 5}, "明细": rows}}


@pytest.mark.parametrize(
    "merged", ["", "A6:A8"], ids=["apart", "类 merged down over its 款 and 项"]
)
def test_codes_stand_in_pieces_as_in_the_samples(merged: str, tmp_path: Path) -> None:
    out = filled(OWN, tmp_path, spent("213", "21303", "2130301"), merged=merged)
    sheet = openpyxl.load_workbook(out)["表"]
    codes = [[cell.value for cell in row[:3]] for row in sheet["A6:C8"]]
    assert codes == [["213", None, None], [None, "03", None], [None, None, "01"]]
    (table,) = examine(out).report.tables[TABLE]
    assert [row[CODE] for row in table.lists["明细"]] == ["213", "21303", "2130301"]


def test_samples_go_where_the_document_has_no_rows(tmp_path: Path) -> None:
    two: Rows = [list(row) for row in OWN]
    income: Rows = [["2023年度收入决算表"], *OWN[1:2]]
    income += [["科目编码", None, None, "科目名称", "本年收入合计", "其他收入"], *OWN[3:]]
    workbook = openpyxl.load_workbook(BytesIO(book(表=two, 收入=income)))
    template, out = tmp_path / "表样.xlsx", tmp_path / "填好.xlsx"
    workbook.save(template)
    fill(*from_raw({**HEADS, "表": spent("2130301")}), out, template=template, totals="given")
    sheet = openpyxl.load_workbook(out)["收入"]
    assert [cell.value for row in sheet["A6:D8"] for cell in row] == [None] * 12


def test_printed_indicators_stay_where_the_document_has_none(tmp_path: Path) -> None:
    """A 自评表 prints its indicators: a list without codes is the form's own until the document has rows."""
    edition = find_edition("henan-zp")
    (spec,) = edition.workbooks
    workbook = openpyxl.load_workbook(spec.template)
    (mapping,) = spec.tables
    block = next(b for b in mapping.blocks if b.name == "绩效指标")
    sheet = workbook[workbook.sheetnames[0]]
    cell = sheet.cell(block.first, block.columns[-1].left)  # type: ignore[union-attr]
    cell.value = "印好的指标说明"
    template, out = tmp_path / "表样.xlsx", tmp_path / "填好.xlsx"
    workbook.save(template)
    told = {"年度履职目标": {"预期目标": "做好本职"}}
    raw = {
        **HEADS,
        "版本": edition.id,
        "年度": 2022,
        "金额单位": "万元",
        "表": {mapping.table: told},
    }
    report, found = from_raw(raw)
    fill(report, found, out, template=template)
    again = openpyxl.load_workbook(out)[sheet.title]
    assert again[cell.coordinate].value == "印好的指标说明"

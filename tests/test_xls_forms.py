"""Forms in the old format become .xlsx on the way to an edition of one's own; nothing is lost in silence."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.support.terminal import xltool
from tests.support.xlsforms import old_form
from xltool.core.problems import InputError
from xltool.forms.fromxls import as_xlsx
from xltool.forms.init import keep, make_edition
from xltool.ooxml import open_workbook
from xltool.ooxml.read.xls.workbook import XlsSheet, XlsWorkbook


def converted(path: Path) -> tuple[bytes, list[str]]:
    book = open_workbook(path)
    assert isinstance(book, XlsWorkbook)
    return as_xlsx(book, path.name)


def test_an_old_form_keeps_its_cells_looks_and_page(tmp_path: Path) -> None:
    content, lost = converted(old_form(tmp_path / "表样.xls"))
    assert lost == []
    (tmp_path / "新.xlsx").write_bytes(content)
    sheet = openpyxl.load_workbook(tmp_path / "新.xlsx")["公开02"]
    assert sheet["A1"].value == "收入决算表" and str(sheet.merged_cells) == "A1:E1"
    assert (sheet["A1"].font.name, sheet["A1"].font.sz, sheet["A1"].font.b) == ("黑体", 18, True)
    assert sheet["A1"].alignment.horizontal == "center"
    assert sheet["C5"].value == "=SUM(D5:E5)" and sheet["D5"].value == 12.5
    assert sheet["D5"].number_format == "#,##0.00" and not sheet["D5"].protection.locked
    sides = sheet["D5"].border
    assert [getattr(sides, s).style for s in ("left", "right", "top", "bottom")] == [
        "thin", "double", "thin", "hair"]  # fmt: skip
    assert sheet["A3"].fill.fgColor.rgb == "FFFFFF00" and sheet["A3"].alignment.wrap_text
    assert abs(sheet.column_dimensions["A"].width - 20) < 0.2
    assert sheet.row_dimensions[3].height == 30 and sheet.row_dimensions[6].hidden
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_margins.left == 0.3 and sheet.oddHeader.center.text == "GK02"
    assert sheet.freeze_panes == "A4" and sheet.protection.sheet


def test_what_wps_saves_under_its_own_suffix_is_read_and_reviewed(tmp_path: Path) -> None:
    as_xls = xltool("read", old_form(tmp_path / "表样.xls").name, folder=tmp_path)
    (tmp_path / "报送").mkdir()
    (tmp_path / "表样.xls").rename(tmp_path / "报送" / "表样.et")
    as_et = xltool("read", "报送/表样.et", folder=tmp_path)
    assert (as_et.code, as_et.out) == (as_xls.code, as_xls.out) and "收入决算表" in as_et.out
    done = xltool("convert", "报送", "--to", "json", "-o", "数据", "--jobs", "1", folder=tmp_path)
    assert "成功 1；" in done.out, done.err


def test_an_edition_is_made_of_an_old_form_and_fills(tmp_path: Path) -> None:
    old_form(tmp_path / "表样.xls")
    done = xltool("mapping", "init", "表样.xls", "-o", "本局", folder=tmp_path)
    assert done.code == 0 and "都相等" in done.out, done.err
    assert "旧格式已转成 .xlsx" in done.err and "没有转过来的" not in done.err
    blank = open_workbook(tmp_path / "本局" / "表样.xlsx").sheets[0]
    assert blank.value("D5") is None and blank.formula("C5") == "SUM(D5:E5)"
    row = "{科目编码: '2010301', 财政拨款收入: 7}"
    given = (
        f"单位名称: 某县财政局\n年度: 2023\n金额单位: 元\n表: {{收入决算表: {{明细: [{row}]}}}}\n"
    )
    (tmp_path / "数据.yaml").write_text(given, encoding="utf-8")
    done = xltool("fill", "数据.yaml", "-e", "本局", "-o", "报表.xlsx", folder=tmp_path)
    assert done.code == 0, done.err
    assert Decimal(7) in dict(open_workbook(tmp_path / "报表.xlsx").sheets[0].items()).values()


def test_what_cannot_be_taken_along_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, lost = converted(old_form(tmp_path / "表样.xls", picture=True))
    assert lost == ["工作表“公开02”A7里的几种字体", "工作表“公开02”的图片、控件"]
    keep(make_edition(tmp_path / "表样.xls", "本局").files, tmp_path / "本局")
    monkeypatch.setattr(XlsSheet, "unread_formulas", {"C5": "引用了其他程序"})
    with pytest.raises(InputError, match=r"工作表“公开02”C5（引用了其他程序）.*另存为 \.xlsx"):
        make_edition(tmp_path / "表样.xls", "本局")


def test_a_cell_that_would_say_something_else_stops_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old_form(tmp_path / "表样.xls")
    honest = XlsSheet.value
    seen: list[str] = []

    def once(sheet: XlsSheet, ref: str) -> object:
        """Another value when the cell is asked for again: as if it had been written wrong."""
        seen.append(ref)
        return Decimal(99) if ref == "D5" and seen.count(ref) > 1 else honest(sheet, ref)

    monkeypatch.setattr(XlsSheet, "value", once)
    with pytest.raises(InputError, match=r"转成 \.xlsx 以后有1格不同，如工作表“公开02”D5"):
        converted(path)

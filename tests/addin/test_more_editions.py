"""The buttons in a workbook of each of the editions that come with the tool, and of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlwings as xw

from tests.addin.fakeexcel import App
from tests.support.books import fill_raw
from tests.support.moreeditions import filled
from tests.test_form_questions import ANSWERS, county_form
from xltool.addin.entry import act
from xltool.addin.hosts.excelhost import ExcelHost
from xltool.checks import validate
from xltool.editions import edition_ids, find_edition
from xltool.editions.install import install
from xltool.forms.init import keep, make_edition
from xltool.mapping.ownsheets import CHECKS_SHEET, result_sheet
from xltool.ooxml import open_workbook

WITH_CHECKS = ("2019-national", "2023-central", "sichuan-zp")
"""One of each kind of form; tests/test_more_editions.py adds the sheet to a book of every edition."""


def _checked_and_cleared(excel: App, book: Path, said: str) -> ExcelHost:
    """The workbook, open in Excel: checked, which says `said` first, and without the result sheet again."""
    host = ExcelHost(xw.Book(impl=excel.open(book)))
    act("validate", host)
    assert excel.alerts[0].startswith(said)
    act("clear", host)
    with host.snapshot() as path:
        assert result_sheet(open_workbook(path)) is None
    return host


@pytest.mark.parametrize("id_", edition_ids())
def test_checked_and_cleared_in_excel(excel: App, id_: str, tmp_path: Path) -> None:
    book = filled(id_, tmp_path)
    verdict = validate(book).verdict
    host = _checked_and_cleared(excel, book, f"{verdict}　{book.name}")
    if id_ not in WITH_CHECKS:
        return
    excel.answers = ["yes"] * 9
    act("checks", host)
    assert CHECKS_SHEET in [sheet.name for sheet in open_workbook(book).sheets]


def test_an_own_edition_is_checked_and_cleared_in_excel(
    excel: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the add-in finds it: installed, of a form that lacks columns which rules want."""
    monkeypatch.setenv("XLTOOL_DATA", str(tmp_path / "own"))
    keep(make_edition(county_form(tmp_path / "表样.xlsx"), "县2024", answers=ANSWERS).files,
         tmp_path / "县")  # fmt: skip
    install(find_edition(tmp_path / "县"))
    raw = {"版本": "县2024", "单位名称": "某局", "年度": 2024, "金额单位": "万元"}
    raw["表"] = {"支出决算表": {"明细": [{"科目编码": "2010301", "基本支出": 5}]}}
    book = tmp_path / "报.xlsx"
    fill_raw(raw, book)
    said = f"{validate(book).verdict}　报.xlsx　某局　2024年度　县2024"
    host = _checked_and_cleared(excel, book, said)
    excel.answers = ["yes"] * 9
    act("checks", host)
    sheet = open_workbook(book).sheet(CHECKS_SHEET)
    ends = {str(value) for ref, value in sheet.items() if ref.startswith("J")}
    outcomes = {line.outcome for line in validate(book).ledger.lines.values()}
    assert "未执行" in ends and ("不符" in ends) == ("不符" in outcomes)

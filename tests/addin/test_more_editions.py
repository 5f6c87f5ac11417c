"""The buttons in a workbook of each of the editions that come with the tool."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlwings as xw

from tests.addin.fakeexcel import App
from tests.support.moreeditions import filled
from xltool.addin.entry import act
from xltool.addin.hosts.excelhost import ExcelHost
from xltool.checks import validate
from xltool.editions import edition_ids
from xltool.mapping.ownsheets import CHECKS_SHEET, result_sheet
from xltool.ooxml import open_workbook

WITH_CHECKS = ("2019-national", "2023-central", "sichuan-zp")
"""One of each kind of form; tests/test_more_editions.py adds the sheet to a book of every edition."""


@pytest.mark.parametrize("id_", edition_ids())
def test_checked_and_cleared_in_excel(excel: App, id_: str, tmp_path: Path) -> None:
    book = filled(id_, tmp_path)
    verdict = validate(book).verdict
    host = ExcelHost(xw.Book(impl=excel.open(book)))
    act("validate", host)
    assert excel.alerts[0].startswith(f"{verdict}　{book.name}")
    act("clear", host)
    with host.snapshot() as path:
        assert result_sheet(open_workbook(path)) is None
    if id_ not in WITH_CHECKS:
        return
    excel.answers = ["yes"] * 9
    act("checks", host)
    assert CHECKS_SHEET in [sheet.name for sheet in open_workbook(book).sheets]

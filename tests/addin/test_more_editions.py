"""The buttons in a workbook of each of the editions of provinces and years."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlwings as xw

from tests.addin.fakeexcel import App
from tests.support.moreeditions import MORE, filled
from xltool.addin.entry import act
from xltool.addin.hosts.excelhost import ExcelHost
from xltool.checks import validate
from xltool.mapping.ownsheets import result_sheet
from xltool.ooxml import open_workbook


@pytest.mark.parametrize("id_", MORE)
def test_checked_and_cleared_in_excel(excel: App, id_: str, tmp_path: Path) -> None:
    book = filled(id_, tmp_path)
    verdict = validate(book).verdict
    host = ExcelHost(xw.Book(impl=excel.open(book)))
    act("validate", host)
    assert excel.alerts[0].startswith(f"{verdict}　{book.name}")
    act("clear", host)
    with host.snapshot() as path:
        assert result_sheet(open_workbook(path)) is None

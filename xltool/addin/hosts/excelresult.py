"""The result sheet in an open workbook.

It is made in a workbook of its own, as the marked copy has it, and Excel copies it over whole, with its
formats, links and print settings: a handful of calls, however many findings there are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.addin.hosts import com
from xltool.addin.hosts.blankbook import write_book
from xltool.addin.hosts.excelprotection import opened, structure_opened
from xltool.checks import Validation
from xltool.checks.explaining import carried
from xltool.checks.explanations import written_explanations
from xltool.mapping.ownsheets import RESULT_SHEET, marker, result_sheet
from xltool.ooxml import Editor, Workbook
from xltool.ooxml.edit.links import leading_to
from xltool.reporting.workbook.annotate import free_name
from xltool.reporting.workbook.resultpage import result_page

if TYPE_CHECKING:
    import xlwings as xw


def put_result(book: xw.Book, validation: Validation) -> str:
    """Add the result sheet behind the last one; its name."""
    workbook = validation.reading.workbook
    opening = Editor(workbook).opening
    page, _ = result_page(validation, _texts(validation), opening)
    name = free_name(_without_result(workbook))
    with tempfile.TemporaryDirectory(prefix="xltool-", ignore_cleanup_errors=True) as folder:
        # Excel opens no two workbooks of one name
        path = Path(folder) / f"{Path(folder).name}.xlsx"
        write_book(path, name, page)
        made = com.open_book(book.app, path)
        try:
            with structure_opened(book, workbook):
                sheet = made.sheets[0].copy(after=book.sheets[-1])
        finally:
            made.close()
    _keep_marker(sheet, marker(opening))
    return str(sheet.name)


def _texts(validation: Validation) -> dict[int, str]:
    """What stands in the 说明 of the sheet that goes, for the findings that do not have it yet."""
    texts = carried(validation.findings, written_explanations(validation.reading))
    return {n: text for n, text in texts.items() if not validation.findings[n].explanation}


def _without_result(workbook: Workbook) -> set[str]:
    """The names of the sheets that stay."""
    gone = result_sheet(workbook)
    return {sheet.name for sheet in workbook.sheets if gone is None or sheet.name != gone.name}


def _keep_marker(sheet: xw.Sheet, names: Mapping[str, str]) -> None:
    """Sheet-level names go along when a sheet is copied; should one not have, it is made anew."""
    present = {name.name.rpartition("!")[2] for name in sheet.names}
    for name, value in names.items():
        if name not in present:
            sheet.names.add(name, f"={value}")


def obstacle(book: xw.Book, snapshot: Workbook) -> str:
    """Why a result sheet can be neither put in nor taken out; "" when it can."""
    if com.structure_locked(book) and snapshot.has_password:
        return f"工作簿结构受保护，“{RESULT_SHEET}”表不能增删"
    if snapshot.kind == "xls":
        return f"旧版 .xls 放不下“{RESULT_SHEET}”表，请另存为 .xlsx"
    sheet = result_sheet(snapshot)
    if sheet is not None and _mentioned(snapshot, sheet.name):
        return f"有公式引用“{sheet.name}”表，没有替换或删除它"
    return ""


def take_result(book: xw.Book, snapshot: Workbook, name: str) -> list[str]:
    """Delete the result sheet and the links that lead to it (the marked copy has such).

    Returns the sheets that are protected against it: their links stay and lead nowhere.
    """
    refused = []
    for sheet_name, area in leading_to(Editor(snapshot), name):
        if sheet_name == name:
            continue
        with opened(book, snapshot, sheet_name) as sheet:
            if com.takes_links(sheet):
                com.clear_links(sheet, str(area))
            else:
                refused.append(sheet_name)
    with structure_opened(book, snapshot):
        book.sheets[name].delete()
    return refused


def _mentioned(snapshot: Workbook, name: str) -> bool:
    others = (sheet for sheet in snapshot.sheets if sheet.name != name)
    return any(name in formula for sheet in others for formula in sheet.formulas().values())

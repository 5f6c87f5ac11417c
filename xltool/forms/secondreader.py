"""A filled trial read by openpyxl, which shares no code with our reader."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from xltool.ooxml import Sheet
from xltool.reading import Reading


def second_reading(filled: Path, form: Path, reading: Reading) -> tuple[int | None, list[str]]:
    """How many cells openpyxl sees as `reading` has them, and what it sees otherwise.

    `form`: the blank one; its formulas must still be there. None where openpyxl is not installed.
    """
    try:
        import openpyxl
    except ImportError:
        return None, []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it does not keep is not written with it
        book, blank = openpyxl.load_workbook(filled), openpyxl.load_workbook(form)
    cells = {(place.sheet, place.ref) for place in reading.places.values()}
    wrong = list(_differences(reading, book, cells))
    wrong += _lost(book, blank)
    return len(cells), wrong


def _differences(reading: Reading, book: Any, cells: set[tuple[str, str]]) -> Iterator[str]:
    sheets = {sheet.name: sheet for sheet in reading.workbook.sheets}
    for name, ref in sorted(cells):
        theirs = book[name][ref].value if name in book.sheetnames else None
        if not _same(sheets[name], ref, theirs):
            ours = sheets[name].value(ref)
            yield f"工作表“{name}”{ref} 读出来是{ours}，openpyxl 读出来是{theirs}"


def _same(sheet: Sheet, ref: str, theirs: object) -> bool:
    if sheet.formula(ref) is not None:
        return isinstance(theirs, str) and theirs.startswith("=")
    ours = sheet.value(ref)
    if isinstance(ours, Decimal):
        try:
            return Decimal(str(theirs)) == ours
        except InvalidOperation:
            return False
    return ours == theirs


def _lost(book: Any, blank: Any) -> Iterator[str]:
    """Sheets and formulas of the blank form that are gone."""
    for sheet in blank.worksheets:
        if sheet.title not in book.sheetnames:
            yield f"工作表“{sheet.title}”没有了"
        elif (lost := _formulas(sheet) - _formulas(book[sheet.title])) > 0:
            yield f"工作表“{sheet.title}”少了{lost}个公式"


def _formulas(sheet: Any) -> int:
    return sum(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)

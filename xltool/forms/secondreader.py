"""A filled trial read by openpyxl, which shares no code with our reader."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import Any

from xltool.core.texts import quoted
from xltool.ooxml import Sheet
from xltool.reading import Reading

_Row = tuple[tuple[int, str], ...]
_SHOWN = 5


def second_reading(
    filled: Path, form: Path, blank: Reading, reading: Reading
) -> tuple[int | None, list[str]]:
    """How many cells openpyxl sees as `reading` has them, and what it sees otherwise.

    `form`: the blank one, as `blank` read it; its formulas must still be there, but for those of rows that lists did
    not need. None where openpyxl is not installed.
    """
    try:
        import openpyxl
    except ImportError:
        return None, []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it does not keep is not written with it
        book, printed = openpyxl.load_workbook(filled), openpyxl.load_workbook(form)
    cells = {(place.sheet, place.ref) for place in reading.places.values()}
    wrong = list(_differences(reading, book, cells))
    wrong += _lost(book, printed, _rows_of_lists(blank))
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


def _rows_of_lists(blank: Reading) -> set[tuple[str, int]]:
    """The sheet rows of a blank form that are for lists."""
    return {
        (found_table.located.sheet.name, row)
        for found_table in blank.found_tables
        for found in found_table.located.lists.values()
        for row in found.rows
    }


def _lost(book: Any, blank: Any, of_lists: set[tuple[str, int]]) -> Iterator[str]:
    """Sheets and formulas of the blank form that are gone."""
    for sheet in blank.worksheets:
        if sheet.title not in book.sheetnames:
            yield f"工作表“{sheet.title}”没有了"
            continue
        filled = book[sheet.title]
        moved = _moved(_rows(sheet), _rows(filled))
        kept = [
            cell
            for cell in _formulas(sheet)
            if moved[cell.row] is not None or (sheet.title, cell.row) not in of_lists
        ]
        lost = len(kept) - len(_formulas(filled))
        if lost <= 0:
            continue  # those of rows that were added are more, and those of a list's rows may say other things
        named = list(islice(_gone(kept, filled, moved), _SHOWN))
        more = f"，一共{lost}个" if lost > len(named) else ""
        yield f"工作表“{sheet.title}”少了公式：{'、'.join(named)}{more}"


def _gone(formulas: list[Any], filled: Any, moved: dict[int, int | None]) -> Iterator[str]:
    """The formulas of a form that are none in the filled one, each with what stands in its cell now."""
    for cell in formulas:
        shown = f"{cell.coordinate} {getattr(cell.value, 'text', cell.value)}"
        if (row := moved[cell.row]) is None:
            yield f"{shown}（这一行没有了）"
        elif (now := filled.cell(row, cell.column)).data_type != "f":
            stands = "空白" if now.value is None else quoted(now.value)
            yield f"{shown}（{now.coordinate} 现在是{stands}）"


def _moved(before: list[_Row], after: list[_Row]) -> dict[int, int | None]:
    """Where each row has gone by what is printed in it: rows between those that are alike keep their order."""
    places: dict[int, int | None] = {}
    for _, i, end, j, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for n in range(end - i):
            places[i + n + 1] = j + n + 1 if j + n < stop else None
    return places


def _rows(sheet: Any) -> list[_Row]:
    return [
        tuple((cell.column, cell.value) for cell in row if cell.data_type == "s")
        for row in sheet.iter_rows()
    ]


def _formulas(sheet: Any) -> list[Any]:
    return [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]

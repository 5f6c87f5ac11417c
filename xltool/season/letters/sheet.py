"""整改通知.xlsx: the lines of a letter with a column for the unit's answers, which the next round reads back.

What the numbers stand for is on a hidden sheet (see `checks.replies`). Only the answers can be typed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from xltool.checks.replies import KEY_SHEET, KEYS, LETTER_SHEET, NUMBER, REPLY
from xltool.core.printable import harmless
from xltool.core.saving.mark import put_mark
from xltool.ooxml.edit.measure import lines
from xltool.season.letters.contents import NOTHING
from xltool.season.letters.model import LetterUnit

_COLUMNS = (
    (NUMBER, 9, "middle"),
    ("工作表", 20, "text"),
    ("单元格", 12, "text"),
    ("问题", 44, "text"),
    ("现为", 15, "right"),
    ("应为", 17, "right"),
    ("依据", 30, "text"),
    ("要求", 11, "middle"),
    (REPLY, 32, "answer"),
)
"""The columns: title, width, look."""

_HOW = (
    f"请在“{REPLY}”一栏填写：确属合理、不改数的，写明原因；已经改正的可以不填。其他各栏、各行请不要改动，"
    "填好后连同改好的报表一并报回。"
)
_POINTS, _TALLEST, _LONGEST = 15, 26, 32_000
_A4 = 9


def write_sheet(path: Path, unit: LetterUnit, title: str, office: str, due: str) -> None:
    """Write the workbook of a unit's letter to a new file."""
    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    looks = _looks(book)
    sheet = book.add_worksheet(LETTER_SHEET)
    several = len(unit.books) > 1
    _head(sheet, looks, unit, title, f"{office}　请于{due}前报回".strip())
    row = len(_top(unit, title, "")) + 1
    for n, (name, width, _) in enumerate(_COLUMNS):
        sheet.set_column(n, n, width)
        sheet.write_string(row, n, name, looks["head"])
    sheet.freeze_panes(row + 1, 1)
    sheet.repeat_rows(row)
    for line in unit.lines:
        row += 1
        where = f"{line.file.rpartition('/')[2]}：{line.sheet}" if several else line.sheet
        texts = (line.number, where, line.cells, line.problem, line.now, line.should, line.basis)
        _row(sheet, looks, row, (*texts, line.demand))
    for waived in unit.waived:  # without a number, and with no room for an answer
        row += 1
        told = [waived.get(name, "") for name, _, _ in _COLUMNS]
        _row(sheet, looks, row, (*told[:-2], NOTHING), answered=False)
    _paper(sheet, row)
    _keys(book.add_worksheet(KEY_SHEET), unit)
    book.close()
    put_mark(path)


def _looks(book: Any) -> dict[str, Any]:
    plain = {"font_name": "宋体", "font_size": 11, "text_wrap": True, "valign": "vcenter"}
    boxed = {**plain, "border": 1, "border_color": "#808080"}
    return {
        "title": book.add_format(
            {**plain, "font_name": "黑体", "font_size": 16, "align": "center"}
        ),
        "line": book.add_format(plain),
        "head": book.add_format({**boxed, "bold": True, "align": "center", "bg_color": "#E8EEF5"}),
        "text": book.add_format({**boxed, "align": "left", "indent": 1}),
        "middle": book.add_format({**boxed, "align": "center"}),
        "right": book.add_format({**boxed, "align": "right", "indent": 1}),
        "answer": book.add_format({**boxed, "bg_color": "#FFFBE6", "locked": False}),
    }


def _top(unit: LetterUnit, title: str, from_whom: str) -> list[str]:
    whose = f"{unit.name}（{unit.code}）" if unit.code else unit.name
    return [title, f"{whose}：", _HOW, from_whom]


def _head(sheet: Any, looks: dict[str, Any], unit: LetterUnit, title: str, whose: str) -> None:
    last = len(_COLUMNS) - 1
    room = sum(width for _, width, _ in _COLUMNS)
    for row, text in enumerate(_top(unit, title, whose)):
        look = "title" if row == 0 else "line"
        sheet.merge_range(row, 0, row, last, harmless(text), looks[look])
        sheet.set_row(row, 30 if row == 0 else _POINTS * lines(text, room) + 6)


def _row(
    sheet: Any, looks: dict[str, Any], row: int, texts: Sequence[str], *, answered: bool = True
) -> None:
    """A row of the table; the last column is for the answer."""
    needed = 1
    for n, (text, (_, width, look)) in enumerate(zip((*texts, ""), _COLUMNS, strict=True)):
        shown = looks["text" if look == "answer" and not answered else look]
        if text:
            sheet.write_string(row, n, harmless(text)[:_LONGEST], shown)
            needed = max(needed, lines(text, width - 3))
        else:
            sheet.write_blank(row, n, None, shown)
    sheet.set_row(row, _POINTS * min(needed, _TALLEST) + 6)


def _paper(sheet: Any, last: int) -> None:
    """One page wide on A4 across; only the answers are unlocked, widths and heights may be changed."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.print_area(0, 0, last, len(_COLUMNS) - 1)
    sheet.hide_gridlines(2)
    sheet.protect("", {"format_columns": True, "format_rows": True, "format_cells": True})


def _keys(sheet: Any, unit: LetterUnit) -> None:
    rows: list[Sequence[str]] = [KEYS]
    for line in unit.lines:
        for f in line.findings:
            rows.append(
                (
                    *(line.number, f.rule, f.where, f.left, f.right, f.message, f.fingerprint),
                    *(f.unit, f.code, f.file, f.sha256),
                )
            )
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(number, column, harmless(text)[:_LONGEST])
    sheet.hide()
    sheet.protect()

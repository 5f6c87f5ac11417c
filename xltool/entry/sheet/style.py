"""How a 填数表 looks: yellow for typing, grey for what is worked out, red for what is wrong."""

from __future__ import annotations

from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

LABEL_COLUMNS = (30, 44)
"""Widths of the two columns that a label stands over, in characters of 11 points."""
LABEL_ROOM = 82
"""So many half-width characters of 10 points stand on one line there."""
LINE = 15
"""Height of a line, in points."""
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_LINES = {"border": 1, "border_color": "#BFBFBF"}
_AMOUNT = {"num_format": "#,##0.00####"}
_PASS = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
}


class EntryStyles:
    """The formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        typed = {**_FONT, **_LINES, "locked": False, "bg_color": "#FFF8DC"}
        grey = {**_FONT, **_LINES, "bg_color": "#F2F2F2"}
        self.title = book.add_format({**_FONT, "font_size": 16, "bold": True})
        self.status = book.add_format({**_FONT, "bold": True, "font_size": 11})
        self.caption = book.add_format({**_FONT, "bold": True, "font_size": 12})
        self.plain = book.add_format({**_FONT, "font_color": "#595959"})
        self.label = book.add_format({**_FONT, **_LINES, "text_wrap": True})
        self.head = book.add_format(
            {**grey, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#D9E2EC"}
        )
        self.locked = book.add_format({**grey, "shrink": True})
        self.text = book.add_format({**typed, "num_format": "@"})
        self.amount = book.add_format({**typed, **_AMOUNT})
        self.sum = book.add_format({**grey, **_AMOUNT})
        self.last = book.add_format({**_FONT, **_LINES, **_AMOUNT, "font_color": "#808080"})
        self.says = book.add_format({**_FONT, "font_color": "#595959"})
        self._red = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})

    def wrong(self, column: str, first: int) -> dict[str, Any]:
        """Rows whose last column says something (rows from 0)."""
        return {"type": "formula", "criteria": f'=${column}{first + 1}<>""', "format": self._red}

    def says_no(self, area: str) -> dict[str, Any]:
        """Checks that do not hold."""
        first = area.partition(":")[0].replace("$", "")
        return {"type": "formula", "criteria": f'=LEFT({first},3)="对不上"', "format": self._red}

    def alarm(self, words: str) -> dict[str, Any]:
        """A cell that contains these words."""
        return {"type": "text", "criteria": "containing", "value": words, "format": self._red}


def set_up(sheet: Worksheet, width: int, rows: int) -> None:
    """Widths, freezing, protection (without a password) and print."""
    sheet.set_column(0, 0, None, None, {"hidden": True})
    for column, wide in enumerate(LABEL_COLUMNS, 1):
        sheet.set_column(column, column, wide)
    sheet.set_column(3, width + 40, 15)
    sheet.freeze_panes(2, 3)
    sheet.protect("", _PASS)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 1, rows, width)
    sheet.repeat_rows(0, 1)

"""Heads of the document on sheets that hold no table: covers."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from xltool.mapping.cells import Cells, cells_of
from xltool.mapping.model import Line
from xltool.mapping.recognition.headtexts import dated_line, head_lines, line
from xltool.mapping.recognition.wordfiles import vocabulary
from xltool.ooxml import Range, Sheet, Workbook

_ROWS = 40
"""A cover has no more rows."""


def cover_lines(workbook: Workbook, tables: Collection[str]) -> Iterator[tuple[Sheet, Line]]:
    """The lines with heads on the visible sheets that are not in `tables`."""
    for sheet in workbook.sheets:
        if sheet.state == "visible" and sheet.name not in tables:
            cells = cells_of(sheet)
            if cells.rows and cells.bottom <= _ROWS:
                yield from ((sheet, found) for found in _lines(cells))


def _lines(cells: Cells) -> Iterator[Line]:
    area = Range(1, 1, cells.bottom, cells.right)
    yield from map(line, head_lines(cells, range(1, cells.bottom + 1), area, vocabulary()))
    for row in sorted(cells.rows):
        for column, text in cells.texts(row):
            if "决算" in text and (
                found := dated_line(cells.extent(row, column), text, nameless=False)
            ):
                yield found

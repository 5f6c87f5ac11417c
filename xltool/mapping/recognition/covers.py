"""Heads of the document on sheets that hold no table: covers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from xltool.core.years import YEAR
from xltool.mapping.cells import Cells, cells_of
from xltool.mapping.model import Line
from xltool.mapping.recognition.headtexts import dated_line, head_lines, line
from xltool.mapping.recognition.unitnames import is_unit_name
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.ooxml import Range, Sheet, Workbook

_ROWS = 40
"""A cover has no more rows."""
_NAMED = re.compile(
    rf"(?P<before>\S{{4,40}}?)?\s*(?P<year>{YEAR})\s*年度?\s*(?P<behind>\S{{4,40}}?)?\s*"
    r"(?:部门|单位)?决算(?:信息)?(?:公开)?(?:报?表|报告|说明|情况|草案)?"
)


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
            if "决算" not in text:
                continue
            at = cells.extent(row, column)
            if (found := _named_line(at, text) or dated_line(at, text, nameless=False)) is not None:
                yield found


def _named_line(at: Range, text: str) -> Line | None:
    """The line of a cover that names the unit: 某县水务局2023年度部门决算, 2023年度某县水务局部门决算公开表."""
    found = _NAMED.fullmatch(text.strip())
    if found is None:
        return None
    before, behind = found["before"] or "", found["behind"] or ""
    name = before or behind
    if (before and behind) or not is_unit_name(name):
        return None
    plain = text.strip()
    start = found.start("before") if before else found.start("behind")
    return Line(
        at,
        f"{plain[:start]}{{单位名称}}{plain[start + len(name) :]}".replace(found["year"], "{年度}"),
    )

"""Heads that are left open on sheets that are no table of the report: the cover, and tables that are not read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from xltool.mapping.headlines import filled_line, match_line
from xltool.mapping.ownsheets import own_sheets
from xltool.mapping.recognition.cells import Cells
from xltool.mapping.recognition.headtexts import head_lines
from xltool.mapping.recognition.words import vocabulary
from xltool.ooxml import Range, Sheet
from xltool.reading import Reading

_ROWS = 40
"""In how many rows of a sheet such a line may stand."""
_OPEN_YEAR = re.compile(r"[\s_＿xX×Ｘ]{2,}年")


class OpenHead(NamedTuple):
    """A line with a place for a head that is not filled in."""

    sheet: Sheet
    ref: str
    pattern: str
    text: str

    def filled(self, heads: Mapping[str, str]) -> str:
        """The line with its heads."""
        return filled_line(self.pattern, self.text, heads) or self.text


def open_heads(blank: Reading) -> Iterator[OpenHead]:
    """The open heads of the sheets of a blank form on which no table of the report stands."""
    read = {s.located.sheet.name for s in blank.sightings} | own_sheets(blank.workbook)
    for sheet in blank.workbook.sheets:
        if sheet.state == "visible" and sheet.name not in read:
            yield from _of_sheet(sheet)


def _of_sheet(sheet: Sheet) -> Iterator[OpenHead]:
    extent = sheet.extent
    if extent is None:
        return
    rows = range(1, min(extent.bottom, _ROWS) + 1)
    area = Range(1, 1, rows[-1], extent.right)
    for found in head_lines(Cells(sheet), rows, area, vocabulary()):
        text = sheet.value(found.at.anchor)
        if not isinstance(text, str):
            continue
        if "{年度}" in found.pattern and _OPEN_YEAR.search(text) is None:
            continue
        printed = match_line(found.pattern, text)
        if "{金额单位}" not in found.pattern and not any((printed or {}).values()):
            yield OpenHead(sheet, found.at.anchor, found.pattern, text)

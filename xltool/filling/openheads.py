"""Heads on sheets that are no table of the report: the cover, and tables that are not read.

They are filled in where they are left open, and put right where they name another unit or year: a form is often
what another unit, or the year before, left of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from xltool.mapping.cells import cells_of
from xltool.mapping.headlines import filled_line, match_line
from xltool.mapping.ownsheets import own_sheets
from xltool.mapping.recognition.headtexts import HeadText, dated_line, head_lines
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.ooxml import Range, Sheet, make_ref
from xltool.reading import Reading

_ROWS = 40
"""In how many rows of a sheet such a line may stand."""
_LONGEST = 40
"""A title that names the year has no more characters; longer texts tell of something else."""
_OPEN_YEAR = re.compile(r"[\s_＿xX×Ｘ]{2,}年")


class OpenHead(NamedTuple):
    """A line with a place for a head, open or filled in."""

    sheet: Sheet
    ref: str
    pattern: str
    text: str

    def filled(self, heads: Mapping[str, str]) -> str:
        """The line with its heads."""
        return filled_line(self.pattern, self.text, heads) or self.text


def open_heads(blank: Reading) -> Iterator[OpenHead]:
    """The heads of the sheets of a blank form on which no table of the report stands."""
    read = {s.located.sheet.name for s in blank.found_tables} | own_sheets(blank.workbook)
    for sheet in blank.workbook.sheets:
        if sheet.state == "visible" and sheet.name not in read:
            yield from _of_sheet(sheet)


def _of_sheet(sheet: Sheet) -> Iterator[OpenHead]:
    extent = sheet.extent
    if extent is None:
        return
    rows = range(1, min(extent.bottom, _ROWS) + 1)
    cells, area = cells_of(sheet), Range(1, 1, rows[-1], extent.right)
    for found in head_lines(cells, rows, area, vocabulary()):
        text = sheet.value(found.at.anchor)
        own = "{单位名称}" in found.pattern or "{年度}" in found.pattern
        if isinstance(text, str) and own and _has_place(found, text):
            box = _box(sheet, found, text)
            yield box or OpenHead(sheet, found.at.anchor, found.pattern, text)
    for row in rows:
        for column, text in cells.texts(row):
            dated = dated_line(cells.extent(row, column), text, nameless=False)
            if dated and "决算" in text and len(text) <= _LONGEST and "。" not in text:
                yield OpenHead(sheet, dated.range.anchor, dated.pattern, text)


def _box(sheet: Sheet, found: HeadText, text: str) -> OpenHead | None:
    """The blank cell beside a label that is drawn to be filled in: merged, or with a line under it."""
    label, brace, name = found.pattern.rpartition("{")
    if not text.rstrip().endswith(("：", ":")) or not label.endswith(("：", ":")):
        return None
    ref = make_ref(found.at.top, found.at.right + 1)
    merge, formats, style = sheet.merge_of(ref), sheet.workbook.formats or (), sheet.style(ref)
    drawn = (merge and merge.anchor == ref) or (style < len(formats) and formats[style].lined)
    if sheet.value(ref) not in (None, "") or not drawn:
        return None
    return OpenHead(sheet, ref, brace + name, "")


def _has_place(found: HeadText, text: str) -> bool:
    """Whether a line names a unit or a year, or leaves a place for it."""
    if any((match_line(found.pattern, text) or {}).values()):
        return True
    named = "{单位名称}" in found.pattern or found.pattern.endswith(("：{年度}", ":{年度}"))
    return named or _OPEN_YEAR.search(text) is not None

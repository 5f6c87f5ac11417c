"""Where the statement 本表无数据 goes on a form that prints no line for it: under the table."""

from __future__ import annotations

from xltool.core.model import RECOGNISED
from xltool.mapping.located import Located
from xltool.mapping.model import Line
from xltool.ooxml import Range, split_ref

_PATTERN = "说明：{单位名称}{年度}年度没有本表所列的收支，故本表无数据。"
_FARTHEST = 30
"""So many rows below its table a statement would be of something else."""


def statement_place(located: Located) -> Line | None:
    """The first row below a recognised table in which nothing is drawn; None where other things stand below it."""
    mapping, sheet = located.mapping, located.sheet
    if mapping.source != RECOGNISED or mapping.area is None:
        return None
    area = mapping.area
    below = [split_ref(ref)[0] for ref, value in sheet.items() if value not in (None, "")]
    if max(below, default=0) > area.bottom:
        return None
    last = max([area.bottom, *(row for rows in located.lists.values() for row in rows.rows)])
    drawn = {split_ref(ref)[0] for ref in sheet.cells()}
    drawn |= {row for merge in sheet.merges for row in range(merge.top, merge.bottom + 1)}
    free = next((r for r in range(last + 1, last + _FARTHEST) if r not in drawn), None)
    return None if free is None else Line(Range(free, area.left, free, area.left), _PATTERN)

"""Rows that hold long texts are made high enough to show them: no program does so on opening a file."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from xltool.ooxml import Editor, Range, Sheet, split_ref
from xltool.ooxml.edit.measure import lines

_LINE, _MARGIN = Decimal(14), Decimal(4)
"""Points that a line of the forms' body text takes, and the room above and below."""
_USUAL_HEIGHT, _USUAL_WIDTH = Decimal("13.5"), Decimal("8.43")
_TALLEST = Decimal(409)


def fit_rows(editor: Editor, sheet: str, texts: Mapping[str, str]) -> None:
    """Raise the rows of those cells in which a wrapped text needs more than there is."""
    view = editor.sheet(sheet)
    room = cache(lambda left, right: _room(view, left, right))
    heights: dict[int, Decimal] = {}
    raised: dict[int, Decimal] = {}
    for ref, text in texts.items():
        if not view.wrapped(ref):
            continue
        row, column = split_ref(ref)
        area = view.merge_of(ref) or Range(row, column, row, column)
        for n in range(area.top, area.bottom + 1):
            if n not in heights:
                heights[n] = view.row_height(n) or _USUAL_HEIGHT
        needed = lines(text, room(area.left, area.right)) * _LINE + _MARGIN
        lacking = needed - sum(heights[n] for n in range(area.top, area.bottom + 1))
        if lacking > 0:
            height = min(_TALLEST, heights[area.bottom] + lacking)
            heights[area.bottom] = raised[area.bottom] = height
    for row, height in raised.items():
        editor.set_row_height(sheet, row, height)


def _room(view: Sheet, left: int, right: int) -> Decimal:
    """How many half-width characters a line has in some columns."""
    widths = (view.column_width(column) or _USUAL_WIDTH for column in range(left, right + 1))
    return sum(widths, Decimal(-1))

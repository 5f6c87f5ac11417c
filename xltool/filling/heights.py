"""Rows that hold long texts are made high enough to show them: no program does so on opening a file."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from xltool.ooxml import Editor, Range, Sheet, split_ref
from xltool.ooxml.edit.measure import lines

_LINE, _MARGIN = Decimal(14), Decimal(4)
"""Points that a line of the forms' body text takes, and the room above and below."""
_USUAL_HEIGHT, _USUAL_WIDTH = Decimal("13.5"), Decimal("8.43")
_TALLEST = Decimal(409)


def fit_rows(editor: Editor, sheet: str, refs: Iterable[str]) -> None:
    """Raise the rows of those cells in which a wrapped text needs more than there is."""
    for ref in refs:
        view = editor.sheet(sheet)
        text = view.value(ref)
        if not isinstance(text, str) or not view.wrapped(ref):
            continue
        row, column = split_ref(ref)
        area = view.merge_of(ref) or Range(row, column, row, column)
        lacking = _needed(view, text, area) - sum(
            _height(view, n) for n in range(area.top, area.bottom + 1)
        )
        if lacking > 0:
            height = min(_TALLEST, _height(view, area.bottom) + lacking)
            editor.set_row_height(sheet, area.bottom, height)


def _needed(view: Sheet, text: str, area: Range) -> Decimal:
    widths = (
        view.column_width(column) or _USUAL_WIDTH for column in range(area.left, area.right + 1)
    )
    room = sum(widths, Decimal(-1))
    return lines(text, room) * _LINE + _MARGIN


def _height(view: Sheet, row: int) -> Decimal:
    return view.row_height(row) or _USUAL_HEIGHT

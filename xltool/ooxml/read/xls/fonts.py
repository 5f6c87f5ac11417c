"""Texts of an .xls file that nobody can read: of the colour of their ground, too small, struck out, in pictures."""

from __future__ import annotations

from typing import Any

from xltool.ooxml.read.styles import PICTURES, SMALLEST

TWIPS = 20
"""Parts of a point in which heights are stored."""
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)
_FILLED = 4
"""Alignment that shows a text as often as there is room for it."""


def unseen(book: Any, xf: Any) -> bool:
    """Whether a cell format of a workbook of xlrd makes texts invisible."""
    font = book.font_list[xf.font_index]
    if font.struck_out or font.height < SMALLEST * TWIPS or font.name.lower() in PICTURES:
        return True
    colour = book.colour_map.get(font.colour_index) or _BLACK
    return colour == _ground(book, xf.background) or xf.alignment.hor_align == _FILLED


def _ground(book: Any, background: Any) -> tuple[int, int, int] | None:
    """The colour of a solid fill; white without one, None for a pattern or an unknown colour."""
    if background.fill_pattern == 0:
        return _WHITE
    return (
        book.colour_map.get(background.pattern_colour_index)
        if background.fill_pattern == 1
        else None
    )

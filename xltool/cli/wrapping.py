"""Long lines on a terminal: broken between words, with a hanging indent, never within a number or an address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

_HANG = 4
"""Further lines stand so much deeper than the first."""
_NARROW = 40
"""On narrower terminals the terminal itself breaks."""
_WORD = r"[A-Za-z0-9_.,%+\-−$!:/\\@#&=\[\]]+"
_NOT_FIRST = "，。、；：！？）》”’】〕·…—"
_NOT_LAST = "（《“‘【〔"
_PIECE = re.compile(rf"\x00\d+\x00|\s+|{_WORD}|.", re.S)


def wrapped(
    text: str, width: int, marks: re.Pattern[str] | None = None, *, hang: int = _HANG
) -> str:
    """The line in lines of at most `width` columns, further ones deeper by `hang`.

    `marks` are orders that take no room (colours).
    """
    if width < _NARROW or display_width(marks.sub("", text) if marks else text) < width:
        return text
    kept = marks.findall(text) if marks else []
    if marks is not None:
        number = count()
        text = marks.sub(lambda _: f"\x00{next(number)}\x00", text)
    lead = len(text) - len(text.lstrip(" "))
    lines = _lines([*_units(text[lead:])], width - lead - 1, width - lead - 1 - hang)
    joined = f"\n{' ' * (lead + hang)}".join(lines)
    return " " * lead + re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], joined)


def _units(text: str) -> Iterator[str]:
    """What stays together: words and numbers, signs with the characters that they belong to."""
    unit = ""
    for piece in _PIECE.findall(text):
        joined = piece[0] in _NOT_FIRST or piece[0] == "\x00" or unit[-1:] in (*_NOT_LAST, "\x00")
        if unit and not joined:
            yield unit
            unit = ""
        unit += piece
    if unit:
        yield unit


def _lines(units: list[str], first: int, further: int) -> Iterator[str]:
    line, room = "", first
    for unit in units:
        if line.strip() and display_width(line + unit.rstrip()) > room:
            yield line.rstrip()
            line, room = "", further
        line += unit if line else unit.lstrip()
    if line.strip():
        yield line.rstrip()


def display_width(text: str) -> int:
    """Columns on a terminal: wide characters take two, marks none."""
    plain = re.sub(r"\x00\d+\x00", "", text)
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in plain)

"""What of a sheet is drawn, and how wide its columns are."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import east_asian_width

from xltool.core.caches import remembered

BRIDGE = 12
"""Blank rows and columns between filled ones are drawn, up to this many; longer gaps are left out."""
AROUND = 3
"""So many rows before and after a marked one are kept where others are not."""
_NARROW, _BROAD, _SPAN = 5, 26, 4
_HEAD, _PADDING, _MARK, _MARKS = 8, 2, 4, 3


def drawn(filled: set[int], marked: set[int], most: int) -> list[range]:
    """The runs of rows or columns to draw: from the first on, small gaps bridged, long ones left out."""
    if not filled:
        return [range(1, 2)]
    if len(filled) > most:
        near = {n + step for n in marked for step in range(-AROUND, AROUND + 1)}
        kept = set(sorted(filled)[: most // 2])
        filled = kept | (filled & near)
    runs: list[range] = []
    start, last = (1, 1) if min(filled) <= BRIDGE else (min(filled), min(filled))
    for n in sorted(filled):
        if n > last + BRIDGE + 1:
            runs.append(range(start, last + 1))
            start = n
        last = n
    runs.append(range(start, last + 1))
    return runs


class Widths:
    """Width of each column in half-width characters, by what stands in it."""

    def __init__(self, columns: Iterable[int]) -> None:
        self.weights = dict.fromkeys(columns, _NARROW)
        self.spanning: dict[tuple[int, int], int] = {}

    def take(self, column: int, across: int, text: str, *, head: bool, marks: int) -> None:
        """Make room for a text and the marks before it; heads may wrap once, wide spans as they like."""
        width = _text_width(text)
        if head:
            width = min(width, max(_HEAD, -(-width // 2)))
        need = min(width + _MARK * min(_MARKS, marks) + _PADDING, _BROAD)
        if across == 1:
            self.weights[column] = max(self.weights[column], need)
        elif across <= _SPAN:
            key = (column, across)
            self.spanning[key] = max(self.spanning.get(key, 0), need)

    def settled(self) -> dict[int, int]:
        """The widths, what spans lack shared among their columns."""
        for (column, across), need in self.spanning.items():
            members = range(column, column + across)
            lack = need - sum(self.weights[c] for c in members)
            for member in members if lack > 0 else ():
                self.weights[member] += -(-lack // across)
        return self.weights


@remembered(4096)
def _text_width(text: str) -> int:
    """In half-width characters."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)

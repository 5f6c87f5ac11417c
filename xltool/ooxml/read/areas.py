"""Many cells in few words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xltool.ooxml.read.refs import Range, split_ref

_AREAS = 6


def areas(refs: Iterable[str]) -> str:
    """Cells of one sheet in few words: D5:D404、F7; at most a handful of areas, then their number."""
    cells = [split_ref(ref) for ref in refs]
    by_column = _runs(cells, across=False)
    by_row = _runs(cells, across=True)
    found = by_column if len(by_column) <= len(by_row) else by_row
    words = "、".join(map(str, found[:_AREAS]))
    return words if len(found) <= _AREAS else f"{words} 等"


def _runs(cells: Sequence[tuple[int, int]], *, across: bool) -> list[Range]:
    """Neighbouring cells joined down each column, or across each row; in the order given."""
    found: list[Range] = []
    for row, column in cells:
        if found:
            last = found[-1]
            follows = (
                (last.top == last.bottom == row and last.right + 1 == column)
                if across
                else (last.left == last.right == column and last.bottom + 1 == row)
            )
            if follows:
                found[-1] = last._replace(bottom=row, right=column)
                continue
        found.append(Range(row, column, row, column))
    return found

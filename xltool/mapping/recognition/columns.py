"""Recognised columns as those of a mapping."""

from __future__ import annotations

from collections.abc import Sequence

from xltool.mapping.blocks import Anchor, Column
from xltool.mapping.cells import Cells
from xltool.mapping.recognition.blockwords import ColumnWords
from xltool.mapping.recognition.header import Word
from xltool.mapping.recognition.keys import header_unit


def bound_column(
    cells: Cells,
    path: Sequence[Word],
    words: ColumnWords,
    row: int,
    rows: frozenset[int] | None = None,
) -> Column:
    """The column under the words of `path`; `row` is one of its data, to see what is merged."""
    own = [word for word in path if not word.spread]
    left = own[-1].at.left
    return Column(
        words.name,
        left,
        max(cells.extent(row, left).right, left),
        words.kind,
        words.group,
        rows,
        tuple(Anchor(word.at, (word.text,)) for word in own),
        unit=own_unit(own) if words.kind == "amount" else None,
    )


def own_unit(path: Sequence[Word]) -> str | None:
    """The money unit that the words above (or beside) a figure name, the nearest first; None without any."""
    return next((unit for word in reversed(path) if (unit := header_unit(word.text))), None)

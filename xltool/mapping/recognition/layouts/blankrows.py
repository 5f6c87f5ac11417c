"""The rows of a list in which nothing is filled in: blank ones, numbered ones, samples of a blank form."""

from __future__ import annotations

from collections.abc import Set

from xltool.mapping.cells import Cells
from xltool.mapping.recognition.vocabulary.keys import bare
from xltool.ooxml import Range, make_ref

_SAMPLE = frozenset("….·-—~")
_CROSSES = frozenset("×✕╳xX*○〇△")
_KEYS = frozenset("类款项科目编码代号名称")


def drawn(cells: Cells, area: Range, rows: list[int]) -> list[int]:
    """The rows without the blank ones at their end that have no format: they only keep what follows apart."""

    def has_format(row: int) -> bool:
        columns = range(area.left, area.right + 1)
        return any(cells.sheet.style(make_ref(row, column)) for column in columns)

    last = len(rows)
    while last > 1 and is_blank(cells, rows[last - 1]) and not has_format(rows[last - 1]):
        last -= 1
    return rows[:last] if last < len(rows) and has_format(rows[0]) else rows


def is_blank(cells: Cells, row: int, counted: Set[int] = frozenset()) -> bool:
    """Nothing stands in a row but formulas that show nothing, and in columns of `counted` its number."""
    return all(
        cells.values[row, c] is None or (c in counted and cells.whole(row, c) is not None)
        for c in cells.rows.get(row, ())
    )


def is_sample(cells: Cells, row: int) -> bool:
    """Whether a row of a blank form only says that more rows follow, or what they hold: “……”, “×××”, “××类”."""
    texts = [set(bare(text)) for _, text in cells.texts(row)]
    if len(texts) < len([c for c in cells.rows.get(row, ()) if cells.values[row, c] is not None]):
        return False
    return bool(texts) and all(
        text <= _SAMPLE or (text & _CROSSES and text <= _CROSSES | _KEYS) for text in texts
    )

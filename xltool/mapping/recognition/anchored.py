"""The heads and labels of a block by the words of an edition's own mapping: all of them, without doubt, or none.

Nothing is guessed: a word that stands in several places, or an order that can be read in two ways, is a problem
that names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from xltool.core.caches import remembered
from xltool.core.texts import is_part_of, loose, norm
from xltool.mapping.blocks import Column, FormRow
from xltool.mapping.cells import Cells
from xltool.mapping.formtexts import is_form_text
from xltool.mapping.inorder import Ordered, ordered
from xltool.mapping.located import ColumnSpan
from xltool.mapping.recognition.header import words_above
from xltool.mapping.recognition.headtexts import is_head_line
from xltool.ooxml import Range

_REACH = 8
"""How many rows above a header cell the header above it may stand."""
MOST_OF = 0.6
"""So many of a block's labels, or codes, show that a column is its."""


class FoundColumns(NamedTuple):
    """Located columns of a block and the last row of their headers."""

    columns: dict[str, ColumnSpan]
    bottom: int


class NotFound(Exception):
    """A word that is missing or stands in several places; `str()` is the Chinese sentence."""


def find_columns(cells: Cells, columns: Sequence[Column]) -> FoundColumns:
    """Where the columns' header texts stand. Raises `NotFound`."""
    options: list[list[tuple[int, ColumnSpan]]] = []
    for column in columns:
        hits = list(_header_hits(cells, column)) if column.header else []
        if not hits:
            raise NotFound(f"找不到“{_title(column)}”栏")
        options.append(hits)
    bands = {
        combination
        for base, _ in options[0]
        if (combination := _band(options, columns, base)) is not None
    }
    if len(bands) != 1:
        unclear = next(
            (c for c, hits in zip(columns, options, strict=True) if len(hits) > 1), columns[0]
        )
        raise NotFound(f"“{_title(unclear)}”栏有多处，分不清是哪一处")
    (found,) = bands
    bottom = max(row for row, _ in found)
    return FoundColumns({c.name: s for c, (_, s) in zip(columns, found, strict=True)}, bottom)


def _title(column: Column) -> str:
    return "·".join(anchor.text for anchor in column.header) or column.name


def _header_hits(cells: Cells, column: Column) -> Iterator[tuple[int, ColumnSpan]]:
    """Cells with the column's lowest header text below its other header texts: (last row, columns)."""
    *above, lowest = column.header
    for row, left in cells.find(lowest.texts):
        extent = cells.extent(row, left)
        if not above or _stand_above(cells, row, left, [a.texts for a in above]):
            yield extent.bottom, ColumnSpan(left, extent.right)


def _stand_above(cells: Cells, row: int, column: int, stack: list[tuple[str, ...]]) -> bool:
    """Whether texts of `stack` stand above a cell, below the document's heads, in their order, whatever else does."""
    area = Range(1, 1, cells.bottom, cells.right)
    reach = range(max(1, row - _REACH), row)
    heads = (r + 1 for r in reach if cells.rows.get(r) and is_head_line(cells, r, area))
    higher = words_above(cells, area, column, range(max(heads, default=reach.start), row + 1))
    above = iter(reversed([loose(word.text) for word in higher if word.at.top < row]))
    return all(any(text in {*map(loose, texts)} for text in above) for texts in reversed(stack))


def _band(
    options: list[list[tuple[int, ColumnSpan]]], columns: Sequence[Column], base: int
) -> tuple[tuple[int, ColumnSpan], ...] | None:
    """One hit per column, all at the same height as in the edition, or None when that is not unique."""
    height = columns[0].header[-1].range.bottom
    picked = []
    for column, hits in zip(columns, options, strict=True):
        wanted = base + column.header[-1].range.bottom - height
        level = [hit for hit in hits if hit[0] == wanted]
        if not level and len(hits) == 1:
            level = hits
        if len(level) != 1:
            return None
        picked.append(level[0])
    return tuple(picked)


class Labels(NamedTuple):
    """Located rows of a form: by row name; labels of the form that the sheet lacks; strangers."""

    column: int
    rows: dict[str, int]
    missing: list[FormRow]
    strangers: list[tuple[int, str]]


def find_labels(
    cells: Cells, rows: Sequence[FormRow], left_of: int, top: int, printed: frozenset[str]
) -> Labels:
    """Where the labelled rows stand: the column that has most of them, read in order.

    `left_of`: the first value column, to prefer the nearest label column when two serve equally. `top`: the
    last row of the headers. `printed`: the form's texts, which end the block.

    Raises `NotFound` when too few labels are found, when their order can be read in two ways, or when
    a missing label's place is taken by a row that the form does not know.
    """
    wanted = [row for row in rows if row.row is not None]
    columns = {
        column: _aligned(tuple(rows), tuple((row, cells.printed[row, column]) for row in filled))
        for column, filled in cells.by_column.items()
        if column < left_of
    }
    column = max(columns, key=lambda c: (len(columns[c].found), c), default=0)
    if not columns or len(columns[column].found) < MOST_OF * len(wanted):
        names = "、".join(f"“{row.texts[0]}”" for row in wanted[:3])
        raise NotFound(f"找不到{names}等行")
    way = columns[column]
    lines = cells.by_column[column]
    printed_here = [loose(cells.printed[row, column]) for row in lines]
    for n in way.unclear:
        label = rows[n].texts[0]
        if sum(map(printed_here.count, {loose(text) for text in rows[n].texts})) == 1:
            raise NotFound(f"“{label}”一行的次序与表样不同，改回表样的次序")
        raise NotFound(f"“{label}”有几行，分不清是哪一行")
    found = {rows[n].name: lines[at] for n, at in way.found.items()}
    texts = [(row, cells.printed[row, column]) for row in lines]
    strangers = _strangers(texts, set(found.values()), top, printed)
    missing = [row for row in wanted if row.name not in found]
    _check_gaps(rows, found, missing, strangers)
    return Labels(column, found, missing, strangers)


def _strangers(
    texts: Sequence[tuple[int, str]],
    taken: set[int],
    top: int,
    printed: frozenset[str],
) -> list[tuple[int, str]]:
    """Labels between the headers and the end of the block that are none of its own."""
    last = max(taken)
    found = []
    for row, text in texts:
        if row <= top or row in taken or norm(text) == "栏次":
            continue
        if row > last and is_form_text(text, printed):
            break
        found.append((row, text))
    return found


@remembered(256)
def _aligned(rows: tuple[FormRow, ...], texts: tuple[tuple[int, str], ...]) -> Ordered:
    """Labels found in their order. Books of one form have the same labels: how they run is worked out once."""
    hits = []
    for row in rows:
        normed, loosened = {norm(t) for t in row.texts}, {loose(t) for t in row.texts}
        hits.append({n for n, (_, t) in enumerate(texts) if _is_row(t, row, normed, loosened)})
    return ordered(hits, len(texts))


def _is_row(text: str, row: FormRow, normed: set[str], loosened: set[str]) -> bool:
    """Whether a printed label is a row's; 其中：… is a part of the row above, whatever else it says."""
    if norm(text) in normed:
        return True
    return loose(text) in loosened and not is_part_of(text, row.texts)


def _check_gaps(
    rows: Sequence[FormRow],
    found: Mapping[str, int],
    missing: list[FormRow],
    strangers: list[tuple[int, str]],
) -> None:
    """A missing label between two found ones must not have a stranger in its place."""
    names = [row.name for row in rows]
    for row in missing:
        at = names.index(row.name)
        above = max((found[n] for n in names[:at] if n in found), default=0)
        below = min((found[n] for n in names[at:] if n in found), default=1 << 30)
        for line, text in strangers:
            if above < line < below:
                raise NotFound(
                    f"没有“{row.texts[0]}”行，它的位置（第{line}行）写的是“{text.strip()}”"
                )

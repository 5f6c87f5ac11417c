"""Finding a block by its anchors when it does not stand where the edition expects it.

Nothing is guessed: an anchor that stands in several places, or an order that can be read in two ways,
is a problem that names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from xltool.core.caches import remembered
from xltool.core.texts import is_part_of, loose, norm
from xltool.mapping.formtexts import is_form_text
from xltool.mapping.grid import Grid
from xltool.mapping.inorder import in_order
from xltool.mapping.located import ColumnSpan
from xltool.mapping.model import Column, FormRow, Numbers

_REACH = 8
"""How many rows above a header cell the header above it may stand."""


class FoundColumns(NamedTuple):
    """Located columns of a block and the last row of their headers."""

    columns: dict[str, ColumnSpan]
    bottom: int


class NotFound(Exception):
    """An anchor that is missing or stands in several places; `str()` is the Chinese sentence."""


def find_columns(grid: Grid, columns: Sequence[Column]) -> FoundColumns:
    """Where the columns' header texts stand. Raises `NotFound`."""
    options: list[list[tuple[int, ColumnSpan]]] = []
    for column in columns:
        hits = list(_header_hits(grid, column)) if column.header else []
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


def _header_hits(grid: Grid, column: Column) -> Iterable[tuple[int, ColumnSpan]]:
    """Cells with the column's lowest header text below its other header texts: (last row, columns)."""
    *above, lowest = column.header
    for row, left in grid.find(lowest):
        extent = grid.extent(row, left)
        if _has_above(grid, row, left, [a.texts for a in above]):
            yield extent.bottom, ColumnSpan(left, extent.right)


def _has_above(grid: Grid, row: int, column: int, stack: list[tuple[str, ...]]) -> bool:
    for texts in reversed(stack):
        wanted = {loose(text) for text in texts}
        for higher in range(row - 1, max(0, row - 1 - _REACH), -1):
            text = grid.above(higher, column)
            if text is not None and loose(text) in wanted:
                row = higher
                break
        else:
            return False
    return True


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


def is_number_row(
    grid: Grid, row: int, columns: Iterable[ColumnSpan], numbers: Numbers | None
) -> bool:
    """Whether a row is the 栏次 row: it says 栏次, or it holds ascending column numbers and no more."""
    if numbers is None:
        return False
    texts = [grid.printed.get((row, spot.left)) for spot in columns]
    if any(norm(text) == "栏次" for text in grid.row_texts(row)):
        return True
    filled = [text for text in texts if text is not None]
    if not filled or not all(text.isascii() and text.isdigit() for text in filled):
        return False
    values = [int(text) for text in filled]
    return all(b == a + 1 for a, b in pairwise(values)) and values[0] <= len(numbers.columns)


class Labels(NamedTuple):
    """Located rows of a form: by row name; labels of the form that the sheet lacks; strangers."""

    column: int
    rows: dict[str, int]
    missing: list[FormRow]
    strangers: list[tuple[int, str]]


def find_labels(
    grid: Grid, rows: Sequence[FormRow], left_of: int, top: int, printed: frozenset[str]
) -> Labels:
    """Where the labelled rows stand: the column that has most of them, read in order.

    `left_of`: the first value column, to prefer the nearest label column when two serve equally. `top`: the
    last row of the headers. `printed`: the form's texts, which end the block.

    Raises `NotFound` when too few labels are found, when their order can be read in two ways, or when
    a missing label's place is taken by a row that the form does not know.
    """
    best: tuple[int, int, int, Mapping[str, int]] | None = None
    for column, filled in grid.by_column.items():
        if column >= left_of:
            continue
        texts = tuple((row, grid.printed[row, column]) for row in filled)
        found = _align(tuple(rows), texts)
        key = (len(found), column)
        if found and (best is None or key > best[:2]):
            best = (*key, column, found)
    wanted = [row for row in rows if row.row is not None]
    if best is None or best[0] < 0.6 * len(wanted):
        names = "、".join(f"“{row.texts[0]}”" for row in wanted[:3])
        raise NotFound(f"找不到{names}等行")
    column, found = best[2], best[3]
    texts = tuple((row, grid.printed[row, column]) for row in grid.by_column[column])
    latest = _align(tuple(rows), texts, last=True)
    for row in rows:
        if latest.get(row.name) != found.get(row.name):
            raise NotFound(f"“{row.texts[0]}”有几行，分不清是哪一行")
    strangers = _strangers(texts, set(found.values()), top, printed)
    missing = [row for row in wanted if row.name not in found]
    _check_gaps(rows, found, missing, strangers)
    return Labels(column, dict(found), missing, strangers)


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
def _align(
    rows: tuple[FormRow, ...], texts: tuple[tuple[int, str], ...], *, last: bool = False
) -> Mapping[str, int]:
    """Expected labels that are found in their order: row name -> sheet row. Of several ways the earliest.

    With `last` the latest; if they differ it is ambiguous. Books of one form have the same labels.
    """
    hits = []
    for row in rows:
        normed, loosened = {norm(t) for t in row.texts}, {loose(t) for t in row.texts}
        hits.append({n for n, (_, t) in enumerate(texts) if _is_row(t, row, normed, loosened)})
    return {rows[i].name: texts[j][0] for i, j in in_order(hits, len(texts), last=last).items()}


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

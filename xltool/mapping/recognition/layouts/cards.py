"""自评表: several blocks one under the other, each with heads of its own in one row, and cells beside labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xltool.mapping.blocks import Anchor, Block, Cell, Column, Form, FormRow, ListBlock
from xltool.mapping.cells import Cells
from xltool.mapping.recognition.units import percent_unit, says_percent
from xltool.mapping.recognition.vocabulary.blockwords import BlockWords, CellWords, ColumnWords
from xltool.mapping.recognition.vocabulary.keys import header_key, row_key
from xltool.mapping.recognition.vocabulary.words import TableWords
from xltool.ooxml import Range, make_ref

_ENOUGH = 2
"""So many heads in one row make the head of a block."""


@dataclass(frozen=True, slots=True)
class _Heads:
    """The row of heads of a block: which column has which, and where each head stands."""

    row: int
    columns: Mapping[int, ColumnWords]
    bottom: int
    at: Mapping[str, Range] = field(default_factory=dict)


def card_blocks(cells: Cells, area: Range, table: TableWords) -> Iterator[Block]:
    """The blocks of a card, from top to bottom, as far as they are found without doubt."""
    heads = _all_heads(cells, area, table)
    done: dict[tuple[str, str], int] = {}
    for block in table.blocks:
        if block.columns and (found := heads.get(block.name)) is not None:
            made = _block(cells, area, table, block, found, _next_head(heads, found, area))
            if made is not None:
                done |= {(block.name, words.name): c for c, words in found.columns.items()}
                yield made
        if block.cells:
            places = [
                cell for words in block.cells
                if (cell := _cell(cells, area, table, block, words, heads, done)) is not None
            ]  # fmt: skip
            if places:
                yield Form(block.name, block.path, cells=tuple(places))


def _all_heads(cells: Cells, area: Range, table: TableWords) -> dict[str, _Heads]:
    """For each block the row that has most of its heads, below that of the block before it."""
    found: dict[str, _Heads] = {}
    below = area.top
    for block in table.blocks:
        if not block.columns:
            continue
        best: list[_Heads] = []
        for row in range(below, area.bottom + 1):
            heads = _heads(cells, area, row, block)
            if len(heads.columns) < _ENOUGH:
                continue
            if not best or len(heads.columns) > len(best[0].columns):
                best = [heads]
            elif len(heads.columns) == len(best[0].columns):
                best.append(heads)
        if best and (len(best) == 1 or block.single):
            found[block.name] = best[0]
    return found


def _heads(cells: Cells, area: Range, row: int, block: BlockWords) -> _Heads:
    columns: dict[int, ColumnWords] = {}
    at: dict[str, Range] = {}
    keys = [(column, header_key(text)) for column, text in cells.texts(row, area.left, area.right)]
    beside = frozenset(key for _, key in keys)
    for column, key in keys:
        extent = cells.extent(row, column)
        for words in block.columns:
            if words.unless & beside:
                continue
            if (before := at.get(words.name)) and before.bottom <= extent.bottom:
                continue
            if any(key in alternative for alternative in words.alternatives):
                if before:  # the word to the left of it reaches down beside what it heads
                    del columns[before.left]
                columns[column], at[words.name] = words, extent
                break
    bottom = max((r.bottom for r in at.values()), default=row)
    return _Heads(row, columns, bottom, at)


def _next_head(heads: Mapping[str, _Heads], found: _Heads, area: Range) -> int:
    rows = [other.row for other in heads.values() if other.row > found.row]
    return min(rows, default=area.bottom + 1)


def _block(
    cells: Cells, area: Range, table: TableWords, block: BlockWords, heads: _Heads, end: int
) -> Block | None:
    if block.shape == "list":
        return _list(cells, area, table, block, heads, end)
    if block.single:
        row = heads.bottom + 1
        return (
            Form(block.name, block.path, _columns(cells, heads, row), single=row)
            if row < end
            else None
        )
    return _rows(cells, area, block, heads, end)


def _columns(
    cells: Cells, heads: _Heads, row: int, rows: Mapping[str, int] | None = None
) -> tuple[Column, ...]:
    bound = []
    for left, words in heads.columns.items():
        head = heads.at[words.name]
        text = cells.text(head.top, head.left) or ""
        unit = None
        if words.kind == "ratio" and says_percent(text):
            here = [make_ref(at, left) for at in (rows or {}).values()]
            if (unit := percent_unit(cells, here)) is None:
                continue
        only = (
            frozenset((rows or {})[r] for r in words.rows if r in (rows or {}))
            if words.rows
            else None
        )
        bound.append(
            Column(words.name, left, max(head.right, cells.extent(row, left).right), words.kind, words.group,
                   only, (Anchor(head, (text,)),), unit=unit or None)
        )  # fmt: skip
    return tuple(bound)


def _rows(cells: Cells, area: Range, block: BlockWords, heads: _Heads, end: int) -> Form | None:
    """A block with labelled rows under its heads."""
    first = min(heads.columns)
    found: dict[str, tuple[int, int]] = {}
    for row in range(heads.bottom + 1, end):
        for column, text in cells.texts(row, area.left, first - 1):
            for words in block.rows:
                if row_key(text) in words.keys and words.name not in found:
                    found[words.name] = row, column
                    break
    if not found:
        return None
    rows = tuple(
        FormRow(name, row, (cells.text(row, column) or "",))
        for name, (row, column) in found.items()
    )
    at = {name: row for name, (row, _) in found.items()}
    left = min(column for _, column in found.values())
    right = max(cells.extent(row, column).right for row, column in found.values())
    columns = _columns(cells, heads, rows[0].row or 0, at)
    return Form(block.name, block.path, columns, rows, (left, right))


def _list(
    cells: Cells, area: Range, table: TableWords, block: BlockWords, heads: _Heads, end: int
) -> ListBlock | None:
    """A block whose rows go on until a word that ends it, the next head, or the end of its group head."""
    first = heads.bottom + 1
    lefts = min(heads.columns)
    group = next((e for c in range(area.left, lefts) for e in [cells.extent(heads.row, c)]
                  if e.bottom > heads.bottom), None)  # fmt: skip
    last = min(end - 1, group.bottom if group else area.bottom)
    stop = ""
    rows: list[int] = []
    for row in range(first, last + 1):
        texts = list(cells.texts(row, area.left, area.right))
        if texts and texts[0][0] <= lefts and row_key(texts[0][1]) in table.stop:
            stop = texts[0][1]
            break
        rows.append(row)
    while rows and not cells.rows.get(rows[-1]) and not group and not stop:
        rows.pop()
    until = (row_key(stop),) if stop else ()
    row = rows[0] if rows else first
    return ListBlock(block.name, first, len(rows), _columns(cells, heads, row), None, None, until)


def _cell(
    cells: Cells,
    area: Range,
    table: TableWords,
    block: BlockWords,
    words: CellWords,
    heads: Mapping[str, _Heads],
    done: Mapping[tuple[str, str], int],
) -> Cell | None:
    if words.under is not None:
        column = done.get(words.under)
        top = heads[words.under[0]].bottom + 1 if words.under[0] in heads else area.top
        labels = _labelled(cells, area, words.keys, top)
        if column is not None and len(labels) == 1:
            row, at = labels[0]
            return _made(cells, block, words, row, at, cells.extent(row, column))
    keys = words.otherwise if words.under is not None else words.keys
    labels = _labelled(cells, area, keys, area.top)
    if len(labels) != 1:
        return None
    row, at = labels[0]
    right = cells.extent(row, at).right + 1
    if right > area.right + 8:
        return None
    target = cells.extent(row, _headed(cells, area, words, row, right))
    beside = cells.text(target.top, target.left)
    if beside is not None and _is_label(table, beside):
        return None
    return _made(cells, block, words, row, at, target)


def _headed(cells: Cells, area: Range, words: CellWords, row: int, right: int) -> int:
    """The column right of a label under the nearest of the cell's heads; without any, the next one."""
    for above in range(row - 1, area.top - 1, -1):
        found = [
            c for c, t in cells.texts(above, right, area.right) if header_key(t) in words.column
        ]
        if len(found) == 1:
            return found[0]
    return right


def _labelled(
    cells: Cells, area: Range, keys: frozenset[str], top: int
) -> Sequence[tuple[int, int]]:
    return [
        (row, column)
        for row in range(top, area.bottom + 1)
        for column, text in cells.texts(row, area.left, area.right)
        if row_key(text) in keys
    ]


def _is_label(table: TableWords, text: str) -> bool:
    key = row_key(text)
    return any(key in words.keys for block in table.blocks for words in block.cells)


def _made(
    cells: Cells, block: BlockWords, words: CellWords, row: int, at: int, target: Range
) -> Cell:
    label = Anchor(cells.extent(row, at), (cells.text(row, at) or "",))
    path = (*block.path, words.name)
    return Cell(words.name, path, target, label, words.kind, words.head)

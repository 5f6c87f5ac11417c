"""A fixed list of codes printed as one list, with a column for the figures of some classes each."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from xltool.mapping.cells import Cells
from xltool.mapping.model import Anchor, Cell, Codes, Form
from xltool.mapping.recognition.blockwords import BlockWords, CellWords
from xltool.mapping.recognition.columns import bound_column, own_unit
from xltool.mapping.recognition.header import Header
from xltool.mapping.recognition.keys import header_key
from xltool.mapping.recognition.panes import code_columns, pane
from xltool.mapping.recognition.words import Vocabulary
from xltool.ooxml import Range, make_ref


class Classed(NamedTuple):
    """A list with a column for each group of classes: its panes, the cells of its totals, and the addresses that
    only repeat what stands in another column of the row."""

    codes: Codes
    totals: Form
    copies: tuple[str, ...]


def classed_panes(
    cells: Cells,
    area: Range,
    header: Header,
    block: BlockWords,
    sums: BlockWords,
    words: Vocabulary,
) -> Classed | None:
    """A fixed list that is printed as one list, its figures in a column by the class of the code."""
    assert block.codes is not None
    groups = code_columns(cells, area, header, block.codes, words)
    if len(groups) != 1 or not block.by_class:
        return None
    (group,) = groups
    leaf = {column: header_key(path[-1].text) for column, path in header.paths.items()}
    columns = [[c for c, key in leaf.items() if key in part.keys] for part in block.by_class]
    if any(len(found) != 1 for found in columns):
        return None
    panes = []
    for part, (column,) in zip(block.by_class, columns, strict=True):
        codes = [code for code in group.rows if code[:3] in part.classes]
        amount = bound_column(cells, header.paths[column], block.columns[0], header.body)
        if codes:
            panes.append(pane(header, group, part.total, amount, codes, words))
    total = _total_row(cells, area, header, words)
    places = [
        _sum(cells, sums, words_, total, column, own_unit(header.paths[column]))
        for words_ in sums.cells
        for part, (column,) in zip(block.by_class, columns, strict=True)
        if total is not None and part.total == words_.name
    ]
    over = next((c for c, key in leaf.items() if key in words.total), None)
    rows = {row: pane.amount.left for pane in panes for row in pane.rows}
    copies = tuple(
        make_ref(row, over)
        for row, column in rows.items()
        if over is not None and cells.values.get((row, over)) == cells.values.get((row, column))
    )
    if total is not None and over is not None and _adds_up(cells, total, over, columns):
        copies += (make_ref(total, over),)
    form = Form(sums.name, sums.path, cells=tuple(places))
    return Classed(Codes(block.name, block.codes, tuple(panes)), form, copies)


def _total_row(cells: Cells, area: Range, header: Header, words: Vocabulary) -> int | None:
    rows = [
        row
        for row in range(header.body, area.bottom + 1)
        if any(
            header_key(text) in words.total for _, text in cells.texts(row, area.left, area.right)
        )
    ]
    return rows[0] if len(rows) == 1 else None


def _sum(
    cells: Cells, sums: BlockWords, words: CellWords, row: int, column: int, unit: str | None
) -> Cell:
    label, text = next((c, t) for c, t in cells.texts(row))
    anchor = Anchor(cells.extent(row, label), (text,))
    path = (*sums.path, words.name)
    return Cell(words.name, path, cells.extent(row, column), anchor, words.kind, unit=unit)


def _adds_up(cells: Cells, row: int, over: int, columns: list[list[int]]) -> bool:
    """Whether a cell of the total row is the sum of those in the columns of the classes."""
    parts = [cells.values.get((row, column)) for (column,) in columns]
    figures = [part for part in parts if isinstance(part, Decimal)]
    return cells.values.get((row, over)) == sum(figures, Decimal(0))

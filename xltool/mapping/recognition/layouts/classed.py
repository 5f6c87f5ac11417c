"""A fixed list of codes printed as one list, with a column for the figures of some classes each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from xltool.core.model import CODE, RowField
from xltool.mapping.blocks import Anchor, Block, Cell, Codes, Form, Share
from xltool.mapping.model import Repeat
from xltool.mapping.recognition.layouts.headed import Headed, own_unit
from xltool.mapping.recognition.layouts.lists import list_of
from xltool.mapping.recognition.layouts.matching import Match
from xltool.mapping.recognition.layouts.panes import CodeColumn, code_columns, pane, pane_totals
from xltool.mapping.recognition.vocabulary.blockwords import BlockWords, CellWords
from xltool.ooxml import make_ref


class ByClass(NamedTuple):
    """The blocks of a table, with those of such a list; the rows of lists by name; the addresses that only repeat
    what stands in another cell, and the cells that are to repeat it."""

    blocks: Sequence[Block]
    rows: Mapping[str, list[int]] = {}
    copies: tuple[str, ...] = ()
    repeats: tuple[Repeat, ...] = ()


def by_class(headed: Headed, blocks: Sequence[Block]) -> ByClass:
    """`blocks` of a table, and what else it has where it is a fixed list that is printed as one."""
    table = headed.matcher.table
    block = next((block for block in table.blocks if block.by_class), None)
    sums = next((other for other in table.blocks if other.cells), None)
    if block is None or sums is None:
        return ByClass(blocks)
    if not blocks:
        assert block.codes is not None
        groups = code_columns(headed, block.codes)
        one = None
        if len(groups) == 1:
            one = _panes(headed, groups[0], block, sums)
        elif not groups:
            one = _open_list(headed, block, sums)
        return one or ByClass(())
    codes = next((block for block in blocks if isinstance(block, Codes)), None)
    return _with_total(headed, blocks, codes) if codes else ByClass(blocks)


def _panes(
    headed: Headed, group: CodeColumn, block: BlockWords, sums: BlockWords
) -> ByClass | None:
    """A fixed list that is printed as one list, its figures in a column by the class of the code."""
    assert block.codes is not None
    cells, columns, over = headed.cells, _class_columns(headed, block), _over(headed)
    if columns is None:
        return None
    panes = []
    for part, column in zip(block.by_class, columns, strict=True):
        codes = [code for code in group.rows if code[:3] in part.classes]
        amount = headed.bound(column, block.columns[0], headed.header.body)
        if codes:
            panes.append(pane(headed, group, part.total, amount, codes))
    total = _total_row(headed)
    form = _totals(headed, block, sums, columns, total)
    rows = {row: pane.amount.left for pane in panes for row in pane.rows}
    copies = tuple(
        make_ref(row, over)
        for row, column in rows.items()
        if over is not None and cells.values.get((row, over)) == cells.values.get((row, column))
    )
    if total is not None and over is not None and _adds_up(headed, total, over, columns):
        copies += (make_ref(total, over),)
    repeats = [
        Repeat(cells.extent(row, over), _of(block, [code]))
        for code, row in group.rows.items()
        if over is not None and row in rows
    ]
    listed = Codes(block.name, block.codes, tuple(panes))
    return ByClass((listed, form), {}, copies, (*repeats, *_grand(headed, form, total, over)))


def _open_list(headed: Headed, block: BlockWords, sums: BlockWords) -> ByClass | None:
    """A fixed list of which a blank form prints no code: it takes a row for each code of the data.

    Its figures stand in one column, or in a column by the class of the code, and once more in 合计 where there is one.
    """
    assert block.codes is not None
    cells, columns, over = headed.cells, _class_columns(headed, block), _over(headed)
    found = headed.meanings(headed.header.paths, [block])
    if columns is not None:
        found = {columns[0] if over is None else over: Match(block, block.columns[0], 1)}
    made = list_of(headed, block, found) if len(found) == 1 else None
    if made is None:
        return None
    listed, rows = made
    if (
        listed.by_name[CODE].code == "unprinted"
        or not rows
        or any(cells.values[row, c] is not None for row in rows for c in cells.rows.get(row, ()))
    ):
        return None
    total = listed.total.row if listed.total else None
    form = _totals(headed, block, sums, columns or [], total)
    shares = (
        Share(
            headed.bound(column, block.columns[0], rows[0]),
            part.classes,
            instead=over is None,
        )
        for part, column in zip(block.by_class, columns or (), strict=False)
        if column not in found
    )
    repeats = _grand(headed, form, total, over)
    (at,) = found
    if not columns:
        amounts = [column for column in listed.columns if column.left == at]
        form = pane_totals(headed, sums, amounts) or form
        if total is not None:
            classes = [code for code in block.codes if len(code) == block.codes.levels[0]]
            repeats = (Repeat(cells.extent(total, at), _of(block, classes)),)
    listed = replace(listed, total=None, shares=tuple(shares))
    return ByClass((listed, form), {listed.name: rows}, (), repeats)


def _of(block: BlockWords, codes: Iterable[str]) -> tuple[RowField, ...]:
    """The fields of the amounts of codes."""
    return tuple(RowField(block.name, code, block.columns[0].name) for code in codes)


def _with_total(headed: Headed, blocks: Sequence[Block], codes: Codes) -> ByClass:
    """A fixed list in one column of figures, with its total row, which adds up the 类."""
    cells, total = headed.cells, _total_row(headed)
    if len(codes.panes) != 1 or total is None:
        return ByClass(blocks)
    (pane,) = codes.panes
    rows = {code: row for row, code in pane.places if len(code) == codes.codes.levels[0]}
    at = pane.amount.left
    parts = [v for row in rows.values() if isinstance(v := cells.values.get((row, at)), Decimal)]
    adds_up = bool(parts) and cells.values.get((total, at)) == sum(parts)
    copies = (make_ref(total, at),) if adds_up else ()
    of = tuple(RowField(codes.name, code, pane.amount.name) for code in rows)
    return ByClass(blocks, {}, copies, (Repeat(cells.extent(total, at), of),) if of else ())


def _class_columns(headed: Headed, block: BlockWords) -> list[int] | None:
    """The column of each group of classes; None where one has none, or several."""
    leaves = headed.leaves.items()
    columns = [[c for c, key in leaves if key in part.keys] for part in block.by_class]
    return [c for (c,) in columns] if all(len(found) == 1 for found in columns) else None


def _over(headed: Headed) -> int | None:
    """The column that has the figures of every class."""
    return next((c for c, key in headed.leaves.items() if key in headed.words.total), None)


def _totals(
    headed: Headed,
    block: BlockWords,
    sums: BlockWords,
    columns: Sequence[int],
    total: int | None,
) -> Form:
    """The totals of the classes, in the total row."""
    places = [
        _sum(headed, sums, words, total, column)
        for words in sums.cells
        for part, column in zip(block.by_class, columns, strict=False)
        if total is not None and part.total == words.name
    ]
    return Form(sums.name, sums.path, cells=tuple(places))


def _grand(headed: Headed, totals: Form, total: int | None, over: int | None) -> tuple[Repeat, ...]:
    """The cell of the total row that adds up the totals of the classes."""
    if total is None or over is None or not totals.cells:
        return ()
    at = headed.cells.extent(total, over)
    return (Repeat(at, tuple(cell.path for cell in totals.cells)),)


def _total_row(headed: Headed) -> int | None:
    rows = [row for row in headed.body if headed.is_total(row)]
    return rows[0] if len(rows) == 1 else None


def _sum(headed: Headed, sums: BlockWords, words: CellWords, row: int, column: int) -> Cell:
    cells, unit = headed.cells, own_unit(headed.header.paths[column])
    label, text = next((c, t) for c, t in cells.texts(row))
    anchor = Anchor(cells.extent(row, label), (text,))
    path = (*sums.path, words.name)
    return Cell(words.name, path, cells.extent(row, column), anchor, words.kind, unit=unit)


def _adds_up(headed: Headed, row: int, over: int, columns: Sequence[int]) -> bool:
    """Whether a cell of the total row is the sum of those in the columns of the classes."""
    values = headed.cells.values
    parts = [values.get((row, column)) for column in columns]
    figures = [part for part in parts if isinstance(part, Decimal)]
    return values.get((row, over)) == sum(figures, Decimal(0))

"""A fixed list of codes printed as one list, with a column for the figures of some classes each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from xltool.core.model import CODE
from xltool.mapping.blocks import Anchor, Block, Cell, Codes, Form, Share
from xltool.mapping.cells import Cells
from xltool.mapping.model import Repeat
from xltool.mapping.recognition.blockwords import BlockWords, CellWords
from xltool.mapping.recognition.columns import bound_column, own_unit
from xltool.mapping.recognition.header import Header
from xltool.mapping.recognition.keys import header_key
from xltool.mapping.recognition.lists import list_of
from xltool.mapping.recognition.matching import Match, Matcher
from xltool.mapping.recognition.panes import CodeColumn, code_columns, pane, pane_totals
from xltool.mapping.recognition.words import TableWords, Vocabulary
from xltool.ooxml import Range, make_ref


class ByClass(NamedTuple):
    """The blocks of a table, with those of such a list; the rows of lists by name; the addresses that only repeat
    what stands in another cell, and the cells that are to repeat it."""

    blocks: Sequence[Block]
    rows: Mapping[str, list[int]] = {}
    copies: tuple[str, ...] = ()
    repeats: tuple[Repeat, ...] = ()


def by_class(
    cells: Cells,
    area: Range,
    header: Header,
    table: TableWords,
    blocks: Sequence[Block],
    matcher: Matcher,
    words: Vocabulary,
) -> ByClass:
    """`blocks` of a table, and what else it has where it is a fixed list that is printed as one."""
    block = next((block for block in table.blocks if block.by_class), None)
    sums = next((other for other in table.blocks if other.cells), None)
    if block is None or sums is None:
        return ByClass(blocks)
    if not blocks:
        assert block.codes is not None
        groups = code_columns(cells, area, header, block.codes, words)
        one = None
        if len(groups) == 1:
            one = _panes(cells, area, header, groups[0], block, sums, words)
        elif not groups:
            one = _open_list(cells, area, header, block, sums, matcher, words)
        return one or ByClass(())
    codes = next((block for block in blocks if isinstance(block, Codes)), None)
    return _with_total(cells, area, header, blocks, codes, words) if codes else ByClass(blocks)


def _panes(
    cells: Cells,
    area: Range,
    header: Header,
    group: CodeColumn,
    block: BlockWords,
    sums: BlockWords,
    words: Vocabulary,
) -> ByClass | None:
    """A fixed list that is printed as one list, its figures in a column by the class of the code."""
    assert block.codes is not None
    columns = _class_columns(header, block)
    if columns is None:
        return None
    panes = []
    for part, column in zip(block.by_class, columns, strict=True):
        codes = [code for code in group.rows if code[:3] in part.classes]
        amount = bound_column(cells, header.paths[column], block.columns[0], header.body)
        if codes:
            panes.append(pane(header, group, part.total, amount, codes, words))
    total = _total_row(cells, area, header, words)
    form = _totals(cells, header, block, sums, columns, total)
    over = _over(header, words)
    rows = {row: pane.amount.left for pane in panes for row in pane.rows}
    copies = tuple(
        make_ref(row, over)
        for row, column in rows.items()
        if over is not None and cells.values.get((row, over)) == cells.values.get((row, column))
    )
    if total is not None and over is not None and _adds_up(cells, total, over, columns):
        copies += (make_ref(total, over),)
    repeats = [
        Repeat(cells.extent(row, over), _of(block, [code]))
        for code, row in group.rows.items()
        if over is not None and row in rows
    ]
    listed = Codes(block.name, block.codes, tuple(panes))
    return ByClass((listed, form), {}, copies, (*repeats, *_grand(cells, form, total, over)))


def _open_list(
    cells: Cells,
    area: Range,
    header: Header,
    block: BlockWords,
    sums: BlockWords,
    matcher: Matcher,
    words: Vocabulary,
) -> ByClass | None:
    """A fixed list of which a blank form prints no code: it takes a row for each code of the data.

    Its figures stand in one column, or in a column by the class of the code, and once more in 合计 where there is one.
    """
    assert block.codes is not None
    columns, over = _class_columns(header, block), _over(header, words)
    found = {c: m for c, path in header.paths.items() if (m := matcher.meaning(path, [block]))}
    if columns is not None:
        found = {columns[0] if over is None else over: Match(block, block.columns[0], 1)}
    made = list_of(cells, area, header, block, found, words) if len(found) == 1 else None
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
    form = _totals(cells, header, block, sums, columns or [], total)
    shares = (
        Share(
            bound_column(cells, header.paths[column], block.columns[0], rows[0]),
            part.classes,
            instead=over is None,
        )
        for part, column in zip(block.by_class, columns or (), strict=False)
        if column not in found
    )
    repeats = _grand(cells, form, total, over)
    (at,) = found
    if not columns:
        amounts = [column for column in listed.columns if column.left == at]
        form = pane_totals(cells, area, header, sums, amounts) or form
    if not columns and total is not None:
        classes = [code for code in block.codes if len(code) == block.codes.levels[0]]
        repeats = (Repeat(cells.extent(total, at), _of(block, classes)),)
    listed = replace(listed, total=None, shares=tuple(shares))
    return ByClass((listed, form), {listed.name: rows}, (), repeats)


def _of(block: BlockWords, codes: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The keys of the amounts of codes."""
    return tuple((block.name, code, block.columns[0].name) for code in codes)


def _with_total(
    cells: Cells,
    area: Range,
    header: Header,
    blocks: Sequence[Block],
    codes: Codes,
    words: Vocabulary,
) -> ByClass:
    """A fixed list in one column of figures, with its total row, which adds up the 类."""
    total = _total_row(cells, area, header, words)
    if len(codes.panes) != 1 or total is None:
        return ByClass(blocks)
    (pane,) = codes.panes
    rows = {code: row for row, code in pane.places if len(code) == codes.codes.levels[0]}
    at = pane.amount.left
    parts = [v for row in rows.values() if isinstance(v := cells.values.get((row, at)), Decimal)]
    adds_up = bool(parts) and cells.values.get((total, at)) == sum(parts)
    copies = (make_ref(total, at),) if adds_up else ()
    of = tuple((codes.name, code, pane.amount.name) for code in rows)
    return ByClass(blocks, {}, copies, (Repeat(cells.extent(total, at), of),) if of else ())


def _class_columns(header: Header, block: BlockWords) -> list[int] | None:
    """The column of each group of classes; None where one has none, or several."""
    leaf = {column: header_key(path[-1].text) for column, path in header.paths.items()}
    columns = [[c for c, key in leaf.items() if key in part.keys] for part in block.by_class]
    return [c for (c,) in columns] if all(len(found) == 1 for found in columns) else None


def _over(header: Header, words: Vocabulary) -> int | None:
    """The column that has the figures of every class."""
    leaves = ((column, header_key(path[-1].text)) for column, path in header.paths.items())
    return next((column for column, key in leaves if key in words.total), None)


def _totals(
    cells: Cells,
    header: Header,
    block: BlockWords,
    sums: BlockWords,
    columns: Sequence[int],
    total: int | None,
) -> Form:
    """The totals of the classes, in the total row."""
    places = [
        _sum(cells, sums, words, total, column, own_unit(header.paths[column]))
        for words in sums.cells
        for part, column in zip(block.by_class, columns, strict=False)
        if total is not None and part.total == words.name
    ]
    return Form(sums.name, sums.path, cells=tuple(places))


def _grand(cells: Cells, totals: Form, total: int | None, over: int | None) -> tuple[Repeat, ...]:
    """The cell of the total row that adds up the totals of the classes."""
    if total is None or over is None or not totals.cells:
        return ()
    return (Repeat(cells.extent(total, over), tuple(cell.path for cell in totals.cells)),)


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


def _adds_up(cells: Cells, row: int, over: int, columns: Sequence[int]) -> bool:
    """Whether a cell of the total row is the sum of those in the columns of the classes."""
    parts = [cells.values.get((row, column)) for column in columns]
    figures = [part for part in parts if isinstance(part, Decimal)]
    return cells.values.get((row, over)) == sum(figures, Decimal(0))

"""Tables of one row of figures under their heads, as 三公经费; or with heads at the left as well as above."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from xltool.mapping.blocks import Anchor, Cell, Form
from xltool.mapping.recognition.header import Word
from xltool.mapping.recognition.layouts.headed import Headed, own_unit
from xltool.mapping.recognition.layouts.matching import Match, Place, unique
from xltool.mapping.recognition.layouts.underheads import RowKind, under_heads
from xltool.mapping.recognition.vocabulary.blockwords import BlockWords
from xltool.mapping.recognition.vocabulary.keys import header_key, is_figure
from xltool.ooxml import Range

_PART = re.compile(r"^\s*(?:[-－–—·•]+\s*)?其中\s*[:：、]?")
_DATED = re.compile("[预决]算|年")
_ENOUGH = 4
"""So many cells that heads above and at the left name together make a table of crossed heads."""


def single_blocks(headed: Headed, blocks: Sequence[BlockWords]) -> list[Form]:
    """The blocks of a table of one row; none when several rows are filled."""
    if columns := _columns(headed, blocks):
        return _of_row(headed, blocks, columns, _row(headed, columns))
    if crossed := _crossed(headed, blocks):
        return crossed
    if any(_DATED.search(word.text) for path in headed.header.paths.values() for word in path):
        return []
    # one set of columns, of which no head and no label says what it is: a 决算表 prints what was spent
    columns = _columns(headed, blocks, Word(Range(0, 0, 0, 0), "决算数"))
    row = _row(headed, columns) if columns else None
    labelled = row is not None and next(_labels(headed, row), None) is not None
    return [] if labelled else _of_row(headed, blocks, columns, row)


def _of_row(
    headed: Headed, blocks: Sequence[BlockWords], columns: dict[int, Match], row: int | None
) -> list[Form]:
    """The blocks whose figures stand in a row."""
    if row is None:
        return []
    forms = []
    for block in blocks:
        bound = tuple(
            headed.bound(column, match.column, row)
            for column, match in columns.items()
            if match.block is block
        )
        if bound:
            forms.append(Form(block.name, block.path, bound, single=row))
    return forms


def _columns(headed: Headed, blocks: Sequence[BlockWords], *above: Word) -> dict[int, Match]:
    """What the columns under a head mean; `above`: words that count as standing over each."""
    found = {
        column: match
        for column, path in _own_columns(headed)
        if (match := headed.matcher.meaning([*above, *map(_plainly, path)], blocks))
    }
    return _own(unique(found)[0], {*headed.leaves.values()})


def _own_columns(headed: Headed) -> Iterator[tuple[int, Sequence[Word]]]:
    """The columns with the words above them, without those that are others than their head says, for what
    stands over other columns."""
    paths, yields = headed.header.paths, headed.matcher.table.yields
    heads = {header_key(word.text) for path in paths.values() for word in path}
    for column in headed.header.own_columns:
        keys = (header_key(word.text) for word in paths[column])
        if all(heads.isdisjoint(yields.get(key, ())) for key in keys):
            yield column, paths[column]


def _own(found: dict[Place, Match], heads: Set[str]) -> dict[Place, Match]:
    """What was found without the totals that take in what other heads or labels of the form say."""
    return {place: match for place, match in found.items() if not match.column.unless & heads}


def _crossed(headed: Headed, blocks: Sequence[BlockWords]) -> list[Form]:
    """The blocks of a table whose cells are named by the head above and the label at the left together."""
    header = headed.header
    columns = [*_own_columns(headed)]
    found: dict[tuple[int, int], Match] = {}
    labels: dict[int, Word] = {}
    for row in headed.body:
        label = next(_labels(headed, row), None)
        if label is None or row == header.numbers:
            continue
        labels[row] = label
        for column, path in columns:
            if column <= label.at.right:
                continue
            if match := headed.matcher.meaning([*path, _plainly(label)], blocks):
                found[row, column] = match
    said = {header_key(_plainly(label).text) for label in labels.values()}
    said |= {header_key(word.text) for path in header.paths.values() for word in path}
    good = _own(unique(found)[0], said)
    if len(good) < _ENOUGH:
        return []
    return [
        Form(block.name, block.path, cells=tuple(_cells(headed, block, good, labels)))
        for block in blocks
        if any(match.block is block for match in good.values())
    ]


def _labels(headed: Headed, row: int) -> Iterator[Word]:
    """The texts of a row that are no figures, from left to right."""
    for column, text in headed.texts(row):
        if not is_figure(text):
            yield Word(headed.cells.extent(row, column), text)


def _plainly(label: Word) -> Word:
    """A label without 其中：, which says of a kind of cost only that it is part of the one above."""
    return label._replace(text=_PART.sub("", label.text, count=1))


def _cells(
    headed: Headed,
    block: BlockWords,
    found: dict[tuple[int, int], Match],
    labels: dict[int, Word],
) -> Iterator[Cell]:
    for (row, column), match in found.items():
        if match.block is block:
            label = labels[row]
            anchor = Anchor(label.at, (label.text,))
            path = (*block.path, match.column.name)
            kind = match.column.kind
            unit = own_unit([*headed.header.paths[column], label]) if kind == "amount" else None
            target = headed.cells.extent(row, column)
            yield Cell(match.column.name, path, target, anchor, kind, unit=unit)


def _row(headed: Headed, columns: dict[int, Match]) -> int | None:
    """The only row with figures under the head, else the first row under it that is free.

    In a blank form the row of the figures may be the one after all that is printed.
    """

    cells, area = headed.cells, headed.area

    def kind(row: int) -> RowKind:
        if row == headed.header.numbers:
            return "aside"
        words = [column for column, text in headed.texts(row) if not is_figure(text)]
        here = any((row, column) in cells.values for column in columns)
        if words and (not here or any(column in columns for column in words)):
            return "end"
        return "row" if here else "blank"

    beyond = 1 if area.bottom == cells.bottom else 0
    found = under_heads(range(headed.header.body, area.bottom + beyond + 1), kind)
    if found.filled:
        return found.filled[0] if len(found.filled) == 1 else None
    return found.rows[0] if found.rows else None

"""Tables of one row of figures under their heads, as 三公经费; or with heads at the left as well as above."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from xltool.mapping.blocks import Anchor, Cell, Form
from xltool.mapping.cells import Cells
from xltool.mapping.recognition.blockwords import BlockWords
from xltool.mapping.recognition.columns import bound_column, own_unit
from xltool.mapping.recognition.header import Header, Word
from xltool.mapping.recognition.keys import header_key, is_figure
from xltool.mapping.recognition.matching import Match, Matcher, Place, unique
from xltool.mapping.recognition.underheads import RowKind, under_heads
from xltool.ooxml import Range

_PART = re.compile(r"^\s*其中\s*[:：、]?")
_DATED = re.compile("[预决]算|年")
_ENOUGH = 4
"""So many cells that heads above and at the left name together make a table of crossed heads."""


def single_blocks(
    cells: Cells, area: Range, header: Header, blocks: Sequence[BlockWords], matcher: Matcher
) -> list[Form]:
    """The blocks of a table of one row; none when several rows are filled."""
    if columns := _columns(header, blocks, matcher):
        return _of_row(header, blocks, columns, cells, _row(cells, area, header, columns))
    if crossed := _crossed(cells, area, header, blocks, matcher):
        return crossed
    if any(_DATED.search(word.text) for path in header.paths.values() for word in path):
        return []
    # one set of columns, of which no head and no label says what it is: a 决算表 prints what was spent
    columns = _columns(header, blocks, matcher, Word(Range(0, 0, 0, 0), "决算数"))
    row = _row(cells, area, header, columns) if columns else None
    labelled = row is not None and next(_labels(cells, area, row), None) is not None
    return [] if labelled else _of_row(header, blocks, columns, cells, row)


def _of_row(
    header: Header,
    blocks: Sequence[BlockWords],
    columns: dict[int, Match],
    cells: Cells,
    row: int | None,
) -> list[Form]:
    """The blocks whose figures stand in a row."""
    if row is None:
        return []
    forms = []
    for block in blocks:
        bound = tuple(
            bound_column(cells, header.paths[column], match.column, row)
            for column, match in columns.items()
            if match.block is block
        )
        if bound:
            forms.append(Form(block.name, block.path, bound, single=row))
    return forms


def _columns(
    header: Header, blocks: Sequence[BlockWords], matcher: Matcher, *above: Word
) -> dict[int, Match]:
    """What the columns under a head mean; `above`: words that count as standing over each."""
    found = {
        column: match
        for column, path in header.paths.items()
        if path[-1].at.left == column
        and not _yields(path, header, matcher)
        and (match := matcher.meaning([*above, *map(_plainly, path)], blocks))
    }
    heads = {header_key(path[-1].text) for path in header.paths.values()}
    return _own(unique(found)[0], heads)


def _yields(path: Sequence[Word], header: Header, matcher: Matcher) -> bool:
    """Whether a column is another than its head says, for what stands over other columns."""
    heads = {header_key(word.text) for path in header.paths.values() for word in path}
    yields = matcher.table.yields
    return any(not heads.isdisjoint(yields.get(header_key(word.text), ())) for word in path)


def _own(found: dict[Place, Match], heads: Set[str]) -> dict[Place, Match]:
    """What was found without the totals that take in what other heads or labels of the form say."""
    return {place: match for place, match in found.items() if not match.column.unless & heads}


def _crossed(
    cells: Cells, area: Range, header: Header, blocks: Sequence[BlockWords], matcher: Matcher
) -> list[Form]:
    """The blocks of a table whose cells are named by the head above and the label at the left together."""
    found: dict[tuple[int, int], Match] = {}
    labels: dict[int, Word] = {}
    for row in range(header.body, area.bottom + 1):
        label = next(_labels(cells, area, row), None)
        if label is None or row == header.numbers:
            continue
        labels[row] = label
        for column, path in header.paths.items():
            beside = column > label.at.right and path[-1].at.left == column
            beside = beside and not _yields(path, header, matcher)
            if beside and (match := matcher.meaning([*path, _plainly(label)], blocks)):
                found[row, column] = match
    said = {header_key(_plainly(label).text) for label in labels.values()}
    said |= {header_key(word.text) for path in header.paths.values() for word in path}
    good = _own(unique(found)[0], said)
    if len(good) < _ENOUGH:
        return []
    return [
        Form(block.name, block.path, cells=tuple(_cells(cells, header, block, good, labels)))
        for block in blocks
        if any(match.block is block for match in good.values())
    ]


def _labels(cells: Cells, area: Range, row: int) -> Iterator[Word]:
    """The texts of a row that are no figures, from left to right."""
    for column, text in cells.texts(row, area.left, area.right):
        if not is_figure(text):
            yield Word(cells.extent(row, column), text)


def _plainly(label: Word) -> Word:
    """A label without 其中：, which says of a kind of cost only that it is part of the one above."""
    return label._replace(text=_PART.sub("", label.text, count=1))


def _cells(
    cells: Cells,
    header: Header,
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
            unit = own_unit([*header.paths[column], label]) if kind == "amount" else None
            yield Cell(match.column.name, path, cells.extent(row, column), anchor, kind, unit=unit)


def _row(cells: Cells, area: Range, header: Header, columns: dict[int, Match]) -> int | None:
    """The only row with figures under the head, else the first row under it that is free.

    In a blank form the row of the figures may be the one after all that is printed.
    """

    def kind(row: int) -> RowKind:
        if row == header.numbers:
            return "aside"
        words = [c for c, text in cells.texts(row, area.left, area.right) if not is_figure(text)]
        here = any((row, column) in cells.values for column in columns)
        if words and (not here or any(column in columns for column in words)):
            return "end"
        return "row" if here else "blank"

    beyond = 1 if area.bottom == cells.bottom else 0
    found = under_heads(range(header.body, area.bottom + beyond + 1), kind)
    if found.filled:
        return found.filled[0] if len(found.filled) == 1 else None
    return found.rows[0] if found.rows else None

"""Forms with labelled rows: 总表 with its two sides, each with labels, 行次 and one or a few columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xltool.core.caches import remembered
from xltool.mapping.blocks import Anchor, Cell, Form, FormRow, Ordinals
from xltool.mapping.cells import Cells
from xltool.mapping.inorder import ordered
from xltool.mapping.recognition.layouts.headed import Headed, own_unit
from xltool.mapping.recognition.layouts.matching import Match, unique
from xltool.mapping.recognition.vocabulary.blockwords import BlockWords, RowWords
from xltool.mapping.recognition.vocabulary.keys import row_key

_OF_IT = "其中"
Labels = Sequence[tuple[int, str]]
"""Rows and the keys of the labels in them, from top to bottom."""


@dataclass(frozen=True, slots=True)
class LabelSide:
    """Where the labels of a block stand: their column, and the row of each."""

    block: BlockWords
    column: int
    rows: Mapping[str, int]


def form_blocks(headed: Headed, blocks: Sequence[BlockWords]) -> Iterator[Form]:
    """The blocks of a form that are found without doubt, with the rows and columns that are."""
    sides = _sides(headed, blocks)
    paths, words = headed.header.paths, headed.words
    # what stands right of 项目 belongs to other labels
    labels = {
        paths[column][-1].at.left for column, key in headed.leaves.items() if key in words.labels
    }
    starts = sorted({side.column for side in sides} | labels)
    for side in sides:
        end = next((column for column in starts if column > side.column), headed.area.right + 1)
        # 收入 over labels and figures heads no column
        own = {
            column: key
            for column, key in headed.leaves.items()
            if side.column < column < end and paths[column][-1].at.left > side.column
        }
        ordinals = [column for column, key in own.items() if key in words.ordinals]
        columns, _ = unique(headed.meanings([c for c in own if c not in ordinals], [side.block]))
        if columns:
            beyond = dict(_beyond(headed, side, columns))
            yield _form(headed, side, columns, ordinals, beyond)


def _beyond(
    headed: Headed, side: LabelSide, columns: Mapping[int, Match]
) -> Iterator[tuple[int, list[Cell]]]:
    """The rows whose label is merged over the columns of the side: their figures stand to the right of it."""
    cells = headed.cells
    for name, row in side.rows.items():
        label = cells.extent(row, side.column)
        if label.right < min(columns):
            continue
        found = headed.meanings(range(label.right + 1, headed.area.right + 1), [side.block])
        anchor = Anchor(label, (cells.text(row, side.column) or "",))
        yield row, [
            Cell(name, side.block.path_of(name, match.column.name), cells.extent(row, column), anchor,
                 match.column.kind, unit=own_unit(headed.header.paths[column]))
            for column, match in unique(found)[0].items()
        ]  # fmt: skip


def _form(
    headed: Headed,
    side: LabelSide,
    columns: Mapping[int, Match],
    ordinals: Sequence[int],
    beyond: Mapping[int, list[Cell]],
) -> Form:
    cells, block, left = headed.cells, side.block, side.column
    label = {row.name: row for row in block.rows}
    rows = tuple(
        FormRow(name, row, (cells.text(row, left) or "", label[name].label))
        for name, row in side.rows.items()
        if row not in beyond
    )
    right = min((cells.extent(row, left).right for row in side.rows.values()), default=left)
    bound = tuple(
        headed.bound(column, match.column, row=min(side.rows.values()))
        for column, match in columns.items()
    )
    numbered = _ordinals(cells, ordinals[-1], side.rows.values()) if ordinals else None
    aside = tuple(cell for found in beyond.values() for cell in found)
    several = len(block.columns) > 1
    return Form(
        block.name,
        block.path,
        bound,
        rows,
        (left, right),
        cells=aside,
        ordinals=numbered,
        several=several,
    )


def _ordinals(cells: Cells, column: int, rows: Iterable[int]) -> Ordinals | None:
    numbers = {row: cells.whole(row, column) for row in rows}
    row = next((row for row, number in numbers.items() if number is not None), None)
    if row is None:
        return None
    top = min(numbers)
    return Ordinals(column, (numbers[row] or 0) - (row - top), top, max(numbers))


def _sides(headed: Headed, blocks: Sequence[BlockWords]) -> list[LabelSide]:
    """For each block the column that has most of its labels, when it is one, and the rows in order."""
    texts: dict[int, list[tuple[int, str]]] = {}
    for row in headed.body:
        for column, text in headed.texts(row):
            texts.setdefault(column, []).append((row, row_key(text)))
    found = []
    for block in blocks:
        aligned = {
            column: align(block.rows, _single(labels, block))
            for column, labels in texts.items()
            if sum(key in block.row_keys for _, key in labels) >= _fewest(block)
        }
        most = max(map(len, aligned.values()), default=0)
        best = [column for column, rows in aligned.items() if len(rows) == most]
        if len(best) == 1 and most >= _fewest(block):
            found.append(LabelSide(block, best[0], aligned[best[0]]))
    return [_apart(side, found, _single(texts[side.column], side.block)) for side in found]


def _single(texts: Labels, block: BlockWords) -> Labels:
    """The labels without those that are sums of the rows below them: 财政拨款收入, 其中：政府性基金……, or beside
    财政拨款收入 一般公共预算财政拨款收入, too. What says 其中 below another row is a part of that, and no row."""
    if not block.sums:
        return texts
    following = [key for _, key in texts[1:]] + [""]
    meant = {row: row.keys - block.sums for row in block.rows if row.keys & block.sums}
    apart = {
        key
        for row, others in meant.items()
        if any(label in others for _, label in texts)
        for key in row.keys & block.sums
    }
    kept, below_sum = [], False
    for (row, key), after in zip(texts, following, strict=True):
        if key in block.sums and (after.startswith(_OF_IT) or key in apart):
            below_sum = True
        elif below_sum or not key.startswith(_OF_IT):
            kept.append((row, key))
    return kept


def _fewest(block: BlockWords) -> int:
    """So many labels show that a column is this block's."""
    return block.least if block.may else min(3, len(block.rows))


def _apart(side: LabelSide, sides: Sequence[LabelSide], texts: Labels) -> LabelSide:
    """A side that stands above or below another one in the same column: only its own rows may be its."""
    first = min(side.rows.values())
    others = [
        min(other.rows.values())
        for other in sides
        if other is not side and other.column == side.column
    ]
    if not others:
        return side
    end = min((row for row in others if row > first), default=1 << 30)
    own = [(row, key) for row, key in texts if first <= row < end]
    return LabelSide(side.block, side.column, align(side.block.rows, own))


def align(rows: Sequence[RowWords], texts: Labels) -> Mapping[str, int]:
    """The longest sequence of labels that are found in their order: name -> row of the sheet.

    A row that may be read in several ways, all as long, is left out.
    """
    return _aligned(tuple(rows), tuple(texts))


@remembered(512)
def _aligned(rows: tuple[RowWords, ...], texts: tuple[tuple[int, str], ...]) -> Mapping[str, int]:
    """Books of one form have the same labels: how they run is worked out once."""
    hits = [{n for n, (_, key) in enumerate(texts) if key in words.keys} for words in rows]
    way = ordered(hits, len(texts))
    found = {rows[i].name: texts[j][0] for i, j in way.found.items() if i not in way.unclear}
    for n, words in enumerate(rows):
        if n not in way.found and n not in way.unclear and len(hits[n]) == 1:
            # out of its usual order, but no other row has its label
            (at,) = hits[n]
            row, key = texts[at]
            alike = any(other is not words and key in other.keys for other in rows)
            if not alike and row not in found.values():
                found[words.name] = row
    return dict(sorted(found.items(), key=lambda item: item[1]))

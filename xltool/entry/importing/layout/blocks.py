"""Blocks of a sheet: lines of heads and the rows below; a list of names with amounts; an account ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, takewhile

from xltool.core.texts import norm
from xltool.documents.grids import Cell, SourceGrid
from xltool.entry.importing.layout.block import BALANCES, ENDS, Block
from xltool.entry.importing.layout.contents import (
    by_content,
    holds_codes,
    holds_figures,
    named_by_content,
    names_beside,
    not_names,
    number_columns,
    years_of_months,
)
from xltool.entry.importing.layout.headrows import Band, band_at, is_figure
from xltool.entry.importing.layout.meanings import GridTopic, meaning_of
from xltool.entry.importing.layout.settled import named_by_kind, not_income, settle
from xltool.entry.importing.layout.titles import (
    PAGES,
    captions_in,
    captions_over,
    topic_over,
    untitled,
)
from xltool.entry.importing.rows.namedcodes import NAMED, column_of_names
from xltool.entry.importing.vocabulary import ImportWords, bare

_KEYS = ("code", "name", "nature", "income")
_FIGURES = ("amount", "single", "side", "month", "part", "economic", "total")
_DAY_BOOK = {"memo", "side"}
"""A 三栏账: whose account it is stands over it."""
_NOTE = re.compile("注|说明|备注")
_TITLE_CELLS = 3
"""A line of a title has no more cells."""


def blocks(
    grid: SourceGrid, words: ImportWords, topic: GridTopic | None = None
) -> tuple[list[Block], list[int]]:
    """The blocks of a sheet, and its rows that belong to none. `topic`: the year of the document, code names."""
    if grid.sheet in words.unwanted_sheets:
        return [], []
    topic = topic or GridTopic()
    return _beside(grid, words, topic) or _below(grid, words, topic)


def _beside(
    grid: SourceGrid, words: ImportWords, topic: GridTopic
) -> tuple[list[Block], list[int]] | None:
    """Blocks of different kinds on both sides of empty columns: a list, and 经济分类 with amounts beside it."""
    starts = _starts(grid)
    if len(starts) < 2:
        return None
    parts = [_below(part, words, topic) for part in _apart(grid, starts)]
    found = [block for own, _ in parts for block in own]
    kinds = {tuple(sorted({b.columns[c].target for c in b.of("code")})) for b in found}
    if len(kinds) < 2 or not all(own for own, _ in parts):
        return None
    for start, (own, _) in zip(starts, parts, strict=True):
        for block in own:
            block.place = block.place[0], start
    taken = {row for b in found for row in range(b.first, b.last + 1)}
    left = {
        row
        for start, end, (_, rows) in zip(starts, [*starts[1:], None], parts, strict=True)
        for row in rows
        if any(is_figure(v) for c, v in grid.cells[row].items() if start <= c < (end or c + 1))
    }
    return found, sorted(left | (grid.cells.keys() - taken))


def _starts(grid: SourceGrid) -> list[int]:
    """The columns that begin a part of the sheet: those behind empty ones."""
    used = {column for line in grid.cells.values() for column in line}
    return [column for column in sorted(used) if column - 1 not in used]


def _apart(grid: SourceGrid, starts: list[int]) -> Iterator[SourceGrid]:
    """A sheet cut at its empty columns; the lines of a title above all are over every part."""
    title = list(takewhile(lambda row: len(grid.cells[row]) == 1, sorted(grid.cells)))
    last = max((column for line in grid.cells.values() for column in line), default=0)
    for start, end in pairwise([*starts, last + 1]):
        cells = {
            row: kept
            for row, line in grid.cells.items()
            if (kept := {c: v for c, v in line.items() if row in title or start <= c < end})
        }
        yield grid._replace(cells=cells)


def _below(grid: SourceGrid, words: ImportWords, topic: GridTopic) -> tuple[list[Block], list[int]]:
    """The blocks below each other."""
    bands = list(_bands(grid, words, topic))
    found: list[Block] = []
    end = 0
    for number, band in enumerate(bands):
        after = max(grid.cells) + 1
        if number + 1 < len(bands):
            after = _title_from(grid, bands[number + 1].first, band.last)
        block = _block(
            grid, band, after - 1, words, topic_over(grid, end, band.first, words, topic)
        )
        block.captions = captions_over(grid, end, band.first)
        if found and not block.captions and untitled(grid, found[-1].first, end, band.first):
            block.captions = found[-1].captions
        if found and block.captions:
            block.topic = _as_above(block.topic, found[0].topic)
        block.place = _place(block, found)
        if found and _is_next_page(found[-1], block):
            found[-1].skipped |= set(range(found[-1].last + 1, block.head + 1))
            found[-1].last = block.last
        else:
            found += _side_by_side(block)
        end = block.last
    taken = {row for block in found for row in range(block.first, block.last + 1)}
    return found, [row for row in sorted(grid.cells) if row not in taken]


def _bands(grid: SourceGrid, words: ImportWords, topic: GridTopic) -> Iterator[Band]:
    def headish(text: str) -> bool:
        found = meaning_of((text,), words, topic)
        return found is not None or bool(words.fund(text)) or bare(text) in words.ways

    end = 0
    for row in sorted(grid.cells):
        band = band_at(grid, row, headish, words) if row > end else None
        if band is not None and _is_head(grid, band, words, topic):
            end = band.last
            yield band


def _is_head(grid: SourceGrid, band: Band, words: ImportWords, topic: GridTopic) -> bool:
    """At least two columns are known, one of them of figures, one that says what a row is; or one holds codes."""
    known = [m for path in band.paths.values() if (m := meaning_of(path, words, topic))]
    keyed = any(m.what in _KEYS for m in known)
    if len(known) >= 2 and keyed and any(m.what in _FIGURES for m in known):
        return True
    if {m.what for m in known} >= _DAY_BOOK:
        return True
    if keyed and any(_is_balance(grid, band, column) for column in band.paths):
        return True
    coded = [c for c in band.paths if holds_codes(grid, band.last, c)]
    return bool(coded) and any(holds_figures(grid, band.last, c) for c in {*band.paths} - {*coded})


def _is_balance(grid: SourceGrid, band: Band, column: int) -> bool:
    """Balances may be the figures of a year that is not closed."""
    return bare(band.paths[column][-1]) in BALANCES and holds_figures(grid, band.last, column)


def _title_from(grid: SourceGrid, head: int, floor: int) -> int:
    """The first line of the title that stands over the heads in row `head`, below the rows of another block."""
    first = row = head
    while row - 1 > floor:
        cells = grid.cells.get(row - 1, {})
        if any(map(is_figure, cells.values())) and not captions_in(cells):
            break
        row -= 1
        if (
            cells
            and len(cells) <= _TITLE_CELLS
            and not _NOTE.match(norm(str(next(iter(cells.values())))))
        ):
            first = row
        elif cells or first < head:
            break
    return first


def _side_by_side(block: Block) -> list[Block]:
    """A list printed in several stretches beside each other (编码 名称 金额 | 编码 名称 金额): one block each."""
    codes = sorted(block.of("code"))
    amounts = block.of("amount", "single")
    if len(codes) < 2 or len({block.columns[c].target for c in codes}) > 1:
        return [block]
    ends = [*codes[1:], max(block.heads) + 1]
    own = [[c for c in amounts if begin < c < end] for begin, end in zip(codes, ends, strict=True)]
    if not all(own):
        return [block]
    beside: list[list[Decimal]] = []
    return [_stretch(block, begin, end, beside) for begin, end in zip(codes, ends, strict=True)]


def _stretch(block: Block, begin: int, end: int, beside: list[list[Decimal]]) -> Block:
    def cut(row: dict[int, Cell]) -> dict[int, Cell]:
        kept = {c: value for c, value in row.items() if begin <= c < end}
        left = [v for c, v in sorted(row.items()) if c < begin and isinstance(v, str)]
        if kept and begin not in kept and left and bare(left[-1]).endswith(ENDS):
            kept[begin] = left[-1]  # 公用经费合计, printed under the stretch before
        return kept

    cells = {row: kept for row, line in block.grid.cells.items() if (kept := cut(line))}
    return replace(
        block,
        grid=block.grid._replace(cells=cells),
        columns={c: m for c, m in block.columns.items() if begin <= c < end},
        unknown={c: h for c, h in block.unknown.items() if begin <= c < end},
        beside=beside,
    )


def _as_above(own: GridTopic, first: GridTopic) -> GridTopic:
    """What the title of a sheet says of every one of its ledgers, where the lines over one say nothing of it."""
    fund = own.fund or first.fund
    return own._replace(
        fund=fund, fiscal=not fund and first.fiscal, nature=own.nature or first.nature
    )


def _place(block: Block, before: list[Block]) -> tuple[int, int]:
    """Ledgers of different accounts below each other are one ledger; the same account again is another."""
    told = {other.captions: other for other in before}
    same_ledger = before and block.captions and block.captions not in told
    return before[-1].place if same_ledger and before[-1].captions else (block.head, 0)


def _is_next_page(before: Block, block: Block) -> bool:
    """The same heads and captions again after 过次页, 承前页, 第2页."""
    turned = any(
        isinstance(value, str) and PAGES.match(norm(value))
        for row in range(before.head + 1, block.last + 1)
        for value in before.grid.cells.get(row, {}).values()
    )
    return turned and before.heads == block.heads and before.captions == block.captions


def _block(grid: SourceGrid, band: Band, last: int, words: ImportWords, topic: GridTopic) -> Block:
    block = Block(grid, "list", band.last, last, topic, band.first)
    block.heads = {column: "/".join(path) for column, path in band.paths.items()}
    for column, path in band.paths.items():
        meaning = meaning_of(path, words, topic)
        if meaning is not None:
            block.columns[column] = meaning
    by_content(block)
    names_beside(block)
    named_by_content(block, words)
    not_names(block, words)
    numbers = number_columns(block)
    if not block.of(*_FIGURES):
        balances = [c for c in numbers if bare(band.paths.get(c, ("",))[-1]) in BALANCES]
        block.columns = {c: m for c, m in block.columns.items() if c not in balances}
    for column in block.used if words.places else ():
        head = block.heads.get(column, "")
        own = words.places.get((grid.sheet, grid.letter(column), head))
        if own is not None:
            block.columns[column] = own
    for column in numbers:
        if column not in block.columns:
            block.unknown[column] = block.heads.get(column, "")
    not_income(block, words)
    settle(block)
    years_of_months(block, words)
    if block.of("side") or (block.of("direction") and block.of("single") and block.of("code")):
        block.kind = "ledger"
    elif not block.of("code") and (named := column_of_names(block, words)) is not None:
        block.columns[named] = NAMED
    elif not block.of("code") and block.of("name", "income"):
        named_by_kind(block)
        block.kind = "labels"
    return block

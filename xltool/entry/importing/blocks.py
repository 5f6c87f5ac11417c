"""Blocks of a sheet: a line of heads and the rows below it; a list of names with amounts; an account ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from xltool.entry.importing.grids import Cell, SourceGrid
from xltool.entry.importing.vocabulary import ImportWords, bare

Kind = Literal["list", "labels", "ledger"]
_CODE = re.compile(r"^\s*(?P<code>\d{3,9})(?:\.0+)?\s*(?P<name>[^\d\s].*)?$", re.S)
_FUNCTIONAL = (3, 5, 7)
_ECONOMIC = (3, 5)


@dataclass
class Block:
    """One block. `columns`: what each column is: ("code", 功能), ("name", ""), ("amount", 表.栏), ("side", 借方) …"""

    grid: SourceGrid
    kind: Kind
    head: int
    last: int
    columns: dict[int, tuple[str, str]] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    """Columns with numbers whose heads are not known."""
    heads: dict[int, str] = field(default_factory=dict)
    """What is printed over each column; over several columns together it comes first."""

    def of(self, kind: str) -> list[int]:
        """The columns of one kind."""
        return [column for column, (what, _) in self.columns.items() if what == kind]


def blocks(grid: SourceGrid, words: ImportWords) -> tuple[list[Block], list[int]]:
    """The blocks of a sheet, and its rows that belong to none."""
    heads = [row for row in sorted(grid.cells) if _is_head(_heads(grid, row, words), words)]
    found: list[Block] = []
    for number, head in enumerate(heads):
        after = heads[number + 1] if number + 1 < len(heads) else max(grid.cells) + 1
        block = _block(grid, head, after - 1, words)
        if block is not None:
            found.append(block)
    taken = {row for block in found for row in range(block.head, block.last + 1)}
    return found, [row for row in sorted(grid.cells) if row not in taken]


def _is_head(row: dict[int, Cell], words: ImportWords) -> bool:
    """A line of texts of which at least two are heads, or one a code column beside an amount."""
    texts = [bare(value) for value in row.values() if isinstance(value, str)]
    if len(texts) < 2 or len(texts) < len(row):
        return False
    known = [t for t in texts if _meaning(t, words) is not None or t in words.ignored]
    amounts = [
        t for t in known if (m := _meaning(t, words)) and m[0] in ("amount", "single", "side")
    ]
    return len(known) >= 2 and bool(amounts)


def _meaning(head: str, words: ImportWords) -> tuple[str, str] | None:
    if head in words.codes:
        return "code", words.codes[head]
    if head in words.amounts:
        return "amount", ".".join(words.amounts[head])
    if head in words.sides:
        return "side", words.sides[head]
    if head in words.totals:
        return "total", head
    if head in words.single:
        return "single", ""
    if head in words.names or head in ("收入", "支出"):
        return "name", head
    return ("ignored", head) if head in words.ignored else None


def _heads(grid: SourceGrid, row: int, words: ImportWords) -> dict[int, Cell]:
    """What stands over the columns: the row's own texts, with those of the row above where they belong to it.

    A code or a name may be printed in the upper of two rows of heads; a text over several columns (财政拨款支出)
    goes before theirs where both together are known.
    """
    own = dict(grid.cells[row])
    above = grid.cells.get(row - 1, {})
    if not all(isinstance(value, str) for value in (*own.values(), *above.values())) or not own:
        return own
    for column, text in above.items():
        meaning = _meaning(bare(text), words)
        if column not in own and meaning is not None and meaning[0] in ("code", "name"):
            own[column] = text
    over = ""
    for column in range(1, max((*own, *above)) + 1):
        over = str(above.get(column, over))
        joined = f"{over}{own.get(column, '')}"
        if over and column in own and bare(joined) in words.amounts:
            own[column] = joined
    return own


def _block(grid: SourceGrid, head: int, last: int, words: ImportWords) -> Block | None:
    block = Block(grid, "list", head, last)
    block.heads = {column: str(value) for column, value in _heads(grid, head, words).items()}
    for column, value in block.heads.items():
        meaning = _meaning(bare(value), words)
        if meaning is not None:
            block.columns[column] = meaning
    for column in _number_columns(grid, head, last):
        if column not in block.columns:
            block.unknown[column] = block.heads.get(column, "（没有列名）")
    if block.of("side"):
        block.kind = "ledger"
    elif not block.of("code") and block.of("name") and block.of("single"):
        block.kind = "labels"
    elif not block.of("code"):
        return None
    return block


def _number_columns(grid: SourceGrid, head: int, last: int) -> Iterator[int]:
    """Columns that hold numbers below the heads."""
    columns = {
        column
        for row in range(head + 1, last + 1)
        for column, value in grid.cells.get(row, {}).items()
        if not isinstance(value, str)
    }
    yield from sorted(columns)


def code_of(value: Cell | None) -> tuple[str, str]:
    """(code, name) in a cell that holds a 科目编码, also with its name behind it; ("", "") otherwise."""
    if value is None:
        return "", ""
    text = value if isinstance(value, str) else f"{value:f}"
    match = _CODE.match(text)
    return (match["code"], (match["name"] or "").strip()) if match else ("", "")


def is_functional(code: str) -> bool:
    """By its length and first digit, a 支出功能分类 code."""
    return len(code) in _FUNCTIONAL and code[0] == "2"


def is_economic(code: str) -> bool:
    """By its length and first digit, a 部门预算支出经济分类 code."""
    return len(code) in _ECONOMIC and code[0] == "3"

"""One block of a sheet: its lines of heads, what each column is, the rows below."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from xltool.documents.grids import Cell, SourceGrid
from xltool.entry.importing.layout.headrows import is_figure
from xltool.entry.importing.layout.meanings import GridTopic
from xltool.entry.importing.vocabulary import Meaning, bare

Kind = Literal["list", "labels", "ledger"]
ENDS = ("合计", "小计", "总计", "汇总")
"""How labels of totals end."""
_NO_AMOUNT = re.compile("电话|手机|日期|邮编|编码")
"""What stands before a number that is no amount, in lines below a list."""
BALANCES = frozenset(("期末余额", "余额", "期末"))


@dataclass
class Block:
    """One block: its lines of heads end in row `head`. `columns`: what each column is."""

    grid: SourceGrid
    kind: Kind
    head: int
    last: int
    topic: GridTopic
    first: int = 0
    """The first line of heads."""
    columns: dict[int, Meaning] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    """Columns with numbers whose heads are not known."""
    heads: dict[int, str] = field(default_factory=dict)
    """What is printed over each column, from the top, joined by a stroke."""
    years: dict[int, list[int]] = field(default_factory=dict)
    """Columns of a year's figures, and those of its months and quarters beside them."""
    skipped: set[int] = field(default_factory=set)
    """Heads that are printed again on a further page."""
    place: tuple[int, int] = (0, 0)
    """By which row of heads and first column its figures are told from those of the other blocks of the sheet."""
    captions: tuple[str, ...] = ()
    """Lines over the heads that say an account or a 科目 of all rows: 科目：7201 行政支出, 功能分类：2010301."""
    alone: bool = False
    """No other sheet holds a block, or all have the same heads."""
    beside: list[list[Decimal]] = field(default_factory=list)
    """Of a list in stretches beside each other: the sums of the columns of those that were taken before."""

    def of(self, *kinds: str) -> list[int]:
        """The columns of some kinds."""
        return [column for column, meaning in self.columns.items() if meaning.what in kinds]

    def has_year(self, month: int) -> bool:
        """Whether a figure of the whole year stands beside that of a month."""
        return any(month in months for months in self.years.values())

    @property
    def dated(self) -> bool:
        """A 明细账: what stands on the other side is another voucher, not the closing of an account."""
        return any("日期" in head or "凭证" in head for head in self.heads.values())

    def answer(self, column: int) -> str:
        """By what a person calls a column in an answer: E, or Sheet1!E where several sheets hold lists.

        In bash a stroke ! means something else.
        """
        sheet = f"{self.grid.sheet}!" if self.grid.sheet and not self.alone else ""
        return f"{sheet}{self.grid.letter(column)}"

    def at(self, row: int, column: int) -> Cell | None:
        """What stands in a cell, also where it is merged with one above."""
        value = self.grid.cells.get(row, {}).get(column)
        return self.merged.get((row, column)) if value is None else value

    def tells_other(self, row: int, column: int) -> bool:
        """Whether the words before a number say that it is no amount: 联系电话：1234567."""
        cells = self.grid.cells[row]
        before = max((c for c in cells if c < column), default=0)
        return bool(_NO_AMOUNT.search(str(cells.get(before, ""))))

    @property
    def used(self) -> set[int]:
        """The columns with a head or anything below it."""
        return self.heads.keys() | {c for row in self.rows for c in self.grid.cells[row]}

    @cached_property
    def merged(self) -> dict[tuple[int, int], Cell]:
        """What stands in cells that are merged with one above them."""
        cells = self.grid.cells
        return {
            (row, merge.left): value
            for merge in self.grid.merges
            if merge.top > self.head and merge.bottom > merge.top
            if (value := cells.get(merge.top, {}).get(merge.left)) is not None
            for row in range(merge.top + 1, merge.bottom + 1)
        }

    @property
    def rows(self) -> list[int]:
        """The rows below the heads that hold anything."""
        below = range(self.head + 1, self.last + 1)
        return [row for row in below if row in self.grid.cells and row not in self.skipped]


def label_of(block: Block, row: int) -> str:
    """The first words of a row, bare."""
    words = (v for v in block.grid.cells[row].values() if isinstance(v, str) and not is_figure(v))
    return bare(next(words, ""))


def is_total(value: Cell | None) -> bool:
    """Whether a text ends as labels of totals do."""
    return isinstance(value, str) and bare(value).endswith(ENDS)

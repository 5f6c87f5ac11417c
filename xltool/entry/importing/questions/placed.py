"""What became of the cells of a block whose rows were taken, for the checks that come after."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from xltool.documents.grids import Cell
from xltool.entry.importing.layout.block import Block
from xltool.entry.importing.layout.headrows import is_figure
from xltool.entry.importing.layout.periods import tells_when
from xltool.entry.importing.taking import Taking

_FLAGGED = ("预算", "申请", "上年", "退款", "余额")


class Placed:
    """The cells of a block that fill figures, and the rows and columns that hold them."""

    def __init__(self, taking: Taking, block: Block) -> None:
        self.taking, self.block, self.words = taking, block, taking.words
        self.cells = taking.signed.keys()
        self.rows = sorted({row for row, _ in self.cells})
        self.columns = sorted({column for _, column in self.cells})
        self.numbers = taking.signed
        self.filled = {row for (row, _), number in self.numbers.items() if number}
        self.positive = {row for (row, _), number in self.numbers.items() if number and number > 0}

    def line(self, row: int) -> dict[int, Cell]:
        """What stands in a row."""
        return self.block.grid.cells[row]

    def head(self, column: int) -> str:
        """What is printed over a column."""
        return self.block.heads.get(column, "")

    @cached_property
    def unread(self) -> list[int]:
        """Columns that nobody knows the use of and that hold no numbers."""
        texts = {
            column
            for row in self.rows
            for column, value in self.line(row).items()
            if isinstance(value, str) and not is_figure(value)
        }
        known = {*self.block.columns, *self.block.unknown} - self._flags()
        found = (set(self.block.heads) | texts) - known
        return [column for column in sorted(found) if not tells_when(self.head(column))]

    def _flags(self) -> set[int]:
        """退款标志 with 是 and 否: under the head of a figure that is not used, nothing but words."""
        found = set()
        for column in self.block.of("aside"):
            shown = [v for row in self.rows if (v := self.line(row).get(column)) is not None]
            words = bool(shown) and not any(map(is_figure, shown))
            if words and self.block.columns[column].target in _FLAGGED and not self.is_said(column):
                found.add(column)
        return found

    def is_said(self, column: int) -> bool:
        """Whether a person said what a column is."""
        letter = self.block.grid.letter(column)
        return self.words.own_use(self.block.grid.sheet, letter, self.head(column)) is not None

    def ask(
        self,
        row: int,
        column: int | None,
        message: str,
        hint: str,
        once: object,
        answers: Iterable[str] = (),
    ) -> None:
        """Put a question about a cell, a row or a column; once for all that is the same to `once`."""
        told = id(self.block), once
        where = self.block.grid.where(row, column)
        self.taking.ask(where, message, hint, "contradiction", told, answers)

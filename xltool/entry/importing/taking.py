"""What all kinds of blocks have in common while their figures are taken: cells, units, fates, questions."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from xltool.core.amounts import UNITS, OtherMoneyUnit, convert
from xltool.core.model import Path
from xltool.core.problemcodes import ProblemCode
from xltool.core.problems import Problem
from xltool.documents.grids import amount
from xltool.entry.importing.collected import Collected, ImportSource, RowFate, Target
from xltool.entry.importing.layout.block import Block
from xltool.entry.importing.layout.heads import is_carried_spending, units_in
from xltool.entry.importing.questions.answers import FINAL, WHOLE_YEAR, choices
from xltool.entry.importing.vocabulary import ImportWords

Figures = dict[int, dict[int, Decimal]]
"""Amounts by row and column."""


class Taking:
    """Words, units, the fields of the edition (by short names of tables), and what was collected so far.

    `unit` is that of the document; `units` are what sheets say of themselves, by their labels.
    """

    def __init__(
        self,
        words: ImportWords,
        unit: str = "",
        units: Mapping[str, str] | None = None,
        fields: Mapping[str, Collection[Path]] | None = None,
        *,
        said: Mapping[str, str] | None = None,
        funds: Mapping[str, tuple[str, ...]] | None = None,
        of_all: bool = False,
    ) -> None:
        self.words, self.unit, self.units = words, unit, units or {}
        self.fields = fields or {}
        self.said = said or {}
        """Answers to questions, by their names."""
        self.final = self.said.get(FINAL) == WHOLE_YEAR
        """The person says that all figures are those of the whole year, whatever titles say."""
        self._fund_codes = funds or {}
        self.of_all = of_all
        """Sheets of fiscal funds and one of other money together show all spending."""
        self.placed: dict[Target, list[tuple[int, int]]] = {}
        """Of the block that is being taken: the cells (row, column) of each figure."""
        self.signed: dict[tuple[int, int], Decimal] = {}
        """Of that block: what each cell counts, in its own unit; below zero what was taken away."""
        self.proven: set[int] = set()
        """Of that block: rows of which a printed total, equal to the sum, shows that they count."""
        self.found = Collected()
        self.asked: set[object] = set()

    def ask(
        self,
        where: str,
        message: str,
        hint: str,
        code: ProblemCode,
        once: object = None,
        answers: Iterable[str] = (),
    ) -> None:
        """Put a question; `once`: not again for the same; `answers`: those to choose from."""
        if once is not None and once in self.asked:
            return
        self.asked.add(once)
        problem = Problem(where, message, hint, code=code, answers=tuple(answers))
        self.found.problems.append(problem)

    def one_of(self, block: Block, column: int, other: int) -> None:
        """Ask which of two columns is meant: adding them up would be a guess, unless a person said of one what it is.

        That is asked of spending out of what was carried over, which is beside that of this year.
        """
        for said in (column, other):
            head, letter = block.heads.get(said, ""), block.grid.letter(said)
            if is_carried_spending(head) and self.words.own_use(block.grid.sheet, letter, head):
                return
        answers = choices(block.answer(column), "不要") + choices(block.answer(other), "不要")
        hint = f"留下一列，另一列不要（回答 {' 或 '.join(answers)}）"
        first = block.grid.where(block.head, column)
        message = f"“{block.heads[other]}”与 {first} 像是同一栏"
        told, where = (id(block), column, other), block.grid.where(block.head, other)
        self.ask(where, message, hint, "contradiction", told, answers)

    def fund_of(self, code: str) -> str:
        """The fund of 财政拨款 that is spent under a 支出功能分类 code: the code lists of the funds are disjoint."""
        found = (fund for fund, heads in self._fund_codes.items() if code.startswith(heads))
        return next(found, "一般公共")

    def note(self, text: str) -> None:
        """Say a thing in the confirmation, once."""
        if text not in self.found.notes:
            self.found.notes.append(text)

    def used(self, block: Block, row: int) -> None:
        """A row whose figures were taken."""
        self.found.fates.append(RowFate(block.grid, row, "用了"))

    def subtotal(self, block: Block, row: int, why: str = "") -> None:
        """A row that adds up others."""
        self.found.fates.append(RowFate(block.grid, row, "小计", why))

    def left(self, block: Block, row: int, why: str) -> None:
        """A row that is not used."""
        self.found.fates.append(RowFate(block.grid, row, "没用", why))

    def amount(self, block: Block, row: int, column: int) -> Decimal | None:
        """The amount in a cell; what is none is asked about."""
        value = block.grid.cells.get(row, {}).get(column)
        if value is None:
            return None
        try:
            return amount(value, self.unit_of(block, column))
        except ValueError as error:
            where = block.grid.where(row, column)
            self.ask(
                where,
                f"“{value}”{error}" if isinstance(error, OtherMoneyUnit) else f"“{value}”不是数",
                "改成数，或清空",
                "bad-value",
                (block.grid.label, row, column),
            )
            return None

    def numbers(self, block: Block, row: int, columns: list[int]) -> dict[int, Decimal]:
        """The amounts of a row that may be none of figures: words in its cells are no fault."""
        found = {}
        for column in columns:
            value = block.grid.cells[row].get(column)
            if block.tells_other(row, column):
                continue
            with contextlib.suppress(ValueError):
                unit = self.unit_of(block, column)
                number = amount(value, unit) if value is not None else None
                if number is not None:
                    found[column] = number
        return found

    def unit_of(self, block: Block, column: int) -> str:
        """The money unit of a column: what its head says, else its sheet, else the document; "" where none does."""
        stated = units_in(block.heads.get(column, ""))
        return stated.pop() if len(stated) == 1 else self.units.get(block.grid.label, self.unit)

    def converted(self, number: Decimal, unit: str) -> Decimal:
        """An amount in the unit of the document."""
        known = unit in UNITS and self.unit in UNITS
        return convert(number, unit, self.unit) if known else number

    def put(self, target: Target, block: Block, row: int, column: int, number: Decimal) -> None:
        """A figure of the result, in the unit of the document, with the cell that it comes from."""
        own = self.unit_of(block, column)
        exact = self.converted(number, own)
        self.placed.setdefault(target, []).append((row, column))
        self.signed[row, column] = number
        fund = block.topic.fund if self.of_all else ""
        source = ImportSource(block.grid, row, column, number, exact, block.place, fund)
        self.found.figures[target].append(source)
        if "累计" in block.heads.get(column, ""):
            self.found.running.add(target)

"""What importing collects: figures with the cells they come from, and what became of every row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from xltool.core.problems import Problem
from xltool.documents.grids import SourceGrid

Target = tuple[str, ...]
"""(short table name, code, column) of a list, or (short table name, *path) of a field."""
BlockPlace = tuple[int, int]
"""The row of heads of a block, and its first column where blocks stand beside each other, else 0."""
SheetBlock = tuple[str, BlockPlace]


class ImportSource(NamedTuple):
    """One cell that a figure comes from."""

    grid: SourceGrid
    row: int
    column: int
    value: Decimal
    """As it stands there."""
    amount: Decimal
    """In the unit of the document."""
    block: BlockPlace = (0, 0)
    """Its block: two of one sheet are told apart."""
    fund: str = ""
    """The fund that the title of its block names, where the sheets show those of all funds."""

    @property
    def place(self) -> SheetBlock:
        """Its sheet and block."""
        return self.grid.label, self.block

    @property
    def block_name(self) -> str:
        """Its sheet and block in words."""
        head, left = self.block
        column = f"{self.grid.letter(left)}列" if left else ""
        return f"{self.grid.label} 第{head}行{column}起"


def block_names(sources: Iterable[ImportSource]) -> dict[SheetBlock, str]:
    """What the blocks of some sources are called: by their sheet, where it has several by where they begin, too."""
    names = {source.place: source.block_name for source in sources}
    sheets = Counter(sheet for sheet, _ in names)
    return {place: name if sheets[place[0]] > 1 else place[0] for place, name in names.items()}


class RowFate(NamedTuple):
    """What became of a row: 用了, 小计, 没用 (and why)."""

    grid: SourceGrid
    row: int
    fate: Literal["用了", "小计", "没用"]
    why: str = ""


class MonthSheet(NamedTuple):
    """A block whose title says a month, and the question about it where no other months are there."""

    month: int
    grid: SourceGrid
    question: Problem | None
    """None where its columns run from the beginning of the year."""


@dataclass
class Collected:
    """Figures by target with their sources, names of codes, fates of rows, what could not be decided."""

    figures: dict[Target, list[ImportSource]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, str] = field(default_factory=dict)
    fates: list[RowFate] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What the reader decided and the clerk should see: reversals that were subtracted, hidden rows that count."""
    problems: list[Problem] = field(default_factory=list)

    unsaid: dict[SheetBlock, str] = field(default_factory=dict)
    """Blocks (sheet, row of heads) with figures by 经济分类 of which nothing says that they are of 一般公共预算
    and 基本支出, each with its place in words."""
    seen: set[str] = field(default_factory=set)
    """Codes of the rows with a figure, also of those that no table asks for."""
    monthly: list[MonthSheet] = field(default_factory=list)
    """Blocks whose titles say one month."""
    running: set[Target] = field(default_factory=set)
    """Figures of columns that run from the beginning of the year: 累计数."""
    added: bool = False
    """Sheets are parts (months, departments) whose figures are added up."""

    def value(self, target: Target) -> Decimal:
        """The sum of a figure's sources; what two sheets say alike counts once, unless they are `added`."""
        return sum((counted for _, counted in self.counted(target)), Decimal(0))

    def of_funds(self, target: Target) -> bool:
        """Whether each block gives the figure of another fund, so that it is their sum."""
        funds = {s.place: s.fund for s in self.figures[target]}
        return (
            target[0] == "支出表" and all(funds.values()) and len({*funds.values()}) == len(funds)
        )

    def counted(self, target: Target) -> Iterator[tuple[ImportSource, Decimal]]:
        """The sources of a figure, each with what it adds to it: nothing where a sheet before said the same."""
        sources = self.figures[target]
        first = sources[0].place
        added = self.added or self.of_funds(target)
        for source in sources:
            counts = added or source.place == first
            yield source, source.amount if counts else Decimal(0)

    def by_sheet(self, target: Target) -> dict[str, Decimal]:
        """What each sheet makes of a figure; blocks that give it twice in one sheet count as sheets."""
        names, sums = block_names(self.figures[target]), defaultdict[str, Decimal](Decimal)
        for source in self.figures[target]:
            sums[names[source.place]] += source.amount
        return dict(sums)

    def repeated(self) -> list[Target]:
        """Figures that several sheets give alike and that count once."""
        if self.added:
            return []
        return [t for t in self.figures if len(self.by_sheet(t)) > 1 and not self.of_funds(t)]

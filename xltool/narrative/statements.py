"""What a text says: every number as a statement about a subject, in a role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from xltool.narrative.outline import Section
from xltool.narrative.tables import TableRow
from xltool.narrative.text import Paragraph
from xltool.narrative.tokens import MONEY, TextToken
from xltool.narrative.vocabulary import Item

Role = Literal[
    "figure",
    "budget",
    "change",
    "budget-change",
    "prior",
    "rate",
    "budget-rate",
    "share",
    "completion",
    "count",
    "mean",
    "unknown",
]
Basis = Literal["年初", "全年", "调整", ""]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a number is about: an item of the vocabulary, or a row of a table (`column`: one of its parts).

    `lacking`: a 科目 that the text names in full and the table does not have.
    """

    item: Item | None = None
    row: TableRow | None = None
    column: str = ""
    lacking: str = ""

    @property
    def name(self) -> str:
        """The subject in words."""
        if self.row is not None:
            return f"{self.row.name}·{self.column}" if self.column else self.row.name
        return self.item.name if self.item else self.lacking


@dataclass(slots=True)
class Statement:
    """One number with what it says.

    `sure`: the words around it leave no doubt about the subject; otherwise a difference is no error.
    `direction`: +1 more, -1 less, 0 the same, None not said. `of`: for shares what it is a part of, for rates
    and shares the figure that it belongs to. `basis`: of which budget a completion or budget speaks.
    """

    section: Section
    paragraph: Paragraph
    token: TextToken
    sentence: tuple[int, int]
    role: Role
    subject: Subject | None
    sure: bool = True
    direction: int | None = None
    basis: Basis = ""
    whole: Subject | None = None
    whole_said: bool = False
    other_whole: Subject | None = None
    """What its words may mean besides."""
    figure: Statement | None = None
    change: Statement | None = None
    prior: Statement | None = None
    budgets: dict[Basis, Statement] = field(default_factory=dict)
    listed: Statement | Subject | None = None
    """What it is a part of, for amounts of a list whose names are not known: a figure before it, or a subject."""
    both: bool = False
    """A final figure that is said to be the budget, too."""
    checked: bool = False

    @property
    def value(self) -> Decimal:
        """Amounts in 元, percentages and counts as printed."""
        return self.token.money if self.token.kind == "amount" else self.token.value

    @property
    def grain(self) -> Decimal:
        """Half of the last decimal that is printed, in the unit of `value`."""
        if self.token.kind in ("count", "score"):
            return Decimal(0)
        half = Decimal(5).scaleb(-self.token.places - 1)
        return half * MONEY[self.token.unit] if self.token.kind == "amount" else half

    def repeats(self, value: Decimal) -> bool:
        """Whether it is this figure, at the precision at which it is printed, cut off or rounded."""
        return abs(self.value - value) < 2 * self.grain

    @property
    def words(self) -> str:
        """The number as it is written."""
        return self.paragraph.written(self.token.start, self.token.end)

    @property
    def sentence_text(self) -> str:
        """The sentence as it is written."""
        return self.paragraph.written(*self.sentence).strip()


def added_up(parts: Sequence[Statement]) -> tuple[Decimal, Decimal]:
    """The sum of some figures, and by how much their rounding alone may move it."""
    values, grains = (part.value for part in parts), (part.grain for part in parts)
    return sum(values, Decimal(0)), sum(grains, Decimal(0))

"""What may be behind failures. `mends`: the failures that it explains, as indices into the results looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from xltool.core.places import Place
from xltool.rules.values import ZERO


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A suspect cell: changing it by `change` would mend failures.

    `as_text`: the figure is right, but stored as text, and formulas leave it out.
    """

    place: Place
    value: Decimal | None
    change: Decimal
    tolerance: Decimal
    mends: tuple[int, ...]
    as_text: bool = False

    @property
    def right(self) -> Decimal:
        """The figure that would satisfy the rules, as near as rounding lets it be known."""
        return (self.value or ZERO) + self.change

    @property
    def changes(self) -> Mapping[Place, Decimal]:
        """What is to be typed."""
        return {} if self.as_text else {self.place: self.right}


@dataclass(frozen=True, slots=True)
class MissingFigure:
    """A cell left blank that the totals of its table lack too: `changes` has them with it.

    `there`: a cell of another table that has the figure.
    """

    place: Place
    there: Place
    changes: Mapping[Place, Decimal]
    mends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A row that a list lacks; another table has it at `there`, with exactly the difference."""

    table: str
    code: str
    name: str
    there: Place
    value: Decimal
    mends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EmptyList:
    """A list without any row that a sum adds up."""

    table: str
    instance: int
    list: str
    mends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """Figures that stand in the wrong place of their table.

    `first`, `last`: the corners of the area that was moved or pasted over; `cells`: those of which nothing else
    is to be said. `onto`: for columns that were exchanged or are alike, the first cell of the other column.
    """

    kind: Literal["下移", "上移", "右移", "左移", "互换", "重复", "上年"]
    table: tuple[str, int]
    first: Place
    last: Place
    cells: frozenset[Place]
    onto: Place | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """An area of figures in the wrong place."""

    area: Area
    mends: tuple[int, ...]


Cause = WrongCell | MissingFigure | MissingRow | EmptyList | Moved

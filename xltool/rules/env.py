"""What a compiled expression reads when it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from xltool.core.places import Place, RowPlace
from xltool.rules.external import NoExternal, UnitTables
from xltool.rules.keys import RowKey, TableKey
from xltool.rules.lookup import Lookup
from xltool.rules.values import ZERO, Leaf, Quantity


class NoPrior(Exception):
    """A rule asks for last year's report and none was given."""


class Missing(Exception):
    """A condition asks for a figure that is missing."""


Roundings = Callable[[Place], Iterable[tuple[int, bool]]]
"""Of a cell in a sum: which addends have a figure there that was rounded by itself, and whether it is a zero."""


@dataclass(slots=True)
class Env:
    """What a compiled expression reads: this year's report, last year's, and the loop variables."""

    this: Lookup
    prior: Lookup | None = None
    heads: dict[str, str] = field(default_factory=dict)
    vars: dict[str, RowKey | TableKey] = field(default_factory=dict)
    summed: int = 1
    """Of how many units the report is the sum."""
    roundings: Roundings | None = None
    """Where the addends of a sum are known: instead of `summed`."""
    external: UnitTables | None = None
    """What tables of the bureau's own say of the unit."""

    def lookup(self, prior: bool) -> Lookup:
        if not prior:
            return self.this
        if self.prior is None:
            raise NoPrior
        return self.prior

    def holder(self, leaf: Leaf) -> Lookup:
        """The report that a cell is in."""
        return self.lookup(leaf.prior and not leaf.external)

    def beside(self, table: str) -> UnitTables:
        """What external tables say, of which one is asked for. Raises `NoExternal`."""
        if self.external is None:
            raise NoExternal(table)
        return self.external


Scalar = Callable[[Env], Quantity]
Many = Callable[[Env], tuple[list[Quantity], bool]]
"""Several cells, and whether they are known: if not, all of them blank means missing."""
Condition = Callable[[Env], bool]


class Sum(Quantity):
    """The sum of parts. All blank, it is missing unless something shows that zero was meant.

    Most comparisons hold: of which cells it is made up, and what shows the zero, is found when it is asked for.
    """

    __slots__ = ("_env", "_known", "_parts", "_signs")

    def __init__(
        self, env: Env, parts: Sequence[Quantity], signs: Sequence[int], known: bool
    ) -> None:
        value, blank, absent, unlisted = ZERO, True, False, not parts and not known
        for part, sign in zip(parts, signs, strict=True):
            if not part.blank:
                blank = False
                value = value + part.value if sign > 0 else value - part.value
            absent, unlisted = absent or part.absent, unlisted or part.unlisted
        super().__init__(value, blank, absent, None, unlisted)
        self._env, self._parts, self._signs, self._known = env, parts, signs, known

    def _made_of(self) -> Iterator[Leaf]:
        for part, sign in zip(self._parts, self._signs, strict=True):
            for leaf in part.leaves:
                yield leaf if sign > 0 else leaf._replace(sign=-leaf.sign)

    @property
    def unshown(self) -> bool:
        # beside other figures, a part whose addends are all blank is a zero
        return (
            self.blank
            and not self._known
            and not any(_shown(self._env, leaf) for leaf in self.leaves)
        )


def _shown(env: Env, leaf: Leaf) -> bool:
    """Whether the cell's column has figures in other rows, so that a blank in this row is a zero."""
    lookup = env.holder(leaf)
    place = leaf.place
    if place.table in lookup.declared_empty:
        return True
    filled = partial(lookup.column_filled, place.table, place.instance)
    if isinstance(place, RowPlace):
        return filled(place.list, place.column)
    return len(place.path) >= 2 and filled(place.path[0], place.path[-1])

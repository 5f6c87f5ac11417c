"""Tables in another unit than they print: their figures are 10,000 times, or a 10,000th of, those of other tables.

Which of two tables is wrong is decided by the units that the sheets print, then by the majority.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.core.places import Place
from xltool.rules.model import Result
from xltool.rules.values import Quantity

_FACTOR = Decimal(10000)
_NEAR = Decimal("0.0005")
_ENOUGH = 2
_SMALL = "万元"
"""The unit in which a form is wrongly filled with larger figures; in 元 the slip is the other way round."""


class TableUnit(NamedTuple):
    """The money unit of a table: as its form fixes it, or as its sheet prints it."""

    unit: str
    fixed: bool


class WrongUnit(NamedTuple):
    """A table at odds with the others, one of its cells, and the failures that follow from it.

    `larger`: its figures are the larger ones. `misprinted`: the table is right, and its form fixes its unit;
    it is all the others that print a wrong one.
    """

    table: str
    place: Place
    larger: bool
    misprinted: bool
    results: tuple[Result, ...]


class _Gap(NamedTuple):
    """An equality that fails by the factor: a cell of the larger side and one of the smaller."""

    big: Place
    small: Place

    @property
    def tables(self) -> tuple[str, str]:
        return self.big[0], self.small[0]


def find_wrong_units(
    results: Sequence[Result], units: Mapping[str, TableUnit], usual: str
) -> list[WrongUnit]:
    """Tables whose equalities with other tables fail by the factor more often than they hold.

    `units`: of each table; `usual`: the unit that most of them print.
    """
    failed = [r for r in results if r.outcome == "不符"]
    between = [r for r in failed if r.operator == "=" and len(tables_of(r)) > 1]
    gaps = [gap for result in between if (gap := _gap(result)) is not None]
    if not gaps:
        return []
    holding: Counter[str] = Counter()
    for result in results:
        held = result.operator == "=" and result.outcome in ("通过", "尾差")
        if held and result.left and result.left.value and len(tables := tables_of(result)) > 1:
            holding.update(tables)
    found: list[WrongUnit] = []
    while (table := _oddest(gaps, holding, units, usual)) is not None:
        larger, place = next(
            (t == gap.big[0], p)
            for gap in gaps
            for t, p in zip(gap.tables, gap, strict=True)
            if t == table
        )
        own = units.get(table)
        misprinted = own is not None and own.fixed and own.unit != usual
        follow = tuple(r for r in failed if table in tables_of(r))
        failed = [r for r in failed if table not in tables_of(r)]
        found.append(WrongUnit(table, place, larger, misprinted, follow))
        gaps = [gap for gap in gaps if table not in gap.tables]
    return found


def tables_of(result: Result) -> set[str]:
    """The tables of this year's report that a result compares."""
    sides = (result.left, result.right)
    return {leaf.place.table for side in sides if side for leaf in side.leaves if not leaf.prior}


def _oddest(
    gaps: Sequence[_Gap], holding: Counter[str], units: Mapping[str, TableUnit], usual: str
) -> str | None:
    """The table that is most likely the wrong one: its own unit is unusual, or it differs from most others."""
    count = Counter(table for gap in gaps for table in gap.tables)
    partners: dict[str, set[str]] = {table: set() for table in count}
    larger = Counter(gap.big[0] for gap in gaps)
    for one, other in (gap.tables for gap in gaps):
        partners[one].add(other)
        partners[other].add(one)

    def oddness(table: str) -> tuple[bool, int, int, int]:
        own = units.get(table)
        unusual = own is not None and own.unit != usual and not own.fixed
        toward = larger[table] if usual == _SMALL else count[table] - larger[table]
        return unusual, len(partners[table]), count[table], toward

    likely = [t for t in count if count[t] >= _ENOUGH and count[t] > holding[t]]
    return max(likely, key=oddness, default=None)


def _gap(result: Result) -> _Gap | None:
    """The sides of a comparison of which one is 10,000 times the other."""
    left, right = result.left, result.right
    if left is None or right is None or not left.value or not right.value:
        return None
    for big, small in ((left, right), (right, left)):
        if abs(big.value / small.value / _FACTOR - 1) < _NEAR:
            places = _first(big), _first(small)
            if places[0] is not None and places[1] is not None:
                return _Gap(places[0], places[1])
    return None


def _first(side: Quantity) -> Place | None:
    return next((leaf.place for leaf in side.leaves if not leaf.prior), None)

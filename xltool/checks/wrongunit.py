"""Tables filled in 元 on a 万元 form: their figures are 10,000 times those that other tables have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from xltool.model import Place
from xltool.rules.model import Result
from xltool.rules.values import Quantity

_FACTOR = Decimal(10000)
_NEAR = Decimal("0.0005")


@dataclass(frozen=True, slots=True)
class WrongUnit:
    """A table in the wrong unit, one of its cells, and the failures that follow from it."""

    table: str
    place: Place
    results: tuple[Result, ...]


def find_wrong_units(results: Sequence[Result]) -> list[WrongUnit]:
    """Tables whose equalities with other tables fail by the factor more often than they hold."""
    by_factor: Counter[str] = Counter()
    holding: Counter[str] = Counter()
    places: dict[str, Place] = {}
    for result in results:
        tables = tables_of(result)
        if len(tables) < 2 or result.operator != "=":
            continue
        if result.outcome == "不符" and (place := _larger(result)) is not None:
            by_factor[place[0]] += 1
            places.setdefault(place[0], place)
        elif result.outcome in ("通过", "尾差") and result.left and result.left.value:
            holding.update(tables)
    found = []
    for table, count in by_factor.items():
        if count >= 2 and count > holding[table]:
            failed = [r for r in results if r.outcome == "不符" and _crosses(r, table)]
            found.append(WrongUnit(table, places[table], tuple(failed)))
    return found


def tables_of(result: Result) -> set[str]:
    """The tables of this year's report that a result compares."""
    sides = (result.left, result.right)
    return {leaf.place[0] for side in sides if side for leaf in side.leaves if not leaf.prior}


def _crosses(result: Result, table: str) -> bool:
    tables = tables_of(result)
    return table in tables and len(tables) > 1


def _larger(result: Result) -> Place | None:
    """A cell of the side that is 10,000 times the other."""
    left, right = result.left, result.right
    if left is None or right is None or not left.value or not right.value:
        return None
    for big, small in ((left, right), (right, left)):
        if abs(big.value / small.value / _FACTOR - 1) < _NEAR:
            return _first(big)
    return None


def _first(side: Quantity) -> Place | None:
    return next((leaf.place for leaf in side.leaves if not leaf.prior), None)

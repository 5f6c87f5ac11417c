"""Corrections, tried on a copy of the report: what would make a rule fail that does not fail now is not advised.

The search for causes looks at sums only. Here every rule is evaluated once more, products and conditions too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Protocol, TypeVar

from xltool.checks.diagnosis.equations import System
from xltool.checks.diagnosis.model import MissingFigure, WrongCell
from xltool.core.model import Report
from xltool.core.places import Place
from xltool.rules.model import Result
from xltool.rules.values import ZERO

Correction = WrongCell | MissingFigure
_Some = TypeVar("_Some", WrongCell, MissingFigure)
_BLOCKING = ("不符", "数据不足", "未执行")


class Judge(Protocol):
    """What evaluates all rules on a report, in the order of the results that are known."""

    def __call__(self, report: Report, /) -> Sequence[Result]:
        """The outcome of every instance."""


def proved(
    causes: Sequence[_Some],
    results: Sequence[Result],
    system: System,
    report: Report,
    judge: Judge,
) -> list[_Some]:
    """The causes whose corrections, made all at once, let no blocking rule fail that does not fail now."""
    kept = list(causes)
    while kept:
        corrected = Corrected(system, kept)
        after = judge(with_values(report, corrected.values))
        if len(after) != len(results):
            return []
        worse = [new for old, new in zip(results, after, strict=True) if _is_worse(old, new)]
        blamed = {n for result in worse for n in corrected.blamed(result)}
        if not blamed:
            return kept
        kept = [cause for n, cause in enumerate(kept) if n not in blamed]
    return kept


def _is_worse(old: Result, new: Result) -> bool:
    blocking = new.rule.level == "error" and new.outcome in _BLOCKING
    return blocking and old.outcome not in _BLOCKING


class Corrected:
    """What the report's cells hold after corrections, and after the formulas that follow them."""

    def __init__(self, system: System, causes: Sequence[Correction]) -> None:
        self._system = system
        self._causes = causes
        self._typed = {place: right for c in causes for place, right in c.changes.items()}
        self._texts = {c.place for c in causes if isinstance(c, WrongCell) and c.as_text}
        self.values: dict[Place, Decimal] = dict(self._typed)
        self._reasons: dict[Place, frozenset[int]] = {}
        """Which causes a cell depends on."""
        self._direct = {place: n for n, c in enumerate(causes) for place in (c.place, *c.changes)}
        for place in system.made_of:
            if self._depends(place):
                self._follow(place)

    def _depends(self, place: Place) -> frozenset[int]:
        if place not in self._reasons:
            own = {self._direct[place]} if place in self._direct else set()
            self._reasons[place] = frozenset(own)
            parts = self._system.made_of.get(place, ())
            inner = (self._depends(leaf.place) for leaf in parts if not leaf.prior)
            self._reasons[place] = frozenset(own).union(*inner)
        return self._reasons[place]

    def _follow(self, place: Place) -> Decimal:
        """What a formula gives; one that does not just add up keeps its value."""
        if place not in self.values:
            parts = self._system.made_of.get(place, ())
            stands = self._system.values.get(place) or ZERO
            if not parts or not self._depends(place) or not all(leaf.sign for leaf in parts):
                return stands
            self.values[place] = sum(
                (
                    leaf.sign * self._follow(leaf.place)
                    for leaf in parts
                    if leaf.place in self._texts or not self._left_out(leaf.place)
                ),
                ZERO,
            )
        return self.values[place]

    def _left_out(self, place: Place) -> bool:
        return place not in self._typed and self._system.cells.is_text(place)

    def blamed(self, result: Result) -> Iterable[int]:
        """The causes on which a rule that now fails depends; all of them where it cannot be told.

        A formula that was not calculated anew follows by itself, and says nothing.
        """
        sides = [side for side in (result.left, result.right) if side]
        places = [leaf.place for side in sides for leaf in side.leaves if not leaf.prior]
        if not places:
            return range(len(self._causes))
        if any(
            place not in self.values and self._system.cells.is_formula(place) for place in places
        ):
            return ()
        return frozenset().union(*map(self._depends, places)) or range(len(self._causes))


def with_values(report: Report, values: Mapping[Place, Decimal]) -> Report:
    """A copy of a report with other figures at some places."""
    tables = {name: list(instances) for name, instances in report.tables.items()}
    for name, instance in {(place.table, place.instance) for place in values}:
        old = tables[name][instance]
        rows = {of: [dict(row) for row in found] for of, found in old.lists.items()}
        tables[name][instance] = replace(old, fields=dict(old.fields), lists=rows)
    changed = replace(report, tables=tables)
    for place, value in values.items():
        place.put(changed, value)
    return changed

"""Which single cell explains the most failures: one slip breaks many rules, and should be told once.

Every failed equality says by how much each of its cells would have to change to mend it. A cell whose change
mends more than that of any other, and which no satisfied rule speaks for, is the suspect. Where several cells
explain the failures equally well, none is named, unless one of them alone shows a slip that people make.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from xltool.checks.diagnosis.equations import Cells, Equation, Figures, System
from xltool.checks.diagnosis.slips import is_telling, name_slip
from xltool.core.model import Place
from xltool.rules.model import Result
from xltool.rules.values import ZERO

_ENOUGH = 2
"""The least evidence for a suspect: one equality that must hold, and nothing against it."""

_DOUBT = 1
"""What speaks against a figure that would be right only below zero."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A suspect cell: the failures that changing it by `change` would mend (indices into the results).

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


class _Candidate(NamedTuple):
    place: Place
    as_text: bool
    change: Decimal
    tolerance: Decimal
    score: int
    """Evidence for it less evidence against it."""
    mends: frozenset[int]


def find_causes(
    results: Sequence[Result], cells: Cells | None = None, limit: int = 50
) -> list[Cause]:
    """Suspects, the one that explains the most first; each failure belongs to one suspect at most."""
    if not any(r.outcome == "不符" and r.operator == "=" for r in results):
        return []
    search = _Search(System(results, cells or Figures()), results)
    causes: list[Cause] = []
    while search.open and len(causes) < limit:
        candidates = sorted(search.candidates(), key=lambda c: -c.score)
        if not candidates:
            break
        chosen = search.choose(candidates)
        if chosen is None:
            search.open -= candidates[0].mends
            continue
        causes.append(search.take(chosen))
    return causes


class _Search:
    """The state of the search: which failures are still unexplained."""

    def __init__(self, system: System, results: Sequence[Result]) -> None:
        self.system = system
        self._results = results
        failed = [e for e in system.equations if results[e.result].outcome == "不符"]
        self.failed = {e.result for e in failed}
        self.open = {e.result for e in failed if e.weight >= _ENOUGH}
        self.by_place: dict[tuple[Place, bool], list[tuple[Equation, int]]] = defaultdict(list)
        for equation in system.equations:
            for place, factor in equation.terms.items():
                self.by_place[place, False].append((equation, factor))
            for place, factor in equation.unread.items():
                self.by_place[place, True].append((equation, factor))
        self._bent = [e for e in system.equations if e.bent and e.result in self.failed]

    def candidates(self) -> Iterator[_Candidate]:
        """Every cell whose change would mend an open failure, with its best change."""
        for (place, as_text), equations in self.by_place.items():
            live = [(e, f) for e, f in equations if e.result in self.open]
            if not live or not (as_text or self.system.may_be_wrong(place)):
                continue
            found = [
                self._weighed(place, as_text, change, tolerance, equations)
                for change, tolerance in self._changes(place, as_text, live)
            ]
            best = max(found, key=lambda c: (c.score, -c.tolerance))
            if best.mends & self.open and not self._erases(best):
                yield best

    def _erases(self, candidate: _Candidate) -> bool:
        """Whether all that it does is to take away a figure that has nothing opposite: there, it is what lacks."""
        value = self.system.values[candidate.place]
        return bool(value) and value == -candidate.change and all(map(self._lacks, candidate.mends))

    def _lacks(self, number: int) -> bool:
        result = self._results[number]
        return any(side is not None and side.blank for side in (result.left, result.right))

    def _changes(
        self, place: Place, as_text: bool, live: list[tuple[Equation, int]]
    ) -> Iterator[tuple[Decimal, Decimal]]:
        """The changes that the open failures ask for, each with how exactly it is known."""
        if as_text:
            yield self.system.values[place] or ZERO, ZERO
            return
        told: list[Decimal] = []
        for equation, factor in sorted(live, key=lambda pair: pair[0].tolerance):
            change = -equation.difference / factor
            if all(abs(change - other) > equation.tolerance for other in told):
                told.append(change)
                yield change, equation.tolerance

    def _weighed(
        self,
        place: Place,
        as_text: bool,
        change: Decimal,
        tolerance: Decimal,
        equations: list[tuple[Equation, int]],
    ) -> _Candidate:
        value = self.system.values[place] or ZERO
        # amounts are hardly ever negative
        score = -_DOUBT if value + change < 0 <= value and value + change != -value else 0
        mends = []
        for equation, factor in equations:
            shift = factor * change
            if equation.result in self.failed:
                if equation.holds(shift):
                    score += equation.weight
                    mends.append(equation.result)
            elif not equation.holds(shift):
                score -= equation.weight
        return _Candidate(place, as_text, change, tolerance, score, frozenset(mends))

    def choose(self, candidates: list[_Candidate]) -> _Candidate | None:
        """The best candidate if it explains its failures better than any other, a single one clearly better."""
        best = candidates[0]
        if best.score < _ENOUGH:
            return None
        margin = 0 if best.score > _ENOUGH else _DOUBT
        rivals = [c for c in candidates if c.score >= best.score - margin and c.mends & best.mends]
        if len(rivals) > 1:
            rivals = [c for c in rivals if self._slipped(c)]
        return rivals[0] if len(rivals) == 1 else None

    def _slipped(self, candidate: _Candidate) -> bool:
        """Whether a slip that is not likely to be found by chance leads to what stands there."""
        value = self.system.values[candidate.place]
        if candidate.as_text:
            return True
        if value is None:
            return self.system.cells.is_fault(candidate.place)
        right = value + candidate.change
        beside = self.system.cells.neighbours(candidate.place, peers=True)
        return is_telling(name_slip(value, right, candidate.tolerance, beside))

    def take(self, chosen: _Candidate) -> Cause:
        """Explain failures by a candidate: the rest is looked at as if it were corrected."""
        mends = set(chosen.mends)
        for equation, factor in self.by_place[chosen.place, chosen.as_text]:
            if equation.holds(factor * chosen.change) or equation.result in self.failed:
                equation.difference += factor * chosen.change
        mends |= {e.result for e in self._bent if chosen.place in e.bent}
        mends &= self.failed
        self.failed -= mends
        self.open -= mends
        return Cause(
            chosen.place,
            self.system.values[chosen.place],
            ZERO if chosen.as_text else chosen.change,
            chosen.tolerance,
            tuple(sorted(mends)),
            chosen.as_text,
        )

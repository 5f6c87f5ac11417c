"""Which single cell explains the most failures: one slip breaks many rules, and should be told once.

Every failed equality says by how much each of its cells would have to change to mend it. A change that would
break a comparison which holds is never advised, nor is one that makes a figure negative. The cell whose change
mends more than that of any other is the suspect. Where several cells explain the failures equally well, none
is named, unless one of them alone shows a slip that people make.

The cost is bounded: a cell tries few changes, and is looked at again only when one of its equalities was
explained by another cell; after so many rounds the search ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from decimal import Decimal
from typing import NamedTuple

from xltool.checks.diagnosis.equations import Equation, System
from xltool.checks.diagnosis.model import WrongCell
from xltool.checks.diagnosis.slips import name_slip
from xltool.core.places import Place
from xltool.rules.model import Result
from xltool.rules.values import ZERO

_ENOUGH = 2
"""The least evidence for a suspect: one equality that must hold."""

_DOUBT = 1
"""What speaks against a figure below zero, and by how much an only witness has to be better than others."""

_CHANGES = 6
"""How many different changes are tried at a cell: those that the strictest equalities ask for."""

_ROUNDS = 40
"""How often the best explanation is looked for. A book with more slips is not to be mended cell by cell."""

_Key = tuple[Place, bool]
"""A cell, and whether it is looked at as a figure stored as text."""


class _Candidate(NamedTuple):
    place: Place
    as_text: bool
    change: Decimal
    tolerance: Decimal
    score: int
    """Evidence for it less evidence against it."""
    mends: frozenset[int]
    harmless: bool
    """It breaks nothing that holds, and invents no negative figure."""


def wrong_cells(system: System, results: Sequence[Result], among: Set[int]) -> list[WrongCell]:
    """Suspects, the one that explains the most first; each failure belongs to one suspect at most.

    `results`: those that the system was made of; `among`: the failures to be explained.
    """
    found = _Search(system, results, among)
    causes: list[WrongCell] = []
    for _ in range(_ROUNDS):
        candidates = found.candidates()
        best = max(candidates, key=lambda c: (c.harmless, c.score), default=None)
        if best is None or not best.harmless:
            break
        chosen = found.choose(best, candidates)
        if chosen is None:
            found.close(best.mends)
        else:
            causes.append(found.take(chosen))
    return causes


class _Search:
    """The state of the search: which failures are still unexplained."""

    def __init__(self, system: System, results: Sequence[Result], among: Set[int]) -> None:
        self.system = system
        self._results = results
        failed = [e for e in system.equations if e.result in among]
        self.failed = {e.result for e in failed}
        self._failed_at_first = frozenset(self.failed)
        self.open = {e.result for e in failed if e.weight >= _ENOUGH}
        self.by_place: dict[_Key, list[tuple[Equation, int]]] = defaultdict(list)
        self._keys: dict[int, list[_Key]] = defaultdict(list)
        for equation in system.equations:
            if equation.result not in among and results[equation.result].outcome == "不符":
                continue
            for terms, as_text in ((equation.terms, False), (equation.unread, True)):
                for place, factor in terms.items():
                    self.by_place[place, as_text].append((equation, factor))
                    self._keys[equation.result].append((place, as_text))
        self._nonlinear = [e for e in system.equations if e.nonlinear and e.result in self.failed]
        self._best: dict[_Key, _Candidate] = {}
        self._stale: set[_Key] = {key for result in self.open for key in self._keys[result]}

    def candidates(self) -> list[_Candidate]:
        """Every cell whose change would mend an open failure, with its best change."""
        for key in sorted(self._stale, key=str):
            self._best.pop(key, None)
            if (best := self._best_change(*key)) is not None:
                self._best[key] = best
        self._stale.clear()
        return list(self._best.values())

    def _best_change(self, place: Place, as_text: bool) -> _Candidate | None:
        equations = self.by_place[place, as_text]
        live = [(e, f) for e, f in equations if e.result in self.open]
        if not live or not (as_text or self.system.may_be_wrong(place)):
            return None
        found = [
            self._weighed(place, as_text, change, tolerance, equations)
            for change, tolerance in self._changes(place, as_text, live)
        ]
        best = max(found, key=lambda c: (c.harmless, c.score, -c.tolerance))
        return best if best.mends & self.open and not self._erases(best) else None

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
            if len(told) == _CHANGES:
                return

    def _weighed(
        self,
        place: Place,
        as_text: bool,
        change: Decimal,
        tolerance: Decimal,
        equations: list[tuple[Equation, int]],
    ) -> _Candidate:
        value = self.system.values[place] or ZERO
        harmless = not value + change < 0 <= value or value + change == -value
        score = 0 if harmless else -_DOUBT  # amounts are hardly ever negative
        mends = []
        for equation, factor in equations:
            shift = factor * change
            if equation.result in self.failed:
                if equation.holds(shift):
                    score += equation.weight
                    mends.append(equation.result)
            elif not self._keeps(equation, shift):
                score -= equation.weight
                harmless = False
        return _Candidate(place, as_text, change, tolerance, score, frozenset(mends), harmless)

    def _keeps(self, equation: Equation, shift: Decimal) -> bool:
        """Whether a comparison that holds goes on to do so: after the other corrections, and by itself."""
        if not equation.holds(shift):
            return False
        return equation.result in self._failed_at_first or equation.holds_alone(shift)

    def choose(self, best: _Candidate, candidates: list[_Candidate]) -> _Candidate | None:
        """The best candidate if it explains its failures better than any other, a single one clearly better."""
        if best.score < _ENOUGH:
            return None
        margin = 0 if best.score > _ENOUGH else _DOUBT
        rivals = [c for c in candidates if c.score >= best.score - margin and c.mends & best.mends]
        if len(rivals) > 1:
            rivals = [c for c in rivals if self._slipped(c)]
        return rivals[0] if len(rivals) == 1 and rivals[0].harmless else None

    def close(self, results: Set[int]) -> None:
        """Ask for no more explanations of these failures."""
        self._stale |= {key for result in results & self.open for key in self._keys[result]}
        self.open -= results

    def _slipped(self, candidate: _Candidate) -> bool:
        """Whether a slip that is not likely to be found by chance leads to what stands there."""
        value = self.system.values[candidate.place]
        if candidate.as_text:
            return True
        if value is None:
            return self.system.cells.is_fault(candidate.place)
        right = value + candidate.change
        beside = self.system.cells.neighbours(candidate.place, peers=True)
        slip = name_slip(value, right, candidate.tolerance, beside)
        return slip is not None and slip.telling

    def take(self, chosen: _Candidate) -> WrongCell:
        """Explain failures by a candidate: the rest is looked at as if it were corrected."""
        mends = set(chosen.mends)
        for equation, factor in self.by_place[chosen.place, chosen.as_text]:
            equation.difference += factor * chosen.change
        mends |= {e.result for e in self._nonlinear if chosen.place in e.nonlinear}
        mends &= self.failed
        self.failed -= mends
        touched = {e.result for e, _ in self.by_place[chosen.place, chosen.as_text]}
        self._stale |= {key for result in touched & self.open for key in self._keys[result]}
        self.close(mends)
        return WrongCell(
            chosen.place,
            self.system.values[chosen.place],
            ZERO if chosen.as_text else chosen.change,
            chosen.tolerance,
            tuple(sorted(mends)),
            chosen.as_text,
        )

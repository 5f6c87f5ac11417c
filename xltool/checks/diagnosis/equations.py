"""Comparisons as equations in the cells that people fill in: formulas that are intact are resolved.

A total whose formula adds up what its rule says is never wrong by itself, and the rule that it satisfies says
nothing of its addends. So every such total is replaced by what it is computed from, and the rule vanishes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from xltool.core.places import Place
from xltool.rules.model import Result
from xltool.rules.values import ZERO, Leaf, Quantity, holds

_NOISE = Decimal("0.000001")
_STRONG, _WEAK = 2, 1
"""What an equation counts as evidence: one that must hold and is linear, and any other."""

_COMPARED = ("通过", "尾差", "不符")


class ReportCells(Protocol):
    """What has to be known of the cells behind a report."""

    def is_formula(self, place: Place) -> bool:
        """Whether a formula stands at a place."""

    @property
    def unseen(self) -> bool:
        """Whether formulas are not to be seen in the workbook: any figure may be the result of one."""

    def is_changed(self, place: Place) -> bool:
        """Whether the formula at a place is another than the form's."""

    def is_text(self, place: Place) -> bool:
        """Whether the figure at a place is stored as text."""

    def reads(self, place: Place, others: Iterable[Place]) -> bool:
        """Whether the formula at `place` reads each of the other cells."""

    def is_fault(self, place: Place) -> bool:
        """Whether something stands at a place that is no figure."""

    def neighbours(self, place: Place, *, peers: bool = False) -> Iterable[tuple[str, Decimal]]:
        """Figures that may have been copied to a place by mistake; with `peers`, of its own level only."""


@dataclass(slots=True)
class Equation:
    """One comparison: `difference` = the sum of `terms` (factor per cell), as far as it is linear.

    `unread`: text cells that formulas of the equation leave out, with the factor that they would enter with.
    `nonlinear`: cells that enter in another way than by being added. `stood`: the difference as it is in the book,
    while `difference` goes on with the corrections.
    """

    result: int
    operator: str
    difference: Decimal
    tolerance: Decimal
    weight: int
    terms: dict[Place, int]
    unread: dict[Place, int]
    nonlinear: frozenset[Place]
    stood: Decimal

    def holds(self, change: Decimal = ZERO) -> bool:
        """Whether the comparison holds when its difference changes by `change`."""
        return self._fits(self.difference + change)

    def holds_alone(self, change: Decimal) -> bool:
        """Whether it holds when nothing but this change is made to the book."""
        return self._fits(self.stood + change)

    def _fits(self, difference: Decimal) -> bool:
        return abs(difference) <= self.tolerance or holds(self.operator, difference)


@dataclass(slots=True)
class _Resolved:
    terms: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    unread: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    nonlinear: set[Place] = field(default_factory=set)

    def add(self, other: _Resolved, factor: int) -> None:
        for place, count in other.terms.items():
            self.terms[place] += factor * count
        for place, count in other.unread.items():
            self.unread[place] += factor * count
        self.nonlinear |= other.nonlinear


class System:
    """All comparisons of one validation, resolved.

    `values` has every cell that they speak of; `made_of` the formulas that give what their rule says.
    """

    def __init__(self, results: Sequence[Result], cells: ReportCells) -> None:
        self.cells = cells
        self.values: dict[Place, Decimal | None] = {}
        self.made_of: dict[Place, tuple[Leaf, ...]] = {}
        self._broken: set[Place] = set()
        self._over_text: set[Place] = set()
        self._known: dict[Place, _Resolved] = {}
        compared = [(n, r, r.left, r.right) for n, r in enumerate(results) if r.operator]
        pairs = [(n, r, left, right) for n, r, left, right in compared if left and right]
        for _, result, left, right in pairs:
            for leaf in (*left.leaves, *right.leaves):
                if not leaf.prior:
                    self.values[leaf.place] = leaf.value
            if result.operator == "=":
                self._define(result, left, right)
                self._define(result, right, left)
        if cells.unseen:
            self._presume(pairs)
        self.equations = [
            self._equation(n, result, left, right)
            for n, result, left, right in pairs
            if result.operator != "<>" and (result.outcome in _COMPARED or _waits(result))
        ]

    @cached_property
    def by_place(self) -> Mapping[Place, list[tuple[Equation, int]]]:
        """The equations that a cell is added up in, with its factor."""
        found: dict[Place, list[tuple[Equation, int]]] = defaultdict(list)
        for equation in self.equations:
            for place, factor in equation.terms.items():
                found[place].append((equation, factor))
        return found

    def may_be_wrong(self, place: Place) -> bool:
        """Whether a slip can stand at a place: in a figure, or in a formula that breaks its own rule."""
        if place in self._over_text or place in self.made_of:
            return False
        return not self.cells.is_formula(place) or place in self._broken

    def _define(self, result: Result, side: Quantity, other: Quantity) -> None:
        """Take down whether the single cell of one side is a formula that gives the other side."""
        if len(side.leaves) != 1 or side.leaves[0].prior:
            return
        place = side.leaves[0].place
        if place in self.made_of or not self.cells.is_formula(place):
            return
        unread = sum(
            (leaf.sign * (leaf.value or ZERO) for leaf in other.leaves if self._text(leaf)), ZERO
        )
        gap = side.value - other.value + unread
        if any(leaf.prior for leaf in other.leaves):
            return
        if abs(gap) <= _NOISE and self.cells.reads(place, (leaf.place for leaf in other.leaves)):
            self.made_of[place] = other.leaves
        elif (
            result.outcome == "不符"
            and {leaf.place[:2] for leaf in other.leaves} == {place[:2]}
            and self.cells.is_changed(place)
        ):
            self._broken.add(place)

    def _presume(self, pairs: Iterable[tuple[int, Result, Quantity, Quantity]]) -> None:
        """Totals over figures stored as text, where no formula can be seen: what leaves them out is a formula.

        So are the totals that go on with it. None of them is to be typed over.
        """
        sums = [
            (side, other)
            for _, result, left, right in pairs
            if result.operator == "="
            for side, other in ((left, right), (right, left))
            if len(side.leaves) == 1
            and not any(leaf.prior for leaf in (*side.leaves, *other.leaves))
            and {leaf.place[:2] for leaf in other.leaves} == {side.leaves[0].place[:2]}
        ]
        known = -1
        while known < len(self._over_text):
            known = len(self._over_text)
            for side, other in sums:
                texts = [leaf for leaf in other.leaves if leaf.value and self._text(leaf)]
                if not texts and not any(leaf.place in self._over_text for leaf in other.leaves):
                    continue
                place = side.leaves[0].place
                self._over_text.add(place)
                left_out = sum((leaf.sign * (leaf.value or ZERO) for leaf in texts), ZERO)
                gap = side.value - other.value + left_out
                if abs(gap) <= _NOISE and not any(self._uses(x.place, place) for x in other.leaves):
                    self.made_of.setdefault(place, other.leaves)

    def _uses(self, place: Place, other: Place) -> bool:
        """Whether a cell is, or is computed from, another one."""
        parts = self.made_of.get(place, ())
        return place == other or any(self._uses(leaf.place, other) for leaf in parts)

    def _text(self, leaf: Leaf) -> bool:
        return leaf.value is not None and self.cells.is_text(leaf.place)

    def _resolve(self, place: Place) -> _Resolved:
        """A cell in terms of the cells that it is computed from."""
        found = self._known.get(place)
        if found is None:
            found = self._known[place] = _Resolved()
            parts = self.made_of.get(place)
            if parts is None:
                found.terms[place] = 1
            for leaf in parts or ():
                if self._text(leaf):
                    found.unread[leaf.place] += leaf.sign
                elif leaf.sign:
                    found.add(self._resolve(leaf.place), leaf.sign)
                else:
                    found.nonlinear |= self._resolve(leaf.place).terms.keys()
        return found

    def _equation(self, number: int, result: Result, left: Quantity, right: Quantity) -> Equation:
        sum_ = _Resolved()
        for side, factor in ((left, 1), (right, -1)):
            for leaf in side.leaves:
                if leaf.prior:
                    continue
                inner = self._resolve(leaf.place)
                if leaf.sign:
                    sum_.add(inner, factor * leaf.sign)
                else:
                    sum_.nonlinear |= inner.terms.keys()
        strong = result.rule.level == "error" and result.operator == "=" and not sum_.nonlinear
        return Equation(
            number,
            result.operator,
            left.value - right.value,
            result.tolerance,
            _STRONG if strong else _WEAK,
            _nonzero(sum_.terms),
            _nonzero(sum_.unread),
            frozenset(sum_.nonlinear),
            left.value - right.value,
        )


def _waits(result: Result) -> bool:
    """Whether a rule that must hold compares blanks with blanks: it would apply if one of them were filled."""
    return result.outcome == "不适用" and result.rule.level == "error"


def _nonzero(terms: Mapping[Place, int]) -> dict[Place, int]:
    return {place: factor for place, factor in terms.items() if factor}

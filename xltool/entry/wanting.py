"""What has still to be said before the identities determine the rest: few figures, and assumptions that spare some."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from xltool.core.model import Report
from xltool.editions import Edition
from xltool.entry.assumptions import Assumption, assumptions
from xltool.entry.derive import Derived, Open, derive

_ZERO = "missing-value"
"""The code of a contradiction that stands because an assumption takes a figure for zero."""
_KNOWN = "年初"
"""Of figures from which as much follows, those are asked for: last year's book has them."""
_MOST = 12
"""More figures than these are no help: the clerk has more to fill in than some of them."""


class Spared(NamedTuple):
    """Assumptions under which fewer figures are wanted, and how many."""

    assumptions: tuple[Assumption, ...]
    wanted: int


def wanted(open_: Sequence[Open]) -> list[str]:
    """Addresses of figures that, once known, settle all that could not be solved; as few as a simple choice finds.

    Parts are asked for before totals, those first from which most follows.
    """
    left = _Identities(open_)
    totals = {one.total for one in open_}
    names = list(dict.fromkeys(name for one in open_ for name in sorted(one.unknown)))
    found: list[str] = []
    while names := [name for name in names if left.has(name)]:
        parts = [name for name in names if name not in totals] or names
        best = max(parts, key=lambda name: (left.settled_by(name), _KNOWN in name))
        found.append(best)
        left.settle([best])
    return found


class _Identities:
    """What is unknown in each of several identities, and in which of them each figure stands."""

    def __init__(self, open_: Iterable[Open]) -> None:
        self._with: defaultdict[str, list[set[str]]] = defaultdict(list)
        each = [set(one.unknown) for one in open_]
        for unknown in each:
            for name in unknown:
                self._with[name].append(unknown)
        self.settle([name for unknown in each if len(unknown) == 1 for name in unknown])

    def has(self, name: str) -> bool:
        """Whether a figure is still unknown."""
        return name in self._with

    def settled_by(self, name: str) -> int:
        """How much is no longer unknown once a figure is known."""
        return sum(len(self._with[other]) for other in self._known_by([name]))

    def settle(self, names: Iterable[str]) -> None:
        """Enter figures, and what follows from them, as known."""
        for name in self._known_by(names):
            for unknown in self._with.pop(name):
                unknown.discard(name)

    def _known_by(self, names: Iterable[str]) -> list[str]:
        """What is known once some figures are: an identity with one unknown figure gives it."""
        known = list(dict.fromkeys(names))
        seen = set(known)
        counts: dict[int, int] = {}
        for name in known:  # which grows
            for unknown in self._with[name]:
                count = counts[id(unknown)] = counts.get(id(unknown), len(unknown)) - 1
                if count == 1:
                    known += (rest := unknown - seen)
                    seen |= rest
        return known


def sparing(
    report: Report, edition: Edition, assume: Sequence[str], now: int, *, pairs: bool
) -> list[Spared]:
    """The assumptions not made yet under which fewer figures are wanted than `now`, and nothing given is broken.

    `pairs`: two together, too, where no single one leaves few; that takes seconds.
    """
    others = [entry for name, entry in assumptions().items() if name not in assume]
    found = list(_spared(report, edition, assume, now, combinations(others, 1)))
    if pairs and all(spared.wanted > _MOST for spared in found):
        both = _spared(report, edition, assume, _MOST + 1, combinations(others, 2))
        found = list(both) or found
    return sorted(found, key=lambda spared: spared.wanted)


def _spared(
    report: Report,
    edition: Edition,
    assume: Sequence[str],
    below: int,
    choices: Iterable[tuple[Assumption, ...]],
) -> Iterator[Spared]:
    for entries in choices:
        other = derive(report, edition, (*assume, *(entry.name for entry in entries)))
        count = len(wanted(other.open)) + len(other.contradictions)
        if count < below and all(problem.code == _ZERO for problem in other.contradictions):
            yield Spared(entries, count)


def told(
    derived: Derived, report: Report, edition: Edition, assume: Sequence[str], again: str = ""
) -> Iterator[str]:
    """What has still to be said, in lines for the clerk; nothing where all is settled.

    `report`: as it was given; `again`: the command that fills once more, to which the figures are added.
    """
    names = wanted(derived.open)
    if not names:
        return
    yield f"还有{len(names)}个数推算不出来，知道了它们，其余的就推算得出："
    yield from (f"  {name}" for name in names[:_MOST])
    if len(names) > _MOST:
        yield f"  ……另有{len(names) - _MOST}个"
    for entries, count in sparing(report, edition, assume, len(names), pairs=bool(again)):
        rest = f"只差{count}个" if count else "就都推算得出"
        chosen = [f"--assume {e.name}" if again else f"“{e.name}”" for e in entries]
        option = f"加 {' '.join(chosen)}" if again else f"选前提{'、'.join(chosen)}"
        yield f"确实这样的，{option}，{rest}：{'；'.join(e.words for e in entries)}"
    if again and len(names) <= _MOST:
        yield "把 ? 换成数（没有的填 0），再填一遍："
        yield f"  {again} {' '.join(f'--set {name}=?' for name in names)}"

"""As few figures as settle all that the identities leave open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from xltool.entry.derive import Open

_KNOWN = "年初"
"""Of figures from which as much follows, those are asked for: last year's book has them."""


def wanted(open_: Sequence[Open], given: Iterable[str] = ()) -> list[str]:
    """Addresses of figures that, once known, settle all that could not be solved; as few as a simple choice finds.

    Parts are asked for before totals, those first from which most follows. `given`: what is known anyway.
    """
    left = _Identities(open_)
    left.settle(given)
    totals = {one.total for one in open_}
    asked = (one for one in open_ if not one.bare)
    names = list(dict.fromkeys(name for one in asked for name in sorted(one.unknown)))
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

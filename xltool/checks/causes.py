"""Which single cell explains the most failures: one slip breaks many rules, and should be told once.

Every failed equality says by how much each of its cells would have to change to mend it. A cell for which several
rules ask for the same change, and which no satisfied rule speaks for, is the suspect.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xltool.model import Place
from xltool.rules.model import Result
from xltool.rules.values import ZERO


@dataclass(frozen=True, slots=True)
class Cause:
    """A suspect cell: the failures that changing it by `change` would mend (indices into the results)."""

    place: Place
    value: Decimal | None
    change: Decimal
    tolerance: Decimal
    mends: tuple[int, ...]
    breaks: int

    @property
    def right(self) -> Decimal:
        """The figure that would satisfy the rules, as near as rounding lets it be known."""
        return (self.value or ZERO) + self.change


@dataclass(frozen=True, slots=True)
class _Vote:
    result: int
    change: Decimal
    tolerance: Decimal


class Equalities:
    """The failed and the satisfied equalities of one validation, by cell."""

    def __init__(self, results: Sequence[Result]) -> None:
        self.values: dict[Place, Decimal | None] = {}
        self.votes: dict[Place, list[_Vote]] = defaultdict(list)
        self.satisfied: dict[Place, int] = defaultdict(int)
        for index, result in enumerate(results):
            if result.operator != "=" or result.left is None or result.right is None:
                continue
            if result.outcome == "不符":
                self._vote(index, result)
            elif result.outcome in ("通过", "尾差"):
                for leaf in (*result.left.leaves, *result.right.leaves):
                    if leaf.sign and not leaf.prior:
                        self.satisfied[leaf.place] += 1

    def _vote(self, index: int, result: Result) -> None:
        assert result.left is not None
        assert result.right is not None
        difference = result.left.value - result.right.value
        for leaves, side in ((result.left.leaves, 1), (result.right.leaves, -1)):
            for leaf in leaves:
                if leaf.sign and not leaf.prior:
                    self.values[leaf.place] = leaf.value
                    change = -difference * leaf.sign * side
                    self.votes[leaf.place].append(_Vote(index, change, result.tolerance))


def find_causes(results: Sequence[Result], limit: int = 50) -> list[Cause]:
    """Suspects, the one that mends the most first; each failure belongs to one suspect at most."""
    equalities = Equalities(results)
    open_results = {vote.result for votes in equalities.votes.values() for vote in votes}
    causes: list[Cause] = []
    while open_results and len(causes) < limit:
        candidates = list(_candidates(equalities, open_results))
        if not candidates:
            break
        best = max(candidates, key=_rank)
        if len(best.mends) < 2 and not _alone(best, candidates):
            open_results -= set(best.mends)
            continue
        causes.append(best)
        open_results -= set(best.mends)
    return causes


def _rank(cause: Cause) -> tuple[int, int]:
    return len(cause.mends) - cause.breaks, len(cause.mends)


def _alone(best: Cause, candidates: Iterable[Cause]) -> bool:
    """Whether no other cell explains the same failure as well."""
    return all(
        other is best or _rank(other) < _rank(best)
        for other in candidates
        if set(other.mends) & set(best.mends)
    )


def _candidates(equalities: Equalities, open_results: set[int]) -> Iterable[Cause]:
    for place, votes in equalities.votes.items():
        live = [vote for vote in votes if vote.result in open_results]
        if not live:
            continue
        cluster = _largest_cluster(live)
        sharpest = min(cluster, key=lambda vote: vote.tolerance)
        yield Cause(
            place,
            equalities.values[place],
            sharpest.change,
            sharpest.tolerance,
            tuple(sorted({vote.result for vote in cluster})),
            equalities.satisfied[place],
        )


def _largest_cluster(votes: list[_Vote]) -> list[_Vote]:
    """The votes that ask for the same change, as far as their tolerances can tell."""
    best: list[_Vote] = []
    for vote in votes:
        same = [v for v in votes if abs(v.change - vote.change) <= v.tolerance + vote.tolerance]
        if len(same) > len(best):
            best = same
    return best

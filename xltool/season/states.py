"""What becomes of the findings of one unit, year and kind, round by round: a pure fold over what was handed in.

A finding that a round did not look at keeps its state: nothing was handed in, or the reviewer had not given what it
stands against (`ReviewedBook.overlooks`). It is corrected only when the valid submission was read,
has the finding's table, and its rule was compared there everywhere (`ReviewedBook.settles`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from xltool.review.rounds import FindingKey, ReviewedBook
from xltool.season.model import FindingStateName

_GONE = ("已改正",)
_SETTLED = frozenset({"豁免", "已说明"})


@dataclass(frozen=True, slots=True)
class Seen:
    """A failure in a submission: its row, whether the unit has explained it, its figures and their checksum."""

    id: int
    place: FindingKey
    explained: bool
    figures: tuple[str | None, str | None]
    mark: str = ""
    answered: int | None = None
    """The round in which a letter came back with an answer to these figures."""


@dataclass(frozen=True, slots=True)
class RoundLook:
    """What a round saw of the kind. `book` is None when what was handed in could not be read."""

    submission: int
    book: ReviewedBook | None
    seen: Sequence[Seen] = ()


@dataclass(slots=True)
class StateEntry:
    """A finding through the rounds. `nth` tells two at one place apart; `book`: in which it was last seen; `history`:
    round, state, submission.
    """

    place: FindingKey
    nth: int
    seen: Seen
    first: int
    state: FindingStateName
    since: int
    submission: int
    book: ReviewedBook
    history: dict[int, tuple[FindingStateName, int]] = field(default_factory=dict)
    overlooked: int | None = None
    """The first of the last rounds that had its book and did not look at it."""

    @property
    def open(self) -> bool:
        """Whether it is still to be seen in the figures, as far as anybody knows."""
        return self.state not in _GONE

    def turn(self, run: int, state: FindingStateName, submission: int) -> None:
        """Give it a state in a round."""
        if state != self.state:
            self.since = run
        self.state, self.submission = state, submission
        self.history[run] = state, submission


Waived = Callable[[int, Seen], bool]
"""Whether a failure was waived as things stood at the end of a round."""


def fold(looks: Iterable[tuple[int, RoundLook | None]], waived: Waived) -> list[StateEntry]:
    """All findings after all rounds. `looks`: each round with what it saw of the kind, None for nothing."""
    entries: dict[FindingKey, list[StateEntry]] = defaultdict(list)
    for run, look in looks:
        if look is None:
            _reconsider(_open(entries), run, waived)
        elif look.book is None:
            for entry in _open(entries):
                entry.overlooked = None
                entry.turn(run, _state(entry.seen, "未能核对", run, waived), look.submission)
        else:
            _compare(entries, run, look, look.book, waived)
    return [entry for found in entries.values() for entry in found]


def _open(entries: dict[FindingKey, list[StateEntry]]) -> list[StateEntry]:
    return [entry for found in entries.values() for entry in found if entry.open]


def _compare(
    entries: dict[FindingKey, list[StateEntry]],
    run: int,
    look: RoundLook,
    book: ReviewedBook,
    waived: Waived,
) -> None:
    now: dict[FindingKey, list[Seen]] = defaultdict(list)
    for seen in look.seen:
        now[seen.place].append(seen)
    for place in sorted(entries.keys() | now.keys()):
        known = sorted(entries[place], key=lambda entry: (not entry.open, entry.nth))
        for entry, seen in zip(known, now[place], strict=False):
            entry.seen, entry.book, entry.overlooked = seen, book, None
            state = _state(seen, "仍未改正" if entry.open else "新增", run, waived)
            entry.turn(run, state, look.submission)
        for entry in [entry for entry in known[len(now[place]) :] if entry.open]:
            if book.overlooks(place, entry.book):
                entry.overlooked = entry.overlooked or run
                _reconsider([entry], run, waived)
                continue
            entry.overlooked = None
            right = book.settles(place, entry.book)
            entry.turn(run, "已改正" if right else "未能核对", look.submission)
        for seen in now[place][len(known) :]:
            state, nth = _state(seen, "新增", run, waived), len(entries[place]) + 1
            entry = StateEntry(place, nth, seen, run, state, run, look.submission, book)
            entry.turn(run, state, look.submission)
            entries[place].append(entry)


def _state(seen: Seen, otherwise: FindingStateName, run: int, waived: Waived) -> FindingStateName:
    if waived(run, seen):
        return "豁免"
    explained = seen.explained or (seen.answered is not None and seen.answered <= run)
    return "已说明" if explained and otherwise != "未能核对" else otherwise


def _reconsider(entries: Iterable[StateEntry], run: int, waived: Waived) -> None:
    """Nothing was handed in, but a waiver may have come or gone since, or an answer come."""
    for entry in entries:
        still: FindingStateName = "未能核对" if entry.state == "未能核对" else "仍未改正"
        state = _state(entry.seen, still, run, waived)
        if state != entry.state and not _SETTLED.isdisjoint((state, entry.state)):
            entry.turn(run, state, entry.submission)

"""An earlier review of the same units: what is corrected since, what is new, what is still open.

A finding is the same when unit, year, forms, rule and place are the same, whatever the figures now are. It
counts as corrected only when the book that had it was surely handed in again and read, with the finding's table in
it, and its rule was really compared there. Every count belongs to one book, so that books add up to the total.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from xltool.review.rounds import FindingKey, ReviewedBook, Round
from xltool.review.units import Units, same_unit

ChangeState = Literal["已改正", "新增", "仍未改正", "未能核对"]
STATES: tuple[ChangeState, ...] = ("新增", "仍未改正", "未能核对", "已改正")


class FindingChange(NamedTuple):
    """One finding and what became of it."""

    unit: str
    file: str
    state: ChangeState
    place: FindingKey
    message: str


@dataclass(frozen=True, slots=True)
class Absent:
    """An earlier book that is not among those validated this time. `open`: its findings, all unknown now."""

    unit: str
    file: str
    why: Literal["没有交", "没能读取"]
    open: int


@dataclass(slots=True)
class ReviewComparison:
    """The comparison of two reviews.

    `counts` by file of this time, books that the earlier review did not have left out. `absent` are earlier
    books of units that did hand something in, `missing` units that did not, with their open findings;
    `added` units that the earlier review did not have.
    """

    lines: list[FindingChange] = field(default_factory=list)
    counts: dict[str, Counter[ChangeState]] = field(default_factory=dict)
    absent: list[Absent] = field(default_factory=list)
    missing: dict[str, int] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    ambiguous: dict[str, str] = field(default_factory=dict)
    """Units that may be another one of the same name, and why: nothing of theirs counts as corrected."""
    carried: list[ReviewedBook] = field(default_factory=list)
    """Earlier books whose findings are still open, because nobody could look at them this time."""

    def of(self, file: str) -> Counter[ChangeState] | None:
        """The counts of a book; None when the earlier review did not have it."""
        return self.counts.get(file)

    @property
    def not_handed_in(self) -> list[Absent]:
        """The books that a unit did not hand in again, though it handed in others."""
        return [book for book in self.absent if book.why == "没有交"]

    @property
    def total(self) -> Counter[ChangeState]:
        """The counts of all books, those that are absent too."""
        total = sum(self.counts.values(), Counter[ChangeState]())
        total["未能核对"] += sum(book.open for book in self.absent)
        return +total


def compare(old: Round, new: Round) -> ReviewComparison:
    """What became of every failure, unit by unit in the order of names."""
    changes = ReviewComparison()
    # a book that cannot be read says no name: it is known by the file of the other time
    unread = {book.file for book in new.books.values() if not book.read}
    before = [book for book in old.books.values() if book.read or book.file not in new.books]
    now = [book for book in new.books.values() if book.read]
    names = Units(before, now)
    old_units, new_units = names.of(before), names.of(now)
    for key in sorted(old_units.keys() | new_units.keys(), key=lambda k: (*k[:2], k.year or 0)):
        books = old_units.get(key, [])
        if not books:
            changes.added.append(names.shown(key))
        elif key in new_units or any(book.file in unread for book in books):
            _Pairs(books, new_units.get(key, []), unread, changes).enter()
        else:
            changes.missing[names.shown(key)] = sum(book.failures for book in books)
            changes.carried += books
    return changes


class _Pairs:
    """The books of one unit and year, of last time and of this time."""

    def __init__(
        self,
        before: list[ReviewedBook],
        now: list[ReviewedBook],
        unread: set[str],
        changes: ReviewComparison,
    ) -> None:
        self._now, self._unread, self._changes = now, unread, changes
        self._left = {book.file: {p: list(m) for p, m in book.places.items()} for book in now}
        """Failures of this time that are not yet known to be old ones."""
        self._before = sorted(before, key=lambda book: (book.file not in self._left, book.file))

    def enter(self) -> None:
        """Enter the changes: first what is still open, namesakes before others; the rest follows from it."""
        heirs = {book.file: self._heirs(book) for book in self._before}
        known = {heir.file for found in heirs.values() for heir in found}
        self._changes.counts |= {file: Counter() for file in sorted(known)}
        gone = {book.file: list(self._gone(book, heirs[book.file])) for book in self._before}
        for book in self._now:
            if book.file in known:
                for place, messages in sorted(self._left[book.file].items()):
                    self._enter("新增", book, place, messages)
        for book in self._before:
            if heirs[book.file]:
                self._settle(book, heirs[book.file], gone[book.file])
            else:
                self._absent(book)

    def _heirs(self, book: ReviewedBook) -> list[ReviewedBook]:
        found = (heir for heir in self._now if heir.continues(book))
        return sorted(found, key=lambda heir: (heir.name != book.name, heir.file))

    def _gone(
        self, book: ReviewedBook, heirs: list[ReviewedBook]
    ) -> Iterator[tuple[FindingKey, list[str]]]:
        """Enter the failures of a book that are still there; yield those that are not.

        Of two copies of one book the first takes what is still there; the other must not call it gone.
        """
        for place, messages in sorted(book.places.items()):
            left = len(messages)
            for heir in heirs:
                still = self._left[heir.file].get(place, [])
                self._enter("仍未改正", heir, place, still[:left])
                taken = min(left, len(still))
                del still[:taken]
                left -= taken
            gone = len(messages) - sum(len(heir.places.get(place, ())) for heir in heirs)
            if gone > 0:
                yield place, messages[-gone:]

    def _settle(
        self,
        book: ReviewedBook,
        heirs: list[ReviewedBook],
        gone: list[tuple[FindingKey, list[str]]],
    ) -> None:
        """Enter the failures that are no longer there: what was not compared is not corrected."""
        named = frozenset[str]().union(*(heir.projects for heir in heirs))
        tables = frozenset[str]().union(*(heir.tables for heir in heirs))
        sure = any(same_unit(book, heir) for heir in heirs)
        if gone and not sure:
            self._changes.ambiguous[book.unit] = _apart(book, heirs[0])
        for place, messages in gone:
            holders = [heir for heir in heirs if heir.holds(place)]
            settled = (
                replace(heir, projects=named, tables=tables).settles(place, book)
                for heir in holders
            )
            known = sure and holders and all(settled)
            heir = (holders or heirs)[0]
            self._enter("已改正" if known else "未能核对", heir, place, messages)
            if not known:
                # it stays open: of this book, or of the earlier one that may be another unit's
                keeper = heir if sure else book
                self._changes.carried.append(_carried(keeper, book, place, messages))

    def _absent(self, book: ReviewedBook) -> None:
        why: Literal["没有交", "没能读取"] = "没能读取" if book.file in self._unread else "没有交"
        self._changes.absent.append(Absent(book.unit, book.file, why, book.failures))
        self._changes.carried.append(book)
        for place, messages in sorted(book.places.items()):
            self._lines("未能核对", book, place, messages)

    def _enter(
        self, state: ChangeState, book: ReviewedBook, place: FindingKey, messages: list[str]
    ) -> None:
        if messages:
            self._changes.counts[book.file][state] += len(messages)
            self._lines(state, book, place, messages)

    def _lines(
        self, state: ChangeState, book: ReviewedBook, place: FindingKey, messages: list[str]
    ) -> None:
        for message in messages:
            self._changes.lines.append(FindingChange(book.unit, book.file, state, place, message))


def _carried(
    keeper: ReviewedBook, failed: ReviewedBook, place: FindingKey, messages: list[str]
) -> ReviewedBook:
    """A finding that stays open, of the book `keeper`: none of what was there when it failed may be forgotten."""
    return replace(
        keeper,
        places={place: messages},
        tables=keeper.tables | failed.tables,
        projects=keeper.projects | failed.projects,
    )


def _apart(earlier: ReviewedBook, later: ReviewedBook) -> str:
    """Why two books of one name may be of two units."""
    if earlier.code and later.code:
        return f"单位编码上次是 {earlier.code}，本次是 {later.code}"
    return f"上次是 {earlier.file}，本次是 {later.file}，文件夹不同，表上也没有单位编码"

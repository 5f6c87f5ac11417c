"""What kind of workbook a submission is, in words that stay the same from round to round: 决算报表, a 自评表 …"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from xltool.review.rounds import ReviewedBook

REPORT = "决算报表"
_ALONE = "自评表"
"""Forms that are workbooks of their own, one per project, have this in their names."""


class BookKind(NamedTuple):
    """Year (0 where nobody says) and kind."""

    year: int
    name: str


def kind_of(
    book: ReviewedBook, known: Mapping[BookKind, Iterable[ReviewedBook]], year: int | None
) -> BookKind:
    """The kind of a unit's book; `known` are its kinds so far, `year` is the year that the list expects.

    A book that could not be read is of the kind of the same file, else of the unit's only kind; else of none.
    """
    years = {kind.year for kind in known if kind.year}
    only = next(iter(years)) if len(years) == 1 else year or 0
    own = only if book.year is None else book.year
    if not book.read:
        return _unread(book, known, own)
    for kind, books in known.items():
        if kind.year == own and any(book.same_forms(earlier) for earlier in books):
            return kind
    name = _name(book)
    taken = {kind.name for kind in known if kind.year == own}
    if name in taken and book.tables:
        name = f"{name}（{min(book.tables)}）"
    shown, number = name, 1
    while shown in taken:
        number += 1
        shown = f"{name}#{number}"
    return BookKind(own, shown)


def additive(kind: str) -> bool:
    """Whether the workbooks of a kind have tables that are added to those of other units."""
    return bool(kind) and _ALONE not in kind


def replaced(
    book: ReviewedBook, known: Mapping[BookKind, Iterable[ReviewedBook]], kind: BookKind
) -> Iterator[BookKind]:
    """Other kinds of the year all of whose tables are in this book: parts that were handed in by themselves."""
    for other, books in known.items():
        if other != kind and other.year == kind.year and book.read:
            tables = frozenset[str]().union(*(earlier.tables for earlier in books))
            projects = set[str]().union(*(earlier.projects for earlier in books))
            if tables and tables <= book.tables and projects <= book.projects:
                yield other


def _unread(
    book: ReviewedBook, known: Mapping[BookKind, Iterable[ReviewedBook]], year: int
) -> BookKind:
    same = [kind for kind, books in known.items() if any(b.name == book.name for b in books)]
    found = same or list(known)
    return found[0] if len(found) == 1 else BookKind(year, "")


def _name(book: ReviewedBook) -> str:
    alone = sorted(table for table in book.tables if _ALONE in table)
    if not alone or len(alone) < len(book.tables):
        return REPORT
    projects = "、".join(sorted(book.projects))
    return "、".join(alone) + (f"：{projects}" if projects else "")

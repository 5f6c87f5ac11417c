"""Whose books they are: units of one name are told apart by their 单位编码, else by their folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from xltool.core.texts import norm
from xltool.review.rounds import ReviewedBook


class UnitKey(NamedTuple):
    """单位名称 (normed), what tells it apart from others of that name ("" where nothing has to), and year."""

    name: str
    apart: str
    year: int | None


class Units:
    """The units of two reviews. A book that names no year is of the unit's only year, if it has one."""

    def __init__(self, before: Sequence[ReviewedBook], now: Sequence[ReviewedBook]) -> None:
        self._names: dict[str, str] = {}
        self._years: dict[str, set[int]] = defaultdict(set)
        by_name: dict[str, list[list[ReviewedBook]]] = defaultdict(lambda: [[], []])
        for when, books in enumerate((before, now)):
            for book in books:
                name = norm(book.unit)
                self._names[name] = book.unit
                by_name[name][when].append(book)
                if book.year is not None:
                    self._years[name].add(book.year)
        self._several = {n for n, (old, new) in by_name.items() if several(old) or several(new)}
        self._codes: dict[tuple[str, str], set[str]] = defaultdict(set)
        for book in (*before, *now):
            if book.code:
                self._codes[norm(book.unit), book.folder].add(book.code)

    def of(self, books: Iterable[ReviewedBook]) -> dict[UnitKey, list[ReviewedBook]]:
        """The books by unit and year, in the order of their files."""
        found: dict[UnitKey, list[ReviewedBook]] = defaultdict(list)
        for book in sorted(books, key=lambda book: book.file):
            name = norm(book.unit)
            years = self._years[name]
            year = next(iter(years)) if book.year is None and len(years) == 1 else book.year
            found[UnitKey(name, self._apart(name, book), year)].append(book)
        return found

    def _apart(self, name: str, book: ReviewedBook) -> str:
        """What tells a unit apart: its code, or that of its folder; else the folder itself."""
        if name not in self._several:
            return ""
        codes = self._codes[name, book.folder]
        code = book.code or (next(iter(codes)) if len(codes) == 1 else "")
        return code or book.folder

    def shown(self, key: UnitKey) -> str:
        """The unit, with what tells it apart, and with the year where it has several."""
        words = f"（{key.apart}）" if key.apart else ""
        if len(self._years[key.name]) > 1:
            words += f"（{key.year or '不明'}年度）"
        return self._names[key.name] + words


def several(books: Sequence[ReviewedBook]) -> bool:
    """Whether books of one name in one review are of more than one unit: by code, or the same forms in two folders."""
    for one, other in combinations(books, 2):
        if one.code and other.code:
            if one.code != other.code:
                return True
        elif one.folder != other.folder and other.continues(one) and one.year == other.year:
            return True
    return False


def same_unit(earlier: ReviewedBook, later: ReviewedBook) -> bool:
    """Whether two books of one name are surely of one unit: by their codes, else by their folders."""
    if earlier.code and later.code:
        return earlier.code == later.code
    return earlier.folder == later.folder

"""Blanks of a list that cannot all be zero, because a total says that there is more than its rows have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xltool.core.model import CODE, NUMERIC, Report, Row
from xltool.core.places import FieldPlace, ListPlace, Place, RowPlace
from xltool.editions import Edition
from xltool.entry.addresses import address_of


class Held(NamedTuple):
    """The blank cells of a column of which at least one is not zero; the amount that they have together, if known."""

    places: tuple[RowPlace, ...]
    amount: Decimal | None


class Somewhere(NamedTuple):
    """An amount that is in rows of a column, nobody knows in which: the addresses of its cells."""

    addresses: tuple[str, ...]
    amount: Decimal


def held(
    report: Report, edition: Edition, places: Iterable[Place], known: Mapping[Place, Decimal]
) -> list[Held]:
    """Of blank `places`, those that are not all zero, by columns. `known`: figures of blanks."""
    lists: dict[ListPlace, list[RowPlace]] = defaultdict(list)
    for place in places:
        if isinstance(place, RowPlace):
            lists[place.of_list].append(place)
    found = (_Rows(report, edition, own, known) for own in lists.values())
    return [one for rows in found if rows.total for one in rows.held()]


class _Rows:
    """The lowest rows of one list, some blanks of which may be zero."""

    def __init__(
        self,
        report: Report,
        edition: Edition,
        places: list[RowPlace],
        known: Mapping[Place, Decimal],
    ) -> None:
        self.places, self.known, self.report = places, known, report
        self.at = places[0].of_list
        table, instance, name = self.at
        spec = edition.specs[table].lists[name]
        self.total = spec.total if spec.codes is not None else None
        self.first, *self.parts = [c for c, kind in spec.columns.items() if kind in NUMERIC]
        self.fields = report.tables[table][instance].fields
        lowest = spec.codes.levels[-1] if spec.codes is not None else 0
        rows = report.tables[table][instance].lists[name]
        self.rows = {n: row for n, row in enumerate(rows) if len(str(row.get(CODE, ""))) == lowest}

    def held(self) -> Iterator[Held]:
        """The blanks of each column that are not all zero."""
        columns: dict[str, list[RowPlace]] = defaultdict(list)
        for place in self.places:
            columns[place.column].append(place)
        split = self._split(set(self.places))
        for column, own in columns.items():
            rest = self._rest(column)
            open_ = own if rest else [p for p in own if p.row in split] if rest is None else []
            if open_:
                yield Held(tuple(open_), rest)

    def _rest(self, column: str) -> Decimal | None:
        """What of the total of a column is in none of the rows; None where the total is not known."""
        path = (self.total or "", column)
        total = self.fields.get(path, self.known.get(FieldPlace(*self.at.copy, path)))
        if not isinstance(total, Decimal):
            return None
        return total - sum((_number(row, column) for row in self.rows.values()), Decimal(0))

    def _split(self, places: Collection[Place]) -> set[int]:
        """Rows that have more than their parts, and no other blank that it may be in than `places`."""
        more = bool(self._rest(self.first))
        found = set()
        for number, row in self.rows.items():
            blank = [RowPlace(*self.at, number, c) for c in self.parts if c not in row]
            if any(p not in places and p not in self.known for p in blank):
                continue
            whole = row.get(self.first)
            own = sum((_number(row, c) for c in self.parts), Decimal(0))
            if (whole != own) if isinstance(whole, Decimal) else (more and not own):
                found.add(number)
        return found


def _number(row: Row, column: str) -> Decimal:
    value = row.get(column)
    return value if isinstance(value, Decimal) else Decimal(0)


def still_open(
    report: Report, found: Iterable[Held], known: Collection[Place], names: Mapping[str, str]
) -> Iterator[Somewhere]:
    """The amounts that are still nowhere, with addresses."""
    for one in found:
        open_ = [p for p in one.places if p.value_in(report) is None and p not in known]
        if one.amount and len(open_) > 1:
            yield Somewhere(tuple(address_of(report, p, names) for p in open_), one.amount)

"""The workbooks of one unit, held against each other: the nine tables in one file, the 自评表 in another.

Only rules that span them read the joined report; every other rule is judged in the workbook that has its tables. What
stands in another workbook has no cell in this one: its file is named instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from functools import cached_property

from xltool.core.model import Report, Table
from xltool.core.places import Place
from xltool.core.resources import MAPPINGS
from xltool.reading import Reading
from xltool.reading.units import convert_table
from xltool.rules.env import Env
from xltool.rules.instances import Instance
from xltool.rules.lookup import Lookup
from xltool.rules.syntax import Call, Logic, Node
from xltool.rules.touched import touched


class Together:
    """The other workbooks of a unit beside one: which of its missing tables they have."""

    def __init__(self, own: Reading, others: Sequence[Reading]) -> None:
        self._mine = frozenset(s.mapping.table for s in own.found_tables)
        found: dict[str, list[Reading]] = defaultdict(list)
        for other in others:
            for table in dict.fromkeys(s.mapping.table for s in other.found_tables):
                if table in own.edition.specs and table not in self._mine:
                    found[table].append(other)
        self.books = {table: books[0] for table, books in found.items() if len(books) == 1}
        """The tables that one other workbook has, with its reading."""
        self.doubled = {
            table: f"有几份工作簿都有“{table}”，不知道用哪一份：{'、'.join(b.file for b in books)}"
            for table, books in found.items()
            if len(books) > 1
        }
        """Those that several have, and that it cannot be told which counts."""
        self._of_several = dict.fromkeys(self.doubled, "")
        self._spans: dict[int, bool] = {}

    def joined(self, env: Env) -> JoinedEnvs:
        """What instances read that span the workbooks, in one state of this one."""
        return JoinedEnvs(self, env)

    def spans(self, instance: Instance) -> bool:
        """Whether an instance reads tables of this workbook and others, or asks whether there is a table."""
        known = self._spans.get(id(instance))
        if known is None:
            known = self._spans[id(instance)] = self._does_span(instance)
        return known

    def _does_span(self, instance: Instance) -> bool:
        part = instance.part
        if any(map(_asks, (part.expression, part.condition, instance.rule.when))):
            return True
        tables = {touch.table for touch in touched([instance]) if not touch.prior}
        return not self._mine.isdisjoint(tables) and not tables <= self._mine

    def lookup(self, base: Lookup, *, strict: bool) -> Lookup:
        """The figures of this workbook and, of the tables that it has not, those of the others.

        `strict`: a table that none of them has is wanting, and not merely outside.
        """
        lacking = base.outside | (base.unread - self._mine)
        taken = {table: book for table, book in self.books.items() if table in lacking}
        tables = {table: _in_unit(book, table, base.report) for table, book in taken.items()}
        wanting = {table: why for table, why in self.doubled.items() if table in lacking}
        lost = base.outside - taken.keys() - wanting.keys()
        if strict:
            told = "这个单位交的工作簿里没有“{}”，不能一起核对"
            wanting |= {table: told.format(table) for table in lost}
        unsure = {table for table, book in taken.items() if _is_unsure(book, table)}
        return Lookup(
            replace(base.report, tables={**base.report.tables, **tables}),
            base.specs,
            declared_empty=base.declared_empty,
            unread=(base.unread - taken.keys()) | unsure,
            outside=() if strict else lost,
            faulty=base.faulty | {place for t, book in taken.items() for place in _faults(book, t)},
            unplaced=base.unplaced,
            beside={table: book.file for table, book in taken.items()} | self._of_several,
            wanting=wanting,
        )


class JoinedEnvs:
    """See `Together.joined`. The bureau's own rules want every table that they speak of; those of the tool do not."""

    def __init__(self, together: Together, env: Env) -> None:
        self._together, self._base = together, env

    def __call__(self, instance: Instance) -> Env | None:
        own = str(MAPPINGS) not in instance.rule.source
        if not own and not (self._together.books or self._together.doubled):
            return None
        if not self._together.spans(instance):
            return None
        return self._strict if own else self._lenient

    @cached_property
    def _lenient(self) -> Env:
        return replace(
            self._base, this=self._together.lookup(self._base.this, strict=False), vars={}
        )

    @cached_property
    def _strict(self) -> Env:
        return replace(
            self._base, this=self._together.lookup(self._base.this, strict=True), vars={}
        )


def main_of(readings: Sequence[Reading]) -> int:
    """Which of the workbooks of a unit the others are held beside: the one with the most tables, else the first."""
    counts = [len({s.mapping.table for s in reading.found_tables}) for reading in readings]
    return counts.index(max(counts))


def _asks(node: Node | None) -> bool:
    """Whether an expression asks whether there is a table."""
    match node:
        case Call(function="exists"):
            return True
        case Logic(_, items):
            return any(map(_asks, items))
    return False


def _faults(book: Reading, table: str) -> list[Place]:
    return [fault.place for fault in book.faults if fault.place.table == table]


def _is_unsure(book: Reading, table: str) -> bool:
    return any(s.located.problems for s in book.found_tables if s.mapping.table == table)


def _in_unit(book: Reading, table: str, report: Report) -> list[Table]:
    """The tables of another workbook, in the money unit of this report."""
    found = book.report.tables.get(table, [])
    source, unit = book.report.unit, report.unit
    if not source or not unit or source == unit:
        return found
    found = deepcopy(found)
    for one in found:
        convert_table(one, book.edition.specs[table], source, unit)
    return found

"""The cells of one sheet while its workbook is recalculated."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain

from xltool.core.caches import remembered
from xltool.ooxml.calc.calcvalues import Offset, Plain
from xltool.ooxml.calc.columns import ColumnCells, ColumnFacts, Waiting, between
from xltool.ooxml.calc.criteria import Criterion
from xltool.ooxml.read.refs import Range, make_ref, split_ref

SMALL = 16
"""Up to so many cells a range is looked through place by place, once for all formulas with it."""


@remembered(1 << 13)
def _refs_in(area: Range) -> list[str]:
    """The cells of a small range; books of one form have most ranges in common."""
    rows, columns = range(area.top, area.bottom + 1), range(area.left, area.right + 1)
    return [make_ref(row, column) for row in rows for column in columns]


def _by_column(refs: Iterable[str]) -> Iterable[tuple[int, list[tuple[int, str]]]]:
    """Rows and references of cells, by the number of their column."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for ref in refs:
        row, column = split_ref(ref)
        found[column].append((row, ref))
    return found.items()


class SheetCells:
    """Constants and formulas by reference.

    `values` are the constants, and what formulas made that are settled; `computed` the formulas, and other
    cells whose value depends on something.
    """

    def __init__(self, values: dict[str, Plain], computed: Iterable[str]) -> None:
        self.values = values
        self._waiting = {column: Waiting(cells) for column, cells in _by_column(computed)}
        self._spoilt: dict[int, list[int]] = {}
        """By column, the rows whose value nobody can tell."""

    @cached_property
    def _columns(self) -> dict[int, ColumnCells]:
        """The columns that hold something, in no order."""
        none = Waiting(())
        columns = {
            column: ColumnCells(cells, self._waiting.get(column, none))
            for column, cells in _by_column(self.values)
        }
        for column, waiting in self._waiting.items():
            if column not in columns:
                columns[column] = ColumnCells((), waiting)
        return columns

    def _columns_of(self, area: Range) -> list[tuple[int, ColumnCells]]:
        """The columns of a range that hold something, from left to right."""
        known = self._columns
        if area.left == area.right:
            return [(area.left, known[area.left])] if area.left in known else []
        return sorted((n, column) for n, column in known.items() if area.left <= n <= area.right)

    def settle(self, ref: str, value: Plain) -> None:
        """Enter what a formula makes."""
        self.values[ref] = value
        if "_columns" in self.__dict__:
            self._columns[split_ref(ref)[1]].settle(value)

    def close(self, ref: str) -> None:
        """A formula need not be waited for any more."""
        row, column = split_ref(ref)
        if column in self._waiting:
            self._waiting[column].close(row)

    def spoil(self, ref: str) -> None:
        """Nobody can tell the value of a cell."""
        row, column = split_ref(ref)
        rows = self._spoilt.setdefault(column, [])
        at = bisect_left(rows, row)
        if rows[at : at + 1] != [row]:
            rows.insert(at, row)

    def spoilt(self, area: Range) -> str | None:
        """The first such cell in a range, row by row."""
        found = [
            (rows[part.start], column)
            for column, rows in self._spoilt.items()
            if area.left <= column <= area.right
            for part in [between(rows, area.top, area.bottom)]
            if part.start < part.stop
        ]
        return make_ref(*min(found)) if found else None

    def waiting(self, area: Range) -> Iterable[str]:
        """The formulas in a range that are not closed when it is their turn."""
        top, left, bottom, right = area
        if left == right:
            waiting = self._waiting.get(left)
            return waiting.between(top, bottom) if waiting and waiting.open else ()
        if area.size <= SMALL:
            return self._waiting_among(_refs_in(area))
        columns = sorted(column for column in self._waiting if left <= column <= right)
        return chain.from_iterable(self._waiting[n].between(top, bottom) for n in columns)

    def _waiting_among(self, refs: Iterable[str]) -> Iterator[str]:
        for ref in refs:
            row, column = split_ref(ref)
            if column in self._waiting and self._waiting[column].is_open(row):
                yield ref

    def refs(self, area: Range) -> list[str]:
        """The cells of a range that hold something, row by row as programs go through them."""
        if area.size <= SMALL:
            values = self.values
            return [ref for ref in _refs_in(area) if ref in values]
        columns = self._columns_of(area)
        if len(columns) == 1:
            _, column = columns[0]
            return column.refs[column.part(area.top, area.bottom)]
        placed = [
            (row, number, ref)
            for number, column in columns
            for part in [column.part(area.top, area.bottom)]
            for row, ref in zip(column.rows[part], column.refs[part], strict=True)
        ]
        return [ref for _, _, ref in sorted(placed)]

    def filled(self, area: Range) -> list[tuple[Offset, str]]:
        """As `refs`, column by column, each with its place in the range."""
        return [
            ((row - area.top, number - area.left), ref)
            for number, column in self._columns_of(area)
            for part in [column.part(area.top, area.bottom)]
            for row, ref in zip(column.rows[part], column.refs[part], strict=True)
        ]

    def reach(self, area: Range) -> tuple[int, int]:
        """How many rows and columns of a range there are until no cell follows."""
        last_row, last_column = area.top - 1, area.left - 1
        for number, column in self._columns_of(area):
            part = column.part(area.top, area.bottom)
            if part.start < part.stop:
                last_row = max(last_row, column.rows[part.stop - 1])
                last_column = max(last_column, number)
        return last_row - area.top + 1, last_column - area.left + 1

    def equal(self, area: Range, wanted: Criterion) -> Sequence[Offset] | None:
        """The places of a column that a criterion holds for, found by the order of its values.

        None when they have to be looked for: one by one, or in several columns.
        """
        if area.left != area.right:
            return None
        column = self._columns.get(area.left)
        if column is None:
            return []
        rows = column.equal(wanted, self.values)
        if rows is None:
            return None
        found = rows[between(rows, area.top, area.bottom)]
        waiting, matches = column.waiting, wanted.matcher()
        made = [
            row
            for row in waiting.rows[between(waiting.rows, area.top, area.bottom)]
            if matches(self.values[waiting.refs[row]])
        ]
        return [(row - area.top, 0) for row in (sorted([*found, *made]) if made else found)]

    def facts(self, area: Range) -> list[ColumnFacts]:
        """What is known of the columns of a range."""
        return [column.facts(self.values) for _, column in self._columns_of(area)]

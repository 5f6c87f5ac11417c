"""The cells of one sheet while its workbook is recalculated."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from xltool.ooxml.calc.calcvalues import Offset, Plain
from xltool.ooxml.calc.columns import SMALL, ColumnCells, ColumnFacts, Waiting, between
from xltool.ooxml.calc.criteria import Criterion
from xltool.ooxml.read.refs import Range, make_ref, split_ref


class SheetCells:
    """Constants and formulas, column by column.

    `values` are the constants by reference; `computed` the formulas, and other cells whose value depends on
    something.
    """

    def __init__(self, values: Mapping[str, Plain], computed: Iterable[str]) -> None:
        constants: dict[int, dict[int, Plain]] = defaultdict(dict)
        for ref, value in values.items():
            row, column = split_ref(ref)
            constants[column][row] = value
        formulas: dict[int, dict[int, str]] = defaultdict(dict)
        for ref in computed:
            row, column = split_ref(ref)
            formulas[column][row] = ref
        self._columns = {
            column: ColumnCells(constants[column], Waiting(formulas[column]))
            for column in sorted({*constants, *formulas})
        }
        self._spoilt: dict[int, list[int]] = {}
        """By column, the rows whose value nobody can tell."""

    def _columns_of(self, area: Range) -> list[tuple[int, ColumnCells]]:
        """The columns of a range that hold something, from left to right."""
        known, (_, left, _, right) = self._columns, area
        if left == right:
            return [(left, known[left])] if left in known else []
        if right - left < SMALL:
            return [(n, known[n]) for n in range(left, right + 1) if n in known]
        return [(n, column) for n, column in known.items() if left <= n <= right]

    def column(self, number: int) -> ColumnCells:
        """A column that holds something."""
        return self._columns[number]

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
            column = self._columns.get(left)
            if column is None or not column.waiting.open:
                return ()
            return column.waiting.between(top, bottom)
        waiting = [c.waiting for _, c in self._columns_of(area) if c.waiting.open]
        if len(waiting) > 1 and area.size <= SMALL:
            return _row_by_row(waiting, range(top, bottom + 1))
        return chain.from_iterable([column.between(top, bottom) for column in waiting])

    def at(self, row: int, column: int) -> Plain:
        """The value of a cell; None when it is blank."""
        found = self._columns.get(column)
        return None if found is None else found.values.get(row)

    def inside(self, area: Range) -> list[Plain]:
        """The values of the cells of a range that are not blank, row by row as programs go through them."""
        top, left, bottom, right = area
        if top == bottom and right - left < SMALL:  # a row, as totals across are
            row, known = top, self._columns
            return [
                known[n].values[row]
                for n in range(left, right + 1)
                if n in known and row in known[n].values
            ]
        columns = [column.values for _, column in self._columns_of(area)]
        return [values[row] for row in self._rows(area) for values in columns if row in values]

    def places(self, area: Range) -> list[tuple[int, int]]:
        """Row and column of the cells of a range that are not blank, row by row."""
        columns = self._columns_of(area)
        return [(row, n) for row in self._rows(area) for n, c in columns if row in c.values]

    def _rows(self, area: Range) -> Iterable[int]:
        """The rows of a range, of a long one those that hold something."""
        top, _, bottom, _ = area
        if bottom - top < SMALL:
            return range(top, bottom + 1)
        parts = [column.rows_between(top, bottom) for _, column in self._columns_of(area)]
        return parts[0] if len(parts) == 1 else sorted({*chain.from_iterable(parts)})

    def filled(self, area: Range) -> list[tuple[Offset, Plain]]:
        """The cells of a range that hold something, column by column: place in the range, and value."""
        top, left, bottom, _ = area
        return [
            ((row - top, number - left), column.values[row])
            for number, column in self._columns_of(area)
            for row in column.rows_between(top, bottom)
        ]

    def picked(self, area: Range, places: Sequence[Offset]) -> list[Plain]:
        """The values of some places of a range, None where a cell is blank."""
        top, left, _, right = area
        if left == right and left in self._columns:
            value_at = self._columns[left].values.get
            return [value_at(top + row) for row, _ in places]
        return [self.at(top + row, left + column) for row, column in places]

    def reach(self, area: Range) -> tuple[int, int]:
        """How many rows and columns of a range there are until no cell follows."""
        last_row, last_column = area.top - 1, area.left - 1
        for number, column in self._columns_of(area):
            part = between(column.rows, area.top, area.bottom)
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
        rows = column.equal(wanted)
        if rows is None:
            return None
        found = rows[between(rows, area.top, area.bottom)]
        waiting, matches = column.waiting, wanted.matcher()
        made = [
            row
            for row in waiting.rows[between(waiting.rows, area.top, area.bottom)]
            if matches(column.values[row])
        ]
        return [(row - area.top, 0) for row in (sorted([*found, *made]) if made else found)]

    def facts(self, area: Range) -> list[ColumnFacts]:
        """What is known of the columns of a range."""
        return [column.facts for _, column in self._columns_of(area)]


def _row_by_row(columns: Sequence[Waiting], rows: Iterable[int]) -> Iterator[str]:
    """The formulas in some rows of columns that are open when it is their turn."""
    for row in rows:
        for column in columns:
            if row in column.open:
                yield column.refs[row]

"""The amounts of one table as they stand on its sheet: rows and columns of cells."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from xltool.checks.context import Context
from xltool.core.cellref import CellRef
from xltool.core.places import Place, RowPlace
from xltool.ooxml import make_ref, split_ref
from xltool.reading import FoundTable

At = tuple[int, int]
"""Row and column, from 1."""


class AmountGrid:
    """The bound amount cells of a table instance, filled or not."""

    def __init__(self, context: Context, found_table: FoundTable) -> None:
        self._context, self._found_table = context, found_table
        self.table = (found_table.mapping.table, found_table.instance)
        self.places: dict[At, Place] = {
            split_ref(cell.ref): place
            for place, cell in self._bound()
            if context.kind(place) == "amount"
        }
        self._figures: dict[At, Decimal | None] = {}
        self.at: dict[Place, At] = {place: at for at, place in self.places.items()}

    def _bound(self) -> Iterator[tuple[Place, CellRef]]:
        reading, codes = self._context.reading, self._found_table.located.codes
        yield from reading.map.bound_in(*self.table)
        for place, cell in reading.places.items() if codes else ():
            if isinstance(place, RowPlace) and place[:2] == self.table and place.list in codes:
                yield place, cell

    @cached_property
    def rows(self) -> list[int]:
        """The rows that have amount cells."""
        return sorted({row for row, _ in self.places})

    @cached_property
    def listed(self) -> list[int]:
        """The rows of the table's lists."""
        return sorted({row for place, (row, _) in self.at.items() if isinstance(place, RowPlace)})

    @cached_property
    def columns(self) -> list[int]:
        """The columns that have amount cells."""
        return sorted({column for _, column in self.places})

    def beside(self, at: At, step: At) -> At:
        """The next cell of the table in a direction (one of the steps is 0); at its edge, of the sheet."""
        index = 0 if step[0] else 1
        next_ = self._next[index, step[index]].get(at[index], at[index] + step[index])
        return (next_, at[1]) if step[0] else (at[0], next_)

    @cached_property
    def _next(self) -> dict[tuple[int, int], dict[int, int]]:
        """By axis and direction: from each row or column of the table to the next."""
        found = {}
        for index, line in enumerate((self.rows, self.columns)):
            found[index, 1] = dict(pairwise(line))
            found[index, -1] = dict(pairwise(reversed(line)))
        return found

    def figure(self, at: At) -> Decimal | None:
        """What stands in a cell, bound or not, if it is a number."""
        if at not in self._figures:
            self._figures[at] = self._figure(at)
        return self._figures[at]

    def _figure(self, at: At) -> Decimal | None:
        place = self.places.get(at)
        value: object = None
        if place is not None:
            value = self._context.value(place)
        elif min(at) > 0:
            value = self._found_table.located.sheet.value(make_ref(*at))
        return value if isinstance(value, Decimal) else None

    def column(self, number: int) -> list[Place]:
        """The cells of a column, from above."""
        return [self.places[row, number] for row in self.rows if (row, number) in self.places]

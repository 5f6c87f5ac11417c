"""The filled rows of one list, and how its codes are written in the sheet."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property

from xltool.checks.context import Context
from xltool.core.model import CODE, Row
from xltool.core.places import ListPlace
from xltool.livechecks.locations import ListRow
from xltool.livechecks.terms import Untranslatable
from xltool.mapping.located import LocatedList, text_at
from xltool.ooxml import Sheet
from xltool.rules.keys import RowKey


class FilledRows:
    """The rows of a list that hold anything now."""

    def __init__(self, context: Context, place: ListPlace) -> None:
        self._place = place
        rows = context.report.tables[place.table][place.instance].lists.get(place.list, [])
        numbers = context.reading.row_numbers.get(place, [])
        self._codes = [str(row.get(CODE, "")) for row in rows]
        self._by_number = {number: n for n, number in enumerate(numbers)}
        figures = [n for n, row in enumerate(rows) if _has_figure(row)]
        self._by_code = {self._codes[n]: n for n in reversed(figures)}
        self._context = context

    def code(self, number: int) -> str:
        """The code in a sheet row, or ""."""
        position = self._by_number.get(number)
        return "" if position is None else self._codes[position]

    def key(self, row: ListRow) -> RowKey | None:
        """The row as rules know it; None when nothing is filled in it."""
        position = self._by_number.get(row.number) if row.number else self._by_code.get(row.code)
        return None if position is None else RowKey(False, *self._place, position)

    @cached_property
    def spelling(self) -> tuple[tuple[int, ...], bool]:
        """The sheet columns that codes stand in, and whether there are spaces around some.

        Raises `Untranslatable` where a code is not written whole in its row.
        """
        located = self._context.located[self._place.copy]
        rows = located.lists[self._place.list]
        columns, spaced = {rows.columns[CODE].left}, False
        for number in self._by_number:
            texts = _texts(located.sheet, rows, number)
            columns |= texts.keys()
            whole = "".join(texts.values())
            if whole.strip() != self.code(number):
                raise Untranslatable(f"“{self._place.table}”的科目编码不是整写在一行里的半角数字")
            spaced = spaced or whole != whole.strip()
        return tuple(sorted(columns)), spaced


def _has_figure(row: Row) -> bool:
    return any(isinstance(value, Decimal) for value in row.values())


def _texts(sheet: Sheet, rows: LocatedList, number: int) -> dict[int, str]:
    spot = rows.columns[CODE]
    found = {column: text_at(sheet, number, column) for column in spot.columns}
    return {column: text for column, text in found.items() if text is not None}

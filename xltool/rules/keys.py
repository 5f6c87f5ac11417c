"""How rows and tables are named while rules are evaluated, and why one cannot be looked at."""

from __future__ import annotations

from typing import NamedTuple

from xltool.core.places import RowPlace


class RowKey(NamedTuple):
    """A row of a list: table, instance, list, index. `prior`: of last year's report."""

    prior: bool
    table: str
    instance: int
    list: str
    position: int

    def place(self, column: str) -> RowPlace:
        """Where a cell of the row stands in its report."""
        return RowPlace(self.table, self.instance, self.list, self.position, column)


class TableKey(NamedTuple):
    """An instance of a table."""

    prior: bool
    table: str
    instance: int


class TableUnread(Exception):
    """A rule asks for a table that could not be read for certain; `str()` is the table."""


class Outside(Exception):
    """A rule asks for a table that this workbook need not have and has not; `str()` is the table."""


class Wanting(Exception):
    """What a rule asks for was not given, though it ought to be; `str()` says what and where it is wanting."""

"""How rows and tables are named while rules are evaluated, and why one cannot be looked at."""

from __future__ import annotations

from typing import NamedTuple


class RowKey(NamedTuple):
    """A row of a list: table, instance, list, index. `prior`: of last year's report."""

    prior: bool
    table: str
    instance: int
    list: str
    position: int


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

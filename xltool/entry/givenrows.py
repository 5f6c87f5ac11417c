"""The rows of a report's lists in which a person gave figures: what is blank there may be meant as zero."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from xltool.core.model import NUMERIC, Report
from xltool.core.places import Place, RowPlace
from xltool.editions import Edition

_List = tuple[str, str]


class GivenRows(NamedTuple):
    """`aliases`: the tables that a short name may mean."""

    report: Report
    edition: Edition
    aliases: Mapping[str, tuple[str, ...]]

    def blank_columns(self, text: str) -> Iterator[Place]:
        """The blank cells in the rows of a list (支出表.明细) that have a figure, but for its first column, a total."""
        if (at := self._list(text)) is None:
            return
        rows = self.report.tables[at[0]][0].lists.get(at[1], [])
        for n in self._rows(at):
            blank = (column for column in self._columns(at) if column not in rows[n])
            yield from (RowPlace(at[0], 0, at[1], n, column) for column in blank)

    def untouched(self, texts: Iterable[str]) -> set[_List]:
        """Of lists, named as 一般公共.明细, those in which no figure was given at all: table and name."""
        return {at for text in texts if (at := self._list(text)) and not self._rows(at)}

    def _list(self, text: str) -> _List | None:
        """The table and the name of a list; None where the report has no such table."""
        alias, _, name = text.partition(".")
        tables = (t for t in self.aliases.get(alias, ()) if t in self.report.tables)
        return next(((table, name) for table in tables), None)

    def _columns(self, at: _List) -> list[str]:
        columns = self.edition.specs[at[0]].lists[at[1]].columns.items()
        return [column for column, kind in columns if kind in NUMERIC][1:]

    def _rows(self, at: _List) -> list[int]:
        columns, rows = self._columns(at), self.report.tables[at[0]][0].lists.get(at[1], [])
        return [n for n, row in enumerate(rows) if any(column in row for column in columns)]

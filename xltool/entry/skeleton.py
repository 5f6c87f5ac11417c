"""The rows that a report may come to have: where figures are derived, each needs a place to stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy

from xltool.core.hierarchy import with_parents
from xltool.core.model import CODE, NAME, Report, Row, Table
from xltool.editions import Edition
from xltool.rules.load import load_rules

_SHARED = ("收入表", "支出表")
"""Short names of the tables in which every 科目 has its row."""
_GENERAL = "一般公共"
"""That of the 科目 of no other kind of money alone."""
_SETS = {"基金": "基金科目", "国资": "国资科目"}
"""Those of one kind of money alone, and the sets of 科目 that only this pays."""


def with_places(
    report: Report, edition: Edition, more: Mapping[str, Collection[str]] | None = None
) -> Report:
    """A copy of the report in which every table is there, and every row that a figure could stand in.

    Added rows have code and name and no figures: what has no row then is in no row, and zero. A table that says
    本表无数据 gets none. `more`: codes that are to have a row, by table.
    """
    made = deepcopy(report)
    shared = _Subjects(report, edition)
    for name, spec in edition.specs.items():
        if spec.many or "自评" in name or name in report.no_data:
            continue
        instances = made.tables.setdefault(name, [Table()])
        for list_name, listed in spec.lists.items():
            if listed.codes is None:
                continue
            rows = instances[0].lists.setdefault(list_name, [])
            own = {str(row[CODE]): row for row in rows if row.get(CODE)}
            wanted = {*own, *shared.of(name), *(more or {}).get(name, ())}
            names = {code: row.get(NAME) for code, row in [*shared.rows.items(), *own.items()]}
            rows[:] = [
                own.get(code) or _row(code, names.get(code) or listed.codes.name(code))
                for code in with_parents(wanted, listed.codes)
            ]
    return made


class _Subjects:
    """The 科目 that were given in any list of them, by the tables in which they may have a row."""

    def __init__(self, report: Report, edition: Edition) -> None:
        rules = load_rules(edition)
        own = {
            short: _rows_by_code(report, rules.tables.get(short, ""))
            for short in (*_SHARED, _GENERAL, *_SETS)
        }
        self.rows = {code: row for rows in own.values() for code, row in rows.items()}
        special: set[str] = set()
        self._codes: dict[str, Collection[str]] = {}
        for short, name in _SETS.items():
            within = {c for c in self.rows if c.startswith(rules.scope.sets.get(name, ()))}
            special |= within | own[short].keys()
            self._codes[rules.tables.get(short, "")] = within
        self._codes |= dict.fromkeys((rules.tables.get(s, "") for s in _SHARED), self.rows)
        self._codes[rules.tables.get(_GENERAL, "")] = self.rows.keys() - special

    def of(self, table: str) -> Collection[str]:
        """The codes that a table may have rows of, beside those that it has."""
        return self._codes.get(table, ())


def _rows_by_code(report: Report, table: str) -> dict[str, Row]:
    return {
        str(row[CODE]): row
        for instance in report.tables.get(table, [])
        for rows in instance.lists.values()
        for row in rows
        if row.get(CODE)
    }


def _row(code: str, name: object) -> Row:
    return {CODE: code, NAME: str(name)} if name else {CODE: code}


def without_empty_rows(report: Report) -> None:
    """Take rows without any figure off again, and tables without anything."""
    for name in list(report.tables):
        for table in report.tables[name]:
            for list_name, rows in table.lists.items():
                table.lists[list_name] = [row for row in rows if row.keys() - {CODE, NAME}]
        if all(table.empty for table in report.tables[name]):
            del report.tables[name]

"""The rows that a report may come to have: where figures are derived, each needs a place to stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy

from xltool.core.hierarchy import with_parents
from xltool.core.model import CODE, NAME, Report, Row, Table
from xltool.editions import Edition

EVERYWHERE = ("收入决算表", "支出决算表", "一般公共预算财政拨款支出决算表")
"""The tables whose 科目 are the same where nothing is carried over: a row of one has its place in the others."""


def with_places(
    report: Report, edition: Edition, more: Mapping[str, Collection[str]] | None = None
) -> Report:
    """A copy of the report in which every table is there, and every row that a figure could stand in.

    Added rows have code and name and no figures. `more`: codes that are to have a row, by table.
    """
    made = deepcopy(report)
    shared = _codes(report)
    for name, spec in edition.specs.items():
        if spec.many or "自评" in name:
            continue
        instances = made.tables.setdefault(name, [Table()])
        for list_name, listed in spec.lists.items():
            if listed.codes is None:
                continue
            rows = instances[0].lists.setdefault(list_name, [])
            own = {str(row[CODE]): row for row in rows if row.get(CODE)}
            wanted = {*own, *(shared if name in EVERYWHERE else ()), *(more or {}).get(name, ())}
            names = {code: row.get(NAME) for code, row in [*shared.items(), *own.items()]}
            rows[:] = [
                own.get(code) or _row(code, names.get(code) or listed.codes.name(code))
                for code in with_parents(wanted, listed.codes)
            ]
    return made


def _codes(report: Report) -> dict[str, Row]:
    """Rows by code of the tables that share their 科目."""
    return {
        str(row[CODE]): row
        for name in EVERYWHERE
        for table in report.tables.get(name, [])
        for rows in table.lists.values()
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

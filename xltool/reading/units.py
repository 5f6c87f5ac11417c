"""Exact conversion of a report's amounts between 元 and 万元."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from xltool.core.amounts import PERCENT, convert, trim
from xltool.core.model import Report, Table, TableSpec
from xltool.core.places import each_table, places_in
from xltool.mapping.model import TableMapping


def to_unit(report: Report, unit: str, specs: Mapping[str, TableSpec]) -> None:
    """Convert every amount of `report` to `unit`, exactly, in place."""
    for name, _, table in each_table(report):
        convert_table(table, specs[name], report.unit, unit)
    report.unit = unit


def level_columns(table: Table, mapping: TableMapping, unit: str) -> None:
    """Convert the columns that have a money unit of their own to that of their sheet, exactly, in place.

    Ratios in percent become plain numbers.
    """
    for path, own in mapping.own_units.items():
        value = table.fields.get(path)
        if isinstance(value, Decimal):
            table.fields[path] = _levelled(value, own, unit)
        for row in table.lists.get(path[0], ()) if len(path) == 2 else ():
            amount = row.get(path[1])
            if isinstance(amount, Decimal):
                row[path[1]] = _levelled(amount, own, unit)


def _levelled(value: Decimal, own: str, unit: str) -> Decimal:
    return trim(value.scaleb(-2)) if own == PERCENT else convert(value, own, unit)


def convert_table(table: Table, spec: TableSpec, source: str, unit: str) -> None:
    """Convert every amount of one table from `source` to `unit`, exactly, in place."""
    for place, value in [*places_in(spec.name, 0, table)]:
        if place.kind_in(spec) == "amount" and isinstance(value, Decimal):
            place.put_in(table, convert(value, source, unit))

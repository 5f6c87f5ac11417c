"""Exact conversion of a report's amounts between 元 and 万元."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from xltool.core.amounts import PERCENT, convert, trim
from xltool.core.model import BlockColumn, Report, Table, TableSpec, Value
from xltool.core.places import each_table, places_in
from xltool.mapping.model import TableMapping

_Key = TypeVar("_Key")


def to_unit(report: Report, unit: str, specs: Mapping[str, TableSpec]) -> None:
    """Convert every amount of `report` to `unit`, exactly, in place."""
    for name, _, table in each_table(report):
        convert_table(table, specs[name], report.unit, unit)
    report.unit = unit


def level_columns(table: Table, mapping: TableMapping, unit: str) -> None:
    """Convert the columns that have a money unit of their own to that of their sheet, exactly, in place.

    Ratios in percent become plain numbers.
    """
    for key, own in mapping.own_units.items():
        if isinstance(key, BlockColumn):
            for row in table.lists.get(key.block, ()):
                _level(row, key.column, own, unit)
        else:
            _level(table.fields, key, own, unit)


def _level(values: dict[_Key, Value], key: _Key, own: str, unit: str) -> None:
    value = values.get(key)
    if isinstance(value, Decimal):
        percent = own == PERCENT
        values[key] = trim(value.scaleb(-2)) if percent else convert(value, own, unit)


def convert_table(table: Table, spec: TableSpec, source: str, unit: str) -> None:
    """Convert every amount of one table from `source` to `unit`, exactly, in place."""
    for place, value in [*places_in(spec.name, 0, table)]:
        if place.kind_in(spec) == "amount" and isinstance(value, Decimal):
            place.put_in(table, convert(value, source, unit))

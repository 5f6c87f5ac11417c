"""Figures by name, as rules name them: `支出决算表.明细[2013901].基本支出=51.32`, `总表.收入.其他收入=5`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from xltool.core.caches import remembered
from xltool.core.model import (
    CODE,
    NUMERIC,
    Kind,
    Path,
    Report,
    TableSpec,
    Value,
    table_key,
    table_names,
)
from xltool.core.places import FieldPlace, Place
from xltool.core.problems import InputError, Problem
from xltool.core.texts import did_you_mean, visible
from xltool.documents.values import KINDS, parse_value, value_fault
from xltool.editions import Edition
from xltool.rules.load import load_rules

HINT = "写成 表.行.列=数 或 表.明细[科目编码].列=数"
_SETTING = re.compile(r"^(?P<table>[^.=]+)\.(?P<rest>[^=]+)=(?P<value>.*)$", re.S)
_ROW = re.compile(r"^(?P<list>[^\[\].]+)\[(?P<key>[^\]]+)\]\.(?P<column>.+)$")


class Setting(NamedTuple):
    """A figure and its value. For a cell of a list: `list`, the row's `key` (科目编码 or number), `path` the column."""

    address: str
    table: str
    list: str
    key: str
    path: Path
    value: Value | None


UnitOf = Callable[[str], str | None]


def parse_setting(text: str, edition: Edition, unit_of: UnitOf) -> Setting:
    """Read one setting; `unit_of` gives the money unit of a table.

    Raises `InputError` that names what the edition does not have.
    """
    match = _SETTING.match(visible(text).strip())
    if match is None:
        raise InputError(Problem(text, "看不懂这个改动", HINT, code="bad-value"))
    name, rest = match["table"].strip(), match["rest"].strip()
    address = f"{name}.{rest}"
    tables = tables_by_name(edition)
    table = tables.get(table_key(name))
    if table is None:
        hint = did_you_mean(name, edition.specs)
        raise InputError(Problem(address, "没有这张表", hint, code="unknown-name"))
    spec = edition.specs[table]
    if (row := _ROW.match(rest)) is not None:
        listed = spec.lists.get(row["list"])
        if listed is None or row["column"] not in listed.columns:
            known = [f"{name}[…].{c}" for name, own in spec.lists.items() for c in own.columns]
            raise InputError(
                Problem(address, "表里没有这一栏", did_you_mean(rest, known), code="unknown-name")
            )
        value = _value(
            address, match["value"].strip(), listed.columns[row["column"]], unit_of(table)
        )
        return Setting(address, table, row["list"], row["key"].strip(), (row["column"],), value)
    path = tuple(part.strip() for part in rest.split("."))
    path = spec.synonyms.get(path, path)
    if path not in spec.fields:
        raise InputError(
            Problem(address, "表里没有这一格", _field_hint(name, path, spec), code="unknown-name")
        )
    value = _value(address, match["value"].strip(), spec.fields[path].kind, unit_of(table))
    return Setting(address, table, "", "", path, value)


def _field_hint(table: str, path: Path, spec: TableSpec) -> str:
    """What is near an address that a table has not: the first cell under it, a list's rows, or a name like it."""
    if further := next((field for field in spec.fields if field[: len(path)] == path), None):
        return f"要写到哪一格，如 {'.'.join((table, *further))}"
    if (listed := spec.lists.get(path[0])) is not None:
        column = next(name for name, kind in listed.columns.items() if kind in NUMERIC)
        return f"清单的行写科目编码或序号，如 {table}.{path[0]}[2010101].{column}"
    return did_you_mean(".".join(path), [".".join(field) for field in spec.fields])


@remembered(8)
def tables_by_name(edition: Edition) -> Mapping[str, str]:
    """Tables by all their names (as `table_key` has them), and by the short ones of the rules."""
    short = {table_key(name): table for name, table in load_rules(edition).tables.items()}
    return short | table_names(edition.specs)


def _value(address: str, text: str, kind: Kind, unit: str | None) -> Value | None:
    try:
        return parse_value(kind, text, unit)
    except ValueError as error:
        wanted = "数字" if kind in NUMERIC else KINDS[kind]
        raise InputError(
            Problem(address, value_fault(text, error, wanted), code="bad-value")
        ) from None


def short_names(aliases: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """What addresses call tables: the short names that rules have for them."""
    return {names[0]: short for short, names in aliases.items() if len(names) == 1}


def address_of(report: Report, place: Place, names: Mapping[str, str]) -> str:
    """A place as `--set` names it: 支出表.明细[2010101].基本支出."""
    table = names.get(place.table, place.table)
    if isinstance(place, FieldPlace):
        return ".".join((table, *place.path))
    return f"{table}.{place.list}[{place.row_in(report).get(CODE, place.row + 1)}].{place.column}"


def label(report: Report, place: Place) -> str:
    """A place in words: 支出决算表 2010101·基本支出."""
    if isinstance(place, FieldPlace):
        return f"{place.table} {place.label}"
    row = place.row_in(report)
    return f"{place.table} {row.get(CODE, place.row + 1)}·{place.column}"

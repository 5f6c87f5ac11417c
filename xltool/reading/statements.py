"""The statement 本表无数据 of tables: where it stands, and which tables are empty by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xltool.core.model import RECOGNISED, Report
from xltool.core.texts import norm
from xltool.reading.model import Reading


def statements(reading: Reading) -> dict[tuple[str, int], str]:
    """Of each table (and instance) that carries a 故本表无数据 line: where it stands."""
    found = {}
    for found_table in reading.found_tables:
        key = found_table.mapping.table, found_table.instance
        if found_table.mapping.source == RECOGNISED:
            if found_table.mapping.empty is not None:
                found[key] = found_table.mapping.empty.range.anchor
            continue
        for ref, value in found_table.located.sheet.items():
            if isinstance(value, str) and "据" in value and is_empty_statement(value):
                found[key] = ref
    return found


def stated_empty(report: Report, found: Mapping[tuple[str, int], str]) -> Iterator[str]:
    """Tables that say they have no data, and have none (or only zeros)."""
    for name, instance in found:
        if not report.tables[name][instance].has_figures:
            yield name


def is_empty_statement(text: str) -> bool:
    """Whether a text says that its table has no data."""
    plain = norm(text)
    return plain.startswith("说明") and "无数据" in plain

"""The statement 本表无数据 of tables: where it stands, and which tables are empty by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xltool.core.model import RECOGNISED, Report
from xltool.mapping.recognition.wordfiles import vocabulary
from xltool.reading.model import Reading

_OF_A_TABLE = ("本表", "此表", "说明")
"""One of these stands in a sentence that speaks of its whole table."""


def statements(reading: Reading) -> dict[tuple[str, int], str]:
    """Of each table (and instance) that carries a 故本表无数据 line: where it stands."""
    found = {}
    words = vocabulary()
    for found_table in reading.found_tables:
        key = found_table.mapping.table, found_table.instance
        if found_table.mapping.source == RECOGNISED:
            if found_table.mapping.empty is not None:
                found[key] = found_table.mapping.empty.range.anchor
            continue
        for ref, value in found_table.located.sheet.items():
            spoken = isinstance(value, str) and any(word in value for word in _OF_A_TABLE)
            if spoken and words.is_empty_statement(str(value)):
                found[key] = ref
    return found


def stated_empty(report: Report, found: Mapping[tuple[str, int], str]) -> Iterator[str]:
    """Tables that say they have no data, and have none (or only zeros)."""
    for name, instance in found:
        if not report.tables[name][instance].has_figures:
            yield name

"""The statement 本表无数据 of tables: where it stands, and which tables are empty by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from xltool.core.model import RECOGNISED, Report
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.reading.found import FoundTable

_OF_A_TABLE = re.compile("本表|此表|说明")
"""One of these stands in a sentence that speaks of its whole table."""


def statements(found_tables: Iterable[FoundTable]) -> dict[tuple[str, int], str]:
    """Of each table (and instance) that carries a 故本表无数据 line: where it stands."""
    found = {}
    words = vocabulary()
    for found_table in found_tables:
        key = found_table.mapping.table, found_table.instance
        if found_table.mapping.source == RECOGNISED:
            if found_table.mapping.empty is not None:
                found[key] = found_table.mapping.empty.range.anchor
            continue
        for ref, value in found_table.located.sheet.items():
            if not isinstance(value, str) or not _OF_A_TABLE.search(value):
                continue
            if words.is_empty_statement(value):
                found[key] = ref
    return found


def stated_empty(report: Report, found: Mapping[tuple[str, int], str]) -> Iterator[str]:
    """Tables that say they have no data, and have none (or only zeros)."""
    for name, instance in found:
        if not report.tables[name][instance].has_figures:
            yield name

"""The statement 本表无数据 of tables: where it stands, and which tables are empty by it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from xltool.core.model import RECOGNISED, Report
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.mapping.recognition.vocabulary.words import Vocabulary
from xltool.ooxml import split_ref
from xltool.reading.found import FoundTable

_OF_A_TABLE = re.compile("本表|此表|说明")
"""One of these stands in a sentence that speaks of its whole table."""


def statements(report: Report, found_tables: Sequence[FoundTable]) -> dict[tuple[str, int], str]:
    """Of each table (and instance) that carries a 故本表无数据 line: where it stands."""
    shared = Counter(found_table.located.sheet.name for found_table in found_tables)
    words, found = vocabulary(), {}
    for found_table in found_tables:
        table, instance = found_table.mapping.table, found_table.instance
        ref = _statement(found_table, words)
        alone = shared[found_table.located.sheet.name] == 1
        if ref is None and alone and not report.tables[table][instance].has_figures:
            ref = _likely(found_table, words)
        if ref is not None:
            found[table, instance] = ref
    return found


def _statement(found_table: FoundTable, words: Vocabulary) -> str | None:
    """Where a table says in plain words that it has no data, whatever it holds."""
    if found_table.mapping.source == RECOGNISED:
        line = found_table.mapping.empty
        return line.range.anchor if line else None
    said = [
        ref
        for ref, value in found_table.located.sheet.items()
        if isinstance(value, str) and _OF_A_TABLE.search(value) and words.is_empty_statement(value)
    ]
    return said[-1] if said else None


def _likely(found_table: FoundTable, words: Vocabulary) -> str | None:
    """Where a table without a figure says so in words that elsewhere may speak of one row only."""
    mapping = found_table.mapping
    may_be_empty = mapping.table not in words.always
    if not (may_be_empty if mapping.source == RECOGNISED else mapping.empty):
        return None
    located = found_table.located
    # 无锡市预算编审中心 is the name of a unit: in the title, in a line above or below the table
    top = located.moved(min((anchor.range.top for anchor in mapping.header), default=1))
    heads = {ref for ref, text in located.labels.items() if "{" in text} | {*located.heads.values()}
    return next(
        (
            ref
            for ref, value in located.sheet.items()
            if isinstance(value, str) and ref not in heads and split_ref(ref)[0] >= top
            if words.none.is_said_in(value)
        ),
        None,
    )


def stated_empty(report: Report, found: Mapping[tuple[str, int], str]) -> Iterator[str]:
    """Tables that say they have no data, and have none (or only zeros)."""
    for name, instance in found:
        if not report.tables[name][instance].has_figures:
            yield name

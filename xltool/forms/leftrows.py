"""Rows that a form prints with a place for figures, that nothing is bound to, and that no question asks about."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.forms.asking import beside
from xltool.forms.gaps import gaps_of, has_place, header_of, lacks_total, total_gaps, unbound_labels
from xltool.mapping.blocks import Form, ListBlock
from xltool.mapping.recognition.vocabulary.words import Vocabulary
from xltool.mapping.recognition.workbook import Recognised, Recognition

_SHOWN = 5


def unbound_rows(found: Recognition, words: Vocabulary) -> Iterator[str]:
    """The rows of each table that have a label and no field, and lists whose row of totals was not recognised."""
    for table in found.tables:
        if table.words.is_card:
            continue
        sheet, name = table.mapping.sheet, table.mapping.table
        if rows := [*dict.fromkeys(_rows(table, words, beside(table, found)))]:
            more = f"……（{len(rows)}行）" if len(rows) > _SHOWN else ""
            yield f"工作表“{sheet}”{'、'.join(rows[:_SHOWN])}{more}"
        for block in table.mapping.blocks:
            lacking = isinstance(block, ListBlock) and lacks_total(table, block)
            if lacking and not any(total_gaps(table, words)):
                yield f"工作表“{sheet}”《{name}》的合计行（没有认得的“合计”）"


def _rows(table: Recognised, words: Vocabulary, others: list[Recognised]) -> Iterator[str]:
    header = header_of(table, words)
    asked = {gap.at for gap in gaps_of(table, words, others)}
    for block in table.mapping.blocks:
        if header is None or not isinstance(block, Form) or not block.labels:
            continue
        for at, text in unbound_labels(table, block, header, words, others):
            if at not in asked and has_place(table, block, header, at, text):
                yield f"{at.anchor}“{text.strip()}”"

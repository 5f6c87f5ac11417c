"""Rows that a form prints with a place for figures and that nothing is bound to: nobody can be asked what they are."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.core.texts import norm
from xltool.forms.asking import beside
from xltool.forms.gaps import header_of, unbound_labels
from xltool.mapping.model import Form, ListBlock
from xltool.mapping.recognition import Recognised, Recognition
from xltool.mapping.recognition.words import Vocabulary
from xltool.ooxml import make_ref

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
            counted = table.mapping.repeats  # the cells of the row of totals that are bound as such
            if isinstance(block, ListBlock) and block.total is None and not counted:
                yield f"工作表“{sheet}”《{name}》的合计行（没有认得的“合计”）"


def _rows(table: Recognised, words: Vocabulary, others: list[Recognised]) -> Iterator[str]:
    header = header_of(table, words)
    sheet = table.cells.sheet
    for block in table.mapping.blocks:
        if header is None or not isinstance(block, Form) or not block.labels:
            continue
        for at, text in unbound_labels(table, block, header, words, others):
            if at.top == header.numbers or ":" in norm(text) or words.is_empty_statement(text):
                continue
            places = [column.left for column in block.columns if column.left > at.right]
            if any(sheet.value(make_ref(at.top, left)) is None for left in places):
                yield f"{at.anchor}“{text.strip()}”"

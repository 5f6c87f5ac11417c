"""Totals for which a form has a cell and no formula: those of lists follow from their rows, the others are told."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.core.codes import CodeList
from xltool.core.model import CODE, Path, Row, Table
from xltool.mapping.blocks import Codes, Form
from xltool.mapping.located import Located

_TOTAL = "合计"


def list_totals(located: Located, table: Table) -> dict[Path, Decimal]:
    """The totals of lists that the document leaves out and no formula makes: what their rows add up to.

    A column without a figure has none: blank is not zero.
    """
    found: dict[Path, Decimal] = {}
    for name in located.lists:
        block = located.lists[name].block
        rows = table.lists.get(name, [])
        if block.codes is None or block.shares:
            continue
        for own in block.fields:
            if own.kind != "amount" or not _wanting(located, table, own.path):
                continue
            if figures := list(_topmost(rows, own.column, block.codes)):
                found[own.path] = sum(figures, Decimal(0))
    return found


def wanting_totals(located: Located, table: Table) -> Iterator[Path]:
    """The totals of a table with rows of codes that nobody gave, no formula makes and no rows add up to."""
    blocks = located.mapping.blocks
    coded = [b.name for b in blocks if not isinstance(b, Form) and b.codes is not None]
    if not any(table.lists.get(name) for name in coded):
        return
    for block in blocks:
        for own in () if isinstance(block, Codes) else block.fields:
            if own.path[-1].endswith(_TOTAL) and _wanting(located, table, own.path):
                yield own.path


def _wanting(located: Located, table: Table, path: Path) -> bool:
    ref = located.fields.get(path)
    if ref is None or table.fields.get(path) is not None:
        return False
    return located.sheet.formula(ref) is None and located.sheet.value(ref) is None


def _topmost(rows: list[Row], column: str, codes: CodeList) -> Iterator[Decimal]:
    """The figures of a column that no other one in it includes."""
    figures = {str(row.get(CODE, "")): row.get(column) for row in rows}
    known = {code: value for code, value in figures.items() if isinstance(value, Decimal)}
    for code, value in known.items():
        if not any(above in known for above in codes.ancestors(code)):
            yield value

"""Cells inside a located block that no field reads: a figure there has lost its label."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.core.texts import visible
from xltool.mapping.blocks import Codes, Form
from xltool.mapping.located import Located
from xltool.mapping.plan import between, in_column
from xltool.ooxml import make_ref, split_ref


def figures_without_label(located: Located) -> Iterator[str]:
    """Filled cells in the value columns of a block, between its first and last row, that are not bound."""
    value = located.sheet.lookup()
    for ref in _unbound(located) if located.unbound is None else located.unbound:
        if not isinstance(found := value(ref), str) and found is not None:
            yield ref


def row_title(located: Located, ref: str) -> str | None:
    """The text that stands before a figure in its row, or None when that is blank or another figure."""
    row, column = split_ref(ref)
    for left in range(column - 1, 0, -1):
        found = located.sheet.value(make_ref(row, left))
        if found is not None and found != "":
            return visible(found).strip() or None if isinstance(found, str) else None
    return None


def _unbound(located: Located) -> Iterator[str]:
    for block in located.mapping.blocks:
        match block:
            case Form() if block.labels:
                paths = (field.path for field in block.fields)
                yield from between([located.fields[p] for p in paths if p in located.fields])
            case Codes() if block.name in located.codes:
                for pane in block.panes:
                    column = located.columns.get(pane.amount.left, pane.amount.left)
                    yield from between(in_column(located.codes[block.name].values(), column))

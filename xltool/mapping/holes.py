"""Cells inside a located block that no field reads: a figure there has lost its label."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.mapping.located import Located
from xltool.mapping.model import Codes, Form
from xltool.ooxml import make_ref, split_ref


def figures_without_label(located: Located) -> Iterator[str]:
    """Filled cells in the value columns of a block, between its first and last row, that are not bound."""
    for block in located.mapping.blocks:
        match block:
            case Form() if block.labels:
                paths = (field.path for field in block.fields)
                yield from _holes(
                    located, [located.fields[p] for p in paths if p in located.fields]
                )
            case Codes() if block.name in located.codes:
                for pane in block.panes:
                    codes = located.codes[block.name]
                    column = located.columns.get(pane.amount.left, pane.amount.left)
                    refs = [ref for ref in codes.values() if split_ref(ref)[1] == column]
                    yield from _holes(located, refs)


def _holes(located: Located, bound: list[str]) -> Iterator[str]:
    places = {split_ref(ref) for ref in bound}
    if not places:
        return
    rows = [row for row, _ in places]
    for column in {column for _, column in places}:
        for row in range(min(rows), max(rows) + 1):
            if (row, column) in places:
                continue
            ref = make_ref(row, column)
            value = located.sheet.value(ref)
            if not isinstance(value, str) and value is not None:
                yield ref

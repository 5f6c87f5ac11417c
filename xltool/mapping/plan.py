"""What a form looks like when nothing drifted: worked out once for a mapping and the lengths of its lists.

Books of one form differ in how long their lists are and in nothing else that locating looks at, so one
plan serves many books.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from xltool.core.caches import remembered
from xltool.core.model import Path
from xltool.mapping.blocks import Anchor, Codes, Form, ListBlock
from xltool.mapping.model import TableMapping
from xltool.ooxml import make_ref, split_ref

Growth = tuple[tuple[int, int], ...]
"""For each list: the last row it has in the template, and how many rows more it has here."""


class Plan(NamedTuple):
    """Addresses in a sheet with lists of certain lengths. What is in it is shared: not to be changed.

    `anchors` are the printed texts that prove the addresses, title and codes left out; `after` the cells
    that follow columns of fixed codes, which may hold none of their block.
    """

    anchors: tuple[tuple[str, Anchor], ...]
    refs: tuple[str, ...]
    wording: tuple[str | None, ...]
    """The cells of the anchors and of the codes, and what the edition prints there."""

    labels: dict[str, str]
    fields: dict[Path, str]
    heads: dict[str, str]
    codes: dict[str, dict[str, str]]
    code_cells: tuple[tuple[str, str | None], ...]
    after: tuple[tuple[str, Codes], ...]
    unbound: tuple[str, ...]
    """Cells between bound ones that no field reads."""


def moved(growth: Sequence[tuple[int, int]], row: int) -> int:
    """Where a row of the template stands when the lists above it grew or shrank."""
    return row + sum(more for last, more in growth if row > last)


@remembered(512)
def plan(mapping: TableMapping, growth: Growth) -> Plan:
    """The plan of a mapping for lists of these lengths."""
    anchors = tuple(
        (make_ref(moved(growth, anchor.range.top), anchor.range.left), anchor)
        for anchor in _anchors(mapping)
    )
    title = mapping.title.range.anchor
    labels = {title: mapping.title.text, **{ref: anchor.text for ref, anchor in anchors}}
    codes: dict[str, dict[str, str]] = {}
    code_cells: list[tuple[str, str | None]] = []
    after: list[tuple[str, Codes]] = []
    for block in mapping.blocks:
        if isinstance(block, Codes):
            places = codes[block.name] = {}
            for pane in block.panes:
                down = moved(growth, pane.rows[0]) - pane.rows[0]
                after.append((make_ref(pane.rows[-1] + down + 1, pane.code), block))
                for (row, code), printed in zip(pane.places, pane.printed, strict=True):
                    code_cells.append((make_ref(row + down, pane.code), printed))
                    for column in range(pane.code, pane.code_right + 1):
                        labels[make_ref(row + down, column)] = code
                    places[code] = make_ref(row + down, pane.amount.left)
    fields, heads = _addresses(mapping, growth)
    return Plan(
        anchors,
        (*(ref for ref, _ in anchors), *(ref for ref, _ in code_cells)),
        (*(anchor.text for _, anchor in anchors), *(code for _, code in code_cells)),
        labels,
        fields,
        heads,
        codes,
        tuple(code_cells),
        tuple(after),
        tuple(_unbound(mapping, fields, codes)),
    )


def _unbound(
    mapping: TableMapping, fields: Mapping[Path, str], codes: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    for block in mapping.blocks:
        if isinstance(block, Form) and block.labels:
            yield from between([fields[f.path] for f in block.fields if f.path in fields])
        elif isinstance(block, Codes):
            for pane in block.panes:
                yield from between(in_column(codes[block.name].values(), pane.amount.left))


def in_column(refs: Iterable[str], column: int) -> list[str]:
    """The cells that stand in a column."""
    return [ref for ref in refs if split_ref(ref)[1] == column]


def between(refs: Iterable[str]) -> Iterator[str]:
    """The cells in the columns of `refs`, from the first of their rows to the last, that are not of them."""
    places = {split_ref(ref) for ref in refs}
    rows = [row for row, _ in places]
    for column in sorted({column for _, column in places}):
        for row in range(min(rows), max(rows) + 1):
            if (row, column) not in places:
                yield make_ref(row, column)


def _anchors(mapping: TableMapping) -> Iterator[Anchor]:
    """All anchors of a mapping but the title and the codes, in the template's rows."""
    yield from mapping.header
    for block in mapping.blocks:
        if isinstance(block, Form):
            for cell in block.cells:
                yield cell.label
            yield from block.label_anchors
        elif isinstance(block, ListBlock) and block.total:
            yield block.total.label


def _addresses(mapping: TableMapping, growth: Growth) -> tuple[dict[Path, str], dict[str, str]]:
    """The cells of fields and of heads, those of lists left out."""
    fields: dict[Path, str] = {}
    heads: dict[str, str] = {}
    for block in mapping.blocks:
        if isinstance(block, Form):
            for cell in block.cells:
                ref = make_ref(moved(growth, cell.range.top), cell.range.left)
                if cell.head:
                    heads[cell.name] = ref
                else:
                    fields[cell.path] = ref
            for row, name in block.placed_rows:
                for column in block.columns_of(row):
                    ref = make_ref(moved(growth, row), column.left)
                    fields[block.path_of(name, column.name)] = ref
    return fields, heads

"""The money unit of a recognised table: as a line prints it, or as heads and labels have it in brackets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from xltool.core.amounts import PERCENT, UNITS
from xltool.mapping.blocks import Block, Codes, Form, ListBlock
from xltool.mapping.cells import Cells
from xltool.mapping.headlines import match_line, open_unit
from xltool.mapping.model import Line
from xltool.mapping.recognition.vocabulary.keys import bare, header_unit
from xltool.ooxml import Range


def printed_unit(cells: Cells, lines: Sequence[Line]) -> str | None:
    """The unit that a line of the sheet names: 元, 万元, or its words."""
    for line in lines:
        if "{金额单位}" in line.pattern:
            text = cells.text(line.range.top, line.range.left) or ""
            found = match_line(line.pattern, text) or open_unit(line.pattern, text)
            if found is not None:
                return found["金额单位"]
    return None


def fixed_unit(cells: Cells, area: Range, blocks: Sequence[Block], *, card: bool) -> str | None:
    """The unit that heads (and on a card labels) name, where no line does; None where some name none.

    Where each names its own the sheet has none that counts: it is said to have the one that most have.
    """
    columns = [
        c for b in blocks if not isinstance(b, Codes) for c in b.columns if c.kind == "amount"
    ]
    places = [c for b in blocks if isinstance(b, Form) for c in b.cells if c.kind == "amount"]
    units: Counter[str | None] = Counter([c.unit for c in columns] + [c.unit for c in places])
    if card:
        units = Counter(_label_units(cells, area, blocks))
    if not units or not units.keys() <= {*UNITS} or (card and len(units) > 1):
        return None
    return max(units, key=lambda unit: units[unit])


def says_percent(head: str) -> bool:
    """Whether a head says that its figures are percents: 执行率（%）."""
    return bare(head).endswith("(%)")


def percent_unit(cells: Cells, refs: Sequence[str]) -> str | None:
    """Of ratios under such a head: "%"; "" where the cells say it themselves; None where 0.95 may be either."""
    values = [value for ref in refs if (value := cells.sheet.value(ref)) is not None]
    if any("%" in str(v) for v in values) or any("%" in cells.sheet.number_format(r) for r in refs):
        return ""
    figures = [value for value in values if isinstance(value, Decimal) and value]
    return None if figures and all(abs(value) <= 1 for value in figures) else PERCENT


def _label_units(cells: Cells, area: Range, blocks: Sequence[Block]) -> Iterator[str]:
    lists = {row for b in blocks if isinstance(b, ListBlock) for row in range(b.first, b.last + 1)}
    for row in cells.rows:
        if area.top <= row <= area.bottom and row not in lists:
            for _, text in cells.texts(row, area.left, area.right):
                if (unit := header_unit(text)) is not None:
                    yield unit


def in_unit(block: Block, unit: str | None) -> Block:
    """A block without the rows and cells whose labels name another money unit than the sheet's."""
    if not isinstance(block, Form):
        return block
    return replace(
        block,
        rows=tuple(row for row in block.rows if header_unit(row.texts[0]) in (None, unit)),
        cells=tuple(c for c in block.cells if header_unit(c.label.text) in (None, unit)),
    )

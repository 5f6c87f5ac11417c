"""Adjustments that would make the sum what the department's book says: a proposal for people, never applied unasked.

What the department has struck out is mostly 内部往来: what one unit pays another stands in the income of one and
the expenses of the other. A difference that a slip explains (a unit left out, ten times too much) is no
adjustment, unless the same amount was struck out on the other side; neither is one that follows from a lower row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xltool.core.model import CODE, NAME
from xltool.sums.addition import Addition
from xltool.sums.cells import CellKey, kind_of, listed
from xltool.sums.comparison import Difference, SumComparison

Raw = dict[str, Any]
_SURE = 1
"""Slips of this weight or less are more likely than an adjustment."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Cells to adjust, and those that look like mistakes instead. `both`: amounts that stand in several cells."""

    cells: Sequence[Difference]
    mistakes: Sequence[Difference]
    both: Mapping[Decimal, Sequence[Difference]]


def suggest(found: SumComparison, result: Addition) -> Suggestion:
    """What to adjust, so that the sum agrees with the department's book."""
    lowest = [
        d
        for d in found.differences
        if (d.origin is None or _is_form_total(d, result)) and _own(d, found, result)
    ]
    mistakes = [d for d in lowest if any(cause.weight <= _SURE for cause in d.causes)]
    cells = [d for d in lowest if d not in mistakes]
    # what has its like on the other side was struck out, though it looks as if a unit had been left out
    sides = {(d.spot.table, d.spot.path[0], d.difference) for d in cells}
    struck = [d for d in mistakes if d.difference < 0 and _has_partner(d, sides)]
    mistakes = [d for d in mistakes if d not in struck]
    cells = [d for d in lowest if d in struck or d in cells]
    amounts = Counter(d.difference for d in cells)
    both = {
        amount: [d for d in cells if d.difference == amount]
        for amount, count in amounts.items()
        if count > 1 and kind_of(result.specs[cells[0].spot.table], cells[0].spot.path) == "amount"
    }
    return Suggestion(cells, mistakes, both)


def _is_form_total(difference: Difference, result: Addition) -> bool:
    """Whether a cell belongs to no list: a form without formulas does not add it up from what is adjusted."""
    spec, path = result.specs[difference.spot.table], difference.spot.path
    totals = {rows.total for rows in spec.lists.values()}
    return not listed(spec, path) and path[0] not in totals


def _has_partner(difference: Difference, sides: set[tuple[str, str, Decimal]]) -> bool:
    spot = difference.spot
    return any(
        table == spot.table and side != spot.path[0] and amount == difference.difference
        for table, side, amount in sides
    )


def _own(difference: Difference, found: SumComparison, result: Addition) -> bool:
    """Whether a cell is typed in and follows from no other: neither by a formula nor from lower rows that differ."""
    spot = difference.spot
    if difference.cell is not None:
        sheet, ref = difference.cell
        if found.department.reading.workbook.sheet(sheet).formula(ref) is not None:
            return False
    if not listed(result.specs[spot.table], spot.path):
        return True
    list_name, code, column = spot.path
    return not any(
        other.spot.table == spot.table
        and other.spot.path[0] == list_name
        and other.spot.path[-1] == column
        and len(other.spot.path) == len(spot.path)
        and other.spot.path[1] != code
        and other.spot.path[1].startswith(code)
        for other in found.differences
    )


def document(suggestion: Suggestion, result: Addition, name: str = "抵销（建议）") -> Raw:
    """The suggestion as an adjustment: a data document with only what is to be changed. `name`: whose it is."""
    tables: Raw = {}
    for difference in suggestion.cells:
        spot = difference.spot
        table = tables.setdefault(spot.table, {})
        if listed(result.specs[spot.table], spot.path):
            _row(table, spot, result)[spot.path[2]] = difference.difference
        else:
            place = table
            for key in spot.path[:-1]:
                place = place.setdefault(key, {})
            place[spot.path[-1]] = difference.difference
    return {
        "版本": result.edition.id,
        "单位名称": name,
        "年度": result.year,
        "金额单位": result.unit,
        "表": tables,
    }


def _row(table: Raw, spot: CellKey, result: Addition) -> Raw:
    list_name, code, _ = spot.path
    rows: list[Raw] = table.setdefault(list_name, [])
    for row in rows:
        if row[CODE] == code:
            return row
    name = result.names.get((spot.table, list_name, code))
    rows.append({CODE: code, NAME: name} if name else {CODE: code})
    return rows[-1]

"""What several differing cells of a department's book tell together: a row under another code, sums of a wrong row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from xltool.core.model import TableSpec
from xltool.sums.cells import CellKey, Cells, listed
from xltool.sums.formtotals import Parts
from xltool.sums.slips import UnitSlip

Gaps = Mapping[CellKey, Decimal]
"""The differences, by cell."""
RowPattern = tuple[str, str, str]
"""Table, list, 科目编码."""


def recoded(
    own: Cells, total: Cells, spots: Iterable[CellKey], specs: Mapping[str, TableSpec]
) -> dict[CellKey, UnitSlip]:
    """Rows that the book has under a code of no unit, with exactly the figures of a code that it lacks."""
    here, there = _rows(own, specs), _rows(total, specs)
    extra = {key: row for key, row in here.items() if key not in there and any(row.values())}
    moved: dict[RowPattern, str] = {}
    for key, row in there.items():
        if key in here:
            continue
        twins = [other for other in extra if other[:2] == key[:2] and extra[other] == row]
        if len(twins) == 1:
            moved[key] = f"写在了科目编码 {twins[0][2]} 的行里"
            moved[twins[0]] = f"应写在科目编码 {key[2]} 的行里"
    keys = {spot: _row_key(spot, specs) for spot in spots}
    return {spot: UnitSlip(None, moved[key], 0) for spot, key in keys.items() if key in moved}


def _rows(cells: Cells, specs: Mapping[str, TableSpec]) -> dict[RowPattern, dict[str, Decimal]]:
    rows: dict[RowPattern, dict[str, Decimal]] = defaultdict(dict)
    for spot, value in cells.items():
        if listed(specs[spot.table], spot.path):
            rows[_row_key(spot, specs)][spot.path[2]] = value
    return rows


def _row_key(spot: CellKey, specs: Mapping[str, TableSpec]) -> RowPattern:
    """Table, list and code; of a cell outside of lists a key without a code."""
    path = spot.path if listed(specs[spot.table], spot.path) else ("", "")
    return spot.table, path[0], path[1]


def origin(
    spot: CellKey, gaps: Gaps, specs: Mapping[str, TableSpec], parts: Parts
) -> CellKey | None:
    """The lowest row under a 类, 款 or 合计, or part of a total, that differs by just as much: its difference comes
    from there. `parts`: what is added up to the totals of the form.
    """
    found, left = spot, dict(gaps)
    while found in left:
        gap = left.pop(found)
        below = [other for other in _below(found, left, specs) if left[other] == gap]
        added = [other for other in parts.get(found, ()) if left.get(other) == gap]
        low = max(below, key=lambda other: len(other.path[1]), default=None)
        found = low or next(iter(added), found)
    return None if found == spot else found


def _below(spot: CellKey, gaps: Gaps, specs: Mapping[str, TableSpec]) -> Iterator[CellKey]:
    spec = specs[spot.table]
    for other in gaps:
        if other.table != spot.table or not listed(spec, other.path):
            continue
        list_name, code, column = other.path
        if column != spot.path[-1]:
            continue
        if listed(spec, spot.path):
            if list_name == spot.path[0] and code.startswith(spot.path[1]):
                yield other
        elif spec.lists[list_name].total == spot.path[0]:
            yield other

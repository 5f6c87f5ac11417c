"""The totals that a form prints besides its lists (本年收入合计, 总计), and the cells that the rules add up to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from xltool.core.model import Report
from xltool.core.places import FieldPlace
from xltool.editions import Edition
from xltool.entry.ruleresults import RuleResults
from xltool.rules.load import load_rules
from xltool.rules.model import Result
from xltool.sums.cells import CellKey

_FEWEST = 2
"""So many cells at least make a total: two totals that are to be alike make none."""
Parts = Mapping[CellKey, Sequence[CellKey]]


def form_totals(report: Report, edition: Edition) -> Parts:
    """The cells that are added up to each total, all of its own table."""
    found: dict[CellKey, list[CellKey]] = defaultdict(list)
    for result in RuleResults([load_rules(edition)], report, edition).all():
        for total, parts in _added_up(result):
            found[total] += parts
    return found


def _added_up(result: Result) -> Iterator[tuple[CellKey, list[CellKey]]]:
    left, right = (side.leaves if side else () for side in (result.left, result.right))
    if result.operator != "=" or len(left) != 1 or len(right) < _FEWEST:
        return
    total = left[0].place
    if isinstance(total, FieldPlace):
        added = [leaf.place for leaf in right if leaf.sign > 0 and leaf.place.table == total.table]
        parts = [
            CellKey(place.table, place.path) for place in added if isinstance(place, FieldPlace)
        ]
        yield CellKey(total.table, total.path), parts

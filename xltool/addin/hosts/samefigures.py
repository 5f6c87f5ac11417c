"""Whether a workbook holds the figures that were written into it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.core.model import Value
from xltool.core.places import Place, places
from xltool.core.problems import Problem
from xltool.reading import Reading

_FINEST = Decimal("0.000001")
"""元 in a form in 万元; finer differences are those of the binary sums that Excel works out anew."""


def differences(wanted: Reading, there: Reading) -> Iterator[Problem]:
    """Every cell of the report whose value is not the one wanted, in the order of the form."""
    ours, theirs = dict(places(wanted.report)), dict(places(there.report))
    for place in dict.fromkeys([*ours, *theirs]):
        if not _same(ours.get(place), theirs.get(place)):
            sheet, ref = _cell(place, wanted, there)
            told = f"现在是{_shown(theirs.get(place))}，与写进去的不同（应是{_shown(ours.get(place))}）"
            yield Problem(f"“{sheet}”{ref}", told, "请核对这一格", code="not-proved")


def _cell(place: Place, wanted: Reading, there: Reading) -> tuple[str, str]:
    return there.places[place] if place in there.places else wanted.places[place]


def _same(ours: Value | None, theirs: Value | None) -> bool:
    if isinstance(ours, Decimal) and isinstance(theirs, Decimal):
        return abs(ours - theirs) < _FINEST
    return ours == theirs


def _shown(value: Value | None) -> str:
    return "空白" if value is None else f"“{value}”" if isinstance(value, str) else f"{value:f}"

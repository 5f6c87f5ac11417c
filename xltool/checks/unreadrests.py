"""Rules about a table of which a part was not read: 续表 on another sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from xltool.core.model import Report
from xltool.core.places import Place, RowPlace
from xltool.rules.model import Result


def unread_rests(report: Report) -> dict[str, str]:
    """Of each table that goes on in a part that was not read: the title of that part."""
    return {table: unread.table for unread in report.unread for table in unread.rest_of}


def without_rest(result: Result, rests: Mapping[str, str]) -> Result:
    """A failure for want of the rows that stand in a part of a table that was not read is none.

    What the figures of one row say of each other stands, and what those of totals and of other tables do.
    """
    if result.outcome != "不符" or not rests:
        return result
    sides = [side for side in (result.left, result.right) if side]
    rows = {_row(leaf.place) for side in sides for leaf in side.leaves}
    cut = sorted({row.table for row in rows} & rests.keys())
    of_lists = any(isinstance(row, RowPlace) and row.table in rests for row in rows)
    told = all(side.leaves for side in sides) and not of_lists
    if not cut or len(rows) == 1 or told:
        return result
    return replace(result, outcome="数据不足", reason=f"“{rests[cut[0]]}”没有读")


def _row(place: Place) -> Place:
    """The row in which a figure stands."""
    if isinstance(place, RowPlace):
        return place._replace(column="")
    return place._replace(path=place.path[:-1])

"""Rules about a table of which a part was not read: 续表 on another sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from xltool.core.model import Report
from xltool.core.places import Place, RowPlace
from xltool.rules.model import Result
from xltool.rules.syntax import Node, heads_of, variables_of


def unread_rests(report: Report) -> dict[str, str]:
    """Of each table that goes on in a part that was not read: the title of that part."""
    return {table: unread.table for unread in report.unread for table in unread.rest_of}


def without_rest(result: Result, rests: Mapping[str, str], tables: Mapping[str, str]) -> Result:
    """A failure for want of the rows that stand in a part of a table that was not read is none.

    What the figures of one row say of each other stands, and what those of totals and of other tables do.
    `tables` are the short names of the rules.
    """
    if result.outcome != "不符" or not rests:
        return result
    sides = [(result.left, result.left_node), (result.right, result.right_node)]
    rows = {_row(leaf.place) for side, _ in sides if side for leaf in side.leaves}
    silent = [node for side, node in sides if side and node and not side.leaves]
    about = {row.table for row in rows if isinstance(row, RowPlace)}
    about |= {table for node in silent for table in _tables(node, result, tables)}
    cut = sorted(about & rests.keys())
    if not cut or (len(rows) == 1 and not silent):
        return result
    return replace(result, outcome="数据不足", reason=f"“{rests[cut[0]]}”没有读")


def _row(place: Place) -> Place:
    """The row in which a figure stands."""
    if isinstance(place, RowPlace):
        return place._replace(column="")
    return place._replace(path=place.path[:-1])


def _tables(node: Node, result: Result, tables: Mapping[str, str]) -> Iterator[str]:
    """The tables that an expression asks: of a row that is not there it has no figure."""
    yield from (tables.get(head, "") for head in heads_of(node))
    keys = result.variables.keys
    yield from (keys[name].table for name in variables_of(node) if name in keys)

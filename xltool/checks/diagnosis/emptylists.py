"""Lists without a row whose sum comparisons ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from xltool.checks.diagnosis.model import EmptyList
from xltool.core.model import Report
from xltool.core.places import ListPlace
from xltool.rules.keys import TableKey
from xltool.rules.model import Result
from xltool.rules.syntax import Arithmetic, Call, Node, Piece, Reference


def empty_lists(
    results: Sequence[Result], report: Report, tables: Mapping[str, str]
) -> list[EmptyList]:
    """Lists without a row whose sum failures ask for, by themselves or through a total that holds.

    `tables` are the short names of the rules.
    """
    asked = {n: key for n, r in enumerate(results) if (key := _asked(r, report, tables))}
    totals = {
        side.leaves[0].place: key
        for n, key in asked.items()
        for side in (results[n].left, results[n].right)
        if side and len(side.leaves) == 1 and results[n].outcome != "不符"
    }
    found: dict[ListPlace, list[int]] = defaultdict(list)
    for number, result in enumerate(results):
        if result.outcome != "不符":
            continue
        sides = [side for side in (result.left, result.right) if side]
        through = (totals.get(leaf.place) for side in sides for leaf in side.leaves)
        if key := asked.get(number) or next(filter(None, through), None):
            found[key].append(number)
    return [EmptyList(*key, tuple(mends)) for key, mends in found.items()]


def _asked(result: Result, report: Report, tables: Mapping[str, str]) -> ListPlace | None:
    """The list without rows that a comparison adds up."""
    for side in (result.left_node, result.right_node):
        if side and (key := _empty(side, result, report, tables)):
            return key
    return None


def _empty(
    node: Node, result: Result, report: Report, tables: Mapping[str, str]
) -> ListPlace | None:
    """The list without rows that an expression adds up."""
    match node:
        case Call("rows", (Reference(head, (Piece(name),)), *_)):
            bound = result.variables.keys.get(head.text)
            at = (
                bound
                if isinstance(bound, TableKey)
                else TableKey(False, tables.get(head.text, ""), 0)
            )
            instances = report.tables.get(at.table, [])
            table = instances[at.instance] if at.instance < len(instances) else None
            blank = table is not None and not at.prior and not table.lists.get(name)
            return ListPlace(at.table, at.instance, name) if blank else None
        case Call():
            inner: Sequence[Node] = node.arguments
        case Arithmetic():
            inner = [node.first, *(operand for _, operand in node.rest)]
        case _:
            inner = ()
    return next((key for n in inner if (key := _empty(n, result, report, tables))), None)

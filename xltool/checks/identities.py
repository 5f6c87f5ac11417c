"""勾稽关系: the rules, evaluated; failures told with both sides, and the likeliest slip."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from xltool.checks.context import Context
from xltool.checks.diagnosis.computed import BookCells
from xltool.checks.diagnosis.roots import RootCause
from xltool.checks.diagnosis.wrongunit import tables_of
from xltool.checks.findings import Finding
from xltool.checks.lacking import LackWording
from xltool.checks.resultwording import ResultWording
from xltool.rules.model import Result

if TYPE_CHECKING:
    from xltool.checks.diagnosis.model import Cause


def findings(context: Context, roots: Sequence[RootCause] = ()) -> Iterator[Finding]:
    """Failures, residuals, and what could not be evaluated; of one cause together, causes first.

    What follows from one of the `roots` is told under it.
    """
    cells = BookCells(context)
    wording = ResultWording(context, cells)
    failed = [result for result in context.results if result.outcome == "不符"]
    for root in roots:
        if root.cause is not None:
            yield root.cause
        for result in root.results:
            yield root.mark(wording.failure(result, None, root.group))
    told = {id(result) for root in roots for result in root.results}
    misplaced = wording.misplaced() if failed else set()
    rest = [r for r in context.results if id(r) not in told]
    if misplaced:
        rest = [r for r in rest if not tables_of(r) & misplaced]
    causes = _causes(wording, rest, cells)
    cause_of = {id(rest[n]): g for g, cause in enumerate(causes) for n in cause.mends}
    remarks = _remarks([r for r in failed if id(r) not in told and id(r) not in cause_of])
    yield from map(wording.remark, remarks)
    told |= {id(result) for results in remarks for result in results}
    for result in failed:
        if id(result) not in told:
            number = cause_of.get(id(result))
            cause = None if number is None else causes[number]
            group = 0 if number is None else len(roots) + number + 1
            yield wording.failure(result, cause, group)
    for result in context.results:
        if result.outcome == "尾差":
            yield wording.residual(result)
    yield from _insufficient(wording, context.results, roots)


def _causes(wording: ResultWording, results: Sequence[Result], cells: BookCells) -> list[Cause]:
    """What is behind the comparisons that do not hold; a book where all of them do needs no diagnosis."""
    if not any(r.outcome == "不符" and r.operator for r in results):
        return []
    from xltool.checks.diagnosis.failures import find_causes

    return find_causes(wording.context, results, cells, wording.tables)


def _remarks(failed: Sequence[Result]) -> list[list[Result]]:
    """Cells of a table that a rule only asks to be filled, where it asks for several: they are told in one line."""
    found: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in failed:
        if result.rule.level == "info" and result.left is None and result.asked:
            found[result.rule.id, result.asked[0].table].append(result)
    return [results for results in found.values() if len(results) > 1]


def _insufficient(
    wording: ResultWording, checked: Sequence[Result], roots: Sequence[RootCause]
) -> Iterator[Finding]:
    """What could not be evaluated for want of figures: one finding per rule, under the root that all of it has."""
    root_of = {id(result): root for root in roots for result in root.lacking}
    lacking: dict[str, list[Result]] = defaultdict(list)
    for result in checked:
        if result.outcome == "数据不足":
            lacking[result.rule.id].append(result)
    lacks = LackWording(wording)
    for group in lacking.values():
        finding, root = lacks.finding(group), root_of.get(id(group[0]))
        same = root is not None and all(root_of.get(id(result)) is root for result in group)
        yield root.mark(finding) if root is not None and same else finding

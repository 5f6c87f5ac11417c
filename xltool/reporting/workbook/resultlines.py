"""The lines of the result sheet: findings in the order in which they are best read, and the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Context, Decimal
from typing import NamedTuple

from xltool.checks import Validation
from xltool.checks.explanations import CUT
from xltool.checks.findings import Finding, RuleLine, Side
from xltool.core.cellref import CellRef
from xltool.reporting.issues import Numbered, arrange, cells_of
from xltool.reporting.summary import levels
from xltool.rules.model import LEVELS, OUTCOMES

ResultCell = str | Decimal | None

_CELL = Context(prec=15)
"""A cell holds 15 digits."""
_LONG = 1000


class ResultLine(NamedTuple):
    """One finding. `grouped`: others have the same cause; `first`: it is the first of them."""

    number: str
    grouped: bool
    first: bool
    word: str
    rule: str
    name: str
    table: str
    where: str
    target: CellRef | None
    cell: str
    message: str
    now: ResultCell
    should: ResultCell
    left: ResultCell
    right: ResultCell
    difference: ResultCell
    tolerance: ResultCell
    hint: str
    explanation: str

    @property
    def figures(self) -> tuple[ResultCell, ...]:
        """现为, 改为, 左方, 右方, 差额, 容差."""
        sides = (self.left, self.right, self.difference, self.tolerance)
        return (self.now, self.should, *sides)


class RuleRow(NamedTuple):
    """One rule of the ledger."""

    word: str
    rule: str
    name: str
    level: str
    counts: str
    evaluated: int
    reason: str


def finding_lines(validation: Validation, explanations: Mapping[int, str]) -> Iterator[ResultLine]:
    """A line for every finding. `explanations` are texts to show, by position in the findings."""
    arranged = arrange(validation)
    groups: list[list[Numbered]] = [problem.findings for problem in arranged.problems]
    rest: Iterable[Numbered] = (
        *arranged.explained,
        *arranged.residuals,
        *arranged.insufficient,
        *arranged.uncalculated,
    )
    groups += [[numbered] for numbered in rest]
    for number, group in enumerate(groups, 1):
        told: set[str] = set()
        for place, (index, finding) in enumerate(group, 1):
            text = explanations.get(index, finding.explanation)
            hint = f"同第 {number} 号" if finding.advice in told else finding.advice
            told.add(finding.advice or "-")
            line = _line(validation, finding, hint, text)
            if len(group) == 1:
                yield line._replace(number=str(number))
            else:
                yield line._replace(number=f"{number}-{place}", grouped=True, first=place == 1)


def _line(validation: Validation, finding: Finding, hint: str, text: str) -> ResultLine:
    target = finding.suspect or next(iter(cells_of(finding)), None)
    wrong = finding.expected is not None
    return ResultLine(
        "",
        False,
        True,
        levels(finding),
        finding.rule,
        validation.context.rule(finding.rule).name,
        finding.table,
        finding.where,
        target,
        _shown(target, finding.sheet),
        _short(finding.message),
        _stored(validation, target) if wrong else None,
        _number(finding.expected),
        _value(finding.left),
        _value(finding.right),
        _number(finding.difference),
        _number(finding.tolerance),
        _short(hint),
        text,
    )


def _stored(validation: Validation, cell: CellRef | None) -> ResultCell:
    """What stands in a cell."""
    if cell is None:
        return None
    value = validation.reading.workbook.sheet(cell[0]).value(cell[1])
    return _number(value) if isinstance(value, Decimal) else None if value is None else str(value)


def _shown(target: CellRef | None, home: str) -> str:
    if target is None:
        return ""
    sheet, ref = target
    return ref if sheet == home else f"{ref} {sheet}"


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}{CUT}"


def _value(side: Side | None) -> ResultCell:
    if side is None or side.value is None:
        return None
    return _number(side.value) if isinstance(side.value, Decimal) else str(side.value)


def _number(value: Decimal | None) -> Decimal | None:
    return None if value is None else _CELL.plus(value)


def rule_rows(validation: Validation) -> list[RuleRow]:
    """The ledger, the worst outcomes first."""
    lines = sorted(validation.ledger.lines.values(), key=lambda line: OUTCOMES.index(line.outcome))
    return [
        RuleRow(
            line.outcome,
            line.rule.id,
            line.rule.name,
            LEVELS[line.rule.level],
            _counts(line),
            line.evaluated,
            line.reason,
        )
        for line in lines
    ]


def _counts(line: RuleLine) -> str:
    return "，".join(f"{o} {line.counts[o]}" for o in OUTCOMES if line.counts.get(o))

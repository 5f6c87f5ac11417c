"""Findings arranged for a reader: what has one cause stands together, the worst first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from xltool.checks import Validation
from xltool.checks.findings import Finding
from xltool.core.cellref import CellRef
from xltool.rules.model import Level

UNCALCULATED = "F-07"
"""The rule whose findings say which formulas could not be recalculated: unchecked, not wrong."""

_WEIGHT: dict[Level, int] = {"error": 0, "warning": 1, "info": 2}

Numbered = tuple[int, Finding]
"""A finding with its position among the findings of its validation."""


@dataclass(slots=True)
class Issue:
    """Failures that are best read together: of one suspect cell, or of one rule.

    `expected` is the figure of the suspect that would mend them, known within `margin`; None when no single cell
    explains them.
    """

    number: int
    suspect: CellRef | None
    expected: Decimal | None
    margin: Decimal | None = None
    findings: list[Numbered] = field(default_factory=list)

    @property
    def level(self) -> Level:
        """The level of its worst finding."""
        return min((f.level for _, f in self.findings), key=_WEIGHT.__getitem__)

    @property
    def mark(self) -> Level:
        """How its cells are marked."""
        return min((f.mark for _, f in self.findings), key=_WEIGHT.__getitem__)

    @property
    def cells(self) -> Iterable[CellRef]:
        """Every cell of its findings."""
        return dict.fromkeys(cell for _, f in self.findings for cell in cells_of(f))


@dataclass(slots=True)
class Arrangement:
    """All findings of a validation, each in one place."""

    problems: list[Issue]
    explained: list[Numbered]
    residuals: list[Numbered]
    insufficient: list[Numbered]
    uncalculated: list[Numbered]


def cells_of(finding: Finding) -> Iterable[CellRef]:
    """Every cell that a finding names, its suspect first."""
    sides = [cell for side in (finding.left, finding.right) if side for cell in side.cells]
    first = [finding.suspect] if finding.suspect else []
    return dict.fromkeys([*first, *finding.cells, *sides])


def arrange(validation: Validation) -> Arrangement:
    """Arrange the findings. Failures that have been explained, and what was not checked, stand apart."""
    numbered = list(enumerate(validation.findings))
    failed = [(n, f) for n, f in numbered if f.failed and f.rule != UNCALCULATED]
    return Arrangement(
        _problems(failed),
        [(n, f) for n, f in numbered if f.outcome == "不符" and f.settled],
        [(n, f) for n, f in numbered if f.outcome == "尾差"],
        [(n, f) for n, f in numbered if f.outcome not in ("不符", "尾差")],
        [(n, f) for n, f in numbered if f.failed and f.rule == UNCALCULATED],
    )


def _problems(failed: list[Numbered]) -> list[Issue]:
    by_group: dict[int, Issue] = {}
    for n, f in failed:
        if f.group:
            new = Issue(0, f.suspect, f.expected, f.tolerance)
            problem = by_group.setdefault(f.group, new)
            problem.findings.append((n, f))
            if f.tolerance is not None and problem.margin is not None:
                problem.margin = min(problem.margin, f.tolerance)
    of_suspect = {p.suspect: p for p in reversed(by_group.values()) if p.suspect}
    by_rule: dict[tuple[str, Level], Issue] = {}
    for n, f in failed:
        if f.group:
            continue
        same = of_suspect.get(f.cells[0]) if len(f.cells) == 1 else None
        (same or by_rule.setdefault((f.rule, f.level), Issue(0, None, None))).findings.append(
            (n, f)
        )
    found = [*by_group.values(), *by_rule.values()]
    found.sort(key=lambda p: (_WEIGHT[p.level], p.suspect is None, p.findings[0][0]))
    for number, problem in enumerate(found, 1):
        problem.number = number
    return found

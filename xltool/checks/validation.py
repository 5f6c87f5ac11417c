"""What validating one workbook gives: its findings, the ledger of what was checked, the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from xltool.checks.context import Context
from xltool.checks.explaining import explain, remarked
from xltool.checks.explanations import Explanation
from xltool.checks.findings import Finding, Ledger, Verdict, verdict
from xltool.checks.terms import Terms
from xltool.core.problems import Problem
from xltool.reading import Reading


@dataclass(slots=True)
class Validation:
    """What validating one workbook gave.

    `unused` are explanations that belong to none of its findings; `notes` is what kept none of the checks from
    being made, but should be known.
    """

    reading: Reading
    findings: list[Finding]
    ledger: Ledger
    context: Context
    unused: list[Explanation] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    terms: Terms = field(default_factory=Terms)

    @property
    def verdict(self) -> Verdict:
        """合格, 不合格 or 未完成审核."""
        return verdict(self.findings, self.ledger)


def settle(validation: Validation, explanations: Sequence[Explanation]) -> None:
    """Attach explanations to the findings of a validation; those that settle nothing become hints."""
    for n, finding in remarked(validation.findings, explanations).items():
        validation.findings[n] = finding
    settle_explained(validation, explain(validation.findings, explanations))


def settle_explained(validation: Validation, explanations: Mapping[int, str]) -> None:
    """Attach explanations (by position in the findings); what can be explained is settled."""
    for index, text in explanations.items():
        validation.findings[index] = replace(validation.findings[index], explanation=text)
    told = [finding for finding in validation.findings if finding.explainable]
    still = {finding.rule for finding in told if not finding.settled}
    for rule_id in {finding.rule for finding in told} - still:
        validation.ledger.settle(rule_id)

"""Validation: every check on one workbook, the ledger of what was checked, the verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from xltool.checks import cells, codes, formulas, identities, structure
from xltool.checks.context import Context
from xltool.checks.diagnosis.roots import find_roots, grouped
from xltool.checks.findings import Finding, Ledger, Verdict, verdict
from xltool.core.problems import InputError, Problem
from xltool.core.texts import did_you_mean
from xltool.editions import Edition
from xltool.ooxml import WorkbookError
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading import Reading, Source, examine
from xltool.rules.load import load_rules
from xltool.rules.lookup import Lookup
from xltool.rules.model import Outcome

CHECKS: Mapping[str, Callable[[Context], Iterator[Finding]]] = {
    "structure": structure.check,
    "cells": cells.check,
    "codes": codes.check,
    "formulas": formulas.check,
}
NAMES = (*CHECKS, "identities")
_LEVELS = {"error": 0, "warning": 1, "info": 2}


@dataclass(slots=True)
class Validation:
    """What validating one workbook gave."""

    reading: Reading
    findings: list[Finding]
    ledger: Ledger
    context: Context

    @property
    def verdict(self) -> Verdict:
        """合格, 不合格 or 未完成审核."""
        return verdict(self.findings, self.ledger)


def validate(
    source: Source,
    edition: Edition | None = None,
    *,
    rules: tuple[Path, ...] = (),
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
    prior: Lookup | None = None,
    summed: int = 1,
) -> Validation:
    """Check a workbook. Raises `InputError` when it cannot be read at all.

    `only` and `skip` name checks or rule ids; what is left out is 未执行 in the ledger. `rules` are further
    rule files, `prior` is last year's report, `summed` the number of units that a sum of printed figures adds.
    """
    return validate_reading(
        examine(source, edition), rules=rules, only=only, skip=skip, prior=prior, summed=summed
    )


def validate_reading(
    reading: Reading,
    *,
    rules: tuple[Path, ...] = (),
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
    prior: Lookup | None = None,
    summed: int = 1,
) -> Validation:
    """As `validate`, for a workbook that has been read.

    Raises `InputError` when a part that reading did not need is damaged.
    """
    context = Context(reading, load_rules(reading.edition, rules), prior, summed)
    wanted = _Choice(context, frozenset(only), frozenset(skip))
    try:
        found = _findings(context, wanted)
        return Validation(reading, found, _ledger(context, wanted, found), context)
    except WorkbookError as error:
        raise InputError(workbook_problem(error)) from error


def _findings(context: Context, wanted: _Choice) -> list[Finding]:
    found: list[Finding] = []
    for name, check in CHECKS.items():
        if wanted.any_of(name):
            found += [f for f in check(context) if wanted.rule(f.rule)]
    roots = find_roots(context, found)
    found = grouped(roots, found)
    found += [f for f in identities.findings(context, roots) if wanted.rule(f.rule)]
    return sorted(found, key=_order)


def _order(finding: Finding) -> tuple[int, int, int]:
    """Failures by level first, those of one cause together, the widest cause first; then the rest."""
    failed = 0 if finding.outcome == "不符" else 1
    return failed, _LEVELS[finding.level], finding.group or 1 << 30


class _Choice:
    """Which rules are to be checked."""

    def __init__(self, context: Context, only: frozenset[str], skip: frozenset[str]) -> None:
        rules = context.rules.rules
        for name in only | skip:
            if name not in NAMES and name not in rules:
                hint = did_you_mean(name, (*NAMES, *rules))
                raise InputError(Problem(name, "没有这项检查，也没有这条规则", hint))
        self._check_of = {id_: rule.check or "identities" for id_, rule in rules.items()}
        self._only, self._skip = only, skip

    def rule(self, rule_id: str) -> bool:
        """Whether a rule was chosen, by itself or through its check."""
        names = {rule_id, self._check_of[rule_id]}
        return (not self._only or bool(names & self._only)) and not names & self._skip

    def any_of(self, check: str) -> bool:
        """Whether any rule of a check was chosen."""
        return any(self.rule(id_) for id_, name in self._check_of.items() if name == check)


def _ledger(context: Context, wanted: _Choice, found: list[Finding]) -> Ledger:
    outcomes: dict[str, list[Outcome]] = defaultdict(list)
    reasons: dict[str, str] = {}
    for result in context.results:
        outcomes[result.rule.id].append(result.outcome)
        if result.reason and result.outcome in ("未执行", "数据不足", "不适用"):
            reasons.setdefault(result.rule.id, result.reason)
    for finding in found:
        if context.rule(finding.rule).check:
            outcomes[finding.rule].append(finding.outcome)
    for rule_id, (outcome, reason) in context.unchecked.items():
        outcomes[rule_id].append(outcome)
        reasons.setdefault(rule_id, reason)
    ledger = Ledger()
    for rule_id, rule in context.rules.rules.items():
        if not wanted.rule(rule_id):
            ledger.enter(rule, ["未执行"], "没有选这项检查")
        elif rule.check and not outcomes[rule_id]:
            ledger.enter(rule, ["通过"])
        else:
            ledger.enter(rule, outcomes[rule_id], reasons.get(rule_id, ""))
    return ledger


def settle_explained(validation: Validation, explanations: Mapping[int, str]) -> None:
    """Attach explanations (by position in the findings); explained warnings are settled."""
    for index, text in explanations.items():
        validation.findings[index] = replace(validation.findings[index], explanation=text)
    still: dict[str, int] = defaultdict(int)
    explained: dict[str, int] = defaultdict(int)
    for finding in validation.findings:
        if finding.outcome == "不符" and finding.level == "warning":
            (explained if finding.settled else still)[finding.rule] += 1
    for rule_id in explained:
        if not still[rule_id]:
            validation.ledger.settle(rule_id)

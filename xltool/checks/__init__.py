"""Validation: every check on one workbook, the ledger of what was checked, the verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.checks import cells, codes, formulas, identities, printing, structure
from xltool.checks.context import Context
from xltool.checks.diagnosis.roots import find_roots, grouped
from xltool.checks.explaining import of_unit, unused
from xltool.checks.explanations import Explained, Explanation, as_explanations, written_explanations
from xltool.checks.external import External, as_external
from xltool.checks.findings import Finding, Ledger
from xltool.checks.terms import Terms, require_plausible
from xltool.checks.unittypes import unit_type_of
from xltool.checks.validation import Validation, settle
from xltool.core.collector import collecting_nothing
from xltool.core.model import Report
from xltool.core.paths import AnyPath
from xltool.core.problems import InputError, Problem
from xltool.core.texts import did_you_mean
from xltool.editions import EditionLike
from xltool.ooxml import WorkbookError
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading import Reading, Source, examine
from xltool.rules.changes import changes
from xltool.rules.env import Roundings
from xltool.rules.load import load_rules, official_rules
from xltool.rules.lookup import Lookup
from xltool.rules.model import NOT_CHOSEN, Outcome

if TYPE_CHECKING:
    from xltool.checks.prior import Prior

__all__ = ["CHECKS", "NAMES", "Validation", "validate"]

CHECKS: Mapping[str, Callable[[Context], Iterator[Finding]]] = {
    "structure": structure.check,
    "cells": cells.check,
    "printing": printing.check,
    "codes": codes.check,
    "formulas": formulas.check,
}
NAMES = (*CHECKS, "identities")
_LEVELS = {"error": 0, "warning": 1, "info": 2}


@collecting_nothing()
def validate(
    source: Source | Reading,
    edition: EditionLike | None = None,
    *,
    prior: Prior | None = None,
    explanations: Explained | None = None,
    unit_type: str | None = None,
    rules: AnyPath | Iterable[AnyPath] = (),
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
    summed: int = 1,
    roundings: Roundings | None = None,
    external: External | None = None,
    external_unit: str | None = None,
    together: Iterable[Source | Reading] | None = None,
) -> Validation:
    """Check a workbook: the one way to do it, behind every command, button and page.

    `source` is a path, the bytes of a workbook, an open file, an openpyxl workbook, or a `Reading` of one.
    `edition` is an id, a folder or an `Edition`; without it the edition is recognised.

    `prior` is last year's workbook, data document or `Report`. `explanations` are those of a file (see
    `load_explanations`) or in a sequence; what is written in the workbook's own result sheet counts too.
    `unit_type` is the 单位类型 of a form that does not print it, or a list of units that tells it.
    `rules` are further rule files. `only` and `skip` name checks or rule ids to be told: all are made, but what is
    not told is 未执行 in the ledger. `summed` is the
    number of units of which a book adds the printed figures; where the addends are known, `roundings` tells which
    of them were rounded, and takes its place. `external` are files (or loaded tables) that rules ask as
    `外部.表.栏目`; `external_unit` is the money unit, 元 or 万元, of those that print none. `together` are the other
    workbooks of the unit: rules that span them are judged here, and rules of one's own want what none of them has.

    Raises `InputError` when the workbook, or a file that is named beside it, cannot be read.
    """
    reading = _read(source, edition)
    untold: list[Problem] = []
    if kind := unit_type_of(unit_type, reading.report, untold):
        reading = _with_unit_type(reading, kind)
    own = load_rules(reading.edition, _paths(rules))
    require_plausible(reading.report, summed)
    terms = Terms(
        changes(own, official_rules(reading.edition)),
        summed,
        *(tuple(sorted({*n})) for n in (only, skip)),
    )
    beside = as_external(external, external_unit, own)
    context = Context(reading, own, _lookup(prior, reading.report), summed, roundings, beside)
    if together is not None:
        from xltool.checks.together import Together

        context.together = Together(reading, [*map(_read, together)])
    validation = _judged(context, terms, explanations)
    validation.notes = [*_misnamed(reading), *reading.without_edition, *untold, *validation.notes]
    return validation


def _misnamed(reading: Reading) -> Iterator[Problem]:
    """A workbook whose name is that of another kind of file: Excel asks, or refuses to open it."""
    suffix, kind = Path(reading.file).suffix.lower(), f".{reading.workbook.kind}"
    if suffix != kind and suffix in (".xlsx", ".xlsm", ".xls"):
        told = f"文件的内容是 {kind} 工作簿，后缀却是 {suffix}，Excel 会提示格式不符或打不开"
        yield Problem(reading.file, told, f"把后缀改成 {kind}", code="other-suffix")


def _read(source: Source | Reading, edition: EditionLike | None = None) -> Reading:
    return source if isinstance(source, Reading) else examine(source, edition)


def _paths(files: AnyPath | Iterable[AnyPath]) -> tuple[Path, ...]:
    return tuple(map(Path, (files,) if isinstance(files, (str, PathLike)) else files))


def _judged(context: Context, terms: Terms, explanations: Explained | None) -> Validation:
    """What the checks find, as far as it is to be told, settled by what is given and what the book says itself."""
    reading = context.reading
    wanted = _Choice(context, frozenset(terms.only), frozenset(terms.skip))
    given = as_explanations(explanations)
    mine = of_unit(given, reading.report)
    written, notes = _written(reading)
    try:
        known = _findings(context)
        found = [finding for finding in known if wanted.rule(finding.rule)]
        validation = Validation(reading, found, _ledger(context, wanted, found), context)
        settle(validation, [*mine, *written])
    except WorkbookError as error:
        raise InputError(workbook_problem(error)) from error
    used = set(mine) - set(unused(known, mine))
    validation.unused = [explanation for explanation in given if explanation not in used]
    validation.notes, validation.terms = notes, terms
    return validation


def _written(reading: Reading) -> tuple[list[Explanation], list[Problem]]:
    """The 说明 in the workbook's own result sheet; why not, when the sheet has been spoilt."""
    try:
        return written_explanations(reading), []
    except InputError as error:
        return [], [replace(p, hint="里面的说明没有读") for p in error.problems]


def _with_unit_type(reading: Reading, unit_type: str) -> Reading:
    """The reading with a 单位类型 where its form prints none; what was given stays as it is."""
    heads = {"单位类型": unit_type, **reading.report.heads}
    return replace(reading, report=replace(reading.report, heads=heads))


def _lookup(prior: Prior | None, report: Report) -> Lookup | None:
    if prior is None or isinstance(prior, Lookup):
        return prior
    from xltool.checks.prior import load_prior

    return load_prior(prior, report)


def _findings(context: Context) -> list[Finding]:
    found = [finding for check in CHECKS.values() for finding in check(context)]
    roots = find_roots(context, found)
    found = grouped(roots, found)
    found += identities.findings(context, roots)
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
                raise InputError(
                    Problem(name, "没有这项检查，也没有这条规则", hint, code="unknown-name")
                )
        self._check_of = {id_: rule.check or "identities" for id_, rule in rules.items()}
        self._only, self._skip = only, skip

    def rule(self, rule_id: str) -> bool:
        """Whether a rule was chosen, by itself or through its check."""
        names = {rule_id, self._check_of[rule_id]}
        return (not self._only or bool(names & self._only)) and not names & self._skip


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
            ledger.enter(rule, ["未执行"], NOT_CHOSEN)
        elif rule.check and not outcomes[rule_id]:
            ledger.enter(rule, ["通过"])
        else:
            ledger.enter(rule, outcomes[rule_id], reasons.get(rule_id, ""))
    return ledger

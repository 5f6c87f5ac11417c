"""The report on the terminal: compact, sheet by sheet, what to do first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import click

from xltool.checks import Validation
from xltool.checks.findings import Finding, without_table
from xltool.core.amounts import decimals, money
from xltool.core.printable import one_line
from xltool.ooxml.read.areas import areas
from xltool.reporting.issues import Issue
from xltool.reporting.summary import headline, levels, summary, unaudited
from xltool.reporting.text.sheetgroups import SheetGroup, sheet_groups
from xltool.rules.model import LEVELS, Level

_COLOURS: dict[Level, str] = {"error": "red", "warning": "yellow", "info": "blue"}
_VERDICTS = {"合格": "green", "不合格": "red", "未完成审核": "yellow"}
_RULES = 12
"""Rules that are named one by one."""
_FINE = 4
"""Decimals of a difference that are shown; of a finer one its first digit."""


def is_report(path: Path) -> bool:
    """Whether a file is a report of these lines."""
    try:
        second = path.read_text(encoding="utf-8").splitlines()[1]
    except (OSError, ValueError, IndexError):
        return False
    return second.partition("：")[0] in _VERDICTS


def lines(validation: Validation) -> Iterator[str]:
    """The report's lines, with colours that click drops where there is no terminal."""
    return map(one_line, _lines(validation))


def _lines(validation: Validation) -> Iterator[str]:
    yield click.style(headline(validation), bold=True)
    verdict = click.style(validation.verdict, fg=_VERDICTS[validation.verdict], bold=True)
    yield f"{verdict}：{summary(validation)}"
    groups = sheet_groups(validation)
    for group in groups:
        yield ""
        yield click.style(group.heading, bold=True)
        yield from _Section(group).lines()
    closing = [*_closing(validation, any(group.residuals for group in groups))]
    if closing:
        yield ""
        yield from closing


def _closing(validation: Validation, residuals: bool) -> Iterator[str]:
    """What holds for the whole workbook: what 尾差 means, what was not read, not audited, and why."""
    for unread in validation.reading.report.unread:
        yield f"没有读的表：{unread.table}（工作表“{unread.sheet}”，{unread.reason}）"
    if residuals:
        yield "尾差在四舍五入的误差以内，不算错。"
    for level, reason, rules in unaudited(validation):
        blocking = f"（{LEVELS['error']}）" if level == "error" else ""
        shown = "、".join(rules[:_RULES]) + (f" 等{len(rules)}条" if len(rules) > _RULES else "")
        yield f"没有审核{blocking}：{shown}（{reason}）"


class _Section:
    """The lines of one sheet."""

    def __init__(self, group: SheetGroup) -> None:
        self._group = group
        self._hints: set[tuple[str, str]] = set()

    def lines(self) -> Iterator[str]:
        """Failures with their causes, what was explained, residuals, what could not be compared."""
        for item in self._group.failures:
            if isinstance(item, Issue):
                yield from self._cause(item)
            else:
                yield from self._finding(item)
        for rule, residuals in self._group.residuals.items():
            yield _residuals(rule, residuals)
        for finding in self._group.rest:
            yield from self._finding(finding)

    def _cause(self, problem: Issue) -> Iterator[str]:
        """A cause, what else is wrong with its cell, and its consequences in one line."""
        findings = [finding for _, finding in problem.findings]
        grouped = [f for f in findings if f.group]
        first, *others = grouped
        if problem.suspect is not None and others:
            worst = min(grouped, key=lambda f: list(LEVELS).index(f.level))
            yield f"  {_mark(worst)} {self._short(first.hint)}"
            others = grouped
        else:
            yield from self._finding(first)
        if others:
            yield f"      {_consequences(others)}"
        for finding in findings:
            if not finding.group:
                yield from (f"    {line}" for line in self._finding(finding))
        for finding in others:
            own = (finding.hint if finding.hint != first.hint else "", finding.remark)
            if remark := "；".join(filter(None, own)):
                yield f"      {finding.rule} {remark}"

    def _finding(self, finding: Finding) -> Iterator[str]:
        shown = "" if finding.names_cells else _cells(finding)
        at = f"（{shown}）" if shown else ""
        yield f"  {_mark(finding)} {finding.rule} {self._short(finding.message)}{at}"
        hint = (finding.rule, finding.advice)
        if finding.advice and hint not in self._hints:
            self._hints.add(hint)
            yield f"      → {self._short(finding.advice)}"
        if finding.explanation:
            yield f"      说明：{finding.explanation}"

    def _short(self, text: str) -> str:
        """A text without the name of the table that stands in the heading."""
        return without_table(text, self._group.table)


def _mark(finding: Finding) -> str:
    return click.style(levels(finding), fg=_COLOURS[finding.level] if finding.failed else "blue")


def _cells(finding: Finding) -> str:
    """The cells of a finding in short, those of other sheets under the name of their sheet."""
    by_sheet: dict[str, list[str]] = {finding.sheet: []}
    for sheet, ref in finding.cells:
        by_sheet.setdefault(sheet, []).append(ref)
    return "；".join(
        areas(refs) if sheet == finding.sheet else f"{sheet}!{areas(refs)}"
        for sheet, refs in by_sheet.items()
        if refs
    )


def _consequences(findings: Sequence[Finding]) -> str:
    """因此不符：T03-01 5处、X-10 2处."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for finding in findings:
        counts[levels(finding)][finding.rule] += 1
    parts = (
        f"{word}：{'、'.join(f'{rule} {n}处' for rule, n in rules.items())}"
        for word, rules in counts.items()
    )
    return f"因此{'；'.join(parts)}"


def _residuals(rule: str, findings: Sequence[Finding]) -> str:
    """All residuals of a rule in a sheet: 尾差 X-06 12处，最大差 0.01：C9:C20."""
    largest = max(abs(f.difference or Decimal(0)) for f in findings)
    word = "最大差" if len(findings) > 1 else "差"
    refs = dict.fromkeys(f.cells[0][1] for f in findings if f.cells)
    at = f"：{areas(refs)}" if refs else ""
    return f"  {_mark(findings[0])} {rule} {len(findings)}处，{word} {_difference(largest)}{at}"


def _difference(value: Decimal) -> str:
    if decimals(value) <= _FINE:
        return money(value)
    return f"{Decimal(f'{value:.1g}'):f}" if value < 1 else money(round(value, _FINE))

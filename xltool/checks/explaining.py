"""Which findings are explained: by the 说明 that was written for the same rule, place and figures.

An explanation belongs to a rule and a place in words, and holds only while both values are what they were;
of a finding without two sides, while its message is what it was. One of a 科目编码 is given once for all tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Context, Decimal

from xltool.checks.explanations import CUT, VOID, Explanation
from xltool.checks.findings import Finding
from xltool.core.amounts import parse_number
from xltool.core.model import Report
from xltool.core.texts import norm, visible

OF_CODES = ("code-unknown", "code-outdated", "name-differs")
"""Faults of a 科目编码: what is said of one in a table holds in every table that has it."""

_OF_NOTHING = "没有写明是哪些数的（加“问题”一列，照抄问题的话），"
_CELL = Context(prec=15)


def explain(findings: Sequence[Finding], explanations: Iterable[Explanation]) -> dict[int, str]:
    """Which finding (by position) is explained by which text. Errors of figures cannot be explained."""
    return {
        n: written.text
        for n, (written, holds) in _matched(findings, explanations).items()
        if holds and findings[n].explainable and _says_something(written.text)
    }


def _says_something(text: str) -> bool:
    """Whether a text has words: a blank or a dash explains nothing."""
    return any(char.isalnum() for char in visible(text))


def remarked(
    findings: Sequence[Finding], explanations: Iterable[Explanation]
) -> dict[int, Finding]:
    """Findings with something to be known besides: an explanation that is void, an answer that settles nothing."""
    told = {}
    for n, (written, holds) in _matched(findings, explanations).items():
        finding = findings[n]
        note = _remark(written, finding, holds=holds)
        if finding.outcome == "不符" and note:
            remark = "；".join(filter(None, (finding.remark, note)))
            told[n] = replace(finding, remark=remark)
    return told


def _remark(written: Explanation, finding: Finding, *, holds: bool) -> str:
    if not holds:
        why = "数字变了，原来的" if _says_of_what(written, finding) else _OF_NOTHING
        return f"{why}说明作废：“{written.text.removeprefix(VOID)}”"
    if written.fingerprint and not finding.explainable:
        return f"单位说明：“{written.text}”（必须改正的，说明代替不了）"
    return ""


def of_unit(explanations: Iterable[Explanation], report: Report) -> list[Explanation]:
    """Those that may belong to this report: another unit's explain nothing here."""
    unit, code = norm(report.unit_name), norm(report.heads.get("单位编码", ""))
    return [
        e
        for e in explanations
        if (not e.unit or norm(e.unit) == unit) and (not e.code or not code or norm(e.code) == code)
    ]


def unused(findings: Sequence[Finding], explanations: Iterable[Explanation]) -> list[Explanation]:
    """The explanations that explain nothing: no finding is what they were written for."""
    return [e for e in explanations if not any(_belongs(e, f) for f in findings)]


def _belongs(explanation: Explanation, finding: Finding) -> bool:
    same = (explanation.rule, explanation.where) == (finding.rule, finding.where) or (
        explanation.rule == finding.rule
        and finding.code in OF_CODES
        and _same_message(explanation.message, finding.message)
    )
    return same and _holds(explanation, finding)


def carried(findings: Sequence[Finding], explanations: Iterable[Explanation]) -> dict[int, str]:
    """The texts that are to stand beside findings (by position) of any level.

    A text that no longer holds begins with `VOID`; it explains nothing until someone takes that away.
    """
    return {
        n: written.text if holds else VOID + written.text.removeprefix(VOID)
        for n, (written, holds) in _matched(findings, explanations).items()
    }


def _matched(
    findings: Sequence[Finding], explanations: Iterable[Explanation]
) -> dict[int, tuple[Explanation, bool]]:
    """The explanation that was written for a finding (by position), and whether it still holds."""
    given = list(explanations)
    known = _by_place(given)
    of_codes = {(e.rule, _plain(e.message)): [e] for e in given if e.message}
    found = {}
    for n, finding in enumerate(findings):
        written = known.get((finding.rule, finding.where), [])
        if not written and finding.code in OF_CODES:
            written = of_codes.get((finding.rule, _plain(finding.message)), [])
        if written:
            holding = next((e for e in written if _holds(e, finding)), None)
            found[n] = (holding or written[0], holding is not None)
    return found


def _by_place(
    explanations: Iterable[Explanation],
) -> Mapping[tuple[str, str], Sequence[Explanation]]:
    """The explanations by what they belong to: several where one rule fails twice at one place."""
    known: defaultdict[tuple[str, str], list[Explanation]] = defaultdict(list)
    for explanation in explanations:
        known[explanation.rule, explanation.where].append(explanation)
    return dict(known)


def _holds(explanation: Explanation, finding: Finding) -> bool:
    if explanation.text.startswith(VOID):
        return False
    if explanation.fingerprint:
        return explanation.fingerprint == finding.fingerprint
    written, now = (explanation.left, explanation.right), finding.numbers()
    if not _says_of_what(explanation, finding):
        return False
    if not any((*written, *now)) and explanation.message:
        return _same_message(explanation.message, finding.message)
    return all(_number(a) == _number(b) for a, b in zip(written, now, strict=True))


def _plain(text: str) -> str:
    return "".join(text.split())


def _says_of_what(explanation: Explanation, finding: Finding) -> bool:
    """Whether it is known which figures were explained, where a finding lists figures and has no two sides."""
    known = explanation.message or explanation.fingerprint
    return bool(known) or not finding.names_cells or any(finding.numbers())


def _same_message(written: str, now: str) -> bool:
    one, other = _plain(written), _plain(now)
    return other.startswith(one.removesuffix(CUT)) if one.endswith(CUT) else one == other


def _number(text: str) -> Decimal | str | None:
    """The number that a text stands for, with the 15 digits that a cell can hold."""
    try:
        number = parse_number(text)
    except ValueError:
        return text.strip()
    return None if number is None else _CELL.plus(number)

"""The report on the terminal: compact, by table, what to do first."""

from __future__ import annotations

from collections.abc import Iterator

import click

from xltool.checks import Validation
from xltool.findings import Finding
from xltool.reporting.summary import headline, levels, summary

_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}
_CELLS = 6


def lines(validation: Validation) -> Iterator[str]:
    """The report's lines, with colours that click drops where there is no terminal."""
    yield click.style(headline(validation), bold=True)
    colour = {"合格": "green", "不合格": "red", "未完成审核": "yellow"}[validation.verdict]
    yield f"{click.style(validation.verdict, fg=colour, bold=True)}：{summary(validation)}"
    by_table: dict[str, list[Finding]] = {}
    for finding in validation.findings:
        by_table.setdefault(finding.table or finding.sheet or "全簿", []).append(finding)
    for table, findings in by_table.items():
        yield ""
        yield click.style(table, bold=True)
        told: set[int] = set()
        for finding in findings:
            yield from _finding(finding, told)


def _finding(finding: Finding, told: set[int]) -> Iterator[str]:
    word = levels(finding)
    mark = click.style(word, fg=_COLOURS[finding.level] if finding.failed else "blue")
    cells = [ref if sheet == finding.sheet else f"{sheet}!{ref}" for sheet, ref in finding.cells]
    shown = "、".join(cells[:_CELLS]) + (" 等" if len(cells) > _CELLS else "")
    told_there = not cells or cells[0] in finding.message
    yield f"  {mark} {finding.rule} {finding.message}" + ("" if told_there else f"（{shown}）")
    if finding.hint and finding.group not in told:
        yield f"      → {finding.hint}"
    if finding.group:
        told.add(finding.group)
    if finding.explanation:
        yield f"      说明：{finding.explanation}"

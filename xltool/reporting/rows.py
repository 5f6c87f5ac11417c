"""A validation as rows: findings, the ledger, and the counts that stand in the row of the book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from xltool.checks import Validation
from xltool.checks.findings import Finding, Side, address
from xltool.core.amounts import exact, money
from xltool.reporting.summary import levels
from xltool.rules.model import LEVELS, Outcome

_LONG = 1000

Row = tuple[object, ...]
FINDING = (
    "规则",
    "规则名称",
    "级别",
    "结论",
    "表",
    "工作表",
    "单元格",
    "位置",
    "内容",
    "左边",
    "左值",
    "右边",
    "右值",
    "差额",
    "容差",
    "提示",
    "说明",
    "疑似单元格",
    "同因",
    "关系",
    "现为",
    "应为",
    "标识",
    "可说明",
)
"""The columns of the table of findings, without those of its book."""
_COUNTED: tuple[Outcome, ...] = ("通过", "不符", "尾差", "数据不足", "未执行", "不适用")


def finding_rows(validation: Validation) -> Iterator[Row]:
    """Rows of `FINDING`, in the order in which findings are told."""
    for finding in validation.findings:
        yield (
            finding.rule,
            validation.context.rule(finding.rule).name,
            LEVELS[finding.level],
            finding.outcome,
            finding.table or None,
            finding.sheet or None,
            "、".join(address(cell, finding.sheet) for cell in finding.cells) or None,
            finding.where,
            finding.message,
            *_side(finding.left),
            *_side(finding.right),
            exact(finding.difference),
            exact(finding.tolerance),
            finding.advice or None,
            finding.explanation or None,
            address(finding.suspect, finding.sheet) if finding.suspect else None,
            finding.group or None,
            finding.relation or None,
            _stored(validation, finding),
            exact(finding.expected),
            finding.fingerprint,
            finding.explainable,
        )


def _stored(validation: Validation, finding: Finding) -> str | None:
    """What stands in the cell that is to be put right; None when a finding is about several and suspects none."""
    only = finding.cells[0] if len(finding.cells) == 1 else None
    cell = finding.suspect or only
    value = validation.reading.workbook.sheet(cell.sheet).value(cell.ref) if cell else None
    if isinstance(value, Decimal):
        return money(value)
    return None if value is None else str(value)[:_LONG]


def _side(side: Side | None) -> Row:
    if side is None:
        return None, None
    if isinstance(side.value, str):
        return f"{side.text}：{side.value}", None
    return side.text, exact(side.value)


def outcome_rows(validation: Validation) -> Iterator[Row]:
    """Rows of `schemas.OUTCOME`: one per rule."""
    for line in validation.ledger.lines.values():
        counts = (line.counts.get(outcome, 0) for outcome in _COUNTED)
        rule = line.rule
        head = rule.id, rule.name, LEVELS[rule.level], line.outcome
        yield *head, *counts, line.reason or None, line.blocks, line.not_given


def totals(validation: Validation) -> dict[str, object]:
    """The columns of `schemas.BOOK` from 结论 on."""
    words = Counter(map(levels, validation.findings))
    counts = {word: words[word] for word in ("不符", "待确认", "需核实", "提示", "尾差")}
    return {
        "结论": validation.verdict,
        **counts,
        "适用规则": validation.ledger.applicable,
        "已审规则": validation.ledger.audited,
        "条件": "；".join(validation.terms.words) or None,
    }

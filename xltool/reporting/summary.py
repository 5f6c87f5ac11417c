"""A validation in one line: the same words in every report."""

from __future__ import annotations

from collections import Counter

from xltool.checks import Validation
from xltool.findings import Finding
from xltool.rules.model import LEVELS


def headline(validation: Validation) -> str:
    """Which workbook, of whom, for which year, by which edition."""
    reading = validation.reading
    report = reading.report
    parts = (reading.file, report.unit_name, f"{report.year}年度", reading.edition.id, report.unit)
    return "　".join(part for part in parts if part)


def levels(finding: Finding) -> str:
    """A finding's weight in one word: its outcome, and for failures its level."""
    if finding.outcome != "不符":
        return finding.outcome
    if finding.settled:
        return "已说明"
    return {"error": "不符", "warning": "需核实", "info": "提示"}[finding.level]


def summary(validation: Validation) -> str:
    """Why the verdict is what it is: how many of how many rules were evaluated, what failed, what is open."""
    words = Counter(levels(finding) for finding in validation.findings)
    parts = [
        f"{word} {words[word]} 处" for word in ("不符", "需核实", "已说明", "尾差") if words[word]
    ]
    ledger = validation.ledger
    applicable = [line for line in ledger.lines.values() if line.outcome != "不适用"]
    checked = [line for line in applicable if line.outcome not in ("数据不足", "未执行")]
    parts.append(f"适用的{len(applicable)}条规则审核了{len(checked)}条")
    if open_rules := [line.rule.id for line in ledger.unevaluated]:
        listed = "、".join(open_rules[:6]) + ("等" if len(open_rules) > 6 else "")
        parts.append(f"{LEVELS['error']}的规则有{len(open_rules)}条没能审核：{listed}")
    return "，".join(parts)

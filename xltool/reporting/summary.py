"""A validation in one line: the same words in every report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from xltool.checks import Validation
from xltool.checks.findings import OPEN, Finding, RuleLine
from xltool.core.hints import NAME_EDITION
from xltool.core.printable import one_line
from xltool.editions import find_edition
from xltool.reading import Reading
from xltool.rules.model import LEVELS, Level, Reason, ReasonCode

WORDS = ("不符", "待确认", "需核实", "已说明", "尾差")
"""What the line under the verdict counts."""
BLANK = "空白表样，没有填数"
_REMEDIES: Mapping[ReasonCode, str] = {
    "no-external": "用 --external 给出",
    "no-prior": "用 --prior 给出上年的工作簿",
    "nothing-outside": "用 --prior 给出上年的工作簿",
    "not-chosen": "--only、--skip 把它留在外面",
    "no-year": "先补上表头的年度",
    "no-unit": "先改好表头的金额单位",
    "unread-table": "先照上面说的改好这张表",
}
"""What to do about a reason for which a rule was not audited."""


def headline(validation: Validation) -> str:
    """Which workbook, of whom, for which year, by which edition."""
    reading = validation.reading
    report = reading.report
    form = reading.edition.id
    if report.form:
        form = form_words(reading)
    parts = (reading.file, report.unit_name, report.term, form, report.unit)
    return one_line("　".join(part for part in parts if part))


def form_words(reading: Reading) -> str:
    """That a workbook was read by its words, and why by no edition: ids, as the command line takes them."""
    why = f"最近的版本是 {reading.edition.id}"
    if reading.alike:
        why = f"与装上的 {'、'.join(reading.alike)} 同样相符，{NAME_EDITION.command}哪一个"
    return f"表样：{reading.report.form}（{why}）"


def form_named(reading: Reading, way: str = "") -> str:
    """The edition by which a workbook was read, or as `form_words`: by names, as a page shows them.

    `way`: how to choose one of several.
    """
    if not reading.report.form:
        return reading.edition.name
    why = f"最近的版本是{reading.edition.name}"
    if reading.alike:
        names = "、".join(f"“{find_edition(id_).name}”" for id_ in reading.alike)
        why = f"与装上的{names}同样相符{way and f'，{way}哪一个'}"
    return f"表样：{reading.report.form}（{why}）"


def levels(finding: Finding) -> str:
    """A finding's weight in one word: its outcome, and for failures its level."""
    if finding.outcome != "不符":
        return finding.outcome
    if finding.settled:
        return "已说明"
    if finding.confirm and finding.level == "error":
        return "待确认"
    return {"error": "不符", "warning": "需核实", "info": "提示"}[finding.level]


def blank_form(validation: Validation) -> str:
    """That a workbook is a form in which no figure was filled in, in words; "" where it is none or not sure."""
    reading = validation.reading
    lost = reading.report.unread or any(found.located.problems for found in reading.found_tables)
    tables = [table for own in reading.report.tables.values() for table in own]
    filled = any(table.has_figures for table in tables)
    return BLANK if tables and not (lost or filled) else ""


def summary(validation: Validation) -> str:
    """Why the verdict is what it is: how many of how many rules were evaluated, what failed, what is open."""
    words = Counter(levels(finding) for finding in validation.findings)
    parts = [*filter(None, (blank_form(validation),))]
    parts += [f"{word} {words[word]} 处" for word in WORDS if words[word]]
    ledger = validation.ledger
    if unread := validation.reading.report.unread:
        parts.append(f"没有读的表 {len(unread)} 张")
    parts.append(f"适用的{ledger.applicable}条规则审核了{ledger.audited}条")
    if open_rules := [line.rule.id for line in ledger.unevaluated]:
        listed = "、".join(open_rules[:6]) + ("等" if len(open_rules) > 6 else "")
        parts.append(f"{LEVELS['error']}的规则有{len(open_rules)}条没能审核：{listed}")
    return "，".join([*parts, *validation.terms.words])


def unaudited(validation: Validation) -> list[tuple[Level, str, list[str]]]:
    """Rules that apply and were not audited, by level and reason with its remedy, blocking ones first."""
    rules: dict[tuple[Level, str], list[str]] = defaultdict(list)
    for line in validation.ledger.lines.values():
        if line.outcome in OPEN:
            level = line.rule.level if line.blocks else "warning"
            rules[level, _reason(line)].append(line.rule.id)
    found = [(level, reason, ids) for (level, reason), ids in rules.items()]
    return sorted(found, key=lambda entry: list(LEVELS).index(entry[0]))


def _reason(line: RuleLine) -> str:
    if line.outcome == "数据不足":
        return "数据不足：填上上面说的空白处再校验"
    reason = line.reason or "没有说明原因"
    remedy = _REMEDIES.get(reason.code, "") if isinstance(reason, Reason) else ""
    return f"{reason}，{remedy}" if remedy else reason

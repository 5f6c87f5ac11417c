"""The self-evaluation beside the rest: rates on nothing N8-01, its reasons N5-06, its budget N5-08."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from xltool.core.amounts import convert
from xltool.narrative.document import Document, TextFinding, Where, percent
from xltool.narrative.outline import Section
from xltool.narrative.ratios import judge_ratio
from xltool.narrative.statements import Statement
from xltool.narrative.vocabulary import Ratio

_TOTAL = ("预算情况", "部门预算总额")
_REASON = re.compile(
    r"原因(?:在于|是|为|：)+(?:[我本](?:单位|部门|局))?(?P<reason>[^。；]{2,80})|主要(?:是|系)(?P<short>[^。；]{2,80})"
)
_TOTALS = ("收支总体", "财政拨款总体", "一般公共总体", "机关运行经费")
_NO_REASON = re.compile(r"无|没有|不涉及|未发生|已完成|按计划|[-—/]")
_SHORTEST = 2
_ADJUSTED = re.compile(
    r"预算[^，。；]{0,6}调整|调整后?[^，。；]{0,4}预算|调减|调增|追加|追减|全年预算"
)


def check(document: Document) -> Iterator[TextFinding]:
    """Rates of the evaluation, and what its form tells that the text does not."""
    for statement in document.of_topic("绩效"):
        if statement.token.kind == "percent":
            yield from _ratio(document, statement)
    yield from _reasons(document)
    yield from _adjusted(document)


# ── rates ──


def _ratio(document: Document, statement: Statement) -> Iterator[TextFinding]:
    text = statement.paragraph.squeezed.text[: statement.token.start]
    ratio = next((r for r in document.vocabulary.ratios if r.words.search(text)), None)
    if ratio is None:
        return
    whole = _whole(document, ratio)
    if whole is None:
        return
    if whole == 0:
        statement.checked = True
        yield document.say(
            "N8-01",
            document.at(statement),
            f"{ratio.base}是0，没有{ratio.name}（文中写{statement.words}）",
            hint="写“不涉及”",
        )
        return
    part = document.tables.figure(ratio.part)
    if part is None or part.value is None:
        return
    statement.checked = True
    if judge_ratio(statement, part.value, whole) == "不符":
        right = percent(part.value / whole * 100)
        message = f"文中{ratio.name}{statement.words}，按表算是{right}"
        yield document.say(
            "N8-02", document.at(statement), message, cells=part.cells, hint=f"应为{right}"
        )


def _whole(document: Document, ratio: Ratio) -> Decimal | None:
    """What the rate is of: in the tables, or as the text itself gives it."""
    figure = document.tables.figure(ratio.whole)
    if figure is not None and figure.value is not None:
        return figure.value
    said = [
        s.value
        for s in document.statements
        if s.role == "figure" and s.subject and s.subject.name == ratio.said
    ]
    return said[0] if ratio.said and said else None


# ── reasons ──


def _reasons(document: Document) -> Iterator[TextFinding]:
    """The form explains the difference in one way, the text in others only."""
    form = document.text_of("整体自评", (*_TOTAL, "偏差原因"))
    told = [pair for section in document.sections if (pair := _told(section))]
    first, final = (
        document.number_of("整体自评", (*_TOTAL, n)) for n in ("年初预算数", "实际执行数")
    )
    if len(form) < _SHORTEST or _NO_REASON.match(form) or not told or first == final:
        return
    if any(form in reason or reason in form for _, reason in told):
        return
    where, reason = told[0]
    yield document.say(
        "N5-06",
        where,
        f"这里的原因是“{reason}”，绩效自评表写的是“{form}”",
        hint="同一件事的原因要一致",
    )


def _told(section: Section) -> tuple[Where, str] | None:
    if section.topic is None or section.topic.name not in _TOTALS:
        return None
    for paragraph, start in section.bodies:
        if match := _REASON.search(paragraph.squeezed.text, start):
            group = "reason" if match["reason"] else "short"
            where = Where(section, paragraph, match.start(group), match.end(group))
            return where, match[group]
    return None


def _adjusted(document: Document) -> Iterator[TextFinding]:
    """The budget was changed during the year, and the section on the budget says nothing of it."""
    first, whole = (
        document.number_of("整体自评", (*_TOTAL, n)) for n in ("年初预算数", "全年预算数")
    )
    section = next(
        (s for s in document.sections if s.topic and s.topic.name == "一般公共具体" and s.bodies),
        None,
    )
    if not first or whole is None or first == whole or section is None:
        return
    unit = document.tables.report.unit
    planned = convert(first, unit, "元")
    if not any(s.role == "budget" and s.value == planned for s in document.statements):
        return
    text = "".join(p.squeezed.text for p, _ in section.bodies)
    if _ADJUSTED.search(text):
        return
    paragraph, start = section.bodies[0]
    amounts = "调整为".join(f"{convert(n, unit, '万元'):.2f}万元" for n in (first, whole))
    yield document.say(
        "N5-08",
        Where(section, paragraph, start, len(paragraph.squeezed.text)),
        f"自评表里年初预算{amounts}，这里没有说明",
        hint="补上预算调整的原因",
    )

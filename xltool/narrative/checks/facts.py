"""Counts and means that the facts file has or that follow from others: N7-02, N7-03."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from xltool.narrative.document import Document, TextFinding, printed_as, shown
from xltool.narrative.known import fact, this_year
from xltool.narrative.statements import Statement
from xltool.narrative.words import plain

_ASSETS = ("车辆", "设备")
"""Groups of facts whose keys are the names that texts use."""

_PER = {"公务用车购置费": "购置车辆", "公务用车运行费": "保有量", "因公出国（境）费": "出国人次"}
"""What the means of an item are divided by."""


def check(document: Document) -> Iterator[TextFinding]:
    """Hold counts against the facts, and means against what they are means of."""
    for statement in document.statements:
        if statement.role == "count":
            yield from _count(document, statement)
        elif statement.role == "mean":
            yield from _mean(document, statement)


def _count(document: Document, statement: Statement) -> Iterator[TextFinding]:
    known, name = fact(document, statement.subject, money=False), ""
    count = document.vocabulary.count(statement.subject.name) if statement.subject else None
    if count is not None and count.table:
        known = document.number_of(count.table[0], count.table[1:])
    if known is not None and statement.subject is not None:
        name = statement.subject.name
    elif (found := _asset(document, statement)) is not None:
        name, known = found
    if known is None:
        return
    statement.checked = True
    if statement.value != known:
        unit = statement.token.unit
        place = "表" if count is not None and count.table else "事实文件"
        yield document.say(
            "N7-02",
            document.at(statement),
            f"文中{name}是{statement.words}，{place}里是{shown(known)}{unit}",
            hint=f"应为{shown(known)}{unit}" + ("" if place == "表" else "，或改事实文件"),
        )


def _asset(document: Document, statement: Statement) -> tuple[str, Decimal] | None:
    """The kind of vehicles or equipment whose name stands before a count."""
    topic = statement.section.topic
    if topic is None or topic.name != "国有资产":
        return None
    before = _bare(statement.paragraph.squeezed.text[: statement.token.start])
    found = [
        (name, number)
        for group in _ASSETS
        for name, number in document.facts.group(group).items()
        if isinstance(number, Decimal) and before.endswith(_bare(plain(name)))
    ]
    return max(found, key=lambda pair: len(pair[0]), default=None)


def _bare(name: str) -> str:
    return re.sub(r"（[^（）]*）|的", "", name).replace("单位价值", "单价")


def _mean(document: Document, statement: Statement) -> Iterator[TextFinding]:
    """So much for each vehicle or guest."""
    text = statement.paragraph.squeezed.text[: statement.token.start][-18:]
    vehicles = any(word in text for word in ("每辆", "车均", "单车"))
    units = ("辆", "台") if vehicles else ("人次", "人")
    name = statement.subject.name if statement.subject else ""
    count = _counted(document, statement, units, _PER.get(name, "保有量" if vehicles else ""))
    total = _total(document, statement)
    if total is None or not count:
        return
    statement.checked = True
    exact = total / count
    room = statement.grain * 2 + statement.grain / count
    if abs(exact - statement.value) > room:
        right = printed_as(exact, statement)
        yield document.say(
            "N7-03",
            document.at(statement),
            f"文中平均是{statement.words}，{printed_as(total, statement)}除以{shown(count)}是{right}",
            hint=f"应为{right}",
        )


def _total(document: Document, mean: Statement) -> Decimal | None:
    """What is divided: the figure of the mean's own subject, else the one before it."""
    figure = this_year(document, mean.subject)
    if figure is not None and figure.value is not None:
        return figure.value
    return mean.figure.value if mean.figure is not None else None


def _counted(
    document: Document, mean: Statement, units: tuple[str, ...], name: str
) -> Decimal | None:
    """The last count of the section before a mean, of the name where one is meant."""
    found = [
        s
        for s in document.statements
        if s.section is mean.section
        and s.role == "count"
        and s.token.unit in units
        and (s.paragraph.number, s.token.start) < (mean.paragraph.number, mean.token.start)
    ]
    named = [s for s in found if name and s.subject and s.subject.name.endswith(name)]
    told = document.facts.number("三公", name) if name else None
    if told is not None:
        return told
    return (named or found)[-1].value if named or (found and not name) else None

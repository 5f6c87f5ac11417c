"""Counts that go with expenses: N7-01."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from xltool.narrative.document import Document, TextFinding, Where
from xltool.narrative.statements import Statement


class _Kind(NamedTuple):
    words: re.Pattern[str]
    item: str
    what: str


_KINDS = (
    _Kind(
        re.compile(r"购置(?:公务用车|车辆)?(?P<n>\d+)辆|购置车辆(?P<m>\d+)辆"),
        "公务用车购置费",
        "购置车辆",
    ),
    _Kind(re.compile(r"出国（?境?）?团组(?P<n>\d+)个"), "因公出国（境）费", "出国团组"),
    _Kind(re.compile(r"保有量[^\d，。；]{0,6}(?P<n>\d+)辆"), "公务用车运行费", "公务用车保有量"),
)


def check(document: Document) -> Iterator[TextFinding]:
    """A count of zero beside an expense, and the other way round."""
    for section in document.sections:
        if section.topic is None or not section.topic.name.startswith("三公"):
            continue
        for paragraph, start in section.bodies:
            for kind in _KINDS:
                for match in kind.words.finditer(paragraph.squeezed.text, start):
                    digits = next(group for group in match.groups() if group is not None)
                    where = Where(section, paragraph, match.start(), match.end())
                    own = _statement(document, where)
                    if own is not None:
                        yield from _beside(document, where, own, kind, int(digits))


def _statement(document: Document, where: Where) -> Statement | None:
    return next(
        (
            s
            for s in document.statements
            if s.paragraph is where.paragraph and where.start <= s.token.start < where.end
        ),
        None,
    )


def _beside(
    document: Document, where: Where, own: Statement, kind: _Kind, count: int
) -> Iterator[TextFinding]:
    topic = document.vocabulary.topics["三公"]
    figure = document.tables.figure(topic.items[kind.item].figure)
    if figure is None or figure.value is None:
        return
    own.checked = True
    if bool(count) == bool(figure.value):
        return
    # vehicles that are kept may cost nothing in a year
    if count and kind.item == "公务用车运行费":
        return
    money = "有数" if figure.value else "没有数"
    yield document.say(
        "N7-01",
        where,
        f"{kind.what}是{count}，表里{kind.item}{money}",
        cells=figure.cells,
        table=figure.table,
    )

"""Counts that go with expenses: where one is nothing, so is the other. N7-01."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.core.cellref import CellRef
from xltool.narrative.document import Document, TextFinding
from xltool.narrative.known import this_year
from xltool.narrative.statements import Statement, Subject

_RUNNING = "公务用车运行费"
"""Vehicles that are kept may cost nothing in a year."""


def check(document: Document) -> Iterator[TextFinding]:
    """A count of zero beside an expense, and the other way round. Two that are not zero tell nothing."""
    for statement in document.of_topic("三公", "三公总体", "三公具体"):
        count = document.vocabulary.count(statement.subject.name) if statement.subject else None
        if statement.role != "count" or count is None or not count.money:
            continue
        money, cells = _money(document, statement, count.money)
        if money is None or (money and statement.value):
            continue
        statement.checked = True
        if bool(money) == bool(statement.value) or (statement.value and count.money == _RUNNING):
            continue
        yield document.say(
            "N7-01",
            document.at(statement),
            f"{count.name}是{statement.words}，{count.money}{'有数' if money else '没有数'}",
            cells=cells,
        )


def _money(
    document: Document, count: Statement, name: str
) -> tuple[Decimal | None, tuple[CellRef, ...]]:
    """The expense: of the tables, else as the section itself gives it."""
    item = document.vocabulary.item(count.section.topic, name)
    figure = this_year(document, Subject(item)) if item else None
    if figure is not None and figure.value is not None:
        return figure.value, figure.cells
    said = [
        s.value
        for s in document.statements
        if s.section is count.section
        and s.role == "figure"
        and s.subject
        and s.subject.name == name
    ]
    return (said[0] if said else None), ()

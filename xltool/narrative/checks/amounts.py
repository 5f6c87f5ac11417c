"""Amounts that the tables have: N1-01, N1-04, and 科目 that they lack: N0-07."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.checks.findings import Side
from xltool.narrative.document import Document, TextFinding, printed_as
from xltool.narrative.statements import Statement
from xltool.narrative.tables import Figure

_TEN_THOUSAND = Decimal(10) ** 4


def check(document: Document) -> Iterator[TextFinding]:
    """Hold every amount with a known subject against its cell."""
    for statement in document.statements:
        if statement.subject is None or statement.role not in ("figure", "budget", "prior"):
            continue
        if statement.token.kind != "amount":
            continue
        if statement.subject.lacking:
            yield from _lacking(document, statement)
        elif (figure := figure_of(document, statement)) is not None:
            yield from _compared(document, statement, figure)


def figure_of(document: Document, statement: Statement) -> Figure | None:
    """The figure of the tables that an amount repeats, or None when they have none such."""
    subject, tables = statement.subject, document.tables
    if subject is None:
        return None
    if statement.role == "budget" and (told := _told_budget(document, statement)) is not None:
        return Figure(told, False, ())
    if subject.row is not None:
        return tables.of_row(subject.row, subject.column) if statement.role == "figure" else None
    if subject.item is None:
        return None
    match statement.role:
        case "budget":
            return (
                tables.figure(subject.item.budget)
                if statement.basis in ("", "年初", "全年")
                else None
            )
        case "prior":
            return tables.figure(subject.item.figure, prior=True)
    return tables.figure(subject.item.figure)


def _told_budget(document: Document, statement: Statement) -> Decimal | None:
    """A 年初预算 of the facts file, in 元."""
    subject = statement.subject
    if subject is None or statement.basis not in ("", "年初"):
        return None
    key = subject.row.code if subject.row else subject.name
    number = document.facts.number("年初预算", key)
    return None if number is None else number * _TEN_THOUSAND


def agrees(stated: Statement, value: Decimal) -> bool:
    """Whether an amount is that of the tables, at the precision at which it is printed, cut off or rounded."""
    return abs(stated.value - value) < 2 * stated.grain


def _compared(document: Document, statement: Statement, figure: Figure) -> Iterator[TextFinding]:
    if figure.value is None:
        if statement.value == 0:
            return
        topic = statement.section.topic
        if statement.sure and topic is not None and topic.may_be_empty:
            statement.checked = True
            yield _finding(document, statement, figure, "表里没有填")
        return
    if agrees(statement, figure.value):
        statement.checked = True
        if abs(statement.value - figure.value) > statement.grain:
            yield _finding(document, statement, figure, "", residue=True)
        return
    if not statement.sure:
        return
    statement.checked = True
    yield _finding(document, statement, figure, "表里是空白" if figure.blank else "")


def _finding(
    document: Document, statement: Statement, figure: Figure, why: str, *, residue: bool = False
) -> TextFinding:
    subject = statement.subject
    assert subject is not None
    should = printed_as(figure.value, statement) if figure.value is not None else ""
    message = f"文中{subject.name}是{statement.words}，{why or f'表里是{should}'}"
    kind = document.tables.report.heads.get("单位类型", "")
    doubtful = subject.item is not None and subject.item.only and kind != subject.item.only
    return document.say(
        "N1-04" if statement.role == "prior" else "N1-01",
        document.at(statement),
        message,
        outcome="尾差" if residue else "不符",
        level="info" if residue else "warning" if doubtful else "",
        left=Side(f"文中{subject.name}", statement.value),
        right=Side(f"表里{subject.name}", figure.value, figure.cells),
        cells=figure.cells,
        table=figure.table,
        difference=statement.value - figure.value if figure.value is not None else None,
        hint=_hint(statement, figure, should),
    )


def _hint(statement: Statement, figure: Figure, should: str) -> str:
    if not figure.value or not statement.value:
        return f"应为{should}" if should else "核对表是不是漏填了，或删去这个数"
    for factor, words in (
        (_TEN_THOUSAND, "大了一万倍，金额单位写错了"),
        (1 / _TEN_THOUSAND, "小了一万倍，金额单位写错了"),
    ):
        if abs(statement.value - figure.value * factor) <= 2 * statement.grain:
            return f"{words}，应为{should}"
    return f"应为{should}"


def _lacking(document: Document, statement: Statement) -> Iterator[TextFinding]:
    if not statement.sure or statement.value == 0 or statement.role != "figure":
        return
    topic = statement.section.topic
    table = document.tables.name_of(topic.rows) if topic else ""
    statement.checked = True
    name = statement.subject.lacking if statement.subject else ""
    yield document.say(
        "N0-07",
        document.at(statement),
        f"文中有“{name}”{statement.words}，“{table}”里没有这个科目",
        table=table or "",
        hint="核对科目名称，或删去这一句",
    )

"""Amounts that the tables have: N1-01, N1-04, and 科目 that they lack: N0-07."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checks.findings import Side
from xltool.narrative.document import Document, TextFinding, printed_as
from xltool.narrative.known import TEN_THOUSAND, figure_of
from xltool.narrative.statements import Statement
from xltool.narrative.tables import Figure

_KINDS = {"prior": "上年", "budget": "预算"}


def check(document: Document) -> Iterator[TextFinding]:
    """Hold every amount with a known subject against its cell."""
    for statement in document.statements:
        if statement.subject is None or statement.token.kind != "amount":
            continue
        if statement.subject.lacking:
            yield from _lacking(document, statement)
        elif statement.role not in ("figure", "budget", "prior"):
            continue
        elif (figure := figure_of(document, statement)) is not None:
            yield from _compared(document, statement, figure)


def _compared(document: Document, statement: Statement, figure: Figure) -> Iterator[TextFinding]:
    if figure.value is None:
        return
    if statement.repeats(figure.value):
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
    place = "表里" if figure.table else "事实文件里"
    what = f"{_KINDS.get(statement.role, '')}是{statement.words}"
    message = f"文中{subject.name}{what}，{why or f'{place}是{should}'}"
    kind = document.tables.report.heads.get("单位类型", "")
    doubtful = subject.item is not None and subject.item.only and kind != subject.item.only
    return document.say(
        "N1-04" if statement.role == "prior" else "N1-01",
        document.at(statement),
        message,
        outcome="尾差" if residue else "不符",
        level="info" if residue else "warning" if doubtful else "",
        left=Side(f"文中{subject.name}", statement.value),
        right=Side(f"{place}{subject.name}", figure.value, figure.cells),
        cells=figure.cells,
        table=figure.table,
        difference=statement.value - figure.value if figure.value is not None else None,
        hint=_hint(statement, figure, should),
    )


def _hint(statement: Statement, figure: Figure, should: str) -> str:
    if not figure.value or not statement.value:
        return f"应为{should}" if should else "核对表是不是漏填了，或删去这个数"
    for factor, words in (
        (TEN_THOUSAND, "大了一万倍，金额单位写错了"),
        (1 / TEN_THOUSAND, "小了一万倍，金额单位写错了"),
    ):
        if abs(statement.value - figure.value * factor) <= 2 * statement.grain:
            return f"{words}，应为{should}"
    return f"应为{should}"


def _lacking(document: Document, statement: Statement) -> Iterator[TextFinding]:
    if statement.value == 0 and statement.role == "figure":
        statement.checked = True
    if not statement.sure or statement.value == 0 or statement.role not in ("figure", "change"):
        return
    topic = statement.section.topic
    table = document.tables.name_of(topic.rows) if topic and topic.rows else None
    statement.checked = True
    name = statement.subject.lacking if statement.subject else ""
    where = f"“{table}”里没有这个科目" if table else "这一部分没有这一项"
    yield document.say(
        "N0-07",
        document.at(statement),
        f"文中有“{name}”{statement.words}，{where}",
        level="" if table else "warning",
        table=table or "",
        hint="核对科目名称，或删去这一句",
    )

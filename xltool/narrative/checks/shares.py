"""Shares: N2-01, and those of another base than the official one: N11-03."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.checks.findings import Side
from xltool.narrative.document import Document, TextFinding, percent
from xltool.narrative.known import known_figure, this_year
from xltool.narrative.ratios import HUNDRED, judge_ratio
from xltool.narrative.statements import Statement, Subject


def check(document: Document) -> Iterator[TextFinding]:
    """Hold every share against its part and its whole, in the text and in the tables."""
    for statement in document.statements:
        if statement.role != "share":
            continue
        if statement.figure is not None:
            yield from _share(document, statement, statement.figure)
            yield from _other_base(document, statement, statement.figure)
        else:
            yield from _of_tables(document, statement)


def _of_tables(document: Document, share: Statement) -> Iterator[TextFinding]:
    """A share whose part the text does not give: as the tables have it."""
    part = this_year(document, share.subject)
    wholes = [value for _, value, _ in _values(document, share, share.whole)] if share.whole else []
    if part is None or part.value is None or not wholes or not wholes[0]:
        return
    share.checked = True
    if judge_ratio(share, part.value, wholes[0]) == "不符":
        exact = percent(part.value / wholes[0] * HUNDRED)
        name = share.subject.name if share.subject else ""
        message = f"文中{name}占{share.words}，按表算是{exact}"
        yield document.say(
            "N2-01", document.at(share), message, cells=part.cells, hint=f"应为{exact}"
        )


def _share(document: Document, share: Statement, part: Statement) -> Iterator[TextFinding]:
    wholes = _wholes(document, share, part)
    if not wholes:
        return
    share.checked = True
    part.checked = part.checked or part.role == "unknown"
    judged = []
    for name, value, grain in wholes:
        if value == 0:
            if part.value == 0 and share.value == 0:
                yield document.say(
                    "N2-01",
                    document.at(share),
                    f"{name}是0，不能算占比（文中写{share.words}）",
                    level="warning",
                    hint="删去这个百分数",
                )
            elif share.value != 0:
                yield document.say("N2-01", document.at(share), f"{name}是0，占比却写{share.words}")
            return
        judged.append(judge_ratio(share, part.value, value, part.grain, grain))
    if "通过" in judged:
        return
    name, value, _ = wholes[0]
    exact = part.value / value * HUNDRED
    residue = "尾差" in judged
    yield document.say(
        "N2-01",
        document.at(share),
        f"文中{part.words}占{name}的{share.words}，算出来是{percent(exact)}",
        outcome="尾差" if residue else "不符",
        level="info" if residue else "" if share.sure and part.sure else "warning",
        left=Side("文中占比", share.value),
        right=Side(f"{part.words}÷{name}", exact.quantize(Decimal("0.01"))),
        difference=share.value - exact,
        hint=f"应为{percent(exact)}",
    )


def _other_base(document: Document, share: Statement, part: Statement) -> Iterator[TextFinding]:
    """The item has an official base, and the text takes another."""
    bases = part.subject.item.wholes if part.subject and part.subject.item else ()
    if bases and share.whole and share.whole_said and share.whole.name != bases[0]:
        name = part.subject.name if part.subject else ""
        yield document.say(
            "N11-03",
            document.at(share),
            f"{name}的占比是占{share.whole.name}的，财政部的口径是占{bases[0]}",
            hint="核对本地的口径",
        )


def _wholes(
    document: Document, share: Statement, part: Statement
) -> list[tuple[str, Decimal, Decimal]]:
    """What the share may be a share of: name, value in 元, grain; as the text gives it, and as the tables do."""
    if part.token.kind == "count":
        return _counted(document, share, part)
    subject = part.subject
    if subject and subject.item and subject.item.wholes and not share.whole_said:
        topic = share.section.topic
        items = [document.vocabulary.item(topic, name) for name in subject.item.wholes]
        return [pair for item in items if item for pair in _values(document, share, Subject(item))]
    wholes = (share.whole, share.other_whole)
    return [pair for whole in wholes if whole for pair in _values(document, share, whole)]


def _counted(
    document: Document, share: Statement, part: Statement
) -> list[tuple[str, Decimal, Decimal]]:
    """What a count is a share of: the first count of its kind in the section."""
    for s in document.statements:
        if s is part:
            break
        if (
            s.section is share.section
            and s.token.kind == "count"
            and s.token.unit == part.token.unit
        ):
            return [(f"{s.words}的总数", s.value, Decimal(0))]
    return []


def _values(
    document: Document, share: Statement, whole: Subject
) -> list[tuple[str, Decimal, Decimal]]:
    found = []
    said = [
        s
        for s in document.statements
        if s.subject == whole and s.role == "figure" and s.section is share.section and s.sure
    ]
    if said:
        found.append((whole.name, said[0].value, said[0].grain))
    if whole.item is not None:
        figure = known_figure(document, whole)
        if figure is not None and figure.value is not None:
            found.append(
                (whole.name, figure.value, share.figure.grain if share.figure else Decimal(0))
            )
    return found

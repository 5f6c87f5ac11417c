"""Lists of amounts whose names are no items (燃料费…、维修费…): they add up to their whole. N11-01, N11-02."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.narrative.document import Document, TextFinding, printed_as
from xltool.narrative.known import this_year
from xltool.narrative.statements import Statement, Subject, added_up

_NEAR = Decimal("0.1")
"""A list that misses its whole by less than a tenth is likely meant to be whole."""


def check(document: Document) -> Iterator[TextFinding]:
    """Add up each list."""
    lists: dict[int, list[Statement]] = {}
    for statement in document.statements:
        if statement.listed is not None and statement.token.kind == "amount":
            lists.setdefault(id(statement.listed), []).append(statement)
    for parts in lists.values():
        yield from _list(document, parts, _others(document, parts))


def _others(document: Document, parts: list[Statement]) -> bool:
    """Whether the sentence has figures behind the first part whose names are known: then the list has more parts."""
    first = parts[0]
    return any(
        s.role == "figure" and s.listed is None and s.token.start > first.token.start
        for s in document.statements
        if s.paragraph is first.paragraph and s.sentence == first.sentence
    )


def _list(document: Document, parts: list[Statement], others: bool) -> Iterator[TextFinding]:
    found = _whole(document, parts[0].listed)
    if found is None or len(parts) < 2:
        return
    name, whole, grain = found
    total, rounding = added_up(parts)
    room = grain + rounding
    difference = total - whole
    if difference < -room and (others or -difference > whole * _NEAR):
        # only some of its parts are told
        return
    for part in parts:
        part.checked = True
    if abs(difference) <= room:
        return
    each = "、".join(part.words for part in parts)
    yield document.say(
        "N11-02" if difference > 0 else "N11-01",
        document.at(parts[-1]),
        f"{each}合计{printed_as(total, parts[0])}，{name}是{printed_as(whole, parts[0])}",
        level="" if difference > whole * _NEAR else "warning",
        difference=difference,
    )


def _whole(
    document: Document, of: Statement | Subject | None
) -> tuple[str, Decimal, Decimal] | None:
    if isinstance(of, Statement):
        return (of.subject.name if of.subject else "合计", of.value, of.grain)
    figure = this_year(document, of)
    if of is None or figure is None or figure.value is None:
        return None
    return of.name, figure.value, Decimal(0)

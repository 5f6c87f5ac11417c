"""The same fact said twice in two ways: N0-02. What a table has is compared with the table, not here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from xltool.narrative.document import Document, TextFinding
from xltool.narrative.known import figure_of
from xltool.narrative.statements import Statement


def check(document: Document) -> Iterator[TextFinding]:
    """Compare statements of one subject in one role."""
    groups: dict[tuple[object, ...], list[Statement]] = defaultdict(list)
    for statement in document.statements:
        subject = statement.subject
        if subject is None or not statement.sure or statement.token.kind == "percent":
            continue
        if statement.role not in ("figure", "budget", "count"):
            continue
        if figure_of(document, statement) is None:
            row = subject.row.code if subject.row else ""
            groups[statement.role, statement.basis, subject.name, row, subject.column].append(
                statement
            )
    for found in groups.values():
        first = found[0]
        for other in found[1:]:
            first.checked = other.checked = True
            if abs(first.value - other.value) > first.grain + other.grain:
                name = first.subject.name if first.subject else ""
                what = f"{name}{first.basis}预算" if first.role == "budget" else name
                yield document.say(
                    "N0-02",
                    document.at(other),
                    f"{what}前面写{first.words}，这里写{other.words}",
                    hint="两处要一致",
                )

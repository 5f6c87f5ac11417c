"""类 and 款 before a 科目, as the table has them: N0-07."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from xltool.core.codes import CODE_LEVELS
from xltool.narrative.document import Document, TextFinding, Where
from xltool.narrative.subjects import bare

_FULL = re.compile(
    r"(?:(?P<类>[^。；：（）]*?)（类）(?:支出)?)?(?P<款>[^。；：，]*?)（款）(?:(?P<项>[^。；：，]*?)（项）)?"
)


def check(document: Document) -> Iterator[TextFinding]:
    """Hold the names above a 科目 that the table has against the table's."""
    for where, match in document.matches(_FULL):
        topic = where.section.topic
        if topic is not None and topic.rows:
            yield from _levels(document, topic.rows, where, match)


def _levels(
    document: Document, alias: str, where: Where, match: re.Match[str]
) -> Iterator[TextFinding]:
    path = [match[level] for level in CODE_LEVELS if match[level]]
    lowest = "项" if match["项"] else "款"
    row = document.subjects.row(alias, path, CODE_LEVELS.index(lowest))
    if row is None:
        if lowest == "款" and _official(document, alias, _name(match["款"])):
            yield _lacking(document, alias, where, match)
        return
    for level, right in zip(CODE_LEVELS, row.path, strict=False):
        said = match[level]
        if not said or bare(said).endswith(bare(right)) or _old(document, said, right):
            continue
        name = _name(said)
        yield document.say(
            "N0-07",
            replace(where, start=match.end(level) - len(name), end=match.end(level)),
            f"“{row.name}”的{level}是“{right}”，文中写“{name}”",
            level="" if _official(document, alias, name) else "warning",
            table=row.key.table,
            hint=f"改为“{right}”",
        )


def _lacking(document: Document, alias: str, where: Where, match: re.Match[str]) -> TextFinding:
    """A 款 that stands alone and is none of the table's."""
    name = _name(match["款"])
    table = document.tables.name_of(alias)
    where = replace(where, start=match.end("款") - len(name), end=match.end("款"))
    message = f"文中有“{name}”（款），“{table}”里没有这个科目"
    return document.say("N0-07", where, message, table=table or "", hint="核对科目名称")


def _name(said: str) -> str:
    return re.sub(r"^(?:（?\d+[）、.．])", "", said)


def _old(document: Document, said: str, right: str) -> bool:
    """An old name of the same 科目 is told as such elsewhere."""
    return any(
        said.endswith(old) and new == right for old, new in document.vocabulary.old_names.items()
    )


def _official(document: Document, alias: str, name: str) -> bool:
    """Whether it is the name of another 科目: then it is no other spelling."""
    lists = document.tables.code_lists(alias)
    return any(bare(n) == bare(name) for codes in lists for n in codes.names())

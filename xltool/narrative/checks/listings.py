"""主要包括 …：the economic 科目 that a text lists, against the rows of 基本支出决算表: N6-01, N6-02."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from xltool.narrative.document import Document, TextFinding, Where
from xltool.narrative.tables import TableRow
from xltool.narrative.words import plain

_LIST = re.compile(
    r"(?P<who>人员经费|公用经费)[^。；]{0,30}?。?(?:主要)?(?:包括|包含|用于|有)[：:]?(?P<names>[^。；]+)"
)
_CUT = re.compile(r"[、，]|以?及")
_TAIL = re.compile(r"(等|等支出|等费用|等方面|支出等)$")
_STAFF = ("301", "303")
"""人员经费 is 301 and 303; 公用经费 all else."""


def check(document: Document) -> Iterator[TextFinding]:
    """Hold listed names against the rows with figures, both ways."""
    rows = [row for row in document.tables.rows("基本支出") if len(row.code) > len(_STAFF[0])]
    if not rows:
        return
    for where, match in document.matches(_LIST):
        if where.section.topic is not None and where.section.topic.listing:
            yield from _listed(document, where, match, rows)


def _listed(
    document: Document, whole: Where, match: re.Match[str], rows: list[TableRow]
) -> Iterator[TextFinding]:
    staff = match["who"] == "人员经费"
    own = [row for row in rows if row.code.startswith(_STAFF) is staff]
    by_name = {_bare(row.name): row for row in rows}
    official = _official(document)
    said: set[str] = set()
    open_end = bool(_TAIL.search(match["names"]))
    for begin, end, bare in _names(match, {*by_name, *official}):
        where = replace(whole, start=begin, end=end)
        row = by_name.get(bare)
        if row is not None:
            said.add(row.code)
            yield from _without_figure(document, where, row)
        else:
            table = document.tables.name_of("基本支出") or ""
            yield document.say(
                "N6-01",
                where,
                f"文中列了“{official[bare]}”，“{table}”里没有数",
                table=table,
                hint="删去，或核对是不是别的科目",
            )
    missing = [row for row in own if row.code not in said and _amount(document, row)]
    if missing and said and not open_end:
        names = "、".join(row.name for row in missing)
        where = replace(whole, start=match.start("names"))
        yield document.say(
            "N6-02",
            where,
            f"{match['who']}没有列出表里有数的{names}",
            hint="补上，或在最后加“等”",
        )


def _names(match: re.Match[str], known: set[str]) -> Iterator[tuple[int, int, str]]:
    """The known names of a list: start, end, name. Names may hold 、 and 及: neighbours are tried together."""
    text, at = match["names"], match.start("names")
    cuts = [0, *(m.start() for m in _CUT.finditer(text)), len(text)]
    begins = [0, *(m.end() for m in _CUT.finditer(text))]
    n = 0
    while n < len(begins):
        for last in range(min(len(cuts) - 1, n + 3), n, -1):
            name = _bare(_TAIL.sub("", text[begins[n] : cuts[last]]))
            if name in known:
                yield at + begins[n], at + cuts[last], name
                n = last - 1
                break
        n += 1


def _without_figure(document: Document, where: Where, row: TableRow) -> Iterator[TextFinding]:
    figure = document.tables.of_row(row)
    if figure is None or figure.value:
        return
    blank = figure.blank or figure.value is None
    yield document.say(
        "N6-01",
        where,
        f"文中列了“{row.name}”，表里{'是空白' if blank else '是0.00'}",
        level="" if blank else "warning",
        cells=figure.cells,
        table=figure.table,
        hint="删去，或核对是不是别的科目",
    )


def _official(document: Document) -> dict[str, str]:
    """All 科目 of the code list, whether the form prints them or not."""
    lists = document.tables.code_lists("基本支出")
    return {_bare(name): name for codes in lists for name in codes.names()}


def _amount(document: Document, row: TableRow) -> bool:
    figure = document.tables.of_row(row)
    return figure is not None and bool(figure.value)


def _bare(name: str) -> str:
    return re.sub(r"[（）]|费用?$", "", plain(name))

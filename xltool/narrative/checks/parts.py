"""Parts and sums inside a text: N11-01, N11-02; vehicles N12-01; projects by grade; items of 五（三）: N5-03, N5-04."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from xltool.checks.findings import Side
from xltool.narrative.document import Document, TextFinding, Where, printed_as, shown
from xltool.narrative.outline import Section
from xltool.narrative.statements import Statement, added_up

_VEHICLES = re.compile(
    r"(?:共有|拥有|实有|保有)?(?:车辆|公务用车)[^，。；：\d]{0,12}(?P<total>\d+)辆[，：；、]?"
    r"(?:其中|包括)[：，]?(?P<types>[^。；]*)"
)
_GRADES = re.compile(
    r"项目(?P<total>\d+)个[^。]{0,60}?“?优“?[^\d。]{0,12}(?P<a>\d+)个[^。]{0,20}?“?良“?[^\d。]{0,12}(?P<b>\d+)个"
    r"[^。]{0,20}?“?(?:合格|中)“?[^\d。]{0,12}(?P<c>\d+)个[^。]{0,20}?“?(?:不合格|差)“?[^\d。]{0,12}(?P<d>\d+)个"
)


def check(document: Document) -> Iterator[TextFinding]:
    """Sums inside sentences and sections."""
    for section in document.sections:
        yield from _sums(document, section)
        if section.topic is not None and section.topic.name == "一般公共具体":
            yield from _budgets(document, section)
            yield from _unsaid(document, section)
    yield from _vehicles(document)
    yield from _grades(document)


def _figures(document: Document, section: Section) -> dict[str, Statement]:
    """The first figure of each item of a section."""
    found: dict[str, Statement] = {}
    for statement in document.statements:
        if statement.section is section and statement.role == "figure" and statement.subject:
            found.setdefault(statement.subject.name, statement)
    return found


def _sums(document: Document, section: Section) -> Iterator[TextFinding]:
    if section.topic is None:
        return
    said = _figures(document, section)
    wholes: dict[str, list[Statement]] = {}
    shares: dict[str, list[Statement]] = {}
    for item in section.topic.items.values():
        statement = said.get(item.name)
        if statement is None:
            continue
        if item.part_of:
            wholes.setdefault(item.part_of, []).append(statement)
        if item.share_of:
            shares.setdefault(item.share_of, []).append(statement)
        if item.at_most and item.at_most in said:
            yield from _at_most(document, [statement], said[item.at_most])
    if section.topic.name in ("收入", "支出"):
        kinds = (*section.topic.items, *document.vocabulary.common)
        _add_up(said, section.topic.whole, kinds)
    for name, parts in wholes.items():
        if name in said and len(parts) > 1:
            yield from _sum(document, parts, said[name])
    for name, parts in shares.items():
        if name in said and len(parts) > 1:
            yield from _at_most(document, parts, said[name])


def _add_up(said: dict[str, Statement], whole: str, names: Iterable[str]) -> None:
    """Parts that the tables do not give are known when they add up to the whole."""
    parts = [said[name] for name in names if name in said and name != whole]
    if whole not in said or len(parts) < 2:
        return
    total, room = added_up(parts)
    if abs(total - said[whole].value) <= room + said[whole].grain:
        for part in parts:
            part.checked = True


def _sum(document: Document, parts: list[Statement], whole: Statement) -> Iterator[TextFinding]:
    for statement in (*parts, whole):
        statement.checked = True
    total, room = added_up(parts)
    difference = whole.value - total
    if difference == 0:
        return
    residue = abs(difference) <= room + whole.grain
    name = whole.subject.name if whole.subject else ""
    addends = "、".join(part.words for part in parts)
    yield document.say(
        "N11-01",
        document.at(whole),
        f"文中{name}{whole.words}，各部分（{addends}）之和是{printed_as(total, whole)}",
        outcome="尾差" if residue else "不符",
        level="info" if residue else "",
        left=Side(f"文中{name}", whole.value),
        right=Side("各部分之和", total),
        difference=difference,
    )


def _at_most(document: Document, parts: list[Statement], whole: Statement) -> Iterator[TextFinding]:
    for statement in (*parts, whole):
        statement.checked = True
    total, room = added_up(parts)
    if total <= whole.value + room + whole.grain:
        return
    name = whole.subject.name if whole.subject else ""
    what = "、".join(part.words for part in parts)
    sums = f"{what}合计{printed_as(total, whole)}" if len(parts) > 1 else what
    yield document.say(
        "N11-02",
        document.at(parts[-1]),
        f"{sums}，超过{name}{whole.words}",
        left=Side("部分", total),
        right=Side(name, whole.value),
        difference=total - whole.value,
    )


def _vehicles(document: Document) -> Iterator[TextFinding]:
    for where, match in document.matches(_VEHICLES):
        types = [Decimal(n) for n in re.findall(r"(\d+)辆", match["types"])]
        if not types:
            continue
        _mark(document, where)
        total = Decimal(match["total"])
        if sum(types) != total:
            yield document.say(
                "N12-01",
                replace(where, start=match.start("total"), end=match.end("total")),
                f"车辆共{total}辆，各类之和是{shown(sum(types, Decimal(0)))}辆",
                left=Side("车辆总数", total),
                right=Side("各类之和", sum(types, Decimal(0))),
                difference=total - sum(types),
            )


def _grades(document: Document) -> Iterator[TextFinding]:
    for where, match in document.matches(_GRADES):
        _mark(document, where, "count")
        total = int(match["total"])
        grades = [int(match[name]) for name in "abcd"]
        if sum(grades) != total:
            yield document.say(
                "N11-01",
                replace(where, start=match.start("total"), end=match.end("total")),
                f"自评项目{total}个，优、良、合格、不合格之和是{sum(grades)}个",
            )


def _mark(document: Document, where: Where, kind: str = "") -> None:
    for statement in document.statements:
        token = statement.token
        inside = where.start <= token.start and token.end <= where.end
        if inside and statement.paragraph is where.paragraph:
            statement.checked = statement.checked or not kind or token.kind == kind


def _budgets(document: Document, section: Section) -> Iterator[TextFinding]:
    """The 年初预算 of the items add up to the total's."""
    own = [
        s for s in document.statements if s.section is section and (s.role == "budget" or s.both)
    ]
    totals = [s for s in own if s.subject and s.subject.item and s.basis == "年初"]
    items = [s for s in own if s.subject and s.subject.row is not None and s.basis == "年初"]
    if not totals or not items or totals[0].value == 0 or _missing(document, section):
        return
    for statement in (*items, totals[0]):
        statement.checked = True
    total, room = added_up(items)
    difference = totals[0].value - total
    if difference == 0:
        return
    residue = abs(difference) <= room + totals[0].grain
    yield document.say(
        "N5-04",
        document.at(totals[0]),
        f"年初预算{totals[0].words}，各项之和是{printed_as(total, totals[0])}",
        outcome="尾差" if residue else "不符",
        level="info" if residue else "",
        left=Side("年初预算", totals[0].value),
        right=Side("各项之和", total),
        difference=difference,
    )


def _unsaid(document: Document, section: Section) -> Iterator[TextFinding]:
    """Rows of the deepest level with figures that the section does not speak of."""
    missing = _missing(document, section)
    if missing and section.bodies and any(_rows_said(document, section)):
        paragraph, start = section.bodies[-1]
        where = Where(section, paragraph, start, len(paragraph.squeezed.text))
        names = "、".join(missing)
        yield document.say("N5-03", where, f"没有说到表里有数的{names}", hint="补上这几项")


def _rows_said(document: Document, section: Section) -> set[str]:
    return {
        s.subject.row.code
        for s in document.statements
        if s.section is section and s.subject and s.subject.row is not None
    }


def _missing(document: Document, section: Section) -> list[str]:
    """A 类 or 款 that is spoken of stands for its rows."""
    said = tuple(_rows_said(document, section))
    rows = document.tables.rows("一般公共")
    deepest = max((len(row.code) for row in rows), default=0)
    return [
        row.name
        for row in rows
        if len(row.code) == deepest
        and not row.code.startswith(said)
        and (figure := document.tables.of_row(row)) is not None
        and figure.value
    ]

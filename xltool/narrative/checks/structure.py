"""Sections that the tables demand or forbid: N0-06, N9-01; doubled purposes: N5-05."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from xltool.narrative.document import Document, TextFinding, Where
from xltool.narrative.outline import Section
from xltool.narrative.text import Paragraph

_DEMANDED = {
    "收支总体": "总表",
    "收入": "收入表",
    "支出": "支出表",
    "财政拨款总体": "财拨总表",
    "一般公共": "一般公共",
    "三公": "三公",
    "政府性基金": "基金",
    "国有资本经营": "国资",
}
"""Topics that a disclosure has to have when the edition has the table."""
_OWN_LAYOUT = 2
"""Where more of them lack, the text has another layout."""
_PURPOSE = re.compile(r"主要用于：?(?P<what>[^。；]{4,60})[。；]")


def check(document: Document) -> Iterator[TextFinding]:
    """Sections, statements that there is nothing, purposes."""
    yield from _absent(document)
    for section, paragraph, start in document.bodies():
        yield from _nothing(document, section, paragraph, start)
    yield from _purposes(document)


def _absent(document: Document) -> Iterator[TextFinding]:
    present = {s.topic.name for s in document.sections if s.topic} | {
        s.topic.within for s in document.sections if s.topic
    }
    whole = "".join(p.squeezed.text for p in document.narrative.paragraphs)
    if len(present & set(_DEMANDED)) < 3:
        return
    first = next(s for s in document.sections if s.topic)
    paragraph = (first.bodies or [(document.narrative.paragraphs[0], 0)])[0][0]
    where = Where(first, paragraph, 0, min(1, len(paragraph.squeezed.text)))
    absent = []
    for topic, alias in _DEMANDED.items():
        table = document.tables.name_of(alias)
        word = {"政府性基金": "政府性基金预算", "国有资本经营": "国有资本经营预算"}.get(topic, "")
        if topic not in present and table is not None and not (word and word in whole):
            absent.append(table)
    if len(absent) > _OWN_LAYOUT:
        # a province whose texts are not on all tables
        named = "、".join(f"“{table}”" for table in absent)
        yield document.say("N0-06", where, f"没有找到说明{named}的部分", level="info")
        return
    for table in absent:
        yield document.say(
            "N0-06",
            where,
            f"没有找到说明“{table}”的部分",
            table=table,
            hint="没有这项收支的，也要写一句“没有……收入和支出”",
        )


def _nothing(
    document: Document, section: Section, paragraph: Paragraph, start: int
) -> Iterator[TextFinding]:
    """A sentence says that there is nothing, and the table has something."""
    topic = section.topic
    if topic is None:
        return
    text = paragraph.squeezed.text[start:]
    expressions = topic.none
    if topic.name.startswith("三公"):
        expressions = document.vocabulary.topics["三公"].items["三公合计"].figure
        pattern = r"(?:无|没有|未发生|未安排)[^，。；]{0,8}“?三公“?经费[^，。；]{0,12}支出"
    elif topic.none:
        pattern = (
            r"(?:无|没有|未发生|未安排|未使用|不涉及)[^，。；]{0,12}"
            r"(?:政府性基金|国有资本经营)预算[^，。；]{0,16}"
        )
    else:
        return
    match = re.search(pattern, text)
    if match is None:
        return
    for expression in expressions:
        figure = document.tables.figure([expression])
        if figure is not None and figure.value:
            where = Where(section, paragraph, start + match.start(), start + match.end())
            yield document.say(
                "N9-01",
                where,
                f"文中说没有，表里有数（“{figure.table}”）",
                cells=figure.cells,
                table=figure.table,
            )
            return


def _purposes(document: Document) -> Iterator[TextFinding]:
    """One purpose for 科目 of two 类: copied from the one above."""
    places: dict[str, list[tuple[str, Where]]] = defaultdict(list)
    for where, match in document.matches(_PURPOSE, "what"):
        topic = where.section.topic
        if topic is not None and topic.name == "一般公共具体":
            head = match.string[: match.start()].partition("（类）")[0]
            places[match["what"]].append((re.sub(r"^[\d、.]+", "", head), where))
    for what, found in places.items():
        kinds = {kind for kind, _ in found}
        if len(kinds) > 1:
            yield document.say(
                "N5-05",
                found[-1][1],
                f"用途“{what}”与别的类的科目相同",
                hint="核对是不是抄错了一项",
            )

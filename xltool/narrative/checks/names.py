"""The unit's name, everywhere the same: N0-05. A name shortened at its front is the same one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from xltool.narrative.document import Document, TextFinding, Where
from xltool.narrative.words import plain

_ENDS = "局委办院校所中心部室会站馆厅署队镇乡街道团"
_NAME = rf"(?P<name>[\u4e00-\u9fff（）·]{{3,30}}?(?:[{_ENDS}]))"
_OF_YEAR = re.compile(rf"^{_NAME}20\d\d年度?")
_OF_UNIT = (
    re.compile(rf"^{_NAME}概况$"),
    re.compile(
        rf"^(?:20\d\d年\d{{1,2}}月(?:\d{{1,2}}日)?，?)?{_NAME}(?:[是为系][^，。；]{{0,14}}"
        r"(?:工作部门|职能部门|行政单位|事业单位|直属机构|派出机构|组成部门)|正?式?(?:成立|组建|挂牌))"
    ),
    re.compile(rf"，{_NAME}(?:部门)?决算(?:包括|由)"),
    re.compile(rf"(?:部门|单位)（?(?:单位)?）?名称：?{_NAME}(?=年度|$|[，。；：])"),
)
"""How the part on the unit and the evaluation form name it."""
_OURS = re.compile(r"^(?:我|本|其中|按照|根据|截至|关于|与|全|共|在|从|较|比|注|附|下属|所属)")


def check(document: Document) -> Iterator[TextFinding]:
    """Hold every name that is the unit's own by its words against the name on the tables."""
    own = plain(document.tables.report.unit_name)
    seen: set[str] = set()
    for where in _named(document) if own else ():
        name = where.squeezed
        if own.endswith(name) or name.endswith(own) or name in seen or _OURS.match(name):
            continue
        seen.add(name)
        yield document.say(
            "N0-05", where, f"文中单位是“{name}”，表上是“{own}”", hint="核对单位名称"
        )


def _named(document: Document) -> Iterator[Where]:
    for section in document.sections:
        if section.heading is not None:
            title = plain(section.title)
            start = section.heading.squeezed.text.find(title)
            where = Where(section, section.heading, start, start + len(title))
            yield from _found(where, _OF_UNIT[:1])
    for where in document.all_sentences():
        topic = where.section.topic
        about_unit = topic is not None and topic.about_unit
        yield from _found(where, (_OF_YEAR, *(_OF_UNIT if about_unit else ())))


def _found(where: Where, patterns: tuple[re.Pattern[str], ...]) -> Iterator[Where]:
    for pattern in patterns:
        if match := pattern.search(where.squeezed):
            start, end = match.span("name")
            yield replace(where, start=where.start + start, end=where.start + end)

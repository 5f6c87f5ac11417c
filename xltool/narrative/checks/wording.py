"""Words that a person forgot: templates (N0-01), units (N0-03), years (N0-04), old names (N0-08)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xltool.narrative.document import Document, TextFinding, Where

_TO_WRITE = re.compile(r"【待写：(?P<what>[^】]*)】")
_BARE_SHARE = re.compile(
    r"(?:占|增长|下降|上升|完成[^，。；\d]{0,10}预算数?的)(?P<n>\d+\.\d{1,2})(?=[，。；、）])"
)
_BARE_AMOUNT = re.compile(
    r"(?:总计|合计|支出|收入|预算|决算|经费|金额|数)(?:均?为|是|各)?(?P<n>\d[\d,]*\.\d{1,2})(?=[，。；、）])"
)
_AS_OF = re.compile(r"(?:截至|截止|至)(?P<year>20\d\d)年12月31日")
_PERIOD = re.compile(
    r"(?P<before>[与和同比较于年至—-]{0,2})(?P<year>20\d\d)年度?(?P<after>[^，。；]{0,40})"
)
_FIGURES = re.compile(r"(?:收入|支出|总计|合计|预算|决算|经费|采购)[^，。；]{0,16}\d")
_OWN = re.compile(
    r"^[^，。；上]{0,14}(?:收入支出总计|收、?支总计|支出决算为|本年(?:收入|支出)合计|总计均?为)\d"
)
_COMPARED = re.compile(
    r"(?:与|和|同|比|较)(?P<year>20\d\d)年度?(?:决算数?)?(?:相比|相较|比较|增加|减少|增长|下降|持平|，)"
)


def check(document: Document) -> Iterator[TextFinding]:
    """Sentence by sentence."""
    yield from _debris(document)
    yield from _placeholders(document)
    yield from _units(document)
    yield from _years(document)
    yield from _old_names(document)


def _debris(document: Document) -> Iterator[TextFinding]:
    for pattern in document.vocabulary.debris:
        for where, _ in document.matches(pattern):
            yield document.say(
                "N0-01", where, f"模板里的字没有改：“{where.words}”", hint="改成实际的字或数"
            )


def _placeholders(document: Document) -> Iterator[TextFinding]:
    """What `narrative write` left to a person."""
    for where, match in document.matches(_TO_WRITE):
        yield document.say("N0-09", where, f"还没有写：{match['what']}", hint="写上，并删去括号")


def _units(document: Document) -> Iterator[TextFinding]:
    for pattern, what in ((_BARE_SHARE, "“%”"), (_BARE_AMOUNT, "金额单位")):
        for where, _ in document.matches(pattern, "n"):
            yield document.say("N0-03", where, f"{where.words}后面缺{what}", hint=f"补上{what}")


def _years(document: Document) -> Iterator[TextFinding]:
    year = document.year
    if not year:
        return
    for where, match in _dated(document, _AS_OF):
        if int(match["year"]) != year:
            yield _wrong_year(document, where, year, "日期")
    for where, match in _dated(document, _COMPARED):
        if int(match["year"]) != year - 1 and not _further(document, where, match, year - 1):
            yield _wrong_year(document, where, year - 1, "比较的年度")
    for where, match in _dated(document, _PERIOD):
        if _of_another_year(match, year):
            yield _wrong_year(document, where, year, "年度")


def _further(document: Document, where: Where, match: re.Match[str], prior: int) -> bool:
    """Whether one figure was compared with last year before it is with an earlier one: 较2022年…，较2021年…."""
    sentence = re.split(r"[。！？]", match.string[: where.start])[-1]
    compared = list(_COMPARED.finditer(sentence))
    return (
        bool(compared)
        and int(compared[-1]["year"]) > int(match["year"])
        and int(compared[0]["year"]) == prior
        and document.subjects.named(where.section.topic, sentence[compared[0].end() :]) is None
    )


def _dated(document: Document, pattern: re.Pattern[str]) -> Iterator[tuple[Where, re.Match[str]]]:
    """Years in the sections that speak of the year's figures."""
    for where, match in document.matches(pattern, "year"):
        topic = where.section.topic
        if topic is not None and topic.name not in ("概况", "名词解释"):
            yield where, match


def _of_another_year(match: re.Match[str], year: int) -> bool:
    """Whether figures are said to be of another year; last year's may be told for comparison."""
    said = int(match["year"])
    if said == year or match["before"]:
        return False
    return bool((_OWN if said == year - 1 else _FIGURES).search(match["after"]))


def _wrong_year(document: Document, where: Where, year: int, what: str) -> TextFinding:
    return document.say(
        "N0-04", where, f"{what}是{where.squeezed}年，应为{year}年", hint=f"改为{year}年"
    )


def _old_names(document: Document) -> Iterator[TextFinding]:
    for section, paragraph, start in document.bodies():
        for old, new in document.vocabulary.old_names.items():
            at = paragraph.squeezed.text.find(old, start)
            if at < 0:
                continue
            where = Where(section, paragraph, at, at + len(old))
            yield document.say("N0-08", where, f"“{old}”是旧名称，现在叫“{new}”")

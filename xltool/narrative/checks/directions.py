"""大于、小于、等于、持平 between final figure and budget, and reasons that say the contrary: N5-02."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from xltool.narrative.document import Document, TextFinding, Where, printed_as
from xltool.narrative.known import budget
from xltool.narrative.statements import Statement

_WORDS = "大于|小于|等于|高于|低于|超过|超出|多于|少于"
_COMPARED = re.compile(
    rf"决算数?(?:略|明显|稍|远)?(?:(?P<word>{_WORDS})|(?:与|和|同)[^，。；]{{0,10}}(?P<flat>(?P<about>基本)?(?:持平|一致|相等)"
    r"|不存在差异|无差异)|(?:与|和|同)[^，。；]{0,10}(?P<differ>存在差异|有差异|差异))"
    rf"|(?:^|[，。；])(?P<bare>{_WORDS})(?:年初|全年|调整后?)?预算"
)
_SINCE = re.compile(
    r"(?:决算数?(?:较|比)上年(?:度|决算数?)?|(?<=[，；。：]))"
    r"(?P<word>增加|增长|上升|减少|下降|降低)(?:的|，)?(?:主要)?原因"
)
_BASIS = re.compile(r"(?P<basis>年初|全年|调整)")
_FLAT = re.compile(
    r"(?:持平|无增减变化)(?P<mark>，|。|；)?[^。；]{0,4}(?:主要)?原因(?:是|：|为)?(?P<reason>[^；]*)"
)
_CHANGE_WORDS = re.compile(r"减少|下降|降低|压减|缩减|增加|增长|上升|节约")
_NEAR = Decimal("0.05")
"""基本持平: within five hundredths."""


class _Pair(NamedTuple):
    """A final figure beside its budget, in words, and which is greater. `near`: they hardly differ."""

    final: str
    budget: str
    sign: int
    near: bool
    said: tuple[Statement, ...]


def _compare(
    final: Statement, value: Decimal, grain: Decimal, words: str, said: tuple[Statement, ...]
) -> _Pair:
    difference = final.value - value
    sign = 0 if abs(difference) < max(final.grain, grain) else 1 if difference > 0 else -1
    return _Pair(final.words, f"预算{words}", sign, abs(difference) <= abs(value) * _NEAR, said)


def check(document: Document) -> Iterator[TextFinding]:
    """Hold the words of comparisons against the two figures before them."""
    for where, match in document.matches(_COMPARED):
        before = _before(document, where)
        clause = re.split(r"[，。；：]", match.string[: where.start])[-1]
        if named := document.subjects.named(where.section.topic, clause):
            # “三公”经费支出决算数小于预算数, behind its parts
            before = [s for s in before if s.subject == named.subject]
        # 决算数大于年初预算数: which budget is said behind the word
        words = match.string[match.start() : match.end() + 6]
        pair = _pair(before, words) or _by_table(document, before) or _by_rate(before)
        if pair is not None:
            yield from _judged(document, where, match, pair)
    for where, match in document.matches(_SINCE):
        yield from _since(document, where, match["word"])
    for where, match in document.matches(_FLAT):
        yield from _flat_reason(document, where, match)


def _before(document: Document, where: Where) -> list[Statement]:
    """The statements of the paragraph before a place in it."""
    return [
        s
        for s in document.statements
        if s.paragraph is where.paragraph and s.token.end <= where.start
    ]


def _pair(before: list[Statement], words: str) -> _Pair | None:
    """The last final figure and the last budget of one subject before the words."""
    finals = [s for s in before if s.role == "figure" and s.token.kind == "amount"]
    if not finals:
        return None
    final = finals[-1]
    budgets = [s for s in before if s.role == "budget" and s.subject == final.subject]
    if (named := _BASIS.search(words)) and any(b.basis == named["basis"] for b in budgets):
        budgets = [b for b in budgets if b.basis == named["basis"]]
    elif len({b.value for b in budgets[-2:]}) > 1:
        # two budgets and no word of which one is meant
        non_zero = [b for b in budgets if b.value]
        budgets = non_zero if len(non_zero) == 1 else []
    if not budgets:
        return None
    chosen = budgets[-1]
    return _compare(final, chosen.value, chosen.grain, chosen.words, (final, chosen))


def _by_table(document: Document, before: list[Statement]) -> _Pair | None:
    """Where the text gives no budget: that of the tables or the facts."""
    finals = [s for s in before if s.role == "figure" and s.token.kind == "amount"]
    if not finals:
        return None
    final = finals[-1]
    figure = budget(document, final.subject, "")
    if figure is None or figure.value is None or figure.blank:
        return None
    return _compare(final, figure.value, Decimal(0), printed_as(figure.value, final), (final,))


def _by_rate(before: list[Statement]) -> _Pair | None:
    """Where nothing gives the budget but a completion rate: more than 100 % is more."""
    rates = [s for s in before if s.role == "completion" and s.figure is not None]
    last = rates[-1] if rates else None
    if last is None or last.figure is None or last.figure.value == 0:
        return None
    difference = last.value - 100
    sign = 0 if difference == 0 else 1 if difference > 0 else -1
    near = abs(difference) <= 100 * _NEAR
    return _Pair(last.figure.words, f"预算（完成{last.words}）", sign, near, (last.figure,))


def _judged(
    document: Document, where: Where, match: re.Match[str], pair: _Pair
) -> Iterator[TextFinding]:
    for statement in pair.said:
        statement.checked = True
    sign, word = pair.sign, match["word"] or match["bare"]
    if word:
        said = {"大于": 1, "高于": 1, "超过": 1, "超出": 1, "多于": 1, "等于": 0}.get(word, -1)
        right = said == sign
    elif match["differ"]:
        right = sign != 0
    else:
        right = sign == 0 or (bool(match["about"]) and pair.near)
    if right:
        return
    truth = {1: "大于", 0: "等于", -1: "小于"}[sign]
    yield document.say(
        "N5-02",
        where,
        f"文中“{where.words.strip('，。；')}”，而{pair.final}{truth}{pair.budget}",
        hint=f"应为“{truth}”" if sign else "应为“持平”",
    )


def _since(document: Document, where: Where, word: str) -> Iterator[TextFinding]:
    """决算数较上年增加的主要原因, behind the change that the text gives."""
    changes = [s for s in _before(document, where) if s.role == "change" and s.direction]
    said = -1 if word in ("减少", "下降", "降低") else 1
    if changes and changes[-1].direction != said:
        right = "增加" if said < 0 else "减少"
        yield document.say(
            "N5-02",
            where,
            f"文中“{where.words}”，前面是{right}{changes[-1].words}",
            hint=f"应为“{right}”",
        )


def _flat_reason(document: Document, where: Where, match: re.Match[str]) -> Iterator[TextFinding]:
    """持平 needs no reason; one that tells of a change contradicts it."""
    reason = match["reason"].partition("。")[0]
    found = _CHANGE_WORDS.search(reason)
    if found is not None and "持平" not in reason:
        yield document.say(
            "N5-02",
            where,
            f"说了“持平”，原因里又说“{found[0]}”",
            hint="核对是不是真的持平；持平不用写原因",
        )

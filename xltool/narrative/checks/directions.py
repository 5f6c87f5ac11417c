"""大于、小于、等于、持平 between final figure and budget, and reasons that say the contrary: N5-02."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from xltool.narrative.document import Document, TextFinding, Where
from xltool.narrative.outline import Section
from xltool.narrative.statements import Statement
from xltool.narrative.text import Paragraph

_COMPARED = re.compile(
    r"决算数?(?:(?P<word>大于|小于|等于|高于|低于|超过|多于|少于)|(?:与|和|同)[^，。；]{0,10}(?P<flat>(?P<about>基本)?(?:持平|一致|相等)|不存在差异|无差异)"
    r"|(?:与|和|同)[^，。；]{0,10}(?P<differ>存在差异|有差异|差异))"
)
_BASIS = re.compile(r"(?P<basis>年初|全年|调整)")
_FLAT = re.compile(
    r"(?:持平|无增减变化)(?P<mark>，|。|；)?[^。；]{0,4}(?:主要)?原因(?:是|：|为)?(?P<reason>[^；]*)"
)
_CHANGE_WORDS = re.compile(r"减少|下降|降低|压减|缩减|增加|增长|上升|节约")
_NEAR = Decimal("0.05")
"""基本持平: within five hundredths."""


class _Pair(NamedTuple):
    final: Statement
    budget: Statement

    @property
    def sign(self) -> int:
        difference = self.final.value - self.budget.value
        room = max(self.final.grain, self.budget.grain)
        return 0 if abs(difference) < room else 1 if difference > 0 else -1


def check(document: Document) -> Iterator[TextFinding]:
    """Hold the words of comparisons against the two figures before them."""
    for section in document.sections:
        for paragraph, start in section.bodies:
            text = paragraph.squeezed.text
            own = [
                s
                for s in document.statements
                if s.paragraph is paragraph and s.token.start >= start
            ]
            for match in _COMPARED.finditer(text, start):
                before = [s for s in own if s.token.end <= match.start()]
                pair = _pair(before, match[0])
                if pair is not None:
                    where = Where(section, paragraph, match.start(), match.end())
                    yield from _judged(document, where, match, pair)
            yield from _flat_reasons(document, section, paragraph, start)


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
    return _Pair(final, budgets[-1]) if budgets else None


def _judged(
    document: Document, where: Where, match: re.Match[str], pair: _Pair
) -> Iterator[TextFinding]:
    pair.final.checked = pair.budget.checked = True
    sign, word = pair.sign, match["word"]
    if word:
        said = {"大于": 1, "高于": 1, "超过": 1, "多于": 1, "等于": 0}.get(word, -1)
        right = said == sign
    elif match["differ"]:
        said, right = 1, sign != 0
    else:
        near = abs(pair.final.value - pair.budget.value) <= abs(pair.budget.value) * _NEAR
        said, right = 0, sign == 0 or (bool(match["about"]) and near)
    if right:
        return
    truth = {1: "大于", 0: "等于", -1: "小于"}[sign]
    yield document.say(
        "N5-02",
        where,
        f"文中“{where.words}”，而{pair.final.words}{truth}预算{pair.budget.words}",
        hint=f"应为“{truth}”" if sign else "应为“持平”",
    )


def _flat_reasons(
    document: Document, section: Section, paragraph: Paragraph, start: int
) -> Iterator[TextFinding]:
    """持平 needs no reason; one that tells of a change contradicts it."""
    text = paragraph.squeezed.text
    for match in _FLAT.finditer(text, start):
        reason = match["reason"].partition("。")[0]
        found = _CHANGE_WORDS.search(reason)
        if found is None or "持平" in reason:
            continue
        where = Where(section, paragraph, match.start(), match.end())
        yield document.say(
            "N5-02",
            where,
            f"说了“持平”，原因里又说“{found[0]}”",
            hint="核对是不是真的持平；持平不用写原因",
        )

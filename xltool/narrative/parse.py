"""Sections -> statements: the words before each number tell what it is about, and in which role.

A text is read from left to right. What has no subject of its own is about the last one, but only where
the words between say nothing else: a number behind words that are not known stays unbound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from xltool.core.caches import remembered
from xltool.narrative.outline import Section, sentences
from xltool.narrative.statements import Basis, Role, Statement, Subject
from xltool.narrative.subjects import Subjects
from xltool.narrative.text import Paragraph
from xltool.narrative.tokens import TextToken
from xltool.narrative.vocabulary import NarrativeVocabulary

_BUDGET = re.compile(
    r"(?P<basis>年初|全年|调整后?|当年)?(?:财政拨款)?(?:收入|支出)?预算(?:数|额|批复数|安排)?"
    r"(?:为|是|共|安排|：|合计|各|均)*(?:人民币)?约?$"
)
_COMPLETION = re.compile(
    r"(?:完成|占|为)[^，。；：]{0,6}?(?P<basis>年初|全年|调整后?|当年)?[^，。；：]{0,6}?预算(?:数|额|批复数)?的?(?:比例)?(?:为|的)?$"
    r"|(?:预算)?(?:完成率|执行率|完成比例|完成进度)(?:为|达到?|是|：)?$"
)
_SHARE = re.compile(
    r"(?:占|占到|占了|占比|所占比重|比重|比例)(?P<whole>[^，。；]{0,30}?)(?:的)?(?:比重|比例)?(?:为|是|达|：|约)*$"
)
_PRIOR_MARK = re.compile(r"上年|上一年|去年|同期|以前年度|(?:比|较|同|与|和|于)20\d\d年")
_BUDGET_MARK = re.compile(r"(?:比|较|与|和|同)[^，。；]{0,8}预算")
_PRIOR_VALUE = re.compile(r"(?:上年|上一年|去年)(?:度|同期)?[^，。；比较]{0,14}(?:为|是)?$")
_FILL = re.compile(
    r"支出决算数?|收入决算数?|决算数?|实际|完成|总额|金额|总计|合计|共计|累计|安排|列支|发生|资金|"
    r"财政拨款|部门|单位|本级|全年|本年|年度|20\d\d|上年|上一年|去年|同期|相比|相较|比较|比上|分别|"
    r"其中|主要|包括|用于|当年|数额|经费|费用|数|支出|收入|决算|均|各|共|约|为|是|了|的|我|本|"
    r"与|和|同|比|较|年|度|初|末|，|、|：|；|（|）|“|及|在|中|达|到|到了|现|从|由|按|上"
)

_ANNOUNCING = 30
"""A sentence that only names what follows is not longer."""


@dataclass(slots=True)
class _State:
    """What the text before has told: the subject, and its last figure, change and budgets."""

    subject: Subject | None = None
    figure: Statement | None = None
    change: Statement | None = None
    budgets: dict[Basis, Statement] = field(default_factory=dict)
    last_amount: Statement | None = None

    def turn_to(self, subject: Subject) -> None:
        """Another subject: what was said of the one before does not count for it."""
        if subject != self.subject:
            self.subject, self.figure, self.change, self.budgets = subject, None, None, {}


class Parser:
    """Reads the statements of one section after the other."""

    def __init__(self, vocabulary: NarrativeVocabulary, subjects: Subjects) -> None:
        self.vocabulary, self.subjects = vocabulary, subjects
        self._change = _ending(vocabulary.up + vocabulary.down)

    def section(self, section: Section) -> Iterator[Statement]:
        """The statements of a section, in order."""
        state = _State()
        if section.topic is not None and section.topic.ignored:
            return
        if section.topic is not None and section.topic.subject:
            state.turn_to(self.subjects.default(section.topic))
        for paragraph, start in section.bodies:
            yield from self._paragraph(section, paragraph, start, state)

    def _paragraph(
        self, section: Section, paragraph: Paragraph, start: int, state: _State
    ) -> Iterator[Statement]:
        text = paragraph.squeezed.text
        first = True
        for begin, end in sentences(text, start):
            numbers = [t for t in paragraph.tokens if begin <= t.start < end and _counts(t)]
            if not numbers:
                self._announced(section, text[begin:end], first, state)
            at = begin
            for token in numbers:
                statement = self._statement(section, paragraph, (begin, end), at, token, state)
                yield statement
                at = token.end
            first = False

    def _announced(self, section: Section, words: str, first: bool, state: _State) -> None:
        """A sentence without numbers may say what the next ones are about: 1．因公出国（境）费。"""
        found = self.subjects.named(section.topic, words)
        if found is None:
            return
        levels = bool(found.subject.row or found.subject.lacking) and "（" in words
        if levels or (first and len(words) < _ANNOUNCING):
            state.turn_to(found.subject)

    def _statement(
        self,
        section: Section,
        paragraph: Paragraph,
        sentence: tuple[int, int],
        at: int,
        token: TextToken,
        state: _State,
    ) -> Statement:
        text = paragraph.squeezed.text
        cue, before = text[at : token.start], text[sentence[0] : token.start]
        made = Statement(section, paragraph, token, sentence, "unknown", None)
        if token.kind == "percent":
            self._percent(made, cue, before, state)
        elif token.kind == "amount":
            self._amount(made, cue, before, state)
        else:
            made.role = "count"
        return made

    # ── amounts ──

    def _amount(self, made: Statement, cue: str, before: str, state: _State) -> None:
        found = self.subjects.named(made.section.topic, cue, state.subject)
        role, basis, direction = self._role(cue, before, found is not None and found.at_end)
        made.role, made.basis, made.direction = role, basis, direction
        if found is not None:
            state.turn_to(found.subject)
            made.sure = found.sure
        elif not _only_filling(self._without_role(cue)):
            # words that are not known stand before the number: it is not about the last subject
            made.role = "unknown" if role in ("figure", "budget", "prior") else role
            made.sure = False
        made.subject = state.subject
        if made.role == "unknown":
            return
        made.figure, made.budgets = state.figure, dict(state.budgets)
        if role == "figure":
            state.figure = state.last_amount = made
        elif role == "budget":
            state.budgets[basis] = made
        elif role == "change":
            state.change = made

    def _role(self, cue: str, before: str, subject_ends: bool) -> tuple[Role, Basis, int | None]:
        if not subject_ends and (match := _BUDGET.search(cue)):
            return "budget", _basis(match["basis"]), None
        if match := self._change.search(cue):
            direction = 1 if match["word"] in self.vocabulary.up else -1
            return ("budget-change" if _against_budget(before) else "change"), "", direction
        if _PRIOR_VALUE.search(cue) and not re.search(r"比|较|与|同", cue):
            return "prior", "", None
        return "figure", "", None

    def _without_role(self, cue: str) -> str:
        for pattern in (_BUDGET, self._change):
            cue = pattern.sub("", cue)
        return cue

    # ── percentages ──

    def _percent(self, made: Statement, cue: str, before: str, state: _State) -> None:
        made.subject, made.figure, made.change = state.subject, state.figure, state.change
        made.budgets = dict(state.budgets)
        if match := _COMPLETION.search(cue):
            made.role, made.basis = "completion", _basis(match["basis"])
        elif match := self._change.search(cue):
            made.direction = 1 if match["word"] in self.vocabulary.up else -1
            made.role = "budget-rate" if _against_budget(before) else "rate"
        elif match := _SHARE.search(cue):
            self._share(made, match["whole"] or "", state)
        else:
            return
        self._own_subject(made, cue, state)

    def _own_subject(self, made: Statement, cue: str, state: _State) -> None:
        """A percentage may name its subject anew: 因公出国（境）费支出决算完成预算的…."""
        if made.role == "share":
            return
        found = self.subjects.named(made.section.topic, cue, state.subject)
        if found is None or found.subject == state.subject:
            return
        state.turn_to(found.subject)
        made.subject, made.figure, made.change, made.budgets = found.subject, None, None, {}
        made.sure = found.sure

    def _share(self, made: Statement, whole: str, state: _State) -> None:
        made.role, made.figure = "share", state.last_amount or state.figure
        if made.figure is not None:
            made.subject = made.figure.subject
        if whole and not _only_filling(whole):
            found = self.subjects.named(made.section.topic, whole)
            made.whole = found.subject if found is not None and found.sure else None
            made.whole_said = True
        elif whole in ("合计", "总计", "总额", "总数"):
            made.whole = self.subjects.whole(made.section.topic)
        else:
            made.whole = self.subjects.whole(made.section.topic)


def _counts(token: TextToken) -> bool:
    return token.kind not in ("structure", "year")


def _basis(word: str | None) -> Basis:
    match word:
        case "年初":
            return "年初"
        case "全年":
            return "全年"
        case str() if word.startswith("调整"):
            return "调整"
    return ""


def _against_budget(before: str) -> bool:
    """Whether the last thing that a sentence compares with is the budget, not last year."""
    budget = [m.end() for m in _BUDGET_MARK.finditer(before)]
    prior = [m.end() for m in _PRIOR_MARK.finditer(before)]
    return bool(budget) and budget[-1] > (prior[-1] if prior else -1)


def _only_filling(words: str) -> bool:
    """Whether words say nothing of their own."""
    return not _FILL.sub("", words)


@remembered(4)
def _ending(words: tuple[str, ...]) -> re.Pattern[str]:
    """One of the words at the end of a cue, with what may stand between it and the number."""
    longest = sorted(words, key=len, reverse=True)
    return re.compile(
        rf"(?P<word>{'|'.join(longest)})(?:了|额|数|各|均|约|为|是|支出|收入|的?金额|率|幅度?|幅为|：)*$"
    )

"""Sections -> statements: the words before each number tell what it is about, and in which role.

A text is read from left to right. What has no subject of its own is about the last one, but only where
the words between say nothing else: a number behind words that are not known stays unbound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from xltool.narrative.bases import base_of_share
from xltool.narrative.outline import Section, sentences
from xltool.narrative.roles import completion, mean_of, of_other_side, only_filling, roles, share
from xltool.narrative.sofar import SoFar
from xltool.narrative.statements import Statement
from xltool.narrative.subjects import Named, Subjects
from xltool.narrative.text import Paragraph
from xltool.narrative.tokens import TextToken
from xltool.narrative.vocabulary import NarrativeVocabulary

_ANNOUNCING = 30
"""A sentence that only names what follows is not longer."""
_TELLS = re.compile(r"用于|原因|由于")
"""A purpose or a reason names other things than what follows."""
_LISTS = re.compile(r"其中|包括|用于")
_ADDED = re.compile(
    r"(?:追加|追减|调增|调减|核增|核减)(?:了)?(?:预算|指标|资金)?(?:数|额)?(?:为)?$"
)
_NEXT = re.compile(r"(?:）)?、(?!.*(?:决算|实际|完成|支出$))")
"""The next amount of a list, whatever it is called."""
_FRAME = re.compile(r"(?P<what>[^，。；：]+)(?<!其)中[，：]")
_BRACKETED = re.compile(r"^（约?$")


class Parser:
    """Reads the statements of one section after the other."""

    def __init__(self, vocabulary: NarrativeVocabulary, subjects: Subjects) -> None:
        self.vocabulary, self.subjects = vocabulary, subjects
        self._roles = roles(vocabulary.up, vocabulary.down, subjects.tables.report.year)

    def section(self, section: Section) -> Iterator[Statement]:
        """The statements of a section, in order."""
        if section.topic is not None and section.topic.ignored:
            return
        state = SoFar()
        if section.topic is not None and section.topic.subject:
            state.turn_to(self.subjects.default(section.topic))
        for paragraph, start in section.bodies:
            yield from self._paragraph(section, paragraph, start, state)

    def _paragraph(
        self, section: Section, paragraph: Paragraph, start: int, state: SoFar
    ) -> Iterator[Statement]:
        text = paragraph.squeezed.text
        first = True
        for begin, end in sentences(text, start):
            numbers = [t for t in paragraph.tokens if begin <= t.start < end and _counts(t)]
            if not numbers:
                self._announced(section, text[begin:end], first, state)
            yield from self._sentence(section, paragraph, (begin, end), numbers, state)
            first = False

    def _sentence(
        self,
        section: Section,
        paragraph: Paragraph,
        span: tuple[int, int],
        numbers: list[TextToken],
        state: SoFar,
    ) -> Iterator[Statement]:
        """The statements of a sentence. What is in brackets does not count for what follows them."""
        text, at = paragraph.squeezed.text, span[0]
        state.listed = None
        known, outer = state.subject, list[SoFar]()
        for token in numbers:
            cue = text[at : token.start]
            self._brackets(cue, state, outer)
            made = Statement(section, paragraph, token, span, "unknown", None)
            self._read(made, cue, text[span[0] : token.start], text[token.end : span[1]], state)
            state.last = made
            yield made
            at = token.end
        if outer:
            state.back_to(outer[0])
        if state.subject is None:
            state.turn_to(known)

    def _brackets(self, cue: str, state: SoFar, outer: list[SoFar]) -> None:
        depth = 0
        for sign in re.sub(r"（[^（）]*）", "", cue):
            depth += {"（": 1, "）": -1}.get(sign, 0)
            if sign == "（":
                outer.append(state.kept())
                state.listed = None
                state.around = state.subject.name if state.subject else ""
            elif sign == "）" and outer:
                state.back_to(outer.pop())

    def _announced(self, section: Section, words: str, first: bool, state: SoFar) -> None:
        """A sentence without numbers may say what the next ones are about: 1．因公出国（境）费。"""
        found = self.subjects.named(section.topic, words)
        if found is None:
            return
        levels = bool(found.subject.row or found.subject.lacking) and "（" in words
        if levels or (first and len(words) < _ANNOUNCING and not _TELLS.search(words)):
            state.turn_to(found.subject)

    def _read(self, made: Statement, cue: str, before: str, after: str, state: SoFar) -> None:
        if made.token.kind == "percent":
            self._percent(made, cue, before, after, state)
        elif made.token.kind == "amount":
            self._amount(made, cue, before, after, state)
        else:
            self._count(made, cue, after, state)

    # ── amounts ──

    def _amount(self, made: Statement, cue: str, before: str, after: str, state: SoFar) -> None:
        beside = (state.counted, state.around)
        found = self.subjects.named(made.section.topic, cue, state.subject, beside, said=made)
        if frame := _FRAME.search(cue):
            # 公务用车运行维护费中，加油9.80万元: a part of what the frame names
            whole = self.subjects.named(made.section.topic, frame["what"])
            state.listed = whole.subject if whole is not None else state.listed
        elif _LISTS.search(cue) and found is None:
            state.listed = state.figure
        elif found is not None and _LISTS.search(found.rest):
            state.listed = found.subject
        if found is None and (following := self._following(made, cue, after)):
            found = following
        budgeted = bool(state.figure and state.budgets and state.figure.sentence == made.sentence)
        if found is None or found.rest:
            found = self.subjects.foreign(made.section.topic, self._roles.without(cue)) or found
        if (what := mean_of(cue)) is not None:
            found = self.subjects.named(made.section.topic, f"，{what}") if what else None
        spoken = self._roles.amount(cue, before, found is not None and found.at_end, budgeted)
        made.role, made.basis, made.direction = spoken.role, spoken.basis, spoken.direction
        if found is not None:
            state.turn_to(found.subject)
            made.sure = found.sure and (found.by_levels or self._plain(found.rest))
        elif _ADDED.search(cue):
            # 追加预算30万元: changes the budget, and nothing that is said of the subject
            made.role, made.subject = "unknown", None
            return
        elif self._strange(made, cue, state):
            # words that are not known stand before the number: it is not about the last subject
            made.sure = False
            if made.role in ("figure", "budget", "prior", "mean"):
                self._unnamed(made, state)
                return
        if found is not None and not made.sure and state.listed == found.subject:
            # 项目支出主要用于食品抽检214.08万元: a part of it, not it
            self._unnamed(made, state)
            return
        made.subject = state.subject
        self._remember(made, spoken.both, state)

    def _unnamed(self, made: Statement, state: SoFar) -> None:
        """An amount of something that is not known, at most a part of a list; what follows is not about it."""
        made.role, made.listed = "unknown", state.listed
        state.turn_to(None)
        state.last_amount = made

    def _strange(self, made: Statement, cue: str, state: SoFar) -> bool:
        """Whether words that are not known stand before a number without a subject of its own.

        What says itself that it is a change, a budget or a final figure needs only its own clause for that.
        """
        told = made.role in ("change", "prior", "budget-change", "budget") or "决算" in cue
        words = re.split(r"[，；：。]", cue)[-1] if told else cue
        part = made.role == "figure" and bool(_LISTS.search(cue) or _NEXT.match(cue))
        said = self._roles.without(words)
        other = state.subject is not None and of_other_side(said, state.subject.name)
        return part or other or not only_filling(said)

    def _plain(self, rest: str) -> bool:
        """Whether nothing stands between a subject and its number that makes it another thing."""
        return only_filling(self._roles.without(re.split(r"[，；：。]", rest)[-1]))

    def _following(self, made: Statement, cue: str, after: str) -> Named | None:
        """In 在100万元一般公共预算财政拨款支出中 the subject stands behind the number."""
        if not re.search(r"(?:^|[，；：])(?:在|将)$", cue):
            return None
        words = re.split(r"中|，|；", after)[0]
        found = self.subjects.named(made.section.topic, words)
        return found if found is not None and found.at_end else None

    def _remember(self, made: Statement, both: bool, state: SoFar) -> None:
        made.figure, made.budgets, made.prior = state.figure, dict(state.budgets), state.prior
        if made.role == "figure":
            state.figure = state.last_amount = made
            for early in state.waiting:
                if early.role in ("share", "completion") and early.figure is None:
                    early.figure = made
            made.both = both
            if both:
                state.budgets[made.basis] = made
        elif made.role == "prior":
            state.prior = made
        elif made.role == "budget":
            state.budgets[made.basis] = made
        elif made.role in ("change", "budget-change"):
            state.change = made
            for early in state.waiting:
                if early.role in ("rate", "budget-rate") and early.change is None:
                    early.change = made

    # ── counts ──

    def _count(self, made: Statement, cue: str, after: str, state: SoFar) -> None:
        made.role = "count"
        topic = made.section.topic
        named = self.subjects.named(topic, cue, state.subject)
        if named is not None and named.subject.item is not None:
            state.turn_to(named.subject)
        made.subject = self.subjects.counted(topic, cue, made.token.unit, after, state.subject)
        state.counted = made.subject.name if made.subject else ""

    # ── percentages ──

    def _percent(self, made: Statement, cue: str, before: str, after: str, state: SoFar) -> None:
        made.subject, made.figure, made.change = state.subject, state.figure, state.change
        made.budgets = dict(state.budgets)
        made.prior = state.prior
        last = state.last
        if last is not None and last.role == "budget" and cue in ("的", "的比例为"):
            made.role, made.basis = "completion", last.basis
        elif (basis := completion(cue)) is not None:
            made.role, made.basis = "completion", basis
        elif (direction := self._roles.direction(cue)) is not None:
            made.direction = direction
            against = self._roles.against_budget(before, bool(state.figure and state.budgets))
            made.role = "budget-rate" if against else "rate"
            if made.change is not None and made.change.sentence != made.sentence:
                made.change = None
        elif (whole := share(cue)) is not None:
            made.role = "share"
            self._share(made, cue, whole, state)
        elif _BRACKETED.match(cue) and after.startswith("）") and self._is_part(made, state):
            made.role = "share"
            self._share(made, cue, "", state)
        else:
            return
        if made.role != "share":
            self._own_subject(made, cue, state)
        if made.figure is None or made.change is None:
            state.waiting.append(made)

    def _is_part(self, made: Statement, state: SoFar) -> bool:
        """Whether a percentage alone in brackets can only be a share: behind a part of the section's whole."""
        whole = self.subjects.whole(made.section.topic)
        return bool(state.figure and whole and state.subject and state.subject != whole)

    def _own_subject(self, made: Statement, cue: str, state: SoFar) -> None:
        """A percentage may name its subject anew: 因公出国（境）费支出决算完成预算的…."""
        found = self.subjects.named(made.section.topic, cue, state.subject)
        if found is None or found.subject == state.subject:
            return
        state.turn_to(found.subject)
        made.subject, made.figure, made.change, made.budgets = found.subject, None, None, {}
        made.prior = None
        made.sure = found.sure

    def _share(self, made: Statement, cue: str, whole: str, state: SoFar) -> None:
        topic = made.section.topic
        made.whole, made.whole_said, made.other_whole = base_of_share(
            self.subjects, topic, whole, state.subject
        )
        part = self.subjects.named(topic, cue.rpartition("占")[0], state.subject)
        if part is not None and part.subject != (made.figure.subject if made.figure else None):
            # 卫生健康支出占3.95%，为72.84万元: the figure comes later
            state.turn_to(part.subject)
            made.subject, made.figure, made.sure = part.subject, None, part.sure
        elif (
            state.last is not None
            and state.last.role == "count"
            and not (made.whole_said and made.whole)
        ):
            made.figure = state.last
        else:
            made.figure = state.last_amount or state.figure
            made.subject = made.figure.subject if made.figure is not None else made.subject


def _counts(token: TextToken) -> bool:
    return token.kind not in ("structure", "year")

"""A text under check beside its tables, and the findings that checks make of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from xltool.checks.findings import Finding, Side
from xltool.core.amounts import convert, trim
from xltool.core.cellref import CellRef
from xltool.narrative.facts import NarrativeFacts
from xltool.narrative.outline import Section, sentences
from xltool.narrative.statements import Statement
from xltool.narrative.subjects import Subjects
from xltool.narrative.tables import Tables
from xltool.narrative.text import Narrative, Paragraph
from xltool.narrative.vocabulary import NarrativeVocabulary
from xltool.narrative.words import plain
from xltool.rules.model import Outcome


@dataclass(frozen=True, slots=True)
class Where:
    """A place in the text: from `start` to `end` in the squeezed text of a paragraph."""

    section: Section
    paragraph: Paragraph
    start: int
    end: int

    @property
    def words(self) -> str:
        """What stands there."""
        return self.paragraph.written(self.start, self.end)

    @property
    def squeezed(self) -> str:
        """What stands there, in the spelling of squeezed text."""
        return self.paragraph.squeezed.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class TextFinding:
    """A finding with its place in the text."""

    finding: Finding
    where: Where
    sentence: str


@dataclass
class Document:
    """A text, its statements, and the tables that it speaks of."""

    narrative: Narrative
    vocabulary: NarrativeVocabulary
    tables: Tables
    sections: list[Section] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    facts: NarrativeFacts = field(default_factory=NarrativeFacts)

    @cached_property
    def subjects(self) -> Subjects:
        """What words name, by the vocabulary and the tables."""
        return Subjects(self.vocabulary, self.tables)

    @property
    def year(self) -> int:
        """The year of the report; 0 when it is not known."""
        return self.tables.report.year

    def of_topic(self, *names: str) -> list[Statement]:
        """The statements of sections of some topics."""
        return [s for s in self.statements if s.section.topic and s.section.topic.name in names]

    def text_of(self, alias: str, path: tuple[str, ...]) -> str:
        """A text of the tables in the spelling of squeezed text, "" where there is none."""
        value = self._field(alias, path)
        return plain(value).rstrip("。") if isinstance(value, str) else ""

    def number_of(self, alias: str, path: tuple[str, ...]) -> Decimal | None:
        """A number of the tables as the report has it."""
        value = self._field(alias, path)
        return value if isinstance(value, Decimal) else None

    def _field(self, alias: str, path: tuple[str, ...]) -> object:
        table = self.tables.report.table(self.tables.name_of(alias) or "")
        return table.fields.get(path) if table is not None else None

    def bodies(self) -> Iterator[tuple[Section, Paragraph, int]]:
        """Every paragraph of the sections: section, paragraph, where in it the body begins."""
        for section in self.sections:
            for paragraph, start in section.bodies:
                yield section, paragraph, start

    def matches(
        self, pattern: re.Pattern[str], group: str | int = 0
    ) -> Iterator[tuple[Where, re.Match[str]]]:
        """Where a pattern (or its group) stands in the bodies of the sections, with the match."""
        for section, paragraph, start in self.bodies():
            for match in pattern.finditer(paragraph.squeezed.text, start):
                yield Where(section, paragraph, *match.span(group)), match

    def all_sentences(self) -> Iterator[Where]:
        """Every sentence of the sections."""
        for section, paragraph, start in self.bodies():
            for begin, end in sentences(paragraph.squeezed.text, start):
                yield Where(section, paragraph, begin, end)

    def say(
        self,
        rule: str,
        where: Where,
        message: str,
        *,
        outcome: Outcome = "不符",
        level: str = "",
        left: Side | None = None,
        right: Side | None = None,
        cells: tuple[CellRef, ...] = (),
        table: str = "",
        difference: Decimal | None = None,
        hint: str = "",
    ) -> TextFinding:
        """A finding at a place of the text. `level` only where it is not that of the rule."""
        known = self.vocabulary.rules[rule][0]
        paragraph = where.paragraph
        text = paragraph.squeezed.text
        begin, end = next(
            ((b, e) for b, e in sentences(text, 0) if b <= where.start < e), (0, len(text))
        )
        finding = Finding(
            rule,
            level or known,  # type: ignore[arg-type]  # both are levels of the vocabulary's schema
            outcome,
            message,
            f"第{paragraph.number}段",
            table=table,
            sheet=cells[0][0] if cells else "",
            cells=cells,
            left=left,
            right=right,
            difference=difference,
            hint=hint,
        )
        return TextFinding(finding, where, paragraph.written(begin, end).strip())

    def at(self, statement: Statement) -> Where:
        """Where a statement's number stands."""
        token = statement.token
        return Where(statement.section, statement.paragraph, token.start, token.end)


def printed_as(value: Decimal, like: Statement) -> str:
    """An amount in 元 as the text would print it beside `like`: its unit, at least its decimals (2)."""
    unit = like.token.unit if like.token.unit in ("万元", "元") else "万元"
    amount = convert(value, "元", unit)
    return f"{amount:.{max(2, like.token.places)}f}{unit}"


def percent(value: Decimal) -> str:
    """A percentage with two decimals."""
    return f"{value:.2f}%"


def shown(value: Decimal) -> str:
    """A plain number."""
    return format(trim(value), "f")

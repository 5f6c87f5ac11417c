"""`narrative check`: a text against the workbook that it explains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from xltool.narrative.checks import CHECKS
from xltool.narrative.document import Document, TextFinding
from xltool.narrative.facts import NarrativeFacts
from xltool.narrative.outline import sections
from xltool.narrative.parse import Parser
from xltool.narrative.statements import Statement
from xltool.narrative.tables import Tables
from xltool.narrative.text import Narrative
from xltool.narrative.vocabulary import load_vocabulary

TextVerdict = Literal["相符", "不符", "未核对"]
_LEVELS = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class NarrativeCheck:
    """What checking one text gave: findings, the numbers that were checked and those that were not."""

    document: Document
    findings: tuple[TextFinding, ...]

    @property
    def verdict(self) -> TextVerdict:
        """不符 when anything of level error does not hold; 未核对 when no number was held against anything."""
        if self.failures["error"]:
            return "不符"
        return "相符" if self.checked else "未核对"

    @property
    def failures(self) -> dict[str, int]:
        """How many findings of each level do not hold."""
        counts: dict[str, int] = dict.fromkeys(_LEVELS, 0)
        for found in self.findings:
            counts[found.finding.level] += found.finding.outcome == "不符"
        return counts

    @property
    def checked(self) -> int:
        """How many numbers were compared with something."""
        return sum(s.checked for s in self.document.statements)

    @property
    def total(self) -> int:
        """How many numbers say something: all but ordinals, dates and years."""
        return len(self.document.statements)

    @property
    def unchecked(self) -> Iterator[Statement]:
        """The numbers that nothing could be compared with."""
        return (s for s in self.document.statements if not s.checked)


def check_narrative(
    narrative: Narrative, tables: Tables, facts: NarrativeFacts | None = None
) -> NarrativeCheck:
    """Check every sentence of a text against its tables, and against facts that tables do not have."""
    vocabulary = load_vocabulary()
    document = Document(
        narrative,
        vocabulary,
        tables,
        sections(narrative, vocabulary),
        facts=facts or NarrativeFacts(),
    )
    parser = Parser(vocabulary, document.subjects)
    for section in document.sections:
        document.statements += parser.section(section)
    found = [finding for check in CHECKS for finding in check(document)]
    found.sort(key=_order)
    return NarrativeCheck(document, tuple(found))


def _order(found: TextFinding) -> tuple[int, int, int, int]:
    failed = 0 if found.finding.outcome == "不符" else 1
    return failed, _LEVELS[found.finding.level], found.where.paragraph.number, found.where.start

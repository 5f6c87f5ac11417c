"""The report on a text as a page: the text with its marks, the findings with their cells beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from xltool.checks import Validation
from xltool.checks.findings import Finding
from xltool.core.amounts import money
from xltool.core.cellref import CellRef
from xltool.narrative.check import NarrativeCheck
from xltool.narrative.document import TextFinding, Where
from xltool.narrative.report import headline
from xltool.narrative.text import Paragraph
from xltool.reporting.html.template import page_template
from xltool.reporting.issues import arrange, cells_of
from xltool.reporting.summary import levels

_TEMPLATES = Path(__file__).parent / "templates"
_MOST_CELLS = 8
"""Cells of one finding of the workbook that are listed."""
_RANK = {"error": 3, "warning": 2, "info": 1, "unchecked": 0}


class PagePiece(NamedTuple):
    """A piece of a paragraph: plain, or marked with the findings (by number) that are about it."""

    text: str
    level: str
    numbers: tuple[int, ...]


class _Mark(NamedTuple):
    start: int
    end: int
    level: str
    number: int


def render(result: NarrativeCheck, validation: Validation) -> str:
    """The page, complete in one file."""
    template = page_template(_TEMPLATES, "narrative.html.j2", trimmed=False)
    return template.render(page=_page(result, validation))


def is_page(path: Path) -> bool:
    """Whether a file is a page as `render` makes them."""
    try:
        with path.open("rb") as file:
            return "情况说明核对结果</title>" in file.read(2000).decode("utf-8", "replace")
    except OSError:
        return False


def _page(result: NarrativeCheck, validation: Validation) -> dict[str, Any]:
    titles = {section.title for section in result.document.sections if section.title}
    return {
        "file": result.document.narrative.file,
        "verdict": result.verdict,
        "headline": headline(result),
        "book": validation.reading.file,
        "book_verdict": validation.verdict,
        "paragraphs": list(_paragraphs(result, titles)),
        "findings": [
            _finding(number, found, result, validation)
            for number, found in enumerate(result.findings, 1)
        ],
        "book_findings": [
            _book_finding(finding, validation)
            for issue in arrange(validation).problems
            for _, finding in issue.findings
        ],
    }


def _paragraphs(result: NarrativeCheck, titles: set[str]) -> Iterator[dict[str, Any]]:
    """The text; what stands in a table or in the contents is shortened to a word."""
    before, marks = "", _marks(result)
    for paragraph in result.document.narrative.paragraphs:
        aside = paragraph.origin if paragraph.origin in ("表格", "目录") else ""
        if aside and aside == before:
            continue
        before = aside
        pieces = list(_pieces(paragraph, marks[paragraph.number]))
        yield {
            "number": paragraph.number,
            "title": any(paragraph.squeezed.text.endswith(t) for t in titles),
            "aside": bool(aside),
            "pieces": [PagePiece(f"（{aside}）", "", ())] if aside else pieces,
        }


def _marks(result: NarrativeCheck) -> dict[int, list[_Mark]]:
    """Marks at the offsets of the text as written, by the number of the paragraph."""
    told: list[tuple[Where, str, int]] = [
        (f.where, f.finding.level, n) for n, f in enumerate(result.findings, 1)
    ]
    told += [(result.document.at(s), "unchecked", 0) for s in result.unchecked]
    found: dict[int, list[_Mark]] = defaultdict(list)
    for where, level, number in told:
        if where.start < where.end:
            offsets = where.paragraph.squeezed.offsets
            mark = _Mark(offsets[where.start], offsets[where.end - 1] + 1, level, number)
            found[where.paragraph.number].append(mark)
    return found


def _pieces(paragraph: Paragraph, marks: list[_Mark]) -> Iterator[PagePiece]:
    """The paragraph cut where marks begin and end; where they overlap, the gravest shows."""
    text = paragraph.text
    cuts = sorted({0, len(text), *(m.start for m in marks), *(m.end for m in marks)})
    for begin, end in pairwise(cuts):
        over = [m for m in marks if m.start <= begin and end <= m.end]
        level = max((m.level for m in over), key=_RANK.__getitem__, default="")
        numbers = tuple(m.number for m in over if m.number and m.end == end)
        yield PagePiece(text[begin:end], level, numbers)


def _cells(cells: Iterable[CellRef], validation: Validation) -> list[str]:
    """Cells with what they hold."""
    workbook = validation.reading.workbook
    told = []
    for sheet, ref in cells:
        value = workbook.sheet(sheet).value(ref)
        shown = money(value) if isinstance(value, Decimal) else str(value or "（空）")
        told.append(f"{sheet} {ref}：{shown}")
    return told


def _book_finding(finding: Finding, validation: Validation) -> dict[str, Any]:
    cells = list(cells_of(finding))
    more = f"……共 {len(cells)} 格" if len(cells) > _MOST_CELLS else ""
    return {
        "level": finding.level,
        "said": levels(finding),
        "message": finding.message,
        "hint": finding.hint,
        "cells": [*_cells(cells[:_MOST_CELLS], validation), *([more] if more else [])],
        "rule": finding.rule,
    }


def _finding(
    number: int, found: TextFinding, result: NarrativeCheck, validation: Validation
) -> dict[str, Any]:
    finding = found.finding
    return {
        "number": number,
        "level": finding.level,
        "said": levels(finding),
        "message": finding.message,
        "hint": finding.hint,
        "cells": _cells(finding.cells, validation),
        "paragraph": found.where.paragraph.number,
        "rule": finding.rule,
        "name": result.document.vocabulary.rules[finding.rule][1],
    }

"""The report on a text: lines for the terminal, and JSON of the same shape as that of `validate`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from xltool.checks import Validation
from xltool.documents.datafile import is_written
from xltool.narrative.check import NarrativeCheck
from xltool.narrative.document import TextFinding
from xltool.narrative.statements import Statement
from xltool.reporting.json import finding_entry, report
from xltool.reporting.text import terminal

_MARKS = {"error": "✗", "warning": "？", "info": "·"}
_LONGEST = 70
_UNCHECKED_SHOWN = 8


def headline(result: NarrativeCheck) -> str:
    """The verdict of the text with its coverage, in one line."""
    counts = result.failures
    said = [f"{counts['error']}处不符"] if counts["error"] else []
    said += [f"{counts['warning']}处需核实"] if counts["warning"] else []
    tail = f"，{'、'.join(said)}" if said else ""
    return f"文字：{result.verdict}（核对了{result.total}个数中的{result.checked}个{tail}）"


def lines(result: NarrativeCheck, validation: Validation) -> Iterator[str]:
    """The whole report for a terminal."""
    yield f"{result.document.narrative.file} 与 {validation.reading.file}"
    yield headline(result)
    yield f"工作簿：{validation.verdict}"
    title = None
    for found in result.findings:
        if found.where.section.title != title:
            title = found.where.section.title
            yield ""
            yield title or "（文首）"
        yield from _told(found)
    yield from _unchecked(list(result.unchecked))
    if any(finding.failed for finding in validation.findings):
        yield ""
        yield from map(click.unstyle, terminal.lines(validation))


def is_text(path: Path) -> bool:
    """Whether a file is a report of these lines."""
    try:
        second = path.read_text(encoding="utf-8").splitlines()[1]
    except (OSError, ValueError, IndexError):
        return False
    return second.startswith("文字：")


def is_json(path: Path) -> bool:
    """Whether a file is a report as `as_json` gives them."""
    return is_written(path, "verdict", "book_verdict", "ledger")


def _told(found: TextFinding) -> Iterator[str]:
    finding = found.finding
    residue = "（尾差）" if finding.outcome == "尾差" else ""
    yield f"  {_MARKS[finding.level]} {finding.rule} {finding.message}{residue}"
    yield f"      {finding.where}：{_around(found)}"
    if finding.cells:
        yield f"      表：{'、'.join(f'{sheet}!{ref}' for sheet, ref in finding.cells)}"
    if finding.hint:
        yield f"      {finding.hint}"


def _around(found: TextFinding) -> str:
    """The sentence, or the part of a long one around the words in question."""
    sentence, words = found.sentence, found.where.words
    if len(sentence) <= _LONGEST:
        return sentence
    at = max(sentence.find(words), 0)
    start = max(0, at - _LONGEST // 2)
    end = min(len(sentence), start + _LONGEST)
    return f"{'…' if start else ''}{sentence[start:end]}{'…' if end < len(sentence) else ''}"


def _unchecked(statements: list[Statement]) -> Iterator[str]:
    if not statements:
        return
    yield ""
    yield f"没有核对的数（表里和上下文里没有可比的，请自己看）：{len(statements)}个"
    for statement in statements[:_UNCHECKED_SHOWN]:
        before = statement.paragraph.squeezed.text[: statement.token.start][-14:]
        yield f"  第{statement.paragraph.number}段 …{before}{statement.words}"
    if len(statements) > _UNCHECKED_SHOWN:
        yield f"  …还有{len(statements) - _UNCHECKED_SHOWN}个，--format json 里有全部"


def as_json(result: NarrativeCheck, validation: Validation) -> dict[str, Any]:
    """`{"verdict", "findings", "ledger"}` of the text, beside it the workbook's as `validate` gives it."""
    vocabulary = result.document.vocabulary
    outcomes: dict[str, str] = {}
    for found in result.findings:
        if outcomes.get(found.finding.rule) != "不符":
            outcomes[found.finding.rule] = found.finding.outcome
    return {
        "file": result.document.narrative.file,
        "book": validation.reading.file,
        "verdict": result.verdict,
        "book_verdict": validation.verdict,
        "book_report": report(validation),
        "findings": [_entry(found) for found in result.findings],
        "ledger": {
            "numbers": {"total": result.total, "checked": result.checked},
            "unchecked": [_number(statement) for statement in result.unchecked],
            "rules": [
                {"rule": id_, "name": name, "level": level, "outcome": outcomes.get(id_, "通过")}
                for id_, (level, name) in vocabulary.rules.items()
            ],
        },
    }


def _entry(found: TextFinding) -> dict[str, Any]:
    section = found.where.section
    return {
        **finding_entry(found.finding),
        "text": {
            "section": section.title,
            "topic": section.topic.name if section.topic else None,
            "paragraph": found.where.paragraph.number,
            "words": found.where.words,
            "sentence": found.sentence,
        },
    }


def _number(statement: Statement) -> dict[str, Any]:
    return {
        "paragraph": statement.paragraph.number,
        "words": statement.words,
        "sentence": statement.sentence_text,
    }

"""A text put on the page: held against the workbook that lies beside it. Runs in a worker like `work`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.core.problems import InputError, Problem
from xltool.documents.datafile import dumps
from xltool.editions import bundled_only
from xltool.web.books import BookResult, UploadResult, write

if TYPE_CHECKING:
    from xltool.checks import Validation
    from xltool.narrative.check import NarrativeCheck
    from xltool.narrative.text import Narrative

_SUFFIXES = (".docx", ".docm", ".doc", ".wps", ".pdf", ".txt")


@dataclass(frozen=True, slots=True)
class TextTask:
    """One text and the workbooks and data documents that lie beside it."""

    source: Path
    out: Path
    books: tuple[Path, ...]
    edition: str = ""
    prior: Path | None = None
    explanations: Path | None = None


def is_text(name: str) -> bool:
    """Whether a file is a text, by its name."""
    return Path(name).suffix.lower() in _SUFFIXES


def check_text(task: TextTask) -> UploadResult:
    """Check a text against its workbook; which one it is, its unit's name tells."""
    result = UploadResult("text")
    task.out.mkdir()
    try:
        with bundled_only():
            result.parts.append(_part(task, task.out / "0"))
    except InputError as error:
        result.problems = [problem.on_page(task.source.name) for problem in error.problems]
    return result


def _part(task: TextTask, folder: Path) -> BookResult:
    from xltool.narrative.book import tables_of
    from xltool.narrative.check import check_narrative
    from xltool.narrative.page import render
    from xltool.narrative.report import as_json, headline
    from xltool.narrative.text import load_narrative

    text = load_narrative(task.source)
    validation = _book(task, text)
    checked = check_narrative(text, tables_of(validation))
    folder.mkdir()
    stem = task.source.stem
    files = {
        "report": folder / f"{stem}-核对报告.html",
        "json": folder / f"{stem}-核对结果.json",
    }
    write(files["report"], render(checked, validation))
    write(files["json"], dumps(as_json(checked, validation)))
    report = validation.reading.report
    facts = {
        "unit_name": report.unit_name,
        "year": report.year,
        "unit": "",
        "edition": f"对照 {validation.reading.file}（{validation.verdict}）",
    }
    part = BookResult(
        task.source.name,
        facts,
        checked.verdict,
        headline(checked),
        {**checked.failures, "open": 0},
        files,
    )
    _annotate(task, checked, folder, part)
    return part


def _book(task: TextTask, text: Narrative) -> Validation:
    """The workbook of a text: the only one beside it, else the only one whose unit it names. Raises `InputError`."""
    from xltool.narrative.book import validated
    from xltool.narrative.words import plain

    if not task.books:
        message = "没有可以对照的工作簿"
        raise InputError(Problem("", message, "把这份说明的工作簿也放进来", code="missing"))
    read = {}
    for book in task.books:
        try:
            read[book] = validated(
                book, task.edition or None, prior=task.prior, explanations=task.explanations
            )
        except InputError:
            if len(task.books) == 1:
                raise
    if len(read) == 1:
        return next(iter(read.values()))
    words = "".join(paragraph.squeezed.text for paragraph in text.paragraphs)
    named = [v for v in read.values() if (n := plain(v.reading.report.unit_name)) and n in words]
    if len(named) != 1:
        message = "放着几份工作簿，认不出这份说明是哪一份的"
        raise InputError(Problem("", message, "只留下它的工作簿", code="unknown-name"))
    return named[0]


def _annotate(task: TextTask, checked: NarrativeCheck, folder: Path, part: BookResult) -> None:
    """The text with comments, for a Word document."""
    from xltool.narrative.comments import annotated

    if task.source.suffix.lower() != ".docx":
        return
    try:
        data = annotated(task.source, checked)
    except InputError as error:
        part.remarks += [f"没有做标注本：{problem.message}" for problem in error.problems]
        return
    target = folder / f"{task.source.stem}-标注.docx"
    target.write_bytes(data)
    part.files["marked"] = target

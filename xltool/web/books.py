"""One upload and what becomes of it: its workbooks validated, with their reports and marked copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from xltool.checks import Validation
from xltool.core.hints import NAME_EDITION
from xltool.core.problems import InputError
from xltool.documents.datafile import dumps

UploadKind = Literal["book", "data", "text", "spreadsheet"]
Totals = Literal["formula", "given"]


@dataclass(frozen=True, slots=True)
class UploadTask:
    """One upload and what to make of it. Results go to folders 0, 1 … in `out`, which must not exist yet."""

    source: Path
    out: Path
    edition: str = ""
    totals: Totals = "formula"
    prior: Path | None = None
    explanations: Path | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    """What was asked about an ordinary spreadsheet: 单位名称, 年度, 金额单位."""
    assume: tuple[str, ...] = ()
    """The assumptions under which data is completed; with any of them it is."""
    mapping: Path | None = None
    """The import mapping of an earlier import."""
    more: tuple[Path, ...] = ()
    """Further spreadsheets that are read together with this one."""
    figures: tuple[str, ...] = ()
    """Figures that were typed beside the data: 地址=数."""


@dataclass(slots=True)
class BookResult:
    """One validated workbook of an upload: what the list shows of it, and its files by purpose."""

    file: str
    facts: dict[str, Any]
    verdict: str
    summary: str
    counts: dict[str, int]
    files: dict[str, Path] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class UploadResult:
    """What became of an upload; with `problems` nothing did."""

    kind: UploadKind
    parts: list[BookResult] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    """How an ordinary spreadsheet was read."""
    files: dict[str, Path] = field(default_factory=dict)
    """What an ordinary spreadsheet became, by purpose."""
    columns: list[dict[str, str]] = field(default_factory=list)
    """The columns of an ordinary spreadsheet: sheet, place, head, use."""
    uses: list[str] = field(default_factory=list)
    """The uses that such a column may have."""
    asked: dict[str, Any] = field(default_factory=dict)
    """Of data that is filled in: the figures that are still wanting."""
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    answers: list[list[str]] = field(default_factory=list)
    """Of each problem that is a question, what may be answered."""


def validated(task: UploadTask, book: Path) -> Validation:
    """A workbook, validated as the options say."""
    from xltool.checks import validate

    return validate(book, task.edition or None, prior=task.prior, explanations=task.explanations)


def book_result(task: UploadTask, book: Path, folder: Path) -> BookResult:
    """Validate one workbook and write its reports and its marked copy into `folder`."""
    from xltool.reporting.html import render
    from xltool.reporting.json import report
    from xltool.reporting.summary import blank_form, form_named, summary

    validation = validated(task, book)
    folder.mkdir()
    stem = book.stem
    files = {
        "report": folder / f"{stem}-审核报告.html",
        "json": folder / f"{stem}-审核结果.json",
    }
    write(files["report"], render(validation, file=book.name))
    write(files["json"], dumps(report(validation)))
    read = validation.reading.report
    facts = {
        "unit_name": read.unit_name,
        "year": read.year,
        "unit": read.unit,
        "edition": form_named(validation.reading, NAME_EDITION.page),
    }
    remarks = list(map(str, validation.notes))
    if blank := blank_form(validation):
        told = "填好了再放进来；填数表在“空表、填数表…”里；自己的表样，点“做成自己的版本…”"
        remarks.insert(0, f"这是{blank}：{told}")
    part = BookResult(
        book.name,
        facts,
        validation.verdict,
        summary(validation),
        _counts(validation),
        files,
        remarks,
    )
    _annotate(validation, folder / f"{stem}-标注{book.suffix.lower()}", part)
    return part


def write(path: Path, text: str) -> None:
    """A text file with one kind of line ends, whatever the system."""
    path.write_text(text, encoding="utf-8", newline="\n")


def _annotate(validation: Validation, target: Path, part: BookResult) -> None:
    """The marked copy; a workbook that cannot be written still has its reports."""
    from xltool.reporting.workbook.annotate import annotate

    try:
        annotate(validation, target)
    except InputError as error:
        part.remarks += [f"没有做标注本：{problem.message}" for problem in error.problems]
    else:
        part.files["marked"] = target


def _counts(validation: Validation) -> dict[str, int]:
    """How many problems of which level, and how many a person has to confirm, as the report numbers them."""
    from xltool.reporting.issues import arrange
    from xltool.reporting.summary import levels

    arranged = arrange(validation)
    counts = {"error": 0, "confirm": 0, "warning": 0, "info": 0}
    for problem in arranged.problems:
        _, first = problem.findings[0]
        counts["confirm" if levels(first) == "待确认" else problem.level] += 1
    counts["open"] = len(validation.ledger.unevaluated)
    return counts

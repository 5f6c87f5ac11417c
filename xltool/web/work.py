"""What the workers do with one upload. Runs in a process of its own: no argument or result is shared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from xltool.checks import Validation
from xltool.core.problems import InputError
from xltool.documents.datafile import dumps
from xltool.editions import bundled_only

UploadKind = Literal["book", "data", "text"]
Totals = Literal["formula", "given"]

_DOCUMENTS = (".json", ".yaml", ".yml", ".csv", ".tsv")


@dataclass(frozen=True, slots=True)
class UploadTask:
    """One upload and what to make of it. Results go to folders 0, 1 … in `out`, which must not exist yet."""

    source: Path
    out: Path
    edition: str = ""
    totals: Totals = "formula"
    prior: Path | None = None
    explanations: Path | None = None


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
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def warm_up() -> None:
    """Load what the first upload would have to wait for."""
    import xltool.checks.prior
    import xltool.reporting.html
    import xltool.reporting.workbook.annotate
    import xltool.web.marks  # noqa: F401


def process(task: UploadTask) -> UploadResult:
    """Validate a workbook, or fill a data document and validate what was filled."""
    kind: UploadKind = "data" if _is_data(task.source) else "book"
    result = UploadResult(kind)
    task.out.mkdir()
    try:
        with bundled_only():
            if kind == "book":
                result.parts.append(_part(task, task.source, task.out / "0"))
            else:
                result.parts += _filled(task, result)
    except InputError as error:
        result.parts.clear()
        result.problems = _words(error, task.source.name)
    return result


def check(task: UploadTask) -> tuple[bool, str]:
    """For programs: validate's JSON report with the marks, as text; or False and the problems, a line each."""
    from xltool.reporting.json import report
    from xltool.web.marks import marks

    try:
        with bundled_only():
            validation = _validate(task, task.source)
    except InputError as error:
        return False, "\n".join(_words(error, task.source.name))
    return True, dumps({**report(validation), "marks": marks(validation)})


def _words(error: InputError, file: str) -> list[str]:
    """The problems without the file's own name before them: everybody sees which file it is."""
    return [problem.of(file) for problem in error.problems]


def _is_data(source: Path) -> bool:
    """Whether a file is a data document or a long table, and not a form."""
    suffix = source.suffix.lower()
    if suffix in _DOCUMENTS:
        return True
    return suffix in (".xlsx", ".xlsm", ".xls") and _has_long_table(source)


def _has_long_table(source: Path) -> bool:
    from xltool.documents.longtable import NEEDED
    from xltool.ooxml import WorkbookError, make_ref, open_workbook

    try:
        for sheet in open_workbook(source).sheets:
            extent = sheet.extent
            if extent is None:
                continue
            for row in range(1, min(extent.bottom, 5) + 1):
                refs = (make_ref(row, column) for column in range(1, min(extent.right, 40) + 1))
                if set(NEEDED) <= {sheet.value(ref) for ref in refs}:
                    return True
    except WorkbookError:
        return False  # what is wrong with it is said when it is validated
    return False


def _validate(task: UploadTask, book: Path) -> Validation:
    from xltool.checks import validate

    return validate(book, task.edition or None, prior=task.prior, explanations=task.explanations)


def _filled(task: UploadTask, result: UploadResult) -> Iterator[BookResult]:
    from xltool.documents.load import load
    from xltool.filling import fill

    report, edition = load(task.source, task.edition or None)
    suffix = edition.workbooks[0].template.suffix.lower()
    target = task.out / f"{task.source.stem}-已填报{suffix}"
    filled = fill(report, edition, target, totals=task.totals)
    result.notes += filled.notes
    for n, path in enumerate(filled.files):
        part = _part(task, path, task.out / str(n))
        part.files = {"filled": path, **part.files}
        yield part


def _part(task: UploadTask, book: Path, folder: Path) -> BookResult:
    """Validate one workbook and write its reports and its marked copy into `folder`."""
    from xltool.reporting.html import render
    from xltool.reporting.json import report
    from xltool.reporting.summary import summary

    validation = _validate(task, book)
    folder.mkdir()
    stem = book.stem
    files = {
        "report": folder / f"{stem}-审核报告.html",
        "json": folder / f"{stem}-审核结果.json",
    }
    _write(files["report"], render(validation, file=book.name))
    _write(files["json"], dumps(report(validation)))
    read = validation.reading.report
    facts = {
        "unit_name": read.unit_name,
        "year": read.year,
        "unit": read.unit,
        "edition": validation.reading.edition.name,
    }
    remarks = list(map(str, validation.notes))
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


def _write(path: Path, text: str) -> None:
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
    """How many problems of which level, as the report numbers them."""
    from xltool.reporting.issues import arrange

    arranged = arrange(validation)
    counts = {"error": 0, "warning": 0, "info": 0}
    for problem in arranged.problems:
        counts[problem.level] += 1
    counts["open"] = len(validation.ledger.unevaluated)
    return counts

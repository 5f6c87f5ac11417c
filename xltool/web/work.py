"""What the workers do with one upload. Runs in a process of its own: no argument or result is shared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from xltool.checks import Validation
from xltool.core.model import Report
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.suffixes import WORKBOOKS
from xltool.documents.datafile import dumps
from xltool.editions import Edition, bundled_only

if TYPE_CHECKING:
    from xltool.entry.derive import Derived

UploadKind = Literal["book", "data", "text", "spreadsheet"]
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
    answers: Mapping[str, str] = field(default_factory=dict)
    """What was asked about an ordinary spreadsheet: 单位名称, 年度, 金额单位."""
    assume: tuple[str, ...] = ()
    """The assumptions under which data is completed; with any of them it is."""
    mapping: Path | None = None
    """The import mapping of an earlier import."""


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
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    answers: list[list[str]] = field(default_factory=list)
    """Of each problem that is a question, what may be answered."""


def warm_up() -> None:
    """Load what the first upload would have to wait for."""
    import xltool.checks.prior
    import xltool.entry.given
    import xltool.entry.importing.assemble
    import xltool.reporting.html
    import xltool.reporting.workbook.annotate
    import xltool.web.marks  # noqa: F401


def process(task: UploadTask) -> UploadResult:
    """Validate a workbook, or fill a data document and validate what was filled."""
    result = UploadResult(_kind(task.source))
    task.out.mkdir()
    try:
        with bundled_only():
            if result.kind == "data":
                result.parts += _filled(task, result)
            elif result.kind == "spreadsheet":
                _import(task, result)
            else:
                _book(task, result)
    except InputError as error:
        result.parts.clear()
        result.problems = _on_page(error.problems, task.source.name)
    return result


def _book(task: UploadTask, result: UploadResult) -> None:
    """A workbook is validated; one that is no form at all may be an ordinary spreadsheet."""
    from xltool.web.entrywork import is_ordinary

    try:
        result.parts.append(_part(task, task.source, task.out / "0"))
    except InputError:
        if not _is_no_form(task.source) or not is_ordinary(task.source):
            raise
        result.kind = "spreadsheet"
        _import(task, result)


def _is_no_form(source: Path) -> bool:
    """Whether a workbook is not of any edition, whatever edition it was to be."""
    from xltool.reading import examine

    try:
        examine(source)
    except InputError as error:
        return {problem.code for problem in error.problems} == {"unknown-form"}
    return False


def _import(task: UploadTask, result: UploadResult) -> None:
    from xltool.web.entrywork import import_upload

    answers = {"版本": task.edition, **task.answers}
    found = import_upload(task.source, task.out, answers, task.mapping)
    result.lines, result.files = found.lines, found.files
    result.columns, result.uses = found.columns, found.uses
    if found.questions:
        result.problems = _on_page(found.questions, task.source.name)
        result.answers = [list(question.answers) for question in found.questions]


def check(task: UploadTask) -> tuple[bool, str]:
    """For programs: validate's JSON report with the marks, as text; or False and the problems, a line each."""
    from xltool.reporting.json import report
    from xltool.web.marks import marks

    try:
        with bundled_only():
            validation = _validate(task, task.source)
    except InputError as error:
        return False, "\n".join(problem.of(task.source.name) for problem in error.problems)
    return True, dumps({**report(validation), "marks": marks(validation)})


def _on_page(problems: Iterable[Problem], file: str) -> list[str]:
    """The problems without the file's own name before them: everybody sees which file it is."""
    return [problem.on_page(file) for problem in problems]


def _kind(source: Path) -> UploadKind:
    """What a file is by its suffix and its heads: data to be filled in, a spreadsheet to import, else a form."""
    from xltool.entry.sheet.take import is_entry_sheet
    from xltool.web.entrywork import is_ordinary

    suffix = source.suffix.lower()
    if suffix in (".csv", ".tsv"):
        return "data" if _has_long_head(source) or not is_ordinary(source) else "spreadsheet"
    if suffix in _DOCUMENTS or is_entry_sheet(source):
        return "data"
    books = suffix in WORKBOOKS
    return "data" if books and _has_long_table(source) else "book"


def _has_long_head(source: Path) -> bool:
    from itertools import islice

    from xltool.documents.longrows import heading, long_rows

    try:
        return any(map(heading, islice(long_rows(source), 5)))
    except InputError:
        return True  # what is wrong with it is said when it is filled


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
    from xltool.entry.given import broken_fen, given
    from xltool.entry.wanting import told
    from xltool.filling import fill

    got = given(task.source, task.edition or None, result.notes.append)
    raise_if(broken_fen(got.report, got.edition))
    report, edition, assume = got.report, got.edition, (*got.assume, *task.assume)
    account = ""
    missing: Iterator[str] = iter(())
    if got.derive or assume:
        derived, account = _derived(report, edition, assume, task.totals, result.notes)
        missing, report = told(derived, report, edition, assume), derived.report
    suffix = edition.workbooks[0].template.suffix.lower()
    target = task.out / f"{task.source.stem}-已填报{suffix}"
    filled = fill(report, edition, target, totals=task.totals)
    account += "".join(f"补上：{line}\n" for line in filled.supplied)
    if filled.blank:
        result.notes.append(f"没有填的表：{'、'.join(filled.blank)}")
    supplied = task.out / f"{task.source.stem}-补上的数.txt"
    if account:
        write(supplied, account)
    result.notes += filled.notes
    for n, path in enumerate(filled.files):
        part = _part(task, path, task.out / str(n))
        part.files = {"filled": path, **part.files}
        if account:
            part.files["supplied"] = supplied
        if n == 0 and part.verdict != "合格":
            result.notes += missing  # worked out only now
        yield part


def _derived(
    report: Report, edition: Edition, assume: tuple[str, ...], totals: Totals, notes: list[str]
) -> tuple[Derived, str]:
    """The report with what follows from it, and an account of every figure. Raises `InputError`."""
    from xltool.entry.derive import assumed, derive, told

    derived = derive(report, edition, assume)
    notes += assumed(derived)
    notes.append(f"推算了{len(derived.steps)}个数，依据在“补上的数”里")
    if totals == "formula":
        raise_if(derived.contradictions)
    return derived, "".join(f"{line}\n" for line in told(derived))


def _part(task: UploadTask, book: Path, folder: Path) -> BookResult:
    """Validate one workbook and write its reports and its marked copy into `folder`."""
    from xltool.reporting.html import render
    from xltool.reporting.json import report
    from xltool.reporting.summary import blank_form, summary

    validation = _validate(task, book)
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
        "edition": validation.reading.edition.name,
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

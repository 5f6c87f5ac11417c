"""What the workers do with one upload. Runs in a process of its own: no argument or result is shared."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from xltool.core.problems import InputError, Problem
from xltool.core.suffixes import WORKBOOKS
from xltool.documents.datafile import dumps
from xltool.editions import bundled_only
from xltool.web.books import UploadKind, UploadResult, UploadTask, book_result, validated

_DOCUMENTS = (".json", ".yaml", ".yml", ".csv", ".tsv")


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
                from xltool.web.fillwork import filled

                result.parts += filled(task, result)
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
        result.parts.append(book_result(task, task.source, task.out / "0"))
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
    found = import_upload([task.source, *task.more], task.out, answers, task.mapping)
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
            validation = validated(task, task.source)
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
    from xltool.documents.linetables import NEEDED
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

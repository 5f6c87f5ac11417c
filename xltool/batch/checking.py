"""In the worker: validating one of many books, with what was given for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xltool.batch.answers import answers_of
from xltool.batch.generated import COPY
from xltool.batch.prior import Ambiguous, prior_of
from xltool.batch.source import Source, content_of
from xltool.batch.task import Beside, GivenFiles
from xltool.checks import Validation, validate
from xltool.checks.explanations import Explanation, copy_explanations, load_explanations
from xltool.checks.external import load_external
from xltool.checks.prior import load_prior
from xltool.core.caches import remembered
from xltool.core.problems import InputError, Problem
from xltool.ooxml import WorkbookError
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading import Reading, examine
from xltool.rules.lookup import Lookup

ProblemRow = tuple[object, ...]
_Notes = list[tuple[str, Problem]]


def check(
    reading: Reading, source: Source, given: GivenFiles, beside: Beside, told: list[ProblemRow]
) -> Validation:
    """Validate a book by its own 说明, those in its marked copy, what was given for all books, and beside it.

    What could not be used (last year's book, a marked copy) is entered in `told`, rows of the table of problems.
    """
    notes: _Notes = []
    answers = answers_of(given.answers, reading.report.unit_name) if given.answers else ()
    validation = validate(
        reading,
        prior=_prior(reading, source, given, notes),
        explanations=[*answers, *_given(given.explanations), *_in_copy(reading, source, notes)],
        unit_type=given.unit_type,
        rules=given.rules,
        together=_together(given, beside, notes),
        external=load_external(given.external, given.external_unit) if given.external else None,
    )
    notes += [("说明", problem) for problem in validation.notes]
    told += [(kind, None, None, str(problem), problem.hint or None) for kind, problem in notes]
    return validation


def _together(given: GivenFiles, beside: Beside, notes: _Notes) -> list[Reading] | None:
    """The other workbooks of the unit. Rules of one's own want what is not there, also when there are none."""
    found: list[Reading] = []
    for source in beside.books:
        try:
            reading = examine(content_of(source))
        except (InputError, WorkbookError) as error:
            told = f"同一单位的工作簿 {source.name} 读不了，没有一起核对：{error}"
            notes.append(("同一单位", Problem("", told, code="unreadable")))
            continue
        reading.workbook.path = source.shown
        found.append(reading)
    return found if found or given.rules else None


def _prior(reading: Reading, source: Source, given: GivenFiles, notes: _Notes) -> Lookup | None:
    """Last year's figures of the unit, when they were given and can be read."""
    if given.index is None:
        return None
    try:
        book = prior_of(given.index, reading, source)
        return None if book is None else load_prior(book.content, reading.report)
    except Ambiguous as error:
        told = f"{error}，没有与上年比较"
        notes.append(
            (
                "上年",
                Problem("", told, "文件夹里只留一份，或两年都填上单位编码", code="ambiguous-prior"),
            )
        )
    except InputError as error:
        notes += [("上年", problem) for problem in error.problems]
    return None


def _given(file: Path | None) -> Sequence[Explanation]:
    return () if file is None else _loaded(file, file.stat().st_mtime_ns)


@remembered(2)
def _loaded(file: Path, written: int) -> Sequence[Explanation]:
    return tuple(load_explanations(file))


def _in_copy(reading: Reading, source: Source, notes: _Notes) -> Sequence[Explanation]:
    """The 说明 that were written into the marked copy beside the book."""
    if source.member is not None:
        return ()
    book = Path(source.path)
    copy = book.with_name(f"{book.stem}{COPY}{book.suffix}")
    try:
        return copy_explanations(copy, reading.report)
    except WorkbookError as error:
        notes.append(("说明", workbook_problem(error, copy.name)))
    except InputError as error:
        notes += [("说明", problem) for problem in error.problems]
    return ()

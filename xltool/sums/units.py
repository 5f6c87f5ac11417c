"""The units to be added: their workbooks and data documents, checked to belong together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from xltool.batch.source import Source, content_of
from xltool.checks.prior import with_totals
from xltool.core.model import Report
from xltool.core.problems import InputError, Problem, raise_if
from xltool.documents.load import load
from xltool.editions import Edition, find_edition
from xltool.ooxml import WorkbookError
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading import read, to_unit
from xltool.sums.addend import Addend, make_addend
from xltool.sums.belonging import common_kind, mixed, once, twice, whole
from xltool.sums.cells import additive

DOCUMENTS = (".json", ".yaml", ".yml", ".csv", ".tsv")


@dataclass(slots=True)
class Loaded:
    """What was given: the reports to add, and files that hold nothing to add."""

    units: list[Addend]
    unit: str
    set_aside: list[str]
    missing: list[Problem] = field(default_factory=list)
    """Why files that should be in the sum are not: only of a partial one."""
    copies: list[str] = field(default_factory=list)
    """Files that hold the same as another one, a line each: they were not added again."""


def load_units(
    sources: Sequence[Source],
    *,
    edition: str | None = None,
    unit: str | None = None,
    partial: bool = False,
    progress: Callable[[str], None] = lambda name: None,
) -> Loaded:
    """Read the units in `sources` and see that they can be added.

    `unit` is the money unit of the sum; without it the units' own, or 元 when they differ. Raises `InputError`
    with every problem: unreadable books, several editions or years, two differing books of a unit, a sum of units.
    With `partial` the books that cannot be added are left out and told in `missing`; which of two books of a
    unit counts, and whether a book is the department's, is for people to say even then.
    """
    reports, problems, set_aside = _reports(sources, edition, progress)
    if not reports and not problems:
        message = "只有自评表，没有可以相加的表"
        raise InputError([Problem(name, message, code="not-alike") for name in set_aside])
    kind = common_kind(reports)
    problems += mixed(reports, kind)
    alike = [(name, report, e) for name, report, e in reports if (e.id, report.year) == kind]
    units = {report.unit for _, report, _ in alike}
    wanted = unit or (units.pop() if len(units) == 1 else "元")
    addends: list[Addend] = []
    for name, report, found in alike:
        try:
            addends.append(make_addend(name, report, found, wanted))
        except InputError as error:
            problems += error.problems
    addends, copies = once(addends)
    for people in (*twice(addends), *whole(addends, wanted)):
        problems.append(people)
        partial = False
    if not partial or not addends:
        raise_if(problems)
    return Loaded(addends, wanted, set_aside, problems, copies)


def _reports(
    sources: Sequence[Source], edition: str | None, progress: Callable[[str], None]
) -> tuple[list[tuple[str, Report, Edition]], list[Problem], list[str]]:
    """The reports that can be read, why others cannot, and the files that hold nothing to add."""
    reports: list[tuple[str, Report, Edition]] = []
    problems: list[Problem] = []
    set_aside: list[str] = []
    for source in sources:
        progress(source.name)
        try:
            report, found = _read(source, edition)
        except InputError as error:
            problems += in_file(source.name, source.shown, error.problems)
            continue
        if any(additive(found.specs[name]) for name in report.tables):
            reports.append((source.name, report, found))
        else:
            set_aside.append(source.name)
    return reports, problems, set_aside


def _read(source: Source, edition: str | None) -> tuple[Report, Edition]:
    """The report in a workbook, a data document or a long table.

    A document is read as its filled form: with the 类, 款 and totals that it leaves out.
    """
    if source.refusal:
        raise InputError(Problem("", source.refusal, code="unreadable"))
    path = Path(source.path)
    if source.member is None and path.suffix.lower() in DOCUMENTS:
        report, found = load(path, edition)
        return as_filled(report, found), found
    content: Path | bytes = path
    if source.member is not None:
        try:
            content = content_of(source)
        except WorkbookError as error:
            raise InputError(workbook_problem(error)) from error
    reading = read(content, find_edition(edition) if edition else None)
    return reading.report, reading.edition


def as_filled(report: Report, edition: Edition) -> Report:
    """A document as its filled form reads, in the document's own money unit. Raises `InputError`.

    It keeps its heads: not every form prints a 单位编码.
    """
    unit = report.unit
    filled = with_totals(report, edition)
    filled.heads = {**report.heads, **filled.heads}
    to_unit(filled, unit, edition.specs)
    return filled


def in_file(shown: str, path: Path, problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems of the file at `path`, each naming it once, as `shown`."""
    for problem in problems:
        where = problem.where.replace(str(path), "").replace(path.name, "").strip(" ：")
        yield replace(problem, where=f"{shown} {where}".strip())

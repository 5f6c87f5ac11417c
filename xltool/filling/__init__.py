"""Report + template -> workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xltool.core.model import Report
from xltool.core.paths import AnyPath
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.saving.guard import collisions, obstacles
from xltool.core.saving.mark import is_marked
from xltool.editions import Edition
from xltool.filling.forms import BlankForm, NotBlank, OtherForm, forms_for
from xltool.filling.job import Job
from xltool.filling.proof import prove
from xltool.filling.totals import Mode
from xltool.mapping.ownsheets import checks_sheet
from xltool.ooxml import Editor, Workbook, WorkbookError
from xltool.ooxml.edit.save import write_files
from xltool.ooxml.package.errors import workbook_problem
from xltool.ooxml.package.lockfile import is_open_elsewhere, locked
from xltool.reading.heads import year_of_edition

__all__ = ["Filled", "Finish", "Mode", "NotBlank", "OtherForm", "fill", "filled_workbooks"]

Finish = Callable[[Editor, bool], None]


@dataclass(slots=True)
class Filled:
    """The workbooks that were written, and what the clerk should know about them.

    `own` is the one of them that was made from the `template` given; None when none was given.
    """

    files: list[Path] = field(default_factory=list)
    editions: list[Edition | None] = field(default_factory=list)
    """By which edition each of them is read; None: by its words."""
    own: Path | None = None
    notes: list[str] = field(default_factory=list)
    supplied: list[str] = field(default_factory=list)
    """Every row, name, total and statement that the workbooks hold beside what was given."""
    blank: list[str] = field(default_factory=list)
    """Tables in which nothing is filled and that do not say so."""

    def enter(self, paths: Sequence[Path], jobs: Sequence[Job]) -> None:
        """Account for the workbooks that were written to `paths`."""
        for job in jobs:
            self.supplied += [line for account in job.accounts for line in account.lines()]
            self.blank += job.blank
        self.files += paths
        self.editions += [job.form.edition for job in jobs]
        self.own = self.files[0] if jobs[0].form.given else None


def fill(
    report: Report,
    edition: Edition,
    out: AnyPath,
    *,
    template: AnyPath | None = None,
    totals: Mode = "formula",
    force: bool = False,
    finish: Finish | None = None,
    tell: Callable[[str], None] | None = None,
    inputs: Sequence[Path] = (),
) -> Filled:
    """Fill the edition's template (or `template`) with `report` and write it to `out`.

    Tables of a further workbook of the edition go to a second file beside it, named after it. `finish` is given
    each filled workbook before it is written, and whether its template had a 审核表, which is taken off. `tell` is
    given each of the notes before anything is written (a signature that becomes void, rows that stay). `inputs`
    are never written over, nor is the template. Raises `InputError` with every problem; then nothing is written.
    """
    out = Path(out)
    template = None if template is None else Path(template)
    _refuse_folder(out)
    forms = forms_for(report, edition, template)
    paths = _targets(out, forms, inputs, force)
    filled = Filled(notes=_wrong_year(report, edition))
    jobs = _run(report, forms, totals, filled.notes)
    for job in jobs:
        if finish is not None:
            finish(job.editor, checks_sheet(job.form.workbook) is not None)
    proved = _proved(zip(paths, jobs, strict=True))
    if tell is not None:
        for note in filled.notes:
            tell(note)
    try:
        write_files([(path, [content]) for path, content in proved], overwrite=force)
    except WorkbookError as error:
        where = next((path for path in paths if path.name == error.file), out)
        raise InputError(workbook_problem(error, str(where))) from error
    filled.enter(paths, jobs)
    return filled


def _wrong_year(report: Report, edition: Edition) -> list[str]:
    if edition.covers(report.year):
        return []
    first, last = edition.years
    years = f"{edition.id} 适用于{first}—{last}年度"
    return [f"{years}，数据是{report.year}年度的，请核对版本"]


def _refuse_folder(out: Path) -> None:
    if out.is_dir():
        raise InputError(Problem(str(out), "是文件夹，不是文件", code="bad-target"))


def _targets(
    out: Path, forms: Sequence[BlankForm], inputs: Sequence[Path], force: bool
) -> list[Path]:
    """A file for each form. Raises `InputError` where one may not be written."""
    paths = [
        out.with_name(f"{out.stem}-{form.kind.name}.{form.workbook.kind}") if n else out
        for n, form in enumerate(forms)
    ]
    used = [form.workbook.path for form in forms if form.workbook.path]
    raise_if(collisions(paths, [*inputs, *used]))
    for path, form in zip(paths, forms, strict=True):
        raise_if(_target_problems(path, form.workbook, force))
    return paths


def _proved(books: Iterable[tuple[Path, Job]]) -> list[tuple[Path, bytes]]:
    """The files to be written, once all of them are proved. Raises `InputError`."""
    contents: list[tuple[Path, bytes]] = []
    problems: list[Problem] = []
    for path, job in books:
        try:
            content = job.editor.content(path, own=True)
        except WorkbookError as error:
            raise InputError(workbook_problem(error, str(path))) from error
        problems += prove(job.report, job.form.edition, job.form.reading, content, job.moves)
        contents.append((path, content))
    raise_if(problems)
    return contents


def filled_workbooks(report: Report, edition: Edition, *, totals: Mode = "formula") -> list[Editor]:
    """The edition's templates, filled, without writing them anywhere. Raises `InputError`."""
    return [job.editor for job in _run(report, forms_for(report, edition, None), totals, [])]


def _run(report: Report, forms: Sequence[BlankForm], totals: Mode, notes: list[str]) -> list[Job]:
    jobs = [Job(report, form, totals) for form in forms]
    for job in jobs:
        job.run()
    notes += [note for job in jobs for note in job.notes]
    notes += _unplaced(report, jobs)
    raise_if(problem for job in jobs for problem in job.problems)
    return jobs


def _unplaced(report: Report, jobs: Sequence[Job]) -> Iterator[str]:
    """The heads of the document that no sheet of the forms has a place for."""
    placed = {head for job in jobs for head in job.placed}
    for head in sorted(set(report.heads) - placed):
        yield f"表样里没有“{head}”的位置，没有写入"
    tables = [found.mapping for job in jobs for found in job.form.reading.found_tables]
    if "单位名称" not in placed and not any(table.unit_name for table in tables):
        told = "从填好的工作簿看不出是哪个单位的"
        yield f"表样没有印单位名称的地方，“{report.unit_name}”没有写进去，{told}"
    editions = (job.form.edition for job in jobs)
    if "年度" not in placed and not any(e and year_of_edition(e) for e in editions):
        yield f"表样没有印年度的地方，{report.year}年度没有写进去，从填好的工作簿看不出是哪一年的"


def _target_problems(path: Path, workbook: Workbook, force: bool) -> list[Problem]:
    """Why `path` must not be written: its name, its folder, or a file that is there already."""
    if path.suffix.lower() != f".{workbook.kind}":
        return [
            Problem(
                str(path), f"输出文件的扩展名应是 .{workbook.kind}，与模板一致", code="bad-target"
            )
        ]
    if not path.parent.is_dir():
        return [Problem(str(path.parent), "没有这个文件夹", code="missing")]
    if is_open_elsewhere(path):
        return [Problem(str(path), str(locked(path)), code="locked")]
    return list(obstacles([path], force=force, made=is_marked))

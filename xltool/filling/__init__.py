"""Report + template -> workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xltool.core.amounts import UNITS
from xltool.core.model import Report, Row, Table, instance_name
from xltool.core.paths import AnyPath
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.saving.guard import collisions, obstacles
from xltool.core.saving.mark import is_marked
from xltool.editions import Edition, WorkbookSpec
from xltool.editions.detect import detect
from xltool.filling.heights import fit_rows
from xltool.filling.proof import prove
from xltool.filling.totals import Cell, Given, Mode, settle
from xltool.filling.writer import TableWriter, list_rows
from xltool.mapping.headlines import match_line
from xltool.mapping.locate import locate
from xltool.mapping.located import Located, text_at
from xltool.mapping.model import Codes, ListBlock, TableMapping
from xltool.mapping.ownsheets import checks_sheet, own_sheets, remove_checks_sheet
from xltool.mapping.titles import Titles
from xltool.ooxml import EditError, Editor, Workbook, WorkbookError, open_workbook
from xltool.ooxml.edit.save import write_files
from xltool.ooxml.package.errors import workbook_problem
from xltool.ooxml.package.lockfile import locked, owner_file
from xltool.reading import examine

Finish = Callable[[Editor, bool], None]
_SHEET_NAME = 31
_SHOWN = 5
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")


@dataclass(slots=True)
class Filled:
    """The workbooks that were written, and what the clerk should know about them.

    `own` is the one of them that was made from the `template` given; None when none was given.
    """

    files: list[Path] = field(default_factory=list)
    own: Path | None = None
    notes: list[str] = field(default_factory=list)


def fill(
    report: Report,
    edition: Edition,
    out: AnyPath,
    *,
    template: AnyPath | None = None,
    totals: Mode = "formula",
    force: bool = False,
    finish: Finish | None = None,
    inputs: Sequence[Path] = (),
) -> Filled:
    """Fill the edition's template (or `template`) with `report` and write it to `out`.

    Tables of a further workbook of the edition go to a second file beside it, named after it. `finish` is given
    each filled workbook before it is written, and whether its template had a 审核表, which is taken off. `inputs`
    are never written over, nor is the template. Raises `InputError` with every problem; then nothing is written.
    """
    out = Path(out)
    template = None if template is None else Path(template)
    if out.is_dir():
        raise InputError(Problem(str(out), "是文件夹，不是文件"))
    templates = _templates(report, edition, template)
    paths = [
        out.with_name(f"{out.stem}-{spec.name}.{workbook.kind}") if n else out
        for n, (spec, workbook) in enumerate(templates)
    ]
    used = [workbook.path for _, workbook in templates if workbook.path]
    raise_if(collisions(paths, [*inputs, *used]))
    for path, (_, workbook) in zip(paths, templates, strict=True):
        raise_if(_target_problems(path, workbook, force))
    filled = Filled()
    if not edition.covers(report.year):
        first, last = edition.years
        years = f"{edition.id} 适用于{first}—{last}年度"
        filled.notes.append(f"{years}，数据是{report.year}年度的，请核对版本")
    editors = _run(report, templates, totals, filled.notes)
    for editor, (_, workbook) in zip(editors, templates, strict=True):
        if finish is not None:
            finish(editor, checks_sheet(workbook) is not None)
    blanks = [workbook for _, workbook in templates]
    proved = _proved(report, edition, zip(paths, editors, blanks, strict=True))
    try:
        write_files([(path, [content]) for path, content in proved], overwrite=force)
    except WorkbookError as error:
        where = next((path for path in paths if path.name == error.file), out)
        raise InputError(workbook_problem(error, str(where))) from error
    filled.files += paths
    own = [path for path, blank in zip(paths, blanks, strict=True) if blank.path == template]
    filled.own = own[0] if template is not None and own else None
    return filled


def _proved(
    report: Report, edition: Edition, books: Iterable[tuple[Path, Editor, Workbook]]
) -> list[tuple[Path, bytes]]:
    """The files to be written, once all of them are proved. Raises `InputError`."""
    contents: list[tuple[Path, bytes]] = []
    problems: list[Problem] = []
    for path, editor, blank in books:
        try:
            content = editor.content(path, own=True)
        except WorkbookError as error:
            raise InputError(workbook_problem(error, str(path))) from error
        problems += prove(report, edition, blank, content)
        contents.append((path, content))
    raise_if(problems)
    return contents


def filled_workbooks(report: Report, edition: Edition, *, totals: Mode = "formula") -> list[Editor]:
    """The edition's templates, filled, without writing them anywhere. Raises `InputError`."""
    return _run(report, _templates(report, edition, None), totals, [])


def _run(
    report: Report,
    templates: Sequence[tuple[WorkbookSpec, Workbook]],
    totals: Mode,
    notes: list[str],
) -> list[Editor]:
    jobs = [_Job(report, spec, workbook, totals) for spec, workbook in templates]
    editors = [job.run() for job in jobs]
    notes += [note for job in jobs for note in job.notes]
    placed = {head for job in jobs for head in job.placed}
    notes += [f"表样里没有“{head}”的位置，没有写入" for head in sorted(set(report.heads) - placed)]
    raise_if(problem for job in jobs for problem in job.problems)
    return editors


def _target_problems(path: Path, workbook: Workbook, force: bool) -> list[Problem]:
    """Why `path` must not be written: its name, its folder, or a file that is there already."""
    if path.suffix.lower() != f".{workbook.kind}":
        return [Problem(str(path), f"输出文件的扩展名应是 .{workbook.kind}，与模板一致")]
    if not path.parent.is_dir():
        return [Problem(str(path.parent), "没有这个文件夹")]
    if owner_file(path).exists():
        return [Problem(str(path), str(locked(path)))]
    return list(obstacles([path], force=force, made=is_marked))


def _templates(
    report: Report, edition: Edition, template: Path | None
) -> list[tuple[WorkbookSpec, Workbook]]:
    """Which templates to fill: those of the workbooks that the report has tables of."""
    filled = {name for name, tables in report.tables.items() if not all(t.empty for t in tables)}
    specs = [b for b in edition.workbooks if any(t.table in filled for t in b.tables)]
    own: tuple[WorkbookSpec, Workbook] | None = None
    if template is not None:
        workbook = _open(template)
        own = detect(workbook, Titles(workbook), edition)[1], workbook
        _require_blank(template, edition, own[0])
        specs = specs or [own[0]]
        _require_all(own[0], workbook, filled, template.name)
    if not specs:
        raise InputError(Problem("表", "数据文档里没有任何一张表的数据"))
    return [own if own and own[0] is spec else (spec, _open(spec.template)) for spec in specs]


def _require_all(spec: WorkbookSpec, workbook: Workbook, filled: set[str], name: str) -> None:
    """Refuse a form of which tables of the data are not recognised: another form is never filled in its stead.

    Tables of a further workbook of the edition get their own form when every sheet of this one is known.
    """
    titles = Titles(workbook)
    found = {m.table: {sheet.name for sheet, _ in titles.find(m)} for m in spec.tables}
    missing = [t for t in filled if not found.get(t)]
    known = set().union(*found.values()) | own_sheets(workbook)
    strange = [s.name for s in workbook.sheets if s.state == "visible" and s.name not in known]
    if not filled & found.keys() and not strange:
        told = f"数据里没有“{spec.name}”的表，这份表样填不进任何数"
        raise OtherForm(Problem(name, told, "用数据所属的表样，或不指定表样"))
    if missing and strange:
        told = f"表样里没有认出数据里的这些表：{'、'.join(sorted(missing))}"
        sheets = f"不认得的工作表：{'、'.join(strange)}"
        raise OtherForm(Problem(name, f"{told}；{sheets}", "用数据所属的表样"))


class NotBlank(InputError):
    """A template has figures in it: they would be taken for the document's."""


class OtherForm(InputError):
    """The data has no table of a template: another form would be filled in its stead."""


def _require_blank(template: Path, edition: Edition, spec: WorkbookSpec) -> None:
    found, blank = examine(template, edition), examine(spec.template, edition)
    cells = [
        f"“{sheet}”{ref}"
        for place, (sheet, ref) in found.places.items()
        if place not in blank.places and found.workbook.sheet(sheet).formula(ref) is None
    ]
    if cells:
        shown = "、".join(cells[:_SHOWN]) + ("等" if len(cells) > _SHOWN else "")
        message = f"不是空白的表样，已填了{len(cells)}格：{shown}"
        hint = "用空白的表样；要重填这一份，先清空填报的单元格"
        raise NotBlank(Problem(template.name, message, hint))


def _open(path: Path) -> Workbook:
    try:
        return open_workbook(path)
    except WorkbookError as error:
        raise InputError(workbook_problem(error, path.name)) from error


class _Job:
    """Fills one workbook."""

    def __init__(
        self, report: Report, spec: WorkbookSpec, workbook: Workbook, totals: Mode
    ) -> None:
        self.report, self.spec, self.totals = report, spec, totals
        self.editor = Editor(workbook)
        self.titles = Titles(workbook)
        self.problems: list[Problem] = []
        self.given: dict[Cell, Given] = {}
        self.placed: set[str] = set()
        self.notes: list[str] = []

    def run(self) -> Editor:
        """Everything but saving; faults are in `problems`."""
        remove_checks_sheet(self.editor)
        for mapping in self.spec.tables:
            tables = self.report.tables.get(mapping.table, [])
            hits = self.titles.find(mapping)
            if not hits:
                if any(not table.empty for table in tables):
                    self.problems.append(Problem(f"表 › {mapping.table}", "模板里没有这张表"))
                continue
            try:
                self._instances(mapping, hits[0][0].name, tables or [Table()])
            except EditError as error:
                hint = "表样里自加的内容妨碍填报：删去它，或换一份没有动过的表样"
                problem = workbook_problem(error)
                self.problems.append(Problem(problem.where, problem.message, hint))
        if not self.problems:
            self.problems += settle(self.editor, self.given, self.totals, self.notes)
        return self.editor

    def _instances(self, mapping: TableMapping, sheet: str, tables: Sequence[Table]) -> None:
        names = [sheet]
        for _ in tables[1:]:
            names.append(self.editor.copy_sheet(sheet, self._free_name(mapping.table)))
        for n, (name, table) in enumerate(zip(names, tables, strict=True)):
            if mapping.many and (title := table.fields.get((mapping.many,))):
                own = self._free_name(str(title), besides=name)
                self.editor.rename_sheet(name, own)
                name = own
            self._table(mapping, name, table, n)

    def _free_name(self, wish: str, besides: str = "") -> str:
        """A sheet name made from `wish` that no other sheet has."""
        taken = {view.name.casefold() for view in self.editor.sheets().values()} - {
            besides.casefold()
        }
        base = _NOT_IN_SHEET_NAME.sub(" ", wish).strip().strip("'")[:_SHEET_NAME] or "表"
        name, n = base, 2
        while name.casefold() in taken:
            mark = f"({n})"
            name, n = base[: _SHEET_NAME - len(mark)] + mark, n + 1
        return name

    def _table(self, mapping: TableMapping, sheet: str, table: Table, instance: int) -> None:
        where = f"表 › {instance_name(mapping.table, instance)}"
        located = locate(mapping, self.editor.sheet(sheet))
        if located.problems:
            self.problems += located.problems
            return
        lists: dict[str, list[Row]] = {}
        for block in mapping.blocks:
            if isinstance(block, ListBlock):
                lists[block.name] = list_rows(block, table, where, self.problems)
        self._resize(located, sheet, lists)
        located = locate(mapping, self.editor.sheet(sheet))
        unit = self._form_unit(located)
        if unit not in UNITS:
            told = f"金额单位写作“{unit}”，" if unit else "找不到金额单位，"
            message = f"模板上{told}应是{'或'.join(UNITS)}"
            self.problems.append(Problem(f"工作表“{sheet}”", message))
            return
        writer = TableWriter(
            self.editor, located, where, (self.report.unit, unit), self.given, self.problems
        )
        heads = {
            "单位名称": self.report.unit_name,
            "年度": str(self.report.year),
            "金额单位": unit,
            **self.report.heads,
        }
        self.placed |= writer.heads(heads)
        writer.empty_note(table.empty, heads)
        writer.fields(table)
        for block in mapping.blocks:
            if isinstance(block, ListBlock) and lists[block.name]:
                writer.rows(located.lists[block.name], lists[block.name])
            elif isinstance(block, Codes):
                writer.codes(block.name, table.lists.get(block.name, []))
        fit_rows(self.editor, sheet, writer.texts)

    def _resize(self, located: Located, sheet: str, lists: dict[str, list[Row]]) -> None:
        """Give each list exactly as many rows as it will hold, the lowest first."""
        found = [located.lists[name] for name, rows in lists.items() if rows]
        for rows in sorted(found, key=lambda f: f.rows[0] if f.rows else 0, reverse=True):
            want = len(lists[rows.block.name])
            if not rows.rows:
                message = f"“{rows.block.name}”在模板里没有空行，不能照样加行"
                self.problems.append(Problem(f"工作表“{sheet}”", message, "模板里至少留一行"))
            elif len(rows.rows) != want:
                self.editor.resize_rows(sheet, rows.rows[0], len(rows.rows), want)

    def _form_unit(self, located: Located) -> str:
        """The unit printed on the sheet, or the one that the form fixes; "" without either."""
        line = located.mapping.unit_line
        if line is None:
            return located.mapping.unit or ""
        text = text_at(located.sheet, line.range.top, line.range.left)
        heads = match_line(line.pattern, text) if text else None
        return heads["金额单位"] if heads else ""

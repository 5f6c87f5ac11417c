"""Which forms a report is filled into: the edition's templates, or one given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from xltool.core.caches import remembered
from xltool.core.model import Report
from xltool.core.places import places
from xltool.core.problems import InputError, Problem, raise_if
from xltool.editions import Edition, WorkbookSpec
from xltool.mapping.located import Located, LocatedList
from xltool.mapping.ownsheets import own_sheets
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.ooxml import Workbook, WorkbookError, make_ref, open_workbook, split_ref
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading import FoundTable, Reading, examine

_SHOWN = 5


class NotBlank(InputError):
    """A template has figures in it: they would be taken for the document's."""


class OtherForm(InputError):
    """The data has no table of a template: another form would be filled in its stead."""


@dataclass(eq=False)
class BlankForm:
    """A blank workbook and what was found in it."""

    workbook: Workbook
    edition: Edition | None
    """The edition by which it is read; None: by its words."""
    spec: WorkbookSpec | None = None
    """Which workbook of the edition it is, where that is known beforehand."""
    given: bool = False
    """It is the clerk's own, not the edition's."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Tables of the data that have another name here."""
    year: int = 0
    """Of the data: it tells apart what a form without a year leaves open."""

    @cached_property
    def reading(self) -> Reading:
        """The blank form as it is read, with the rows that its lists have by their looks. Raises InputError."""
        reading = examine(self.workbook, self.edition, form_of=self.year)
        for found_table in reading.found_tables:
            for found in found_table.located.lists.values():
                if not found.rows:
                    found.rows = _blank_rows(found_table.located, found)
        return reading

    @property
    def keeps_names(self) -> bool:
        """Its sheets are the clerk's own, by their names too."""
        return self.given or (self.edition is not None and self.edition.recognise)

    @property
    def kind(self) -> WorkbookSpec:
        """The workbook of the edition that it is."""
        return self.spec or self.reading.book

    def as_here(self, report: Report) -> Report:
        """A report with its tables under the names that they have in this form."""
        names = {name: self.renamed.get(name, name) for name in report.tables}
        return replace(
            report,
            tables={names[n]: tables for n, tables in report.tables.items()},
            no_data=[self.renamed.get(name, name) for name in report.no_data],
        )

    def found_tables(self, table: str) -> list[FoundTable]:
        """Where a table stands in it, in order."""
        return [s for s in self.reading.found_tables if s.mapping.table == table]

    def has(self, table: str) -> bool:
        """Whether a table was found in it without doubt."""
        found = self.found_tables(table)
        return bool(found) and not any(s.located.problems for s in found)


def _blank_rows(located: Located, found: LocatedList) -> list[int]:
    """The rows of a list that nothing ends: those under its head that have formats and say nothing.

    A row that is merged over figures takes a statement and no data.
    """
    columns = found.taken
    drawn: set[int] = set()
    taken: set[int] = set()
    for ref in located.sheet.cells():
        row, column = split_ref(ref)
        if column in columns:
            drawn.add(row)
            if located.sheet.value(ref) not in (None, ""):
                taken.add(row)
    row = located.moved(found.block.first)
    while row in taken and row <= (found.total or 0):
        row += 1
    rows: list[int] = []
    keys = [c.name for c in found.block.columns if c.kind in ("code", "name")]
    last_key = max((found.columns[name].right for name in keys), default=max(columns))

    def is_merged(row: int) -> bool:
        merge = located.sheet.merge_of(make_ref(row, min(columns)))
        return merge is not None and merge.right > last_key

    while row not in taken and not is_merged(row) and (row in drawn or not rows):
        rows.append(row)
        row += 1
    return rows


def forms_for(report: Report, edition: Edition, template: Path | None) -> list[BlankForm]:
    """The forms to fill: those of the workbooks that the report has tables of. Raises `InputError`."""
    filled = [name for name, tables in report.tables.items() if not all(t.empty for t in tables)]
    specs = [
        b
        for b in edition.workbooks
        if not b.recognised and any(t.table in filled for t in b.tables)
    ]
    if template is None:
        raise_if(
            Problem(f"表 › {name}", "本版本没有这张表", code="no-place")
            for name in filled
            if name not in edition.tables
        )
        if not specs:
            raise InputError(Problem("表", "数据文档里没有任何一张表的数据", code="nothing-to-do"))
        return [_of_edition(edition, s, report.year) for s in specs]
    own = _given_form(_open(template), edition, filled, report.year)
    for name in [n for n in filled if not own.has(n)]:
        twin = vocabulary().twins.get(name)
        if twin and twin not in filled and own.has(twin):
            own.renamed[name] = twin
    filled = [own.renamed.get(name, name) for name in filled]
    require_blank(own, template.name)
    _require_all(own, filled, template.name)
    others = [b for b in specs if not any(t.table in filled and own.has(t.table) for t in b.tables)]
    return [own, *(_of_edition(edition, s, report.year) for s in others)]


def _of_edition(edition: Edition, spec: WorkbookSpec, year: int) -> BlankForm:
    """The form of an edition's workbook. Filling changes nothing of it: it is read once for many documents."""
    try:
        stat = spec.template.stat()
    except OSError:
        return BlankForm(_open(spec.template), edition, spec, year=year)
    return _kept(edition, spec.template, (stat.st_mtime_ns, stat.st_size), year)


@remembered(4)
def _kept(edition: Edition, template: Path, state: tuple[int, int], year: int) -> BlankForm:
    spec = next(book for book in edition.workbooks if book.template == template)
    return BlankForm(_open(template), edition, spec, year=year)


def _given_form(
    workbook: Workbook, edition: Edition, filled: Sequence[str], year: int
) -> BlankForm:
    """A clerk's own form: read by the edition where everything stands as that has it, else by its words."""
    ranked: list[tuple[tuple[bool, int, int], BlankForm]] = []
    problem: InputError | None = None
    for way in (edition, None):
        form = BlankForm(workbook, way, given=True, year=year)
        try:
            found_tables = form.reading.found_tables
        except InputError as error:
            problem = error  # what its words say tells more than that it is not the edition's
            continue
        # one that was recognised in place of the edition's is none of the edition's: `validate` takes its words
        own = way is not None and not form.reading.recognised
        planned = own and all(s.located.as_planned for s in found_tables)
        lost = sum(bool(s.located.problems) for s in found_tables)
        found = sum(form.has(table) for table in filled)
        if planned and found == len(filled):
            return form
        ranked.append(((not lost, found, -lost), form))
    if not ranked:
        raise problem or InputError(
            Problem(workbook.file or "", "认不出这份表样", code="not-located")
        )
    return max(reversed(ranked), key=lambda pair: pair[0])[1]


def require_blank(form: BlankForm, name: str) -> None:
    """Refuse a form with amounts in it. Sample rows, printed scores and zeros are nobody's figures."""
    reading = form.reading
    specs = {s.mapping.table: s.mapping.spec for s in reading.found_tables}
    cells = [
        f"“{sheet}”{ref}"
        for place, value in places(reading.report)
        if isinstance(value, Decimal) and value and place.kind_in(specs[place.table]) == "amount"
        for sheet, ref in [reading.places[place]]
        if reading.workbook.sheet(sheet).formula(ref) is None
    ]
    if cells:
        shown = "、".join(cells[:_SHOWN]) + ("等" if len(cells) > _SHOWN else "")
        message = f"不是空白的表样，已填了{len(cells)}个金额：{shown}"
        hint = "用空白的表样；要重填这一份，先清空填报的单元格"
        raise NotBlank(Problem(name, message, hint, code="not-blank"))


def _require_all(form: BlankForm, filled: Sequence[str], name: str) -> None:
    """Refuse a form of which tables of the data are not recognised: another form is never filled in its stead.

    Tables of a further workbook of the edition get their own form when every sheet of this one is known.
    """
    found_tables = form.reading.found_tables
    raise_if(
        Problem(
            f"工作表“{sheet}”（{title}）",
            f"表样里“{table}”分在几张工作表上，不知道哪些行填在哪一张",
            "在表样里并成一张工作表，去掉续表，再填",
            code="other-form",
        )
        for table, sheet, title in _rests(form.reading)
        if table in filled
    )
    missing = [table for table in filled if not form.has(table)]
    known = {s.located.sheet.name for s in found_tables} | own_sheets(form.workbook)
    strange = [s.name for s in form.workbook.sheets if s.state == "visible" and s.name not in known]
    if len(missing) == len(filled) and not strange:
        here = "、".join(dict.fromkeys(s.mapping.table for s in found_tables))
        told = f"数据里没有表样里的表（{here}），这份表样填不进任何数"
        raise OtherForm(Problem(name, told, "用数据所属的表样，或不指定表样", code="other-form"))
    if missing and strange:
        told = f"表样里没有认出数据里的这些表：{'、'.join(missing)}"
        sheets = f"不认得的工作表：{'、'.join(strange)}"
        raise OtherForm(Problem(name, f"{told}；{sheets}", "用数据所属的表样", code="other-form"))


def _rests(reading: Reading) -> Iterator[tuple[str, str, str]]:
    """The tables that go on on another sheet of a form, that sheet and its title: blank, it has no rows to be read."""
    for rest in reading.rests:
        yield rest.mapping.table, rest.mapping.sheet, rest.mapping.title.text
    for unread in reading.report.unread:
        for table in unread.rest_of:
            yield table, unread.sheet, unread.table


def _open(path: Path) -> Workbook:
    try:
        return open_workbook(path)
    except WorkbookError as error:
        raise InputError(workbook_problem(error, path.name)) from error

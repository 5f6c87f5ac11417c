"""Which forms a report is filled into: the edition's templates, or one given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from xltool.core.model import FieldKey, Place, Report, places
from xltool.core.problems import InputError, Problem
from xltool.editions import Edition, WorkbookSpec
from xltool.mapping.ownsheets import own_sheets
from xltool.ooxml import Workbook, WorkbookError, open_workbook
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading import Reading, Sighting, examine

_SHOWN = 5


class NotBlank(InputError):
    """A template has figures in it: they would be taken for the document's."""


class OtherForm(InputError):
    """The data has no table of a template: another form would be filled in its stead."""


@dataclass(eq=False)
class BlankForm:
    """A blank workbook and what was recognised in it."""

    workbook: Workbook
    edition: Edition
    spec: WorkbookSpec | None = None
    """Which workbook of the edition it is, where that is known beforehand."""
    given: bool = False
    """It is the clerk's own, not the edition's."""

    @cached_property
    def reading(self) -> Reading:
        """The blank form as it is read. Raises InputError."""
        return examine(self.workbook, self.edition)

    @property
    def kind(self) -> WorkbookSpec:
        """The workbook of the edition that it is."""
        return self.spec or self.reading.book

    def sightings(self, table: str) -> list[Sighting]:
        """Where a table stands in it, in order."""
        return [s for s in self.reading.sightings if s.mapping.table == table]


def forms_for(report: Report, edition: Edition, template: Path | None) -> list[BlankForm]:
    """The forms to fill: those of the workbooks that the report has tables of. Raises `InputError`."""
    filled = [name for name, tables in report.tables.items() if not all(t.empty for t in tables)]
    specs = [b for b in edition.workbooks if any(t.table in filled for t in b.tables)]
    if template is None:
        if not specs:
            raise InputError(Problem("表", "数据文档里没有任何一张表的数据", code="nothing-to-do"))
        return [BlankForm(_open(spec.template), edition, spec) for spec in specs]
    own = BlankForm(_open(template), edition, given=True)
    _require_blank(own, template.name)
    _require_all(own, filled, template.name)
    others = [spec for spec in specs if spec is not own.kind]
    return [own, *(BlankForm(_open(spec.template), edition, spec) for spec in others)]


def _require_blank(form: BlankForm, name: str) -> None:
    """Refuse a form with amounts in it. Sample rows, printed scores and zeros are nobody's figures."""
    reading = form.reading
    specs = {s.mapping.table: s.mapping.spec for s in reading.sightings}
    cells = [
        f"“{sheet}”{ref}"
        for place, value in places(reading.report)
        if isinstance(value, Decimal) and value and specs[place[0]].kind(_key(place)) == "amount"
        for sheet, ref in [reading.places[place]]
        if reading.workbook.sheet(sheet).formula(ref) is None
    ]
    if cells:
        shown = "、".join(cells[:_SHOWN]) + ("等" if len(cells) > _SHOWN else "")
        message = f"不是空白的表样，已填了{len(cells)}个金额：{shown}"
        hint = "用空白的表样；要重填这一份，先清空填报的单元格"
        raise NotBlank(Problem(name, message, hint, code="not-blank"))


def _key(place: Place) -> FieldKey:
    """A place within its table."""
    return place[2] if len(place) == 3 else place[2:]


def _require_all(form: BlankForm, filled: Sequence[str], name: str) -> None:
    """Refuse a form of which tables of the data are not recognised: another form is never filled in its stead.

    Tables of a further workbook of the edition get their own form when every sheet of this one is known.
    """
    sightings = form.reading.sightings
    missing = [table for table in filled if not form.sightings(table)]
    known = {s.located.sheet.name for s in sightings} | own_sheets(form.workbook)
    strange = [s.name for s in form.workbook.sheets if s.state == "visible" and s.name not in known]
    if len(missing) == len(filled) and not strange:
        told = f"数据里没有“{form.kind.name}”的表，这份表样填不进任何数"
        raise OtherForm(Problem(name, told, "用数据所属的表样，或不指定表样", code="other-form"))
    if missing and strange:
        told = f"表样里没有认出数据里的这些表：{'、'.join(missing)}"
        sheets = f"不认得的工作表：{'、'.join(strange)}"
        raise OtherForm(Problem(name, f"{told}；{sheets}", "用数据所属的表样", code="other-form"))


def _open(path: Path) -> Workbook:
    try:
        return open_workbook(path)
    except WorkbookError as error:
        raise InputError(workbook_problem(error, path.name)) from error

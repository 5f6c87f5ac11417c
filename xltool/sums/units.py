"""The units to be added: their workbooks and data documents, checked to belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from xltool.amounts import convert, decimals
from xltool.batch.sources import Source
from xltool.batch.zips import read_member
from xltool.editions import Edition, find_edition
from xltool.intake import load
from xltool.lastyear import with_totals
from xltool.model import Report, TableSpec
from xltool.ooxml import Limits, WorkbookError
from xltool.problems import InputError, Problem, raise_if, workbook_problem
from xltool.reading import read, to_unit
from xltool.rules.evaluate import PRINTED_DECIMALS
from xltool.sums.cells import CellKey, Cells, Names, additive, cells_of, kind_of, left_out
from xltool.texts import norm

DOCUMENTS = (".json", ".yaml", ".yml", ".csv", ".tsv")


@dataclass(slots=True)
class Addend:
    """One report that is added: a unit's, or an adjustment. Amounts are in the unit of the sum."""

    file: str
    name: str
    edition: Edition
    year: int
    unit: str
    """The money unit in which it was given."""
    cells: Cells
    names: Names
    heads: Mapping[str, str]
    left_out: frozenset[tuple[str, str]] = frozenset()
    supplied: set[CellKey] = field(default_factory=set)
    """Cells that it leaves blank where others fill them, and that follow from its lower rows."""

    @property
    def specs(self) -> Mapping[str, TableSpec]:
        """The shapes of its tables."""
        return self.edition.specs

    @property
    def label(self) -> str:
        """Its name and file, for messages."""
        return f"{self.name}（{self.file}）"

    def rounded(self, spot: CellKey, unit: str) -> bool:
        """Whether the figure at `spot`, now in `unit`, may have been rounded to printed 万元 by itself."""
        value = self.cells.get(spot)
        if (
            value is None
            or self.unit == "元"
            or kind_of(self.specs[spot.table], spot.path) != "amount"
        ):
            return False
        return decimals(convert(value, unit, self.unit)) <= PRINTED_DECIMALS


@dataclass(slots=True)
class Loaded:
    """What was given: the reports to add, and files that hold nothing to add."""

    units: list[Addend]
    unit: str
    set_aside: list[str]


def load_units(
    sources: Sequence[Source],
    *,
    edition: str | None = None,
    unit: str | None = None,
    progress: Callable[[str], None] = lambda name: None,
) -> Loaded:
    """Read the units in `sources` and see that they can be added.

    `unit` is the money unit of the sum; without it the units' own, or 元 when they differ. Raises `InputError`
    with every problem: unreadable books, several editions or years, a unit that is given twice.
    """
    reports: list[tuple[str, Report, Edition]] = []
    problems: list[Problem] = []
    set_aside: list[str] = []
    for source in sources:
        progress(source.name)
        try:
            report, found = _read(source, edition)
        except InputError as error:
            problems += in_file(source.name, Path(source.member or source.path), error.problems)
            continue
        if any(additive(found.specs[name]) for name in report.tables):
            reports.append((source.name, report, found))
        else:
            set_aside.append(source.name)
    raise_if(problems)
    if not reports:
        hint = "给出各单位的工作簿、数据文档，或它们所在的文件夹"
        raise InputError(Problem("", "没有可以汇总的决算报表", hint))
    raise_if(_mixed(reports))
    units = {report.unit for _, report, _ in reports}
    wanted = unit or (units.pop() if len(units) == 1 else "元")
    addends = [make_addend(name, report, found, wanted) for name, report, found in reports]
    raise_if(_twice(addends))
    return Loaded(addends, wanted, set_aside)


def _read(source: Source, edition: str | None) -> tuple[Report, Edition]:
    """The report in a workbook, a data document or a long table.

    A document is read as its filled form: with the 类, 款 and totals that it leaves out.
    """
    if source.refusal:
        raise InputError(Problem("", source.refusal))
    path = Path(source.path)
    if source.member is None and path.suffix.lower() in DOCUMENTS:
        report, found = load(path, edition)
        return as_filled(report, found), found
    content: Path | bytes = path
    if source.member is not None:
        try:
            content = read_member(path, source.member, Limits())
        except WorkbookError as error:
            raise InputError(workbook_problem(error)) from error
    reading = read(content, find_edition(edition) if edition else None)
    return reading.report, reading.edition


def as_filled(report: Report, edition: Edition) -> Report:
    """A document as its filled form reads, in the document's own money unit. Raises `InputError`."""
    unit = report.unit
    filled = with_totals(report, edition)
    to_unit(filled, unit, edition.specs)
    return filled


def in_file(shown: str, path: Path, problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems of the file at `path`, each naming it once, as `shown`."""
    for problem in problems:
        where = problem.where.replace(str(path), "").replace(path.name, "").strip(" ：")
        yield Problem(f"{shown} {where}".strip(), problem.message, problem.hint)


def make_addend(shown: str, report: Report, edition: Edition, unit: str) -> Addend:
    """A report as an addend in `unit`. Raises `InputError` for codes that stand twice."""
    own_unit = report.unit
    to_unit(report, unit, edition.specs)
    cells, names = cells_of(report, edition.specs, f"{shown} {report.unit_name}")
    return Addend(
        shown,
        report.unit_name,
        edition,
        report.year,
        own_unit,
        cells,
        names,
        report.heads,
        frozenset(left_out(report, edition.specs)),
    )


def _mixed(reports: Sequence[tuple[str, Report, Edition]]) -> Iterator[Problem]:
    """Reports of other editions or years than most: each is named."""
    kinds: dict[tuple[str, int], list[str]] = defaultdict(list)
    for shown, report, edition in reports:
        kinds[edition.id, report.year].append(f"{report.unit_name}（{shown}）")
    if len(kinds) < 2:
        return
    common = max(kinds, key=lambda kind: (len(kinds[kind]), kind))
    for (edition_id, year), names in sorted(kinds.items()):
        if (edition_id, year) == common:
            continue
        for name in names:
            message = (
                f"是 {edition_id} 版、{year}年度的表，多数单位是 {common[0]} 版、{common[1]}年度"
            )
            yield Problem(name, message, "版本或年度不同的表不能相加，分开汇总")


def _twice(units: Sequence[Addend]) -> Iterator[Problem]:
    """A unit that is given twice: the same name, or the same figures under another name."""
    by_name: dict[str, Addend] = {}
    by_content: dict[frozenset[tuple[CellKey, Decimal]], Addend] = {}
    for unit in units:
        content = frozenset(unit.cells.items())
        same = any(unit.cells.values()) and by_content.get(content)
        if (first := by_name.get(norm(unit.name))) is not None:
            extra = "，数字也完全相同" if same is first else "，数字不同"
            message = f"“{unit.name}”给了两次：{first.file} 和 {unit.file}{extra}"
            yield Problem("", message, "每个单位只留一份；确是两个单位的，先改表上的单位名称")
        elif same:
            message = f"{same.label}和{unit.label}的数字完全相同，像是同一份表交了两次"
            yield Problem("", message, "只留一份，或核对这两个单位的表")
        by_name.setdefault(norm(unit.name), unit)
        by_content.setdefault(content, unit)

"""What makes many failures at once and is no slip of one figure: a table's wrong unit, a cell without a sure figure.

What follows from a root is grouped under it, and nothing else is guessed from it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from xltool.checks.codes import stored_as_numbers
from xltool.checks.context import Context
from xltool.checks.diagnosis.computed import BookCells
from xltool.checks.diagnosis.wrongunit import TableUnit, WrongUnit, find_wrong_units, tables_of
from xltool.checks.findings import Finding
from xltool.core.cellref import CellRef
from xltool.core.places import Place
from xltool.rules.model import NO_UNIT, Reason, Result

_HEAD = "金额单位"
_UNIT_CODES = ("money-unit-differs", "money-unit-unknown")
_UNIT_HINT = "数与其他表差一万倍：改正表头印的金额单位，或按它换算整张表"
_LAST_YEAR = "P-06"
_CELL_RULES = ("ALL-06", "F-06")
"""Rules whose findings say that a cell's figure is not sure."""


class RootCause(NamedTuple):
    """One root with its group of findings: `results` that failed because of it, `lacking` that lack its figure.

    `cause` is yet to be told; it is None where a check has told it. `tables`: those whose figures are in the
    wrong unit. `cells`: the cells without a sure figure, the first of them the root; `hint` says what it lacks.
    """

    group: int
    cause: Finding | None
    results: Sequence[Result]
    tables: frozenset[str] = frozenset()
    cells: Sequence[CellRef] = ()
    hint: str = ""
    lacking: Sequence[Result] = ()
    told_by: Sequence[CellRef] = ()
    """The cells of the finding that tells the root, where they are more than its first."""

    @property
    def suspect(self) -> CellRef | None:
        """The cell that is the root, or None where a whole table is."""
        return self.cells[0] if self.cells else None

    def mark(self, finding: Finding) -> Finding:
        """A finding as one of the root's; what tells the root of a whole table keeps its own advice."""
        hint = finding.hint if self.tables and self.is_cause(finding) else self.hint
        return replace(finding, group=self.group, suspect=self.suspect, hint=hint)

    def covers(self, finding: Finding) -> bool:
        """Whether a finding of another check belongs to this root."""
        if self.told_by and finding.rule == "ALL-01":
            return self.is_cause(finding)
        if finding.rule in _CELL_RULES:
            return bool(finding.cells) and set(finding.cells) <= set(self.cells)
        if finding.rule == "ALL-05" and finding.table in self.tables:
            return self.cause is None and finding.code in _UNIT_CODES
        return finding.rule == "C-02" and finding.table in self.tables

    def is_cause(self, finding: Finding) -> bool:
        """Whether a finding tells the root itself."""
        return finding.rule == "ALL-05" or list(finding.cells) == list(
            self.told_by or self.cells[:1]
        )


def find_roots(context: Context, found: Sequence[Finding]) -> list[RootCause]:
    """The roots of a workbook's failures; `found` is what the other checks have told."""
    units = {s.mapping.table: s for s in context.reading.found_tables if s.unit}
    tables = {t: TableUnit(s.unit or "", _HEAD not in s.heads) for t, s in units.items()}
    told = {f.table for f in found if f.code in _UNIT_CODES}
    roots: list[RootCause] = []
    results = context.results if context.report.unit else ()
    if not context.report.unit:
        context.unchecked["C-04"] = ("未执行", NO_UNIT)
    elif not _compared_outside(context, tables):
        text = "各表之间可以比，没有簿外的数可比，全簿一起弄错元和万元看不出来"
        context.unchecked["C-04"] = ("未执行", Reason("nothing-outside", text))
    for unit in find_wrong_units(results, tables, context.report.unit):
        group = len(roots) + 1
        cause = None if unit.table in told else _wrong_unit(context, unit, group)
        printing = {t for t, own in tables.items() if not own.fixed}
        wrong = frozenset(printing if unit.misprinted else {unit.table})
        roots.append(RootCause(group, cause, unit.results, wrong))
    roots += _number_codes(context, roots)
    failed = _unexplained(context, roots)
    single = [f for f in found if f.rule in _CELL_RULES and len(f.cells) == 1]
    rest = [f for f in single if not any(root.told_by and root.covers(f) for root in roots)]
    return roots + _unsure(context, rest, failed, len(roots))


def _unexplained(context: Context, roots: Sequence[RootCause]) -> list[Result]:
    taken = {id(result) for root in roots for result in root.results}
    return [r for r in context.results if r.outcome == "不符" and id(r) not in taken]


def _number_codes(context: Context, roots: Sequence[RootCause]) -> Iterator[RootCause]:
    """Codes that are numbers: every total by code, and all that reads one, is as wrong as they are."""
    codes = context.number_codes
    if codes is None:
        return
    results = [
        result
        for result in _unexplained(context, roots)
        if any(context.cell(place) in codes.affected for place in _places(result))
    ]
    told = stored_as_numbers(context, codes)
    cells = [*codes.cells, *sorted(codes.affected)]
    hint = f"{told.message}：{told.hint}"
    yield RootCause(len(roots) + 1, None, results, cells=cells, hint=hint, told_by=codes.cells)


def _compared_outside(context: Context, tables: Mapping[str, TableUnit]) -> bool:
    """Whether the amounts agree with something that cannot share a wrong unit of all tables: last year's report,
    or a table whose form fixes another unit than the others print."""
    usual = context.report.unit
    others = {table for table, own in tables.items() if own.unit != usual}
    for result in context.results:
        last_year = result.rule.id == _LAST_YEAR
        if result.outcome not in ("通过", "尾差") or not (last_year or others):
            continue
        if not (result.left and result.left.value):
            continue
        if last_year or (result.operator == "=" and others & (here := tables_of(result)) < here):
            return True
    return False


def grouped(roots: Sequence[RootCause], found: Iterable[Finding]) -> list[Finding]:
    """The findings of other checks, each under its root, that which tells the root first.

    Where nothing else failed because of it, it keeps its own advice.
    """
    told: list[Finding] = []
    causes: list[Finding] = []
    of_roots = [(f, next((r for r in roots if r.covers(f)), None)) for f in found]
    many = Counter(root.group for _, root in of_roots if root is not None)
    for finding, root in of_roots:
        if root is None:
            told.append(finding)
            continue
        if root.is_cause(finding):
            hint = root.hint or finding.hint or _UNIT_HINT
            marked = root.mark(replace(finding, hint=hint))
            alone = many[root.group] == 1 and not root.results
            causes.append(replace(marked, hint=finding.hint or hint) if alone else marked)
        else:
            told.append(root.mark(finding))
    return causes + told


def _wrong_unit(context: Context, unit: WrongUnit, group: int) -> Finding:
    """A table filled in another unit than it prints, or all others printing a wrong one."""
    printed, own = context.report.unit, context.found_table(unit.place.table, unit.place.instance)
    stated = (own.unit if own else None) or printed
    other = {"万元": "元", "元": "万元"}[stated]
    if unit.misprinted:
        message = (
            f"各表印的金额单位是“{printed}”，“{unit.table}”按{stated}填列，数却对不上一万倍："
            f"不是各表的数以{stated}填列、单位印错，就是“{unit.table}”以{printed}填列"
        )
        hint = "核对各表表头的金额单位"
    else:
        ratio = "一万倍" if unit.larger else "一万分之一"
        likely = (
            f"，像是以{other}填列；本表单位是{stated}" if unit.larger == (other == "元") else ""
        )
        message = f"“{unit.table}”的数是其他表的{ratio}{likely}"
        hint = "核对整张表的金额单位"
    return replace(context.at_place("C-04", unit.place, message, hint=hint), group=group)


# ── cells without a sure figure ──


def _unsure(
    context: Context, found: Sequence[Finding], failed: Sequence[Result], groups: int
) -> list[RootCause]:
    """The cells that `found` tells of, each of one: no figure, a date, a stale value; what failed or lacks for them."""
    lacking = [result for result in context.results if result.outcome == "数据不足"]
    root_of = _sources(context, found, [*failed, *lacking])
    cells: dict[Place, list[CellRef]] = defaultdict(list)
    for place, root in sorted(root_of.items(), key=lambda item: item[0] != item[1]):
        if cell := context.cell(place):
            cells[root].append(cell)
    reading = _by_root(root_of, ((r, _places(r)) for r in failed))
    wanting = _by_root(root_of, ((r, _unreadable(context, r)) for r in lacking))
    source_at = {of_root[0]: source for source, of_root in cells.items()}
    roots: list[RootCause] = []
    for cell, finding in {f.cells[0]: f for f in found}.items():
        if (source := source_at.get(cell)) is None:
            continue
        own, results, lacks = cells[source], reading[source], wanting[source]
        if results or lacks or len(own) > 1:
            group, hint = groups + len(roots) + 1, _hint(finding)
            roots.append(RootCause(group, None, results, cells=own, hint=hint, lacking=lacks))
    return roots


def _sources(
    context: Context, found: Sequence[Finding], results: Sequence[Result]
) -> dict[Place, Place]:
    """For each place that is not sure, or follows from one in these results: the place that makes it so."""
    cells = BookCells(context)
    unsure = {f.cells[0] for f in found}
    filled = context.reading.places.items()
    # a figure that is stored as text is known
    places = {cell: p for p, cell in filled if cell in unsure and not cells.is_text(p)}
    faults = [f.place for f in context.reading.faults if not f.place.is_code]
    places |= {cell: p for p in faults if (cell := context.cell(p)) is not None}
    if not places:  # as nearly always; what lacks figures may be a great many
        return {}
    late = (f.cells[0] for f in found if f.rule == "F-06")
    stale = {places[cell] for cell in late if cell in places}
    return _roots_of(cells, results, set(places.values()) - stale, stale)


def _by_root(
    root_of: Mapping[Place, Place], results: Iterable[tuple[Result, Sequence[Place]]]
) -> dict[Place, list[Result]]:
    """Results, each with the places that it is about, by the root of the first of these that is not sure."""
    found: dict[Place, list[Result]] = defaultdict(list)
    for result, places in results:
        if mine := [root_of[place] for place in places if place in root_of]:
            found[mine[0]].append(result)
    return found


def _unreadable(context: Context, result: Result) -> list[Place]:
    """The cells without which a rule lacks figures; none where a side lacks others."""
    found: list[Place] = []
    for side in (result.left, result.right):
        if side is not None and side.missing:
            lacks = [leaf.place for leaf in side.leaves if leaf.value is None and not leaf.prior]
            faulty = [place for place in lacks if place in context.unreadable]
            if not faulty:
                return []
            found += faulty
    return found


def _hint(finding: Finding) -> str:
    """What is to be done about a cell, after what is wrong with it."""
    ref = finding.cells[0][1]
    at = "" if finding.names_cells else f"{ref} "
    return "：".join(filter(None, (f"{at}{finding.message}", finding.hint)))


def _roots_of(
    cells: BookCells, results: Sequence[Result], faulty: set[Place], stale: set[Place]
) -> dict[Place, Place]:
    """For each place that is not sure: the place that makes it so.

    Formulas that read a faulty cell are as little sure as it is; of stale ones, those that were not
    recalculated are told of themselves.
    """
    read = {place for result in results for place in _places(result)}
    formulas = [p for p in sorted(read | faulty, key=str) if cells.is_formula(p) and p not in stale]
    root_of = {place: place for place in sorted(faulty, key=str) if not cells.is_formula(place)}
    _spread(root_of, formulas, cells)
    while waiting := [p for p in formulas if p in faulty and p not in root_of]:
        first = (_independent(waiting, cells) or waiting)[0]
        root_of[first] = first
        _spread(root_of, formulas, cells)
    waiting = sorted(stale, key=str)
    late = {place: place for place in _independent(waiting, cells) or waiting}
    _spread(late, waiting, cells)
    return late | root_of


def _independent(formulas: Sequence[Place], cells: BookCells) -> list[Place]:
    """Those that follow from none of the others."""
    return [p for p in formulas if not any(cells.follows(p, o) for o in formulas if o != p)]


def _spread(root_of: dict[Place, Place], formulas: Sequence[Place], cells: BookCells) -> None:
    """Give every formula that follows from a place with a root the same root, until none is left."""
    changed = True
    while changed:
        changed = False
        for place in formulas:
            if place in root_of:
                continue
            source = next((other for other in root_of if cells.follows(place, other)), None)
            if source is not None:
                root_of[place] = root_of[source]
                changed = True


def _places(result: Result) -> list[Place]:
    """The places of this year's figures in a result."""
    sides = [side for side in (result.left, result.right) if side]
    return [leaf.place for side in sides for leaf in side.leaves if not leaf.prior]

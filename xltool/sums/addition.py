"""Adding the units: every figure, list rows by 科目编码; blank and blank stay blank, blank and 0 are 0."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from xltool.core.model import CODE, NAME, Report, Row, Table, TableSpec
from xltool.editions import Edition
from xltool.rules.values import ZERO
from xltool.sums.addend import Addend
from xltool.sums.cells import CellKey, Cells, Names, additive, kind_of, listed, order, words


@dataclass(slots=True)
class Adjustment:
    """A cell that an adjustment changed."""

    spot: CellKey
    before: Decimal | None
    by: Decimal
    source: Addend

    @property
    def after(self) -> Decimal:
        """The figure with the adjustment."""
        return (self.before or ZERO) + self.by


@dataclass(slots=True)
class Addition:
    """The sum of units and adjustments, and how it came about. Amounts are in `unit`."""

    edition: Edition
    year: int
    unit: str
    units: list[Addend]
    adjustments: list[Addend]
    cells: Cells = field(default_factory=dict)
    names: Names = field(default_factory=dict)
    changes: list[Adjustment] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def addends(self) -> list[Addend]:
        """Units, then adjustments."""
        return [*self.units, *self.adjustments]

    @property
    def specs(self) -> Mapping[str, TableSpec]:
        """The shapes of the tables."""
        return self.edition.specs

    def report(self, name: str) -> Report:
        """The sum as the report of the department `name`."""
        report = Report(self.edition.id, name, self.year, self.unit, _common_heads(self.units))
        stated = frozenset.intersection(*(unit.no_data for unit in self.units))
        report.no_data += [table for table in self.specs if table in stated]
        lists: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
        for spot in sorted(self.cells, key=order(self.specs)):
            table = report.tables.setdefault(spot.table, [Table()])[0]
            if not listed(self.specs[spot.table], spot.path):
                table.fields[spot.path] = self.cells[spot]
                continue
            list_name, code, column = spot.path
            rows = lists[spot.table, list_name]
            rows.setdefault(code, self._row(spot.table, list_name, code))[column] = self.cells[spot]
        for (table_name, list_name), rows in lists.items():
            report.tables[table_name][0].lists[list_name] = list(rows.values())
        with_figures = {n for n, (table, *_) in report.tables.items() if table.has_figures}
        report.no_data = [name for name in report.no_data if name not in with_figures]
        return report

    def _row(self, table: str, list_name: str, code: str) -> Row:
        name = self.names.get((table, list_name, code))
        return {CODE: code, NAME: name} if name else {CODE: code}


def add(units: Sequence[Addend], unit: str, adjustments: Sequence[Addend] = ()) -> Addition:
    """The sum of `units` and `adjustments`, all of one edition and year, with amounts in `unit`."""
    first = units[0]
    own = [replace(source, cells=dict(source.cells), supplied=set()) for source in units]
    result = Addition(first.edition, first.year, unit, own, list(adjustments))
    _name_codes(result)
    _supply(result)
    for source in result.units:
        for spot, value in source.cells.items():
            result.cells[spot] = result.cells.get(spot, ZERO) + value
    for source in result.adjustments:
        for spot, value in sorted(
            source.cells.items(), key=lambda item: order(first.specs)(item[0])
        ):
            before = result.cells.get(spot)
            result.cells[spot] = (before or ZERO) + value
            if value != 0 or before is None:
                result.changes.append(Adjustment(spot, before, value, source))
    result.notes += _notes(result)
    return result


def _common_heads(units: Sequence[Addend]) -> dict[str, str]:
    """单位类型, where all units are of one type. Persons and dates are the department's own to fill."""
    types = {unit.heads.get("单位类型") for unit in units}
    kind = types.pop()
    return {"单位类型": kind} if not types and kind else {}


def _name_codes(result: Addition) -> None:
    """Names of codes: the code list's, else the first unit's; different ones of an unknown code are told."""
    given: dict[tuple[str, str, str], dict[str, list[Addend]]] = defaultdict(dict)
    for source in result.addends:
        for key, name in source.names.items():
            given[key].setdefault(name, []).append(source)
    told: set[tuple[str, ...]] = set()
    for key, names in given.items():
        codes = result.specs[key[0]].lists[key[1]].codes
        known = codes.name(key[2]) if codes else None
        filled = [name for name in names if name]
        result.names[key] = known or (filled[0] if filled else "")
        if known is None and len(filled) > 1 and (key[2], *filled) not in told:
            told.add((key[2], *filled))
            listing = "；".join(f"{names[name][0].name}写“{name}”" for name in filled)
            result.notes.append(
                f"科目编码 {key[2]} 科目表里没有，各单位的名称不同：{listing}。用“{filled[0]}”"
            )


def _supply(result: Addition) -> None:
    """Where some units fill a 类, 款 or 合计 and another leaves it blank, its lower rows are added up for it.

    Else the sum of that cell would be that of some units only.
    """
    columns: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for source in result.units:
        for spot in source.cells:
            if listed(result.specs[spot.table], spot.path):
                list_name, code, column = spot.path
                columns[spot.table, list_name, column].add(code)
    filled = {spot for source in result.units for spot in source.cells}
    for (table, list_name, column), codes in columns.items():
        below = _below(codes)
        own = sorted((code for code in codes if below[code]), key=len, reverse=True)
        parts = [(code, below[code]) for code in own]
        total = result.specs[table].lists[list_name].total
        sums = [
            (CellKey(table, (list_name, code, column)), _keys(table, list_name, lower, column))
            for code, lower in parts
        ]
        if total and (spot := CellKey(table, (total, column))) in filled:
            covered = {code for _, lower in parts for code in lower}
            sums.append((spot, _keys(table, list_name, sorted(codes - covered), column)))
        for source in result.units:
            for spot, lower in sums:
                _fill_in(source, spot, lower)


def _keys(table: str, list_name: str, codes: Iterable[str], column: str) -> list[CellKey]:
    return [CellKey(table, (list_name, code, column)) for code in codes]


def _below(codes: set[str]) -> dict[str, list[str]]:
    """For each code those right under it: the nearest ones that begin like it."""
    below: dict[str, list[str]] = {code: [] for code in codes}
    for code in codes:
        shorter = (code[:size] for size in range(len(code) - 1, 0, -1))
        above = next((other for other in shorter if other in below), None)
        if above is not None:
            below[above].append(code)
    return below


def _fill_in(source: Addend, spot: CellKey, lower: Sequence[CellKey]) -> None:
    if spot in source.cells:
        return
    values = [source.cells[cell] for cell in lower if cell in source.cells]
    if values:
        source.cells[spot] = sum(values, ZERO)
        source.supplied.add(spot)


def _notes(result: Addition) -> Iterator[str]:
    for source in result.units:
        if source.supplied:
            tables = "、".join(dict.fromkeys(spot.table for spot in sorted(source.supplied)))
            yield (
                f"{source.label}有 {len(source.supplied)} 个类、款或合计没有填而别的单位填了"
                f"（{tables}），按它的下级科目相加"
            )
    for source in result.adjustments:
        fresh = [c.spot for c in result.changes if c.source is source and c.before is None]
        if fresh:
            deepest = max(fresh, key=lambda spot: len("".join(spot.path[1:-1])))
            told = f"{deepest.table}·{words(deepest, result.names, result.specs)}"
            yield (
                f"调整表 {source.file} 有 {len(fresh)} 格各单位都没有数（如 {told}），"
                "请核对科目编码和栏目"
            )
    others = [name for name, spec in result.specs.items() if not additive(spec)]
    if others:
        yield f"{'、'.join(others)}：有按次序排的行、文字和评分，不相加，部门要另填"
    for table, column in sorted({item for source in result.units for item in source.left_out}):
        yield f"{table}的“{column}”是文字或比率，不相加"


def rounded_addends(result: Addition, spot: CellKey) -> tuple[int, int]:
    """How many figures added at `spot` may have been rounded by themselves, and how many of them are zeros."""
    if kind_of(result.specs[spot.table], spot.path) != "amount":
        return 0, 0
    found = [a.cells[spot] for a in result.addends if a.rounded(spot, result.unit)]
    zeros = sum(value == 0 for value in found)
    return len(found) - zeros, zeros

"""An existing department workbook against the sum of its units and adjustments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from xltool.core.amounts import convert
from xltool.core.cellref import CellRef
from xltool.core.model import CODE, TableSpec
from xltool.core.places import FieldPlace, RowPlace
from xltool.core.problems import InputError, Problem
from xltool.editions import find_edition
from xltool.reading import FoundTable, Reading, read
from xltool.rules.judging import HIDDEN_ZEROS
from xltool.rules.values import HALF_CENT, ZERO
from xltool.sums.addend import Addend, make_addend
from xltool.sums.addition import Addition, rounded_addends
from xltool.sums.cells import CellKey, listed, order, words
from xltool.sums.formtotals import Parts, form_totals
from xltool.sums.patterns import origin, recoded
from xltool.sums.slips import UnitSlip, candidates, choose
from xltool.sums.units import in_file

_MANY = 8


@dataclass(slots=True)
class Department:
    """The department's own workbook. `reading` keeps the figures as they are printed."""

    reading: Reading
    addend: Addend

    @property
    def unit(self) -> str:
        """The money unit that its forms print."""
        return self.addend.unit


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell in which the department's figure is not the sum. Amounts are in the money unit of the sum.

    `origin`: the cell of a lower row, or of a part of a total, that differs by as much.
    """

    spot: CellKey
    cell: CellRef | None
    label: str
    value: Decimal | None
    total: Decimal | None
    tolerance: Decimal
    causes: tuple[UnitSlip, ...]
    origin: CellRef | None = None

    @property
    def difference(self) -> Decimal:
        """The department's figure less the sum; a blank counts as nothing."""
        return (self.value or ZERO) - (self.total or ZERO)

    @property
    def cause(self) -> str:
        """The likeliest causes in words, or where the difference comes from, or ""."""
        if not self.causes and self.origin:
            return f"随 {self.origin[1]} 相差"
        more = "等" if len(self.causes) > 3 else ""
        return "；或".join(cause.text for cause in self.causes[:3]) + more


@dataclass(slots=True)
class SumComparison:
    """What comparing gave: `compared` cells that either side fills, of which `residual` differ by rounding."""

    department: Department
    compared: int
    residual: int
    differences: list[Difference]

    @property
    def common(self) -> list[tuple[UnitSlip, int]]:
        """Causes with a unit that alone explain several differences, the commonest first, with their counts."""
        alone = [d.causes[0] for d in self.differences if len(d.causes) == 1]
        named = {cause.key: cause for cause in alone if cause.addend is not None}
        counts = Counter(cause.key for cause in alone if cause.addend is not None)
        return [(named[key], n) for key, n in counts.most_common() if n > 1]

    @property
    def more_units(self) -> bool:
        """Most figures are greater than the sum and none of the units explains it: one may not have been given."""
        return self._most([d for d in self.differences if d.difference > 0 and not d.causes])

    @property
    def fewer_units(self) -> bool:
        """Most figures are smaller, and single units explain few: some may not belong to the department."""
        explained = sum(count for _, count in self.common)
        smaller = [d for d in self.differences if d.difference < 0]
        return self._most(smaller) and 2 * explained < len(self.differences)

    def _most(self, some: list[Difference]) -> bool:
        return len(some) >= _MANY and 4 * len(some) >= 3 * len(self.differences)


def read_department(book: Path, edition: str | None, unit: str | None) -> Department:
    """The department's workbook, its amounts in `unit` (or as printed). Raises `InputError`."""
    try:
        reading = read(book, find_edition(edition) if edition else None)
    except InputError as error:
        raise InputError(in_file(f"部门工作簿 {book.name}", book, error.problems)) from error
    wanted = unit or reading.report.unit
    return Department(reading, make_addend(book.name, reading.report, reading.edition, wanted))


def compare(department: Department, result: Addition) -> SumComparison:
    """Compare the department's workbook, read in the money unit of the sum, with the sum, cell by cell.

    A difference within 0.005 of the printed unit for each rounded figure is rounding; a blank and a zero do not
    differ. Raises `InputError` when the book is of another edition or year.
    """
    own = department.addend
    if (own.edition.id, own.year) != (result.edition.id, result.year):
        message = f"是 {own.edition.id} 版、{own.year}年度，各单位是 {result.edition.id} 版、{result.year}年度"
        raise InputError(Problem(own.file, message, "只能核对同版本、同年度的表", code="not-alike"))
    differing: dict[CellKey, Decimal] = {}
    residual = 0
    spots = sorted({*own.cells, *result.cells}, key=order(result.specs))
    for spot in spots:
        gap = abs(own.cells.get(spot, ZERO) - result.cells.get(spot, ZERO))
        if gap == 0:
            continue
        tolerance = _tolerance(result, own, spot)
        if gap <= tolerance:
            residual += 1
        else:
            differing[spot] = tolerance
    return SumComparison(
        department, len(spots), residual, _differences(department, result, differing)
    )


def _differences(
    department: Department, result: Addition, differing: dict[CellKey, Decimal]
) -> list[Difference]:
    own, specs = department.addend.cells, result.specs
    gaps = {s: own.get(s, ZERO) - result.cells.get(s, ZERO) for s in differing}
    causes = choose(
        {
            spot: candidates(
                own.get(spot), result.cells.get(spot, ZERO), _parts(result, spot), margin
            )
            for spot, margin in differing.items()
        }
    )
    for spot, cause in recoded(own, result.cells, differing, specs).items():
        causes[spot] = (cause,)
    names = department.addend.names | {key: name for key, name in result.names.items() if name}
    place = _Places(department.reading)
    parts = _parts_of_totals(department, differing, specs)
    return [
        Difference(
            spot,
            place.cell(spot),
            words(spot, names, specs),
            own.get(spot),
            result.cells.get(spot),
            margin,
            causes[spot],
            place.cell(low) if (low := origin(spot, gaps, specs, parts)) else None,
        )
        for spot, margin in differing.items()
    ]


def _parts_of_totals(
    department: Department, differing: Collection[CellKey], specs: Mapping[str, TableSpec]
) -> Parts:
    """What is added up to the totals of the form; nothing where no two of its single cells differ."""
    single = [spot for spot in differing if not listed(specs[spot.table], spot.path)]
    if len(single) < 2:
        return {}
    return form_totals(department.reading.report, department.addend.edition)


def _parts(result: Addition, spot: CellKey) -> list[tuple[Addend, Decimal]]:
    return [(addend, addend.cells[spot]) for addend in result.addends if spot in addend.cells]


def _tolerance(result: Addition, own: Addend, spot: CellKey) -> Decimal:
    """Half a cent of 万元 for each figure that may have been rounded; of printed zeros two at the most."""
    figures, zeros = rounded_addends(result, spot)
    if own.rounded(spot, result.unit):
        figures, zeros = (figures, zeros + 1) if own.cells[spot] == 0 else (figures + 1, zeros)
    if not figures:
        return ZERO
    return convert(HALF_CENT * (figures + min(zeros, HIDDEN_ZEROS)), "万元", result.unit)


class _Places:
    """Where cells, filled or blank, stand in a workbook."""

    def __init__(self, reading: Reading) -> None:
        self._map = reading.map
        self._found: dict[str, FoundTable] = {}
        for found_table in reading.found_tables:
            self._found.setdefault(found_table.mapping.table, found_table)
        self._rows: dict[tuple[str, str, str], RowPlace] = {}
        for table, instance, name in reading.row_numbers:
            rows = reading.report.tables[table][instance].lists[name]
            for position, row in enumerate(rows):
                place = RowPlace(table, instance, name, position, "")
                self._rows.setdefault((table, name, str(row.get(CODE, ""))), place)

    def cell(self, spot: CellKey) -> CellRef | None:
        """Sheet and address; None when the workbook has no such row."""
        found = self._found.get(spot.table)
        if found is None:
            return None
        if not listed(found.mapping.spec, spot.path):
            return self._map.cell(FieldPlace(spot.table, found.instance, spot.path))
        located = found.located
        name, code, column = spot.path
        if name in located.codes:
            ref = located.codes[name].get(code)
            return CellRef(located.sheet.name, ref) if ref else None
        row = self._rows.get((spot.table, name, code))
        return self._map.cell(row._replace(column=column)) if row else None

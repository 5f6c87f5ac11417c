"""One report that is added: its figures by place and 科目编码."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xltool.core.amounts import convert, decimals
from xltool.core.model import Report, TableSpec
from xltool.editions import Edition
from xltool.reading import to_unit
from xltool.rules.values import PRINTED_DECIMALS
from xltool.sums.cells import CellKey, Cells, Names, cells_of, kind_of, left_out


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
    no_data: frozenset[str] = frozenset()
    """Tables that it says have no data."""
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

    def printed(self, unit: str) -> bool:
        """Whether all its amounts, now in `unit`, are printed 万元 figures."""
        amounts = [s for s in self.cells if kind_of(self.specs[s.table], s.path) == "amount"]
        return all(self.rounded(spot, unit) for spot in amounts)


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
        frozenset(report.no_data),
    )

"""Values of formula cells that were stored without one (as openpyxl does): recalculated, or refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from xltool.mapping.ownsheets import own_sheets
from xltool.ooxml import Sheet, Value, Workbook
from xltool.reading.cellvalues import Content, Unmade

if TYPE_CHECKING:
    from xltool.reading.readworkbook import ReadWorkbook

_ZERO = "0"


@dataclass(frozen=True)
class Recalculated:
    """Values of formula cells that store none, and why others could not be recalculated."""

    values: dict[tuple[str, str], Value]
    reasons: dict[tuple[str, str], str]
    zeros: frozenset[tuple[str, str]] = frozenset()
    """Formula cells whose stored zero nobody has calculated; what they make is in `values`."""

    @cached_property
    def _by_sheet(self) -> Mapping[str, Mapping[str, Content]]:
        found: dict[str, dict[str, Content]] = defaultdict(dict)
        for (sheet, ref), why in self.reasons.items():
            if why:
                found[sheet][ref] = Unmade(why)
        for (sheet, ref), value in self.values.items():
            found[sheet][ref] = value
        return found

    def lookup(self, sheet: Sheet) -> Callable[[str], Content]:
        """What gives the content of a cell of a sheet, by its reference in capitals: what is stored, or made."""
        stored, name = sheet.lookup(), sheet.name
        made = {
            ref: content
            for ref, content in self._by_sheet.get(name, {}).items()
            if stored(ref) is None or (name, ref) in self.zeros
        }
        if not made:
            return stored
        return lambda ref: made[ref] if ref in made else stored(ref)


def missing_values(reading: ReadWorkbook, cells: Iterable[tuple[Sheet, str]]) -> Recalculated:
    """The recalculated values of those `cells` of a workbook that hold a formula but no value."""
    if _never_calculated(reading.workbook):
        return _instead_of_zeros(reading, cells)
    sheets = reading.workbook.sheets
    uncached = {sheet.name: refs for sheet in sheets if (refs := sheet.uncached())}
    if not uncached:
        return Recalculated({}, {})
    wanted = [(sheet.name, ref) for sheet, ref in cells if ref in uncached.get(sheet.name, ())]
    if not wanted:
        return Recalculated({}, {})
    result = reading.recalculation
    values = {cell: result.values[cell] for cell in wanted if cell in result.values}
    reasons = {cell: result.uncertain.get(cell, "") for cell in wanted if cell not in values}
    return Recalculated(values, reasons)


def _never_calculated(workbook: Workbook) -> bool:
    """Whether every formula stores 0, as programs write that do not calculate: Excel shows the figures on opening."""
    own = own_sheets(workbook)
    stored = chain.from_iterable(s.formula_values() for s in workbook.sheets if s.name not in own)
    first = next(stored, None)
    return first == _ZERO and all(value == _ZERO for value in stored)


def _instead_of_zeros(reading: ReadWorkbook, cells: Iterable[tuple[Sheet, str]]) -> Recalculated:
    """What formulas make that store a zero; nothing where no figure comes of them: a blank form has such zeros."""
    result = reading.recalculation
    known = {(sheet.name, ref) for sheet, ref in cells} & result.values.keys()
    values = {cell: result.values[cell] for cell in known}
    if not any(isinstance(value, Decimal) and value for value in values.values()):
        return Recalculated({}, {})
    return Recalculated(values, {}, frozenset(known))

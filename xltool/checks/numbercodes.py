"""科目编码 stored as numbers, where formulas look for them by wildcards.

Wildcards in SUMIF and COUNTIF fit texts only: in Excel the totals of such a book become blank or 0 as soon as it is
recalculated, in LibreOffice they do not. The codes are the one cause of all that follows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import takewhile
from operator import itemgetter
from typing import NamedTuple

from xltool.core.cellref import CellRef
from xltool.core.model import CODE
from xltool.ooxml import Range, Sheet, split_ref
from xltool.ooxml.read.formula import MAX_LENGTH, functions, references, tokens
from xltool.reading import Reading

_LOOKING = frozenset({"SUMIF", "SUMIFS", "COUNTIF", "COUNTIFS"})


class NumberCodes(NamedTuple):
    """`cells` with codes that formulas do not find; `affected` are those formulas and all that read them."""

    cells: tuple[CellRef, ...]
    affected: frozenset[CellRef]


def number_codes(reading: Reading) -> NumberCodes | None:
    """The codes of a book that are numbers and are looked for as texts, or None."""
    numbers = _Columns(_numeric(reading))
    if not numbers:
        return None
    formulas = _formulas(reading)
    hit: set[Area] = set()
    more: set[CellRef] = set()
    for cell, reads in formulas.items():
        # a single cell is a part of what is looked for
        searched = [area for area in reads if not area[1].is_cell and numbers.within(area)]
        if searched and _looks_for_texts(*cell, reading):
            more.add(cell)
            hit.update(searched)
    if not hit:
        return None
    missed = {cell for area in hit for cell in numbers.within(area)}
    affected: set[CellRef] = set()
    while more:
        affected |= more
        fresh = _Columns(more)
        waiting = {cell: reads for cell, reads in formulas.items() if cell not in affected}
        more = {cell for cell, reads in waiting.items() if any(map(fresh.within, reads))}
    ordered = sorted(missed, key=lambda cell: (_index(reading, cell[0]), *split_ref(cell[1])))
    return NumberCodes(tuple(ordered), frozenset(affected))


Area = tuple[str, Range]


class _Columns:
    """Cells by sheet and column; which of them an area holds is worked out once."""

    def __init__(self, cells: Iterable[CellRef]) -> None:
        self._columns: dict[str, dict[int, list[tuple[int, CellRef]]]] = {}
        for cell in cells:
            row, column = split_ref(cell[1])
            of_sheet = self._columns.setdefault(cell[0], {})
            of_sheet.setdefault(column, []).append((row, cell))
        for of_sheet in self._columns.values():
            for rows in of_sheet.values():
                rows.sort()
        self._known: dict[Area, frozenset[CellRef]] = {}

    def __bool__(self) -> bool:
        return bool(self._columns)

    def within(self, area: Area) -> frozenset[CellRef]:
        """The cells that an area holds."""
        if area not in self._known:
            self._known[area] = frozenset(self._within(*area))
        return self._known[area]

    def _within(self, sheet: str, area: Range) -> Iterator[CellRef]:
        for column, rows in self._columns.get(sheet, {}).items():
            if area.left <= column <= area.right:
                start = bisect_left(rows, area.top, key=itemgetter(0))
                inside = takewhile(lambda found: found[0] <= area.bottom, rows[start:])
                yield from (cell for _, cell in inside)


def _numeric(reading: Reading) -> Iterator[CellRef]:
    """Cells of codes that hold a number: of lists, and those that a form prints."""
    workbook = reading.workbook
    for found in reading.found:
        sheet = workbook.sheet(found.sheet)
        refs = (row[CODE] for row in found.rows if CODE in row)
        yield from (
            CellRef(found.sheet, ref) for ref in refs if isinstance(sheet.value(ref), Decimal)
        )
    for found_table in reading.found_tables:
        located = found_table.located
        for ref, text in located.labels.items() if located.codes else ():
            if text.isdigit() and isinstance(located.sheet.value(ref), Decimal):
                yield CellRef(located.sheet.name, ref)


def _formulas(reading: Reading) -> dict[CellRef, list[Area]]:
    """The areas that each formula of the book reads."""
    return {
        CellRef(sheet.name, ref): [(name or sheet.name, area) for name, area in references(formula)]
        for sheet in reading.workbook.sheets
        for ref, formula in sheet.formulas().items()
        if len(formula) <= MAX_LENGTH
    }


def _looks_for_texts(sheet: str, ref: str, reading: Reading) -> bool:
    formula = reading.workbook.sheet(sheet).formula(ref) or ""
    if not _LOOKING & functions(formula):
        return False
    return any(t.kind == "string" and ("?" in t.text or "*" in t.text) for t in tokens(formula))


def _index(reading: Reading, sheet: str) -> int:
    found: Sheet = reading.workbook.sheet(sheet)
    return found.index

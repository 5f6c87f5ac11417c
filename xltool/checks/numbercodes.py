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
from typing import TYPE_CHECKING, NamedTuple

from xltool.checks.findings import Finding
from xltool.core.cellref import CellRef
from xltool.core.model import CODE
from xltool.ooxml import Range, Sheet, split_ref
from xltool.ooxml.read.areas import areas
from xltool.ooxml.read.formula import MAX_LENGTH, functions, references, tokens

if TYPE_CHECKING:
    from xltool.checks.context import Context

_LOOKING = frozenset({"SUMIF", "SUMIFS", "COUNTIF", "COUNTIFS"})
_HINT = "把编码列设为“文本”格式，重新录入编码（或用“分列”转成文本），再按 F9 重算"


class NumberCodes(NamedTuple):
    """`cells` with codes that formulas do not find; `affected` are those formulas and all that read them."""

    cells: tuple[CellRef, ...]
    affected: frozenset[CellRef]


def number_codes(context: Context) -> NumberCodes | None:
    """The codes of a book that are numbers and are looked for as texts, or None."""
    numbers = _Columns(_numeric(context))
    if not numbers:
        return None
    formulas = _formulas(context)
    hit: set[Area] = set()
    more: set[CellRef] = set()
    for cell, reads in formulas.items():
        # a single cell is a part of what is looked for
        searched = [area for area in reads if not area[1].is_cell and numbers.within(area)]
        if searched and _looks_for_texts(*cell, context):
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
    ordered = sorted(missed, key=lambda cell: (_index(context, cell[0]), *split_ref(cell[1])))
    return NumberCodes(tuple(ordered), frozenset(affected))


def finding(context: Context, found: NumberCodes) -> Finding:
    """What is told of them: one sentence."""
    by_sheet: dict[str, list[str]] = {}
    for sheet, ref in found.cells:
        by_sheet.setdefault(sheet, []).append(ref)
    where = "；".join(f"“{sheet}”{areas(refs)}" for sheet, refs in by_sheet.items())
    message = (
        f"{len(found.cells)}格科目编码存成了数字（{where}）：Excel 的 SUMIF、COUNTIF 用通配符只找文字，"
        "按编码的合计一重算就成空白或 0"
    )
    return context.finding(
        "ALL-01",
        message,
        "科目编码存成数字",
        sheet=found.cells[0][0],
        cells=found.cells,
        hint=_HINT,
        code="number-codes",
        names_cells=True,
    )


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


def _numeric(context: Context) -> Iterator[CellRef]:
    """Cells of codes that hold a number: of lists, and those that a form prints."""
    workbook = context.reading.workbook
    for _, _, name, _, _, rows in context.reading.found:
        sheet = workbook.sheet(name)
        refs = (row[CODE] for row in rows if CODE in row)
        yield from (CellRef(name, ref) for ref in refs if isinstance(sheet.value(ref), Decimal))
    for sighting in context.reading.sightings:
        located = sighting.located
        for ref, text in located.labels.items() if located.codes else ():
            if text.isdigit() and isinstance(located.sheet.value(ref), Decimal):
                yield CellRef(located.sheet.name, ref)


def _formulas(context: Context) -> dict[CellRef, list[Area]]:
    """The areas that each formula of the book reads."""
    return {
        CellRef(sheet.name, ref): [(name or sheet.name, area) for name, area in references(formula)]
        for sheet in context.reading.workbook.sheets
        for ref, formula in sheet.formulas().items()
        if len(formula) <= MAX_LENGTH
    }


def _looks_for_texts(sheet: str, ref: str, context: Context) -> bool:
    formula = context.reading.workbook.sheet(sheet).formula(ref) or ""
    if not _LOOKING & functions(formula):
        return False
    return any(t.kind == "string" and ("?" in t.text or "*" in t.text) for t in tokens(formula))


def _index(context: Context, sheet: str) -> int:
    found: Sheet = context.reading.workbook.sheet(sheet)
    return found.index

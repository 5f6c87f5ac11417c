"""科目编码 stored as numbers, where formulas look for them by wildcards.

Wildcards in SUMIF and COUNTIF fit texts only: in Excel the totals of such a book become blank or 0 as soon as it is
recalculated, in LibreOffice they do not. The codes are the one cause of all that follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
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
    numbers = set(_numeric(context))
    if not numbers:
        return None
    formulas = _formulas(context)
    looking = {cell: reads for cell, reads in formulas.items() if _looks_for_texts(*cell, context)}
    missed: set[CellRef] = set()
    affected: set[CellRef] = set()
    for cell, reads in looking.items():
        found = {n for n in numbers for area in reads if _is_searched(n, area)}
        if found:
            missed |= found
            affected.add(cell)
    if not missed:
        return None
    waiting = dict(formulas)
    while more := {
        c for c, reads in waiting.items() if c not in affected and _reads(reads, affected)
    }:
        affected |= more
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


def _is_searched(cell: CellRef, area: Area) -> bool:
    """Whether a cell is one of many that a formula looks at; a single one is a part of what it looks for."""
    return area[0] == cell[0] and not area[1].is_cell and area[1].holds(*split_ref(cell[1]))


def _reads(read: list[Area], cells: set[CellRef]) -> bool:
    return any(
        name == sheet and area.holds(*split_ref(ref)) for name, area in read for sheet, ref in cells
    )


def _index(context: Context, sheet: str) -> int:
    found: Sheet = context.reading.workbook.sheet(sheet)
    return found.index

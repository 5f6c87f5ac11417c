"""Formulas that show nothing because a cell that they read holds no figure: they are as unreadable as it is."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.core.cellref import CellRef
from xltool.core.places import Place
from xltool.ooxml import Sheet, split_ref
from xltool.ooxml.read.formula import MAX_LENGTH, references
from xltool.reading import Reading


def unreadable(reading: Reading) -> Iterator[Place]:
    """The places of all faults, and of the blank formulas that depend on them."""
    if not reading.faults:
        return
    bad = {CellRef(fault.sheet, fault.ref) for fault in reading.faults}
    yield from (fault.place for fault in reading.faults)
    known = bad | set(reading.places.values())
    waiting = [
        (sheet, ref)
        for sheet in {s.located.sheet.name: s.located.sheet for s in reading.found_tables}.values()
        for ref in sheet.formulas()
        if (sheet.name, ref) not in known
    ]
    while found := [(sheet, ref) for sheet, ref in waiting if _reads(sheet, ref, bad)]:
        bad |= {CellRef(sheet.name, ref) for sheet, ref in found}
        waiting = [cell for cell in waiting if (cell[0].name, cell[1]) not in bad]
    yield from (place for place, cell in reading.map.bound() if cell in bad)


def _reads(sheet: Sheet, ref: str, cells: set[CellRef]) -> bool:
    formula = sheet.formula(ref) or ""
    if len(formula) > MAX_LENGTH:
        return False
    areas = [(name or sheet.name, area) for name, area in references(formula)]
    return any(
        name == cell[0] and area.holds(*split_ref(cell[1]))
        for name, area in areas
        for cell in cells
    )

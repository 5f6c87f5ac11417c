"""Marks and notes in an open workbook, so many calls that their number does not follow the cells'.

A mark is a conditional format that always holds and bears the tag of the marked copy; so the cells keep
their own formats, and `xltool clean` knows the marks in a saved workbook. Cells of one look are joined
into addresses of bounded length, each a rule. A note costs a call of its own, so there is a most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from xltool.addin.hosts import com
from xltool.addin.hosts.excelprotection import opened
from xltool.ooxml import Look, Range, Sheet, Workbook
from xltool.ooxml.edit.marks import always, areas_of
from xltool.ooxml.edit.measure import lines
from xltool.reporting.workbook.annotate import AUTHOR, TAG, by_look
from xltool.reporting.workbook.cellmarks import MEANINGS, CellMark

if TYPE_CHECKING:
    import xlwings as xw

MOST_NOTES = 100
"""Notes in a workbook; what the others would say stands in the result sheet."""

_LONGEST_ADDRESS = 250
"""Excel takes addresses of up to 255 characters."""

_NOTE_CHARACTERS = 42
"""Characters of half width in a line of a note."""

_NOTE_WIDTH, _NOTE_LINE, _NOTE_TALLEST = 240, 13, 320
"""Points."""

_FORMULA = f"={always(TAG)}"
_LEAD = f"{AUTHOR}："


def put_marks(
    book: xw.Book, snapshot: Workbook, marks: Mapping[str, Mapping[str, CellMark]]
) -> list[str]:
    """Mark and note the cells; the sheets that are protected against it."""
    refused = []
    room = MOST_NOTES
    for name, cells in marks.items():
        seen = snapshot.sheet(name)
        with opened(book, snapshot, name) as sheet:
            if not com.takes_formats(sheet):
                refused.append(name)
                continue
            for look, refs in by_look(cells).items():
                for address in _addresses(areas_of(seen, refs)):
                    _mark(sheet, address, look)
            if com.takes_notes(sheet):
                room -= _note(sheet, seen, cells, room)
    return refused


def _mark(sheet: xw.Sheet, address: str, look: Look) -> None:
    sheet.range(address).conditional_formats.add_custom(
        _FORMULA,
        fill_color=f"#{look.fill}" if look.fill else None,
        font_color=f"#{look.colour}" if look.colour else None,
        font_bold=True if look.bold else None,
    )


def _addresses(areas: Iterable[Range]) -> Iterator[str]:
    """The areas as addresses of many areas, none longer than Excel takes."""
    address = ""
    for area in areas:
        longer = f"{address},{area}" if address else str(area)
        if len(longer) > _LONGEST_ADDRESS:
            yield address
            longer = str(area)
        address = longer
    if address:
        yield address


def _note(sheet: xw.Sheet, seen: Sheet, cells: Mapping[str, CellMark], room: int) -> int:
    """Put notes where there are none, the strongest marks first; how many were put."""
    strength = list(MEANINGS)
    theirs = {ref for ref, text in seen.notes.items() if not text.startswith(_LEAD)}
    free = [(ref, mark) for ref, mark in cells.items() if mark.texts and ref not in theirs]
    free.sort(key=lambda item: strength.index(item[1].look))
    for ref, mark in free[:room]:
        note = sheet.range(ref).add_note(f"{_LEAD}\n{mark.note}")
        rows = lines(mark.note, _NOTE_CHARACTERS) + 1
        com.fit_note(note, _NOTE_WIDTH, min(rows * _NOTE_LINE + 8, _NOTE_TALLEST))
    return len(free[:room])


def take_marks(book: xw.Book, snapshot: Workbook) -> tuple[int, list[str]]:
    """Take marks and notes off; how many there were, and the sheets that are protected against it."""
    gone, refused = 0, []
    for sheet in book.sheets:
        rules, notes = _rules(sheet), _notes(sheet, snapshot)
        if not rules and not notes:
            continue
        with opened(book, snapshot, sheet.name):
            may_rules, may_notes = com.takes_formats(sheet), com.takes_notes(sheet)
            if (rules and not may_rules) or (notes and not may_notes):
                refused.append(sheet.name)
            gone += _take(sheet, rules if may_rules else [], notes if may_notes else [])
    return gone, refused


def _take(sheet: xw.Sheet, rules: list[int], notes: list[str]) -> int:
    for number in reversed(rules):
        sheet.cells.conditional_formats(number).delete()
    for ref in notes:
        note = sheet.range(ref).note
        assert note is not None
        note.delete()
    return len(rules) + len(notes)


def _rules(sheet: xw.Sheet) -> list[int]:
    """The places of our rules among those of the sheet."""
    rules = sheet.cells.conditional_formats
    return [
        number
        for number, rule in enumerate(rules, 1)
        if rule.type == "custom"
        and (rule.formula or "").replace(" ", "").lower() == _FORMULA.lower()
    ]


def _notes(sheet: xw.Sheet, snapshot: Workbook) -> list[str]:
    """The cells that bear a note of ours."""
    notes = snapshot.sheet(sheet.name).notes
    return [ref for ref, text in notes.items() if text.startswith(_LEAD)]

"""A picture of a mapping: a copy of its template in which each bound cell says its field's name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xltool.editions import Edition, WorkbookSpec
from xltool.forms.check import bound_cells
from xltool.mapping.model import TableMapping
from xltool.mapping.titles import Titles
from xltool.ooxml import Editor, Sheet, Workbook, open_workbook
from xltool.reading import examine


def show(edition: Edition, book: WorkbookSpec, target: Path, *, force: bool = False) -> None:
    """Write the picture workbook of one of an edition's workbooks to `target`."""
    workbook = open_workbook(book.template)
    editor = Editor(workbook)
    for sheet, mapping in _tables(edition, book, workbook):
        for line in mapping.lines:
            editor.set(sheet.name, line.range.anchor, line.pattern.split("|")[0])
        for ref, name in bound_cells(mapping):
            editor.set(sheet.name, ref, name, over_formula=True)
        if mapping.empty:
            editor.set(sheet.name, mapping.empty.range.anchor, mapping.empty.pattern)
    editor.save(target, overwrite=force, own=True)


def _tables(
    edition: Edition, book: WorkbookSpec, workbook: Workbook
) -> Iterator[tuple[Sheet, TableMapping]]:
    """The tables of a form with their sheets: by their titles, or found by their words."""
    if edition.recognise:
        for sighting in examine(workbook, edition).sightings:
            yield sighting.located.sheet, sighting.mapping
        return
    titles = Titles(workbook)
    for mapping in book.tables:
        yield from ((sheet, mapping) for sheet, _ in titles.find(mapping))

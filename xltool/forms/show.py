"""A picture of a mapping: a copy of its template in which each bound cell says its field's name."""

from __future__ import annotations

from pathlib import Path

from xltool.editions import Edition, WorkbookSpec
from xltool.forms.check import bound_cells
from xltool.mapping.titles import Titles
from xltool.ooxml import Editor, open_workbook


def show(edition: Edition, book: WorkbookSpec, target: Path, *, force: bool = False) -> None:
    """Write the picture workbook of one of an edition's workbooks to `target`."""
    workbook = open_workbook(book.template)
    editor = Editor(workbook)
    titles = Titles(workbook)
    for mapping in book.tables:
        for sheet, _ in titles.find(mapping):
            for line in mapping.lines:
                editor.set(sheet.name, line.range.anchor, line.pattern.split("|")[0])
            for ref, name in bound_cells(mapping):
                editor.set(sheet.name, ref, name, over_formula=True)
            if mapping.empty:
                editor.set(sheet.name, mapping.empty.range.anchor, mapping.empty.pattern)
    editor.save(target, overwrite=force, own=True)

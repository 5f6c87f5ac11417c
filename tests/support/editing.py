"""Editing a book in memory."""

from __future__ import annotations

import io
from collections.abc import Callable

from openpyxl.workbook import Workbook

from xltool.ooxml import Editor, Look, open_workbook
from xltool.ooxml.calc.recalc import recalculate
from xltool.ooxml.edit.stylebook import StyleBook
from xltool.ooxml.package.xmltext import set_attribute


def edited(book: bytes, edit: Callable[[Editor], object]) -> bytes:
    """`book` as it is saved after `edit`."""
    editor = Editor(open_workbook(book))
    edit(editor)
    return saved(editor)


def saved(book: Editor | Workbook) -> bytes:
    """What a file of a book would hold."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def recalculated_in_place(editor: Editor) -> set[tuple[str, str]]:
    """Store every formula's value, as Excel does after an edit; the cells whose value changed."""
    changed = set()
    for (sheet, ref), value in recalculate(editor.sheets()).values.items():
        view = editor.sheet(sheet)
        if not view.has_cached(ref) or view.value(ref) != value:
            editor.set_cached(sheet, ref, value)
            changed.add((sheet, ref))
    return changed


def set_format(editor: Editor, sheet: str, ref: str, code: str) -> None:
    """Give a cell another number format."""
    styles = StyleBook(editor)
    index = styles.format(Look(number_format=code))
    styles.write()
    editor.set_style(sheet, ref, index)


def hide_row(editor: Editor, sheet: str, row: int) -> None:
    """Hide a row that the sheet has."""
    view = editor.view(sheet)
    text = editor.text_of(view.part)
    found = text.row(row)
    assert found is not None, f"{sheet} has no row {row}"
    _ = found.cells  # they are cut while the row still stands as it was written
    found.attributes = set_attribute(found.attributes, "hidden", "1")
    found.touch()
    text.changed = True
    view.forget(formulas=False)


def hide_sheet(editor: Editor, sheet: str) -> None:
    """Hide a worksheet."""
    part = editor.workbook.part
    text = editor.package.text(part)
    mark = f'<sheet name="{sheet}"'
    assert text.count(mark) == 1, f"{sheet} is not written as expected"
    editor.package.write_text(part, text.replace(mark, f'{mark} state="hidden"'))

"""Renaming a worksheet in every part that names it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from xltool.ooxml.edit.places import SOURCES
from xltool.ooxml.edit.reformula import rewrite_formulas
from xltool.ooxml.edit.ripple import FollowFormula, rewrite_names, rewrite_part
from xltool.ooxml.edit.sheetnames import require_name
from xltool.ooxml.edit.shell import rewrite_shell
from xltool.ooxml.package.xmltree import Splice
from xltool.ooxml.read.formula import rename_sheet
from xltool.ooxml.read.xlsxsheet import XlsxSheet

if TYPE_CHECKING:
    from xltool.ooxml.edit.editor import Editor


def rename(editor: Editor, view: XlsxSheet, new: str) -> None:
    """Give the sheet `view` the name `new`. Raises EditError when it is not allowed."""
    old = view.name
    if new == old:
        return
    taken = [tab.name for tab in editor.workbook.tabs if tab.name != old]
    require_name(new, taken)
    change = partial(rename_sheet, old=old, new=new)
    for sheet in editor.views():
        if editor.mentions(sheet, old):
            rename_in_sheet(editor, sheet, change)
    for part in editor.package.names():
        rewrite_part(editor.package, part, change)
        _rename_pivot_source(editor, part, old, new)
    rewrite_names(editor.package, editor.workbook, change)
    _rename_tab(editor, old, new)
    editor.workbook.refresh()


def rename_in_sheet(editor: Editor, sheet: XlsxSheet, change: FollowFormula) -> None:
    """Rewrite all formulas of one sheet, in cells and around them."""
    text = editor.text_of(sheet.part)
    formulas = {ref: change(formula) for ref, formula in sheet.formulas().items()}
    rewrite_formulas(sheet, text, formulas)
    text.set_shell(rewrite_shell(text.shell, sheet.part, change))
    sheet.forget()


def _rename_tab(editor: Editor, old: str, new: str) -> None:
    part = editor.workbook.part
    root = editor.package.tree(part)
    splice = Splice(root.source)
    for node in root.children_of("sheets"):
        if node.get("name") == old:
            splice.set(node, "name", new)
    editor.package.write_text(part, splice.result())


def _rename_pivot_source(editor: Editor, part: str, old: str, new: str) -> None:
    if not editor.package.content_type(part).endswith("pivotCacheDefinition+xml"):
        return
    root = editor.package.tree(part)
    splice = Splice(root.source)
    for node in root.iter(*SOURCES):
        if (node.get("sheet") or "").lower() == old.lower():
            splice.set(node, "sheet", new)
    editor.package.write_text(part, splice.result())

"""Renaming a worksheet in every part that names it."""

from __future__ import annotations

from functools import partial

from xltool.ooxml.edit.places import SOURCES
from xltool.ooxml.edit.references import FollowFormula, rewrite_names, rewrite_part
from xltool.ooxml.edit.reformula import rewrite_formulas
from xltool.ooxml.edit.session import EditSession
from xltool.ooxml.edit.sheetnames import require_name
from xltool.ooxml.edit.shell import rewrite_shell
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.read.rewriting import rename_sheet
from xltool.ooxml.read.xlsx.sheet import XlsxSheet


def rename(session: EditSession, view: XlsxSheet, new: str) -> None:
    """Give the sheet `view` the name `new`. Raises EditError when it is not allowed."""
    old = view.name
    if new == old:
        return
    taken = [tab.name for tab in session.workbook.tabs if tab.name != old]
    require_name(new, taken)
    change = partial(rename_sheet, old=old, new=new)
    for sheet in session.views():
        if session.mentions(sheet, old):
            rename_in_sheet(session, sheet, change)
    for part in session.package.names():
        rewrite_part(session.package, part, change)
        _rename_pivot_source(session, part, old, new)
    rewrite_names(session.package, session.workbook, change)
    _rename_tab(session, old, new)
    session.workbook.refresh()


def rename_in_sheet(session: EditSession, sheet: XlsxSheet, change: FollowFormula) -> None:
    """Rewrite all formulas of one sheet, in cells and around them."""
    text = session.text_of(sheet.part)
    formulas = {ref: change(formula) for ref, formula in sheet.formulas().items()}
    rewrite_formulas(sheet, text, formulas)
    text.set_shell(rewrite_shell(text.shell, sheet.part, change))
    sheet.forget()


def _rename_tab(session: EditSession, old: str, new: str) -> None:
    part = session.workbook.part
    root = session.package.tree(part)
    splice = Splice(root.source)
    for node in root.children_of("sheets"):
        if node.get("name") == old:
            splice.set(node, "name", new)
    session.package.write_text(part, splice.result())


def _rename_pivot_source(session: EditSession, part: str, old: str, new: str) -> None:
    if not session.package.content_type(part).endswith("pivotCacheDefinition+xml"):
        return
    root = session.package.tree(part)
    splice = Splice(root.source)
    for node in root.iter(*SOURCES):
        if (node.get("sheet") or "").lower() == old.lower():
            splice.set(node, "sheet", new)
    session.package.write_text(part, splice.result())

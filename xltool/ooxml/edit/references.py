"""The other parts of a package that refer to rows of a sheet, after rows moved."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from xltool.ooxml.edit.anchors import move_drawing, move_vml
from xltool.ooxml.edit.places import move_places, move_with_cell
from xltool.ooxml.edit.rowedit import RowEdit, follow
from xltool.ooxml.package.errors import EditError
from xltool.ooxml.package.package import Package
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltext import cell_text, decode, escape_cell_text, unescape
from xltool.ooxml.package.xmltree import Node
from xltool.ooxml.read.refs import Range
from xltool.ooxml.read.xlsx.sheet import XlsxSheet
from xltool.ooxml.read.xlsx.workbook import XlsxWorkbook

_TABLE_FORMULAS = ("calculatedColumnFormula", "totalsRowFormula")
_CONTROL_ATTRIBUTES = ("fmlaLink", "fmlaRange", "fmlaTxbx", "fmlaGroup")
_FORMULA_PARTS = {
    "chart+xml": ("f",),
    "chartex+xml": ("f",),
    "table+xml": _TABLE_FORMULAS,
}
"""Elements that hold formulas, by the last words of the content type of their part."""
_ATTRIBUTE_PARTS = {
    "drawing+xml": ("textlink",),
    "chartshapes+xml": ("textlink",),
    "connections+xml": ("cell",),
    "controlproperties+xml": _CONTROL_ATTRIBUTES,
}

_CONTROL_FORMULA = re.compile(r"(<(?:\w+:)?Fmla(?:Link|Range|Txbx|Pict|Group)\s*>)([^<]+)(?=<)")
"""In VML, which need not be well-formed."""

FollowFormula = Callable[[str], str]


def move_parts(package: Package, workbook: XlsxWorkbook, view: XlsxSheet, edit: RowEdit) -> None:
    """Let every part but the worksheets follow the edit of the sheet `view`."""
    _move_names(package, workbook, edit)
    own = {relation.target.lower() for relation in package.relations(view.part)}
    for part in package.names():
        sheet = view.name if part.lower() in own else ""
        rewrite_part(package, part, partial(follow, edit=edit, own_sheet=sheet))
    move_places(package, workbook, view, edit)
    _move_tables(package, view, edit)
    _move_notes(package, view, edit)
    for part in package.related(view.part, "drawing"):
        package.write_text(part, move_drawing(package.text(part), part, edit))
    for part in package.related(view.part, "vmlDrawing"):
        package.write_text(part, move_vml(decode(package.read(part), part), edit))


def _move_names(package: Package, workbook: XlsxWorkbook, edit: RowEdit) -> None:
    rewrite_names(package, workbook, lambda formula: follow(formula, edit, "", fixed_only=True))


def rewrite_names(package: Package, workbook: XlsxWorkbook, change: FollowFormula) -> None:
    """Rewrite the defined names of the workbook."""
    root = package.tree(workbook.part)
    splice = Splice(root.source)
    for node in root.children_of("definedNames"):
        _rewrite_text(node, splice, change)
    package.write_text(workbook.part, splice.result())


def _rewrite_text(node: Node, splice: Splice, change: FollowFormula) -> None:
    old = cell_text(node.text)
    new = change(old)
    if new != old:
        splice.set_raw(node, escape_cell_text(new))


def rewrite_part(package: Package, part: str, change: FollowFormula) -> None:
    """Rewrite the formulas of a chart, table, drawing, control or connection part; others have none."""
    kind = package.content_type(part).lower().rpartition(".")[2]
    if kind == "vmldrawing":
        package.write_text(part, _rewrite_vml(decode(package.read(part), part), change))
        return
    elements, names = _FORMULA_PARTS.get(kind, ()), _ATTRIBUTE_PARTS.get(kind, ())
    if not elements and not names:
        return
    root = package.tree(part)
    splice = Splice(root.source)
    for node in root.iter():
        if node.local in elements and not node.children:
            _rewrite_text(node, splice, change)
        for name in names:
            value = node.get(name)
            if value and change(value) != value:
                splice.set(node, name, change(value))
    package.write_text(part, splice.result())


def _rewrite_vml(text: str, change: FollowFormula) -> str:
    """The old form controls of a sheet: what they are linked to, and the list that they show."""

    def changed(match: re.Match[str]) -> str:
        old = unescape(match[2])
        new = change(old)
        return match[0] if new == old else match[1] + escape_cell_text(new)

    return _CONTROL_FORMULA.sub(changed, text)


def _move_tables(package: Package, view: XlsxSheet, edit: RowEdit) -> None:
    for part in package.related(view.part, "table"):
        root = package.tree(part)
        splice = Splice(root.source)
        for node in root.iter("table", "autoFilter", "sortState", "sortCondition"):
            old = Range.parse(node.get("ref") or "")
            new = edit.list_area(old)
            if new is None or edit.row(old.top) is None:
                raise EditError(
                    f"工作表“{view.name}”调整行数：会删掉表格“{root.get('name')}”或它的标题行。"
                )
            if new != old:
                splice.set(node, "ref", str(new))
        package.write_text(part, splice.result())


def _move_notes(package: Package, view: XlsxSheet, edit: RowEdit) -> None:
    for kind, name in (("comments", "comment"), ("threadedComment", "threadedComment")):
        for part in package.related(view.part, kind):
            root = package.tree(part)
            splice = Splice(root.source)
            for node in root.iter(name):
                move_with_cell(node, "ref", splice, edit)
            package.write_text(part, splice.result())

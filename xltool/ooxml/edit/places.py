"""Parts that name places of a sheet without a formula: pivot tables, their sources, mapped cells, live data."""

from __future__ import annotations

from collections.abc import Callable

from xltool.ooxml.edit.rowedit import RowEdit
from xltool.ooxml.package.errors import EditError
from xltool.ooxml.package.package import Package
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltree import Node
from xltool.ooxml.read.refs import Range
from xltool.ooxml.read.xlsx.sheet import XlsxSheet
from xltool.ooxml.read.xlsx.workbook import XlsxWorkbook

SOURCES = ("worksheetSource", "rangeSet")
"""Elements of a pivot cache that name a sheet and a range of it."""


def move_places(package: Package, workbook: XlsxWorkbook, view: XlsxSheet, edit: RowEdit) -> None:
    """Let the places that parts name follow the edit of the sheet `view`. Raises EditError."""
    for part in package.names():
        if package.content_type(part).endswith("pivotCacheDefinition+xml"):
            _rewrite(package, part, SOURCES, lambda node: move_source(node, edit))
    for part in package.related(view.part, "pivotTable"):
        _rewrite(package, part, ("location",), lambda node: _pivot(node, edit))
    for part in package.related(view.part, "tableSingleCells"):
        _rewrite(package, part, ("singleXmlCell",), lambda node: _mapped(node, edit))
    for part in package.related(workbook.part, "volatileDependencies"):
        _move_live_data(package, part, _sheet_id(package, workbook, view), edit)


def _rewrite(
    package: Package, part: str, names: tuple[str, ...], change: Callable[[Node], tuple[str, str]]
) -> None:
    """Set an attribute of every element of these names: `change` gives which, and what it becomes."""
    root = package.tree(part)
    splice = Splice(root.source)
    for node in root.iter(*names):
        name, value = change(node)
        if value and node.get(name) != value:
            splice.set(node, name, value)
    package.write_text(part, splice.result())


def move_source(node: Node, edit: RowEdit, own_sheet: str = "") -> tuple[str, str]:
    """Where a source lies afterwards; one in another file or sheet stays. Raises EditError when it would go."""
    ref = node.get("ref") or ""
    elsewhere = any(name.rpartition(":")[2] == "id" for name in node.attributes)
    if elsewhere or not ref or not edit.names(node.get("sheet") or own_sheet):
        return "ref", ref
    moved = edit.list_area(Range.parse(ref))
    if moved is None:
        raise _refused(edit, f"会删掉数据透视表或合并计算的来源 {ref}")
    return "ref", str(moved)


def _pivot(node: Node, edit: RowEdit) -> tuple[str, str]:
    """A pivot table moves as a whole; rows through it would tear it apart."""
    place = Range.parse(node.get("ref") or "")
    if place.top > edit.last:
        moved = place._replace(top=place.top + edit.count, bottom=place.bottom + edit.count)
        return "ref", str(moved)
    if place.bottom > edit.last if edit.count > 0 else place.bottom >= edit.at:
        raise _refused(edit, f"会穿过数据透视表 {place}")
    return "ref", str(place)


def _mapped(node: Node, edit: RowEdit) -> tuple[str, str]:
    """A cell that is mapped to an element of an XML file."""
    ref = node.get("r") or ""
    moved = edit.cell(ref)
    if moved is None:
        raise _refused(edit, f"会删掉 XML 映射的单元格 {ref}")
    return "r", moved


def _move_live_data(package: Package, part: str, sheet_id: str, edit: RowEdit) -> None:
    """Cells whose functions get data from a program that runs; those that are gone get none."""
    root = package.tree(part)
    splice = Splice(root.source)
    for node in root.iter("tr"):
        if node.get("s") == sheet_id:
            move_with_cell(node, "r", splice, edit)
    package.write_text(part, splice.result())


def move_with_cell(node: Node, name: str, splice: Splice, edit: RowEdit) -> None:
    """Let an element follow the cell that its attribute `name` gives, and go with it."""
    ref = node.get(name) or ""
    moved = edit.cell(ref)
    if moved is None:
        splice.remove(node)
    elif moved != ref:
        splice.set(node, name, moved)


def _sheet_id(package: Package, workbook: XlsxWorkbook, view: XlsxSheet) -> str:
    sheets = package.tree(workbook.part).children_of("sheets")
    return next((node.get("sheetId") or "" for node in sheets if node.get("name") == view.name), "")


def _refused(edit: RowEdit, what: str) -> EditError:
    return EditError(f"工作表“{edit.sheet}”调整行数：{what}。")

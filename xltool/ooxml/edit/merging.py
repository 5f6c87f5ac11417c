"""Merging cells and taking merges apart in the text of a worksheet."""

from __future__ import annotations

from collections.abc import Iterable

from xltool.ooxml.edit.sheettext import SheetText
from xltool.ooxml.edit.shelltext import spot
from xltool.ooxml.package.errors import EditError
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltree import Node, parse
from xltool.ooxml.read.refs import Range
from xltool.ooxml.read.workbook import Sheet

_MANY = 4096


def merge(view: Sheet, text: SheetText, area: Range) -> None:
    """Add a merge. Raises EditError when it meets another one or would cover a value."""
    if area.is_cell:
        raise _refused(view, area, "只有一个单元格，不能合并")
    for other in view.merges:
        if other.intersects(area):
            raise _refused(view, area, f"与已合并的 {other} 重叠")
    covered = _covered_content(view, area)
    if covered:
        raise _refused(view, area, f"的 {covered} 有内容，合并会盖住它")
    root = parse(text.shell, text.part)
    splice = Splice(text.shell)
    element = f'<{root.prefix}mergeCell ref="{area}"/>'
    merges = root.find("mergeCells")
    if merges is not None:
        splice.append(merges, element)
        splice.set(merges, "count", str(len(merges.children) + 1))
    else:
        name = f"{root.prefix}mergeCells"
        splice.insert(spot(root, "mergeCells"), f'<{name} count="1">{element}</{name}>')
    text.set_shell(splice.result())


def _covered_content(view: Sheet, area: Range) -> str | None:
    """A cell with content that the merge would cover."""
    if area.size <= _MANY:
        inside: Iterable[str] = area.cells()
    else:
        inside = (ref for ref in view.refs() if area.contains(ref))
    for ref in inside:
        has_content = view.value(ref) is not None or view.formula(ref) is not None
        if has_content and ref != area.anchor:
            return ref
    return None


def unmerge(view: Sheet, text: SheetText, area: Range) -> None:
    """Remove a merge. Raises EditError when there is none of exactly that range."""
    root = parse(text.shell, text.part)
    merges = root.find("mergeCells")
    found = [node for node in merges.children if _area(node) == area] if merges else []
    if merges is None or not found:
        raise _refused(view, area, "不是一个合并区域")
    splice = Splice(text.shell)
    for node in found:
        splice.remove(node)
    rest = len(merges.children) - len(found)
    splice.set(merges, "count", str(rest))
    if not rest:
        splice.remove(merges)
    text.set_shell(splice.result())


def _area(node: Node) -> Range:
    return Range.parse(node.get("ref") or "")


def _refused(view: Sheet, area: Range, what: str) -> EditError:
    return EditError(f"工作表“{view.name}”区域 {area} {what}。", file=view.workbook.file)

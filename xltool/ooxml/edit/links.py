"""Links from cells to other sheets of the workbook."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.ooxml.edit.newsheet import Link, link_xml
from xltool.ooxml.edit.session import EditSession
from xltool.ooxml.edit.shelltext import spot, under_prefix
from xltool.ooxml.package.errors import EditError
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltree import Node
from xltool.ooxml.read.refs import Range
from xltool.ooxml.read.rewriting import rename_sheet
from xltool.ooxml.read.xlsx.sheet import XlsxSheet


def add(session: EditSession, view: XlsxSheet, ref: str, link: Link) -> None:
    """Let a cell (the whole of a merged one) link elsewhere. Raises EditError."""
    area = view.merge_of(ref) or Range.parse(ref)
    if linked(session, view, ref):
        raise EditError(f"工作表“{view.name}”单元格 {ref} 已有超链接。", file=view.workbook.file)
    text = session.text_of(view.part)
    root = session.shell_of(view.part)
    splice = Splice(text.shell)
    xml = link_xml(str(area), link)
    known = root.find("hyperlinks")
    if known is not None:
        splice.append(known, under_prefix(xml, root.prefix))
    else:
        xml = f"<hyperlinks>{xml}</hyperlinks>"
        splice.insert(spot(root, "hyperlinks"), under_prefix(xml, root.prefix))
    text.set_shell(splice.result())
    view.forget(formulas=False)


def linked(session: EditSession, view: XlsxSheet, ref: str) -> bool:
    """True when a cell, or a part of its merged range, has a link."""
    area = view.merge_of(ref) or Range.parse(ref)
    return any(_area(node).intersects(area) for node in _all(session, view))


def _all(session: EditSession, view: XlsxSheet) -> list[Node]:
    return session.shell_of(view.part).children_of("hyperlinks")


def _area(node: Node) -> Range:
    return Range.parse(node.get("ref") or "")


def remove(session: EditSession, target: str) -> None:
    """Remove the links of all sheets that lead to the sheet `target`."""
    for view in session.views():
        root = session.shell_of(view.part)
        links = root.children_of("hyperlinks")
        gone = [node for node in links if _leads_to(node, target)]
        if not gone:
            continue
        text = session.text_of(view.part)
        splice = Splice(text.shell)
        for node in gone if len(gone) < len(links) else [root.parent_of(gone[0])]:
            if node is not None:
                splice.remove(node)
        text.set_shell(splice.result())
        view.forget(formulas=False)


def leading_to(session: EditSession, target: str) -> Iterator[tuple[str, Range]]:
    """The links of all sheets that lead to the sheet `target`: the sheet and the cells of each."""
    for view in session.views():
        for node in _all(session, view):
            if _leads_to(node, target):
                yield view.name, _area(node)


def _leads_to(node: Node, target: str) -> bool:
    location = (node.get("location") or "").removeprefix("#")
    return rename_sheet(location, target, f"{target}_") != location

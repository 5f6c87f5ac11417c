"""The texts of the notes (classic comments) of a worksheet."""

from __future__ import annotations

from xltool.ooxml.package.package import Package
from xltool.ooxml.package.xmltext import cell_text
from xltool.ooxml.package.xmltree import Node


def note_texts(package: Package, sheet: str) -> dict[str, str]:
    """The notes of a worksheet part by cell."""
    return {
        node.get("ref") or "": note_text(node)
        for part in package.related(sheet, "comments")
        for node in package.tree(part).iter("comment")
    }


def note_text(comment: Node) -> str:
    """The text of a `<comment>`, its runs joined, phonetic ones left out."""
    phonetic = {id(text) for run in comment.iter("rPh") for text in run.iter("t")}
    return "".join(cell_text(text.text) for text in comment.iter("t") if id(text) not in phonetic)

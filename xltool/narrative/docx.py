"""Paragraphs of a Word document: with fields' results, insertions and footnotes, without what was deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.core.problems import InputError, Problem
from xltool.ooxml.package.errors import WorkbookError
from xltool.ooxml.package.limits import Limits
from xltool.ooxml.package.package import Package
from xltool.ooxml.package.xmltree import Node

if TYPE_CHECKING:
    from xltool.narrative.text import Origin

DOCUMENT = "word/document.xml"
_SKIPPED = frozenset({"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "sdtPr"})
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def open_document(path: Path) -> Package:
    """The package of a .docx. Raises `InputError` for a file that is none."""
    try:
        package = Package(path.read_bytes(), Limits())
        if not package.has(DOCUMENT):
            raise InputError(Problem(str(path), "这不是 Word 文档（.docx）", code="unreadable"))
        return package
    except WorkbookError as error:
        message = "这不是完好的 Word 文档（.docx）"
        raise InputError(
            Problem(str(path), message, "用 Word 或 WPS 打开后另存再试", code="unreadable")
        ) from error


def paragraphs(path: Path) -> Iterator[tuple[str, Origin]]:
    """Every paragraph with its origin, in the order of the document; footnotes last."""
    package = open_document(path)
    try:
        for node, origin in paragraph_nodes(package.tree(DOCUMENT)):
            yield text_of(node), origin
        for part in ("word/footnotes.xml", "word/endnotes.xml"):
            if package.has(part):
                for node in package.tree(part).iter("p"):
                    yield text_of(node), "脚注"
    except WorkbookError as error:
        raise InputError(
            Problem(str(path), f"文档损坏：{error.message}", code="unreadable")
        ) from error


def paragraph_nodes(root: Node, origin: Origin = "正文") -> Iterator[tuple[Node, Origin]]:
    """The paragraph elements below a node; text boxes count where they are anchored."""
    for child in root.children:
        if child.local in _SKIPPED:
            continue
        if child.local == "p":
            yield child, origin
        inside: Origin = "表格" if child.local == "tbl" else origin
        yield from paragraph_nodes(child, inside)


def text_of(paragraph: Node) -> str:
    """The text that a paragraph shows, that of text boxes in it left to their own paragraphs."""
    return "".join(text for text, _ in pieces(paragraph))


def pieces(node: Node) -> Iterator[tuple[str, Node]]:
    """The texts of a paragraph with the elements that hold them."""
    for child in node.children:
        if child.local in _SKIPPED or child.local == "p":
            continue
        if child.local == "t":
            yield child.text, child
        elif child.local in _SIGNS:
            yield _SIGNS[child.local], child
        else:
            yield from pieces(child)

"""Paragraphs of a Word document: with fields' results, insertions and footnotes, without what was deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from xltool.core.problems import InputError, Problem
from xltool.narrative.pieces import DocumentPiece, Origin
from xltool.ooxml.package.errors import WorkbookError
from xltool.ooxml.package.limits import Limits
from xltool.ooxml.package.package import Package
from xltool.ooxml.package.xmltree import Node

DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
_CONTENTS_LINE = re.compile(r"[\t.…·]{1,}\s*\d{1,3}\s*$")
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


def paragraphs(path: Path) -> Iterator[DocumentPiece]:
    """Every paragraph with its origin, in the order of the document; footnotes last."""
    package = open_document(path)
    try:
        known = WordStyles(package)
        notes: dict[tuple[str, str | None], int] = {}
        for place, (node, origin) in enumerate(paragraph_nodes(package.tree(DOCUMENT))):
            text = text_of(node)
            yield DocumentPiece(
                text, known.origin(node, text) if origin == "正文" else origin, place
            )
            for mark in node.iter("footnoteReference", "endnoteReference"):
                notes[mark.local.removesuffix("Reference"), mark.get_prefixed("id")] = place
        for kind in ("footnote", "endnote"):
            part = f"word/{kind}s.xml"
            for note in package.tree(part).children if package.has(part) else ():
                anchor = notes.get((kind, note.get_prefixed("id")), -1)
                for node in note.iter("p"):
                    yield DocumentPiece(text_of(node), "脚注", -1, 0, anchor)
    except WorkbookError as error:
        raise InputError(
            Problem(str(path), f"文档损坏：{error.message}", code="unreadable")
        ) from error


class WordStyles:
    """What a document's styles say of its paragraphs: which are titles, which belong to a table of contents."""

    def __init__(self, package: Package) -> None:
        self._titles: set[str | None] = set()
        self._contents: set[str | None] = set()
        for style in package.tree(STYLES).children if package.has(STYLES) else ():
            name = style.find("name")
            words = (name.get_prefixed("val") or "").lower() if name else ""
            id_ = style.get_prefixed("styleId")
            if words.startswith("toc"):
                self._contents.add(id_)
            elif words.startswith(("heading", "标题")) or style.find("pPr", "outlineLvl"):
                self._titles.add(id_)

    def origin(self, paragraph: Node, text: str) -> Origin:
        """Whether a paragraph of the text is a title, or a line of the contents."""
        style = paragraph.find("pPr", "pStyle")
        id_ = style.get_prefixed("val") if style else None
        if id_ in self._contents or _CONTENTS_LINE.search(text):
            return "目录"
        properties = paragraph.find("pPr")
        marked = properties and (properties.find("numPr") or properties.find("outlineLvl"))
        return "标题" if marked or (id_ and id_ in self._titles) else "正文"


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

"""Word's own comments at the words of findings, put on a copy of the document and taken off again.

The document is patched: runs are cut where a comment begins or ends inside them, all else stays as it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from xltool.core.problems import InputError, Problem
from xltool.narrative.check import NarrativeCheck
from xltool.narrative.document import TextFinding
from xltool.narrative.docx import DOCUMENT, open_document, paragraph_nodes, text_of
from xltool.ooxml.package.errors import WorkbookError
from xltool.ooxml.package.package import Package
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltext import escape, escape_attribute
from xltool.ooxml.package.xmltree import Node
from xltool.reporting.summary import levels

AUTHOR = "xltool校验"
COMMENTS = "word/comments.xml"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class _Event(NamedTuple):
    """Where a comment begins (`start`) or ends in the written text of a paragraph."""

    offset: int
    start: bool
    id: int


def annotated(path: Path, result: NarrativeCheck) -> bytes:
    """The document with a comment for each finding; comments of an earlier check go first. Raises `InputError`."""
    package = open_document(path)
    try:
        _take_off(package)
        wanted = [f for f in result.findings if f.where.paragraph.origin != "脚注"]
        first = _next_id(package)
        numbered = list(enumerate(wanted, first))
        _mark(package, numbered)
        if numbered:
            _write_comments(package, numbered)
        return b"".join(package.chunks())
    except WorkbookError as error:
        raise InputError(Problem(str(path), f"标不上批注：{error.message}", code="edit")) from error


def cleaned(path: Path) -> bytes:
    """The document without the comments of `annotated`. Raises `InputError`."""
    package = open_document(path)
    try:
        _take_off(package)
        return b"".join(package.chunks())
    except WorkbookError as error:
        raise InputError(
            Problem(str(path), f"清除不了批注：{error.message}", code="edit")
        ) from error


# ── marks in the text ──


def _mark(package: Package, numbered: list[tuple[int, TextFinding]]) -> None:
    root = package.tree(DOCUMENT)
    prefix = root.prefix
    nodes = [node for node, _ in paragraph_nodes(root)]
    events: dict[int, list[_Event]] = defaultdict(list)
    for id_, found in numbered:
        where = found.where
        offsets = where.paragraph.squeezed.offsets
        base = where.paragraph.offset
        start = base + offsets[where.start]
        end = base + offsets[max(where.end - 1, where.start)] + 1
        events[where.paragraph.place] += [_Event(start, True, id_), _Event(end, False, id_)]
    splice = Splice(root.source)
    for index, own in events.items():
        _mark_paragraph(splice, nodes[index], sorted(own), prefix)
    package.write_text(DOCUMENT, splice.result())


def _mark_paragraph(splice: Splice, paragraph: Node, events: list[_Event], prefix: str) -> None:
    at = 0
    runs = list(_runs(paragraph))
    for run in runs:
        length = len(text_of(run))
        inside = [event for event in events if at <= event.offset - (not event.start) < at + length]
        if inside:
            _mark_run(
                splice, run, [event._replace(offset=event.offset - at) for event in inside], prefix
            )
        at += length


def _runs(node: Node) -> Iterator[Node]:
    """The runs of a paragraph that show text, wherever they are wrapped (links, insertions)."""
    for child in node.children:
        if child.local == "r":
            yield child
        elif child.local in (
            "hyperlink",
            "ins",
            "smartTag",
            "sdt",
            "sdtContent",
            "fldSimple",
            "moveTo",
        ):
            yield from _runs(child)


def _mark_run(splice: Splice, run: Node, events: list[_Event], prefix: str) -> None:
    texts = [child for child in run.children if child.local != "rPr"]
    plain = len(texts) == 1 and texts[0].local == "t"
    length = len(text_of(run))
    if not plain:
        # tabs, breaks, pictures in the run: the comment goes around it whole
        for event in events:
            place = run.start if event.start else run.end
            splice.insert(place, _marker(event, prefix))
        return
    text = text_of(run)
    cuts = sorted({0, length, *(event.offset for event in events)})
    pieces = []
    for begin, end in zip(cuts, [*cuts[1:], length], strict=True):
        pieces += [_marker(e, prefix) for e in events if e.offset == begin and not e.start]
        pieces += [_marker(e, prefix) for e in events if e.offset == begin and e.start]
        if begin < end:
            pieces.append(_piece(run, text[begin:end], prefix))
    splice.replace(run.start, run.end, "".join(pieces))


def _piece(run: Node, text: str, prefix: str) -> str:
    properties = run.find("rPr")
    kept = run.source[properties.start : properties.end] if properties else ""
    opening = run.source[run.start : run.open_end]
    body = f'<{prefix}t xml:space="preserve">{escape(text)}</{prefix}t>'
    return f"{opening}{kept}{body}</{prefix}r>"


def _marker(event: _Event, prefix: str) -> str:
    if event.start:
        return f'<{prefix}commentRangeStart {prefix}id="{event.id}"/>'
    reference = f'<{prefix}r><{prefix}commentReference {prefix}id="{event.id}"/></{prefix}r>'
    return f'<{prefix}commentRangeEnd {prefix}id="{event.id}"/>{reference}'


# ── the part with the comments ──


def _next_id(package: Package) -> int:
    if not package.has(COMMENTS):
        return 0
    ids = [int(node.get_prefixed("id") or 0) for node in package.tree(COMMENTS).children]
    return max(ids, default=-1) + 1


def _write_comments(package: Package, numbered: Iterable[tuple[int, TextFinding]]) -> None:
    if not package.has(COMMENTS):
        empty = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:comments xmlns:w="{_MAIN}"/>'
        package.add(COMMENTS, empty.encode(), _TYPE)
        package.add_relation(DOCUMENT, _RELATION, COMMENTS)
    root = package.tree(COMMENTS)
    splice = Splice(root.source)
    made = "".join(_comment(id_, found, root.prefix) for id_, found in numbered)
    splice.append(root, made)
    package.write_text(COMMENTS, splice.result())


def _comment(id_: int, found: TextFinding, prefix: str) -> str:
    finding = found.finding
    cells = "、".join(f"{sheet}!{ref}" for sheet, ref in finding.cells)
    lines = [
        f"{levels(finding)} {finding.rule}：{finding.message}",
        f"表：{cells}" if cells else "",
        finding.hint,
    ]
    paragraphs = "".join(
        f'<{prefix}p><{prefix}r><{prefix}t xml:space="preserve">{escape(line)}</{prefix}t></{prefix}r></{prefix}p>'
        for line in lines
        if line
    )
    author = escape_attribute(AUTHOR)
    attributes = f'{prefix}id="{id_}" {prefix}author="{author}" {prefix}initials="校"'
    return f"<{prefix}comment {attributes}>{paragraphs}</{prefix}comment>"


def _take_off(package: Package) -> None:
    """Remove the comments of this tool, their marks, and the part when nothing else is in it."""
    if not package.has(COMMENTS):
        return
    root = package.tree(COMMENTS)
    own = [node for node in root.children if node.get_prefixed("author") == AUTHOR]
    if not own:
        return
    ids = {node.get_prefixed("id") for node in own}
    splice = Splice(root.source)
    for node in own:
        splice.remove(node)
    if len(own) == len(root.children):
        package.remove_relations(DOCUMENT, COMMENTS)
        package.remove(COMMENTS)
    else:
        package.write_text(COMMENTS, splice.result())
    document = package.tree(DOCUMENT)
    splice = Splice(document.source)
    for run in document.iter("r"):
        references = [c for c in run.children if c.local == "commentReference"]
        if references and references[0].get_prefixed("id") in ids:
            splice.remove(run)
    for mark in document.iter("commentRangeStart", "commentRangeEnd"):
        if mark.get_prefixed("id") in ids:
            splice.remove(mark)
    package.write_text(DOCUMENT, _merged(splice.result()))


_TEXT = r'<(?P=p)t xml:space="preserve">(?P<{name}>[^<]*)</(?P=p)t></(?P=p)r>'
_CUT_RUNS = re.compile(
    r"(?P<open><(?P<p>\w*:?)r(?: [^<>]*)?>(?:<(?P=p)rPr>.*?</(?P=p)rPr>)?)"
    + _TEXT.replace("{name}", "a")
    + "(?P=open)"
    + _TEXT.replace("{name}", "b")
)


def _merged(text: str) -> str:
    """Runs that were cut for a comment, together again: equal properties, and the text kept as it was."""
    while True:
        joined = _CUT_RUNS.sub(_joined, text)
        if joined == text:
            return text
        text = joined


def _joined(match: re.Match[str]) -> str:
    prefix = match["p"]
    body = f'<{prefix}t xml:space="preserve">{match["a"]}{match["b"]}</{prefix}t>'
    return f"{match['open']}{body}</{prefix}r>"

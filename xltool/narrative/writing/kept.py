"""Writing a text anew and keeping what people wrote into the one before.

A written document remembers, block by block, what was generated: bookmarks name the paragraphs, a custom XML part
holds their texts. What differs from it now was written by a person.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from xltool.core.problems import InputError, Problem
from xltool.narrative.docx import DOCUMENT, open_document, paragraph_nodes, text_of
from xltool.narrative.writing.blocks import TextBlock
from xltool.narrative.writing.phrases import CLOSE, OPEN
from xltool.ooxml.package.errors import WorkbookError
from xltool.ooxml.package.xmltext import escape, escape_attribute
from xltool.ooxml.package.xmltree import Node

NAMESPACE = "urn:xltool:narrative"
_PART = "/customXml/xltoolNarrative.xml"
_PLACEHOLDER = re.compile(f"{re.escape(OPEN)}(?P<what>[^{CLOSE}]*){CLOSE}")


class Kept(NamedTuple):
    """A paragraph that a person wrote and that is kept although its figures changed: what would stand there now."""

    key: str
    text: str
    now: str


@dataclass
class Earlier:
    """What stands in an earlier document: by key the text now and as generated; texts that people added."""

    texts: dict[str, str] = field(default_factory=dict)
    generated: dict[str, str] = field(default_factory=dict)
    added: dict[str, list[str]] = field(default_factory=dict)
    """By the key of the block before: paragraphs that were not generated."""


def bookmark(key: str) -> str:
    """The name of a block's bookmark."""
    return f"xl_{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def remember(word: Any, blocks: Iterable[TextBlock]) -> None:
    """Put into a document (of python-docx) what was generated."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    items = "".join(
        f'<p key="{escape_attribute(block.key)}">{escape(block.text)}</p>' for block in blocks
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    data = f'{head}<narrative xmlns="{NAMESPACE}">{items}</narrative>'.encode()
    part = Part(PackURI(_PART), "application/xml", data, word.part.package)
    word.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def read_earlier(path: Path) -> Earlier:
    """What an earlier document holds. Raises `InputError` for one that this tool did not write."""
    package = open_document(path)
    try:
        parts = [
            package.tree(part)
            for part in package.related(DOCUMENT, "customXml")
            if package.has(part) and NAMESPACE.encode() in package.read(part)
        ]
        if not parts:
            hint = "只有 xltool 写的文档能接着写；别的文档里的话请用 --facts 给"
            raise InputError(Problem(str(path), "这份文档不是 xltool 写的", hint, code="not-ours"))
        found = Earlier(generated={n.get("key") or "": n.text for n in parts[0].children})
        _read_texts(package.tree(DOCUMENT), found)
        return found
    except WorkbookError as error:
        raise InputError(
            Problem(str(path), f"文档损坏：{error.message}", code="unreadable")
        ) from error


def _read_texts(root: Node, found: Earlier) -> None:
    keys = {bookmark(key): key for key in found.generated}
    current = ""
    for node, origin in paragraph_nodes(root):
        names = [m.get_prefixed("name") or "" for m in node.iter("bookmarkStart")]
        own = next((keys[name] for name in names if name in keys), "")
        if own:
            current = own
            found.texts[own] = text_of(node)
        elif origin != "正文" or _is_part(node):
            current = ""
        elif current and (text := text_of(node).strip()):
            found.added.setdefault(current, []).append(text)


def _is_part(node: Node) -> bool:
    """Whether a paragraph is the title of a part, or ends a section: what follows is of another block."""
    properties = node.find("pPr")
    if properties is None:
        return False
    style = properties.find("pStyle")
    name = (style.get_prefixed("val") or "") if style else ""
    return name in ("Heading1", "1") or properties.find("sectPr") is not None


def merge(
    blocks: Iterable[TextBlock], earlier: Earlier
) -> tuple[list[TextBlock], list[Kept], list[str]]:
    """The blocks with what people wrote; the kept ones whose figures changed; texts that have no place any more."""
    merged: list[TextBlock] = []
    kept: list[Kept] = []
    seen: set[str] = set()
    for block in blocks:
        seen.add(block.key)
        now = earlier.texts.get(block.key)
        old = earlier.generated.get(block.key)
        if now is None or old is None or now == old:
            merged.append(block)
        elif (filled := _filled(block.text, old, now)) is not None:
            merged.append(TextBlock(block.kind, filled, block.key))
        else:
            merged.append(TextBlock(block.kind, now, block.key))
            if block.text != old:
                kept.append(Kept(block.key, now, block.text))
        for n, text in enumerate(earlier.added.get(block.key, []), 1):
            merged.append(TextBlock("paragraph", text, f"{block.key}+{n}"))
    lost = [
        text
        for key, text in earlier.texts.items()
        if key not in seen and text != earlier.generated.get(key)
    ]
    lost += [t for key, texts in earlier.added.items() if key not in seen for t in texts]
    return merged, kept, lost


def _filled(new: str, old: str, now: str) -> str | None:
    """The new text with what a person wrote into the places of the old one; None when more was changed."""
    pattern, names, at = "", [], 0
    for match in _PLACEHOLDER.finditer(old):
        pattern += re.escape(old[at : match.start()]) + "(.+?)"
        names.append(match["what"])
        at = match.end()
    if not names:
        return None
    found = re.fullmatch(pattern + re.escape(old[at:]), now, re.S)
    if found is None:
        return None
    said = dict(zip(names, found.groups(), strict=True))
    return _PLACEHOLDER.sub(lambda m: said.get(m["what"], m[0]), new)

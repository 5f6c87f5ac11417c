"""Shared strings that only a removed sheet used: their texts do not stay behind in the file."""

from __future__ import annotations

import re

from xltool.ooxml.edit.session import EditSession
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltext import decode

_USE = re.compile(
    r"""<(?:\w+:)?c(?=\s)[^<>]*?\st=["']s["'][^<>]*>.*?<(?:\w+:)?v(?:\s[^<>]*)?>\s*([0-9]+)""", re.S
)


def strings_of(text: str) -> set[int]:
    """The shared strings that the text of a worksheet uses."""
    return {int(index) for index in _USE.findall(text)}


def forget(session: EditSession, indices: set[int]) -> None:
    """Drop the strings of these indices that no sheet uses; the others keep their indices.

    At the end of the list they go, in its midst an empty text takes their place.
    """
    package = session.package
    parts = package.related(session.workbook.part, "sharedStrings")
    if not parts or not indices:
        return
    session.flush()
    for tab in session.workbook.tabs:
        indices = indices - strings_of(decode(package.read(tab.part), tab.part))
    root = package.tree(parts[0])
    splice = Splice(root.source)
    keep = len(root.children)
    while keep and keep - 1 in indices:
        keep -= 1
    for index, node in enumerate(root.children):
        if index >= keep:
            splice.remove(node)
        elif index in indices:
            splice.set_raw(node, f"<{root.prefix}t></{root.prefix}t>")
    if root.get("uniqueCount") is not None:
        splice.set(root, "uniqueCount", str(keep))
    package.write_text(parts[0], splice.result())
    session.workbook.reread()

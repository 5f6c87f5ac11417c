"""Edits of the text of a part, by the nodes of its tree.

A part keeps every character outside them: attribute order, white space, prefixes, elements that nobody here knows.
"""

from __future__ import annotations

from xltool.ooxml.package.xmltext import escape, set_attribute
from xltool.ooxml.package.xmltree import Node


class Splice:
    """Edits of one text, applied together."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._edits: dict[tuple[int, int], str] = {}
        self._attributes: dict[Node, str] = {}
        self._inserts: dict[int, list[str]] = {}
        self._appended: dict[Node, list[str]] = {}

    def replace(self, start: int, end: int, new: str) -> None:
        """Put `new` in place of the text from `start` to `end`."""
        self._edits[start, end] = new

    def insert(self, offset: int, new: str) -> None:
        """Put `new` at `offset`, after what was inserted there before."""
        self._inserts.setdefault(offset, []).append(new)

    def remove(self, node: Node) -> None:
        """Drop an element with all that it holds."""
        self.replace(node.start, node.end, "")

    def set(self, node: Node, name: str, value: str | None) -> None:
        """Set an attribute; None removes it."""
        raw = self._attributes.get(node, node.raw_attributes)
        self._attributes[node] = set_attribute(raw, name, value)

    def set_text(self, node: Node, value: str) -> None:
        """Replace the content of a leaf element by a text."""
        self.set_raw(node, escape(value))

    def set_raw(self, node: Node, content: str) -> None:
        """Replace the content of an element by XML."""
        if node.is_empty_tag:
            self.replace(node.open_end - 2, node.open_end, f">{content}</{node.name}>")
        else:
            self.replace(node.open_end, node.close_start, content)

    def append(self, node: Node, new: str) -> None:
        """Put the XML `new` after the last child of `node`."""
        self._appended.setdefault(node, []).append(new)

    def of(self, node: Node) -> str:
        """The element alone after the edits, which must all lie in it."""
        grown = len(self.result()) - len(self.text)
        return self.result()[node.start : node.end + grown]

    def result(self) -> str:
        """The text after the edits; an edit inside a removed element has no effect."""
        edits = [(start, end, new) for (start, end), new in self._edits.items()]
        for node, parts in self._appended.items():
            new = "".join(parts)
            if node.is_empty_tag:
                edits.append((node.open_end - 2, node.open_end, f">{new}</{node.name}>"))
            else:
                edits.append((node.close_start, node.close_start, new))
        for node, raw in self._attributes.items():
            start = node.attributes_start
            edits.append((start, start + len(node.raw_attributes), raw))
        edits.extend((offset, offset, "".join(new)) for offset, new in self._inserts.items())
        pieces: list[str] = []
        done = 0
        for start, end, new in sorted(edits, key=_order):
            if start < done:
                continue
            pieces += (self.text[done:start], new)
            done = end
        pieces.append(self.text[done:])
        return "".join(pieces)


def _order(edit: tuple[int, int, str]) -> tuple[int, bool, int]:
    """Insertions before replacements at the same place, outer replacements before inner ones."""
    start, end, _ = edit
    return start, end > start, -end

"""A read-only tree over the text of a part, with the place of every element in that text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar
from xml.parsers import expat

from xltool.core.caches import remembered
from xltool.ooxml.package.errors import WorkbookError
from xltool.ooxml.package.xmltext import SMALL, attributes, plain_markup, run, unescape

T = TypeVar("T")

MAX_TAGS = 1_000_000
"""The most tags, start and end, of which a tree is made."""


class Node:
    """One element. `start`, `open_end`, `close_start` and `end` are offsets in the text."""

    __slots__ = (
        "_attributes",
        "children",
        "close_start",
        "end",
        "name",
        "open_end",
        "source",
        "start",
    )

    def __init__(self, source: str, name: str, start: int) -> None:
        self.source, self.name, self.start = source, name, start
        self.open_end = self.close_start = self.end = start
        self.children: list[Node] = []
        self._attributes: dict[str, str] | None = None

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        """The prefix with its colon, or nothing."""
        return self.name[: -len(self.local)]

    @property
    def attributes_start(self) -> int:
        """The place in the text behind the name."""
        return self.start + 1 + len(self.name)

    @property
    def raw_attributes(self) -> str:
        """The attribute part of the start tag as written."""
        end = self.open_end - (2 if self.is_empty_tag else 1)
        return self.source[self.attributes_start : end]

    @property
    def is_empty_tag(self) -> bool:
        """True for `<a/>`."""
        return self.source[self.open_end - 2] == "/" and self.open_end == self.end

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes by their names as written."""
        if self._attributes is None:
            self._attributes = attributes(self.raw_attributes)
        return self._attributes

    def get(self, name: str) -> str | None:
        """The attribute `name` (no prefix), or None."""
        return self.attributes.get(name)

    def get_prefixed(self, local: str) -> str | None:
        """The attribute `local` under any prefix, as in `r:id`, or None."""
        for name, value in self.attributes.items():
            if name.endswith(":" + local):
                return value
        return None

    @property
    def text(self) -> str:
        """The character data of a leaf element."""
        return unescape(plain_markup(self.source[self.open_end : self.close_start]))

    def iter(self, *locals_: str) -> Iterator[Node]:
        """The node and its descendants that have one of the local names (all if none is given)."""
        stack = [self]
        while stack:
            node = stack.pop()
            if not locals_ or node.local in locals_:
                yield node
            stack.extend(reversed(node.children))

    def find(self, *path: str) -> Node | None:
        """The first descendant reached by the local names in `path`, child by child."""
        node = self
        for local in path:
            child = next((child for child in node.children if child.local == local), None)
            if child is None:
                return None
            node = child
        return node

    def parent_of(self, node: Node) -> Node | None:
        """The element at or below this one that `node` is a child of.

        Nodes do not know their parents: a tree without rings is freed as soon as nobody needs it.
        """
        holder: Node | None = self
        while holder is not None and node not in holder.children:
            inner = (c for c in holder.children if c.start <= node.start and node.end <= c.end)
            holder = next(inner, None)
        return holder

    def children_of(self, *path: str) -> list[Node]:
        """The children of the element at `path`; empty when there is no such element."""
        node = self.find(*path)
        return [] if node is None else node.children


def parse(text: str, part: str) -> Node:
    """The tree of a part. Raises WorkbookError when it is not well-formed or has a document type."""
    return _known_tree(text, part) if len(text) <= SMALL else _tree(text, part)


@remembered(64)
def _known_tree(text: str, part: str) -> Node:
    """A tree is read-only: the parts that all books of a template share need one."""
    return _tree(text, part)


def _tree(text: str, part: str) -> Node:
    if len(text) > MAX_TAGS and text.count("<") > MAX_TAGS:
        raise WorkbookError(
            "too-large", f"部件 {part} 的标签超过 {MAX_TAGS} 个，已拒绝读取。请核实文件来源。"
        )
    return _Builder(text).built(part)


class _Builder:
    """Makes a tree of what expat meets, and of where it meets it.

    It tells where a tag begins; where it ends is where the next thing begins, be it white space.
    """

    def __init__(self, text: str) -> None:
        self._text, self._data = text, text.encode()
        self._is_ascii = text.isascii()
        self._byte = self._char = 0
        """The same place, in the bytes that expat sees and in the text."""
        self._top: list[Node] = []
        self._open: list[Node] = []
        self._begun: Node | None = None
        self._ended: Node | None = None
        """The nodes of the last tag, while nobody knows where it ends."""
        # whatever a part says of its encoding: the text is there already
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.DefaultHandler = self._other

    def built(self, part: str) -> Node:
        """The root."""
        try:
            run(self._parser, self._data, part)
        finally:
            del self._parser  # they hold each other, and batches do not look for rings
        (root,) = self._top
        if self._ended is root:
            root.end = self._text.index(">", root.close_start) + 1
        return root

    def _reached(self) -> int:
        """Where expat stands in the text; the last tag ends there."""
        byte = self._parser.CurrentByteIndex
        if self._is_ascii:
            self._char = byte
        else:
            self._char += len(self._data[self._byte : byte].decode())
            self._byte = byte
        if self._begun is not None:
            self._begun.open_end, self._begun = self._char, None
        if self._ended is not None:
            self._ended.end, self._ended = self._char, None
        return self._char

    def _start(self, name: str, _: object) -> None:
        node = Node(self._text, name, self._reached())
        (self._open[-1].children if self._open else self._top).append(node)
        self._open.append(node)
        self._begun = node

    def _end(self, _: str) -> None:
        node = self._open.pop()
        node.close_start = node.end = self._reached()
        if self._text.startswith("</", node.close_start):
            self._ended = node

    def _other(self, _: str) -> None:
        self._reached()


def once(function: Callable[..., T]) -> Callable[..., T]:
    """For a function of the root of a part: parts that all books of a template share are looked at once.

    What it returns is shared and must not be changed; its other arguments are hashed.
    """
    known = remembered(64)(function)

    def look(root: Node, *others: object) -> T:
        return known(root, *others) if len(root.source) <= SMALL else function(root, *others)

    return look

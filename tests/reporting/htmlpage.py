"""A page as a tree: strict about what must be closed, and easy to ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"meta", "col", "input", "br"})


@dataclass
class Element:
    """An element; `children` are elements and texts."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its text, white space made single."""
        return " ".join("".join(self._texts()).split())

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            yield from (child,) if isinstance(child, str) else child._texts()

    def all(self, tag: str = "", css: str = "") -> list[Element]:
        """The elements below with this tag and class, in document order."""
        return [
            e for e in self._below() if (not tag or e.tag == tag) and (not css or css in e.classes)
        ]

    def children_of(self, tag: str) -> list[Element]:
        """Its own children with this tag."""
        return [c for c in self.children if not isinstance(c, str) and c.tag == tag]

    def one(self, tag: str = "", css: str = "", html_id: str = "") -> Element:
        """The only such element."""
        found = [e for e in self.all(tag, css) if not html_id or e.attributes.get("id") == html_id]
        assert len(found) == 1, (tag, css, html_id, len(found))
        return found[0]

    def _below(self) -> Iterator[Element]:
        for child in self.children:
            if not isinstance(child, str):
                yield child
                yield from child._below()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), (tag, attrs)
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, (tag, self.open[-1].tag, self.getpos())
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(html: str) -> Element:
    """The tree of a page. AssertionError where an element is not closed in its place."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder.open == [builder.root]
    return builder.root

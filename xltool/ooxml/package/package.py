"""An OPC package: parts, their content types and the relationships between them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import NamedTuple

from xltool.core.saving.mark import MARK
from xltool.ooxml.package.archive import Archive, written
from xltool.ooxml.package.errors import corrupt
from xltool.ooxml.package.limits import Limits
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltext import checked_text, codec_of, encode, escape_attribute
from xltool.ooxml.package.xmltree import Node, once, parse

CONTENT_TYPES = "[Content_Types].xml"
_RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_NO_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "</Relationships>"
)


class Relation(NamedTuple):
    """One relationship. `target` is a part name, or the text as written when it is external."""

    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """The last word of the type, the same in transitional and strict files."""
        return self.type.rpartition("/")[2]


def relations_part(part: str) -> str:
    """The name of the part that holds the relationships of `part` ('' for the package)."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def beside(part: str, path: str) -> str:
    """The name of a part at `path`, seen from the folder of `part`."""
    return posixpath.join(posixpath.dirname(part), path)


def resolve(source: str, target: str) -> str:
    """The part that `target`, as written in the relationships of `source`, points to."""
    path = target.partition("#")[0].replace("\\", "/")
    if "%" in path:
        from urllib.parse import unquote

        path = unquote(path)
    base = "" if path.startswith("/") else posixpath.dirname(source)
    return posixpath.normpath(posixpath.join(base, path.lstrip("/")))


def relative(source: str, target: str) -> str:
    """How the relationships of `source` name the part `target`."""
    return posixpath.relpath(target, posixpath.dirname(source) or ".")


@once
def _content_types(root: Node) -> dict[str, str]:
    """By the name of a part, or by a dot and the ending of its name; in small letters."""
    names = [node.get("PartName") or "." + (node.get("Extension") or "") for node in root.children]
    types = [node.get("ContentType") or "" for node in root.children]
    return {name.lower().lstrip("/"): type_ for name, type_ in zip(names, types, strict=True)}


@once
def _relations(root: Node, source: str) -> tuple[Relation, ...]:
    """The relationships of the part `source`."""
    found = []
    for node in root.children:
        target = node.get("Target") or ""
        external = node.get("TargetMode") == "External"
        if not external:
            target = resolve(source, target)
        found.append(Relation(node.get("Id") or "", node.get("Type") or "", target, external))
    return tuple(found)


class Package:
    """The parts of a package by name (no leading slash, case ignored), with changes on top.

    The original bytes stay untouched; `chunks` gives the package with the changes. Every method
    that reads a part raises WorkbookError when it is missing or damaged.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.limits = limits
        self._archive = Archive(data, limits)
        self._changed: dict[str, tuple[str, bytes]] = {}
        self._removed: set[str] = set()
        self._types: dict[str, str] | None = None
        self._relations: dict[str, tuple[Relation, ...]] = {}

    def copy(self) -> Package:
        """A package over the same bytes whose changes are its own."""
        twin = Package.__new__(Package)
        twin.limits, twin._archive, twin._types = self.limits, self._archive, self._types
        twin._changed, twin._removed = dict(self._changed), set(self._removed)
        twin._relations = dict(self._relations)
        return twin

    @property
    def changed(self) -> bool:
        """True when a part was changed, added or removed."""
        gone = (key for key in self._removed if key in self._archive.members)
        return bool(self._changed) or any(gone)

    def names(self) -> list[str]:
        """The names of all parts, in archive order, new ones last."""
        members = self._archive.members
        names = [members[key].name for key in members if key not in self._removed]
        names += [name for key, (name, _) in self._changed.items() if key not in members]
        return [name for name in names if not name.endswith("/")]

    def has(self, part: str) -> bool:
        """True when there is a part of that name."""
        key = part.lower()
        return key in self._changed or (key in self._archive.members and key not in self._removed)

    def read(self, part: str) -> bytes:
        """The content of a part."""
        if not self.has(part):
            raise corrupt(f"部件 {part}", "缺失")
        changed = self._changed.get(part.lower())
        return changed[1] if changed else self._archive.read(part)

    def text(self, part: str) -> str:
        """The text of an XML part, proved well-formed."""
        return checked_text(self.read(part), part)

    def tree(self, part: str) -> Node:
        """The tree of an XML part."""
        return parse(self.text(part), part)

    def write(self, part: str, content: bytes) -> None:
        """Set the content of a part; content equal to the original is no change."""
        key = part.lower()
        self._removed.discard(key)
        self._changed.pop(key, None)
        if key not in self._archive.members or self._archive.read(part) != content:
            self._changed[key] = (part, content)
        if key == CONTENT_TYPES.lower():
            self._types = None
        elif key.endswith(".rels"):
            self._relations.clear()

    def write_text(self, part: str, text: str) -> None:
        """Set the text of a part in the codec that it has now (UTF-8 for a new one)."""
        codec = codec_of(self.read(part), part) if self.has(part) else "utf-8"
        self.write(part, encode(text, codec))

    def add(self, part: str, content: bytes, content_type: str) -> None:
        """Add a new part with its content type."""
        self.write(part, content)
        if self.content_type(part) == content_type:
            return
        root = self.tree(CONTENT_TYPES)
        splice = Splice(root.source)
        splice.append(
            root,
            f'<{root.prefix}Override PartName="/{escape_attribute(part)}"'
            f' ContentType="{escape_attribute(content_type)}"/>',
        )
        self.write_text(CONTENT_TYPES, splice.result())

    def remove(self, part: str) -> None:
        """Drop a part, its relationships and the override of its content type."""
        for name in (part, relations_part(part)):
            self._changed.pop(name.lower(), None)
            self._removed.add(name.lower())
        self._relations.clear()
        self._change_overrides(part, Splice.remove)

    def content_type(self, part: str) -> str:
        """The content type of a part, '' when none is declared."""
        if self._types is None:
            self._types = _content_types(self.tree(CONTENT_TYPES))
        key = part.lower()
        return self._types.get(key) or self._types.get("." + key.rpartition(".")[2], "")

    def set_content_type(self, part: str, content_type: str) -> None:
        """Change the content type that an override declares for a part."""
        self._change_overrides(part, lambda s, node: s.set(node, "ContentType", content_type))

    def _change_overrides(self, part: str, change: Callable[[Splice, Node], None]) -> None:
        root = self.tree(CONTENT_TYPES)
        splice = Splice(root.source)
        for node in root.children:
            if (node.get("PartName") or "").lstrip("/").lower() == part.lower():
                change(splice, node)
        self.write_text(CONTENT_TYPES, splice.result())

    def relations(self, part: str) -> tuple[Relation, ...]:
        """The relationships of a part ('' for those of the package)."""
        found = self._relations.get(part)
        if found is None:
            found = self._relations[part] = self._read_relations(part)
        return found

    def _read_relations(self, part: str) -> tuple[Relation, ...]:
        name = relations_part(part)
        return _relations(self.tree(name), part) if self.has(name) else ()

    def related(self, part: str, kind: str) -> list[str]:
        """The parts that `part` points to with relationships of a kind, in order."""
        return [
            relation.target
            for relation in self.relations(part)
            if relation.kind == kind and not relation.external
        ]

    def add_relation(self, part: str, type_: str, target: str) -> str:
        """Relate `part` to the part `target`; the id of the new relationship."""
        name = relations_part(part)
        if not self.has(name):
            self.add(name, _NO_RELATIONS.encode(), _RELATIONS_TYPE)
        root = self.tree(name)
        taken = {node.get("Id") for node in root.children}
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        splice = Splice(root.source)
        splice.append(
            root,
            f'<{root.prefix}Relationship Id="rId{number}" Type="{escape_attribute(type_)}"'
            f' Target="{escape_attribute(relative(part, target))}"/>',
        )
        self.write_text(name, splice.result())
        return f"rId{number}"

    def remove_relations(self, part: str, target: str) -> None:
        """Drop the relationships of `part` that point to the part `target`.

        The part that holds them goes too when nothing is left of one made by `add_relation`.
        """
        name = relations_part(part)
        root = self.tree(name)
        splice = Splice(root.source)
        for node in root.children:
            found = resolve(part, node.get("Target") or "")
            if node.get("TargetMode") != "External" and found.lower() == target.lower():
                splice.remove(node)
        text = splice.result()
        if text == _NO_RELATIONS:
            self.remove(name)
        else:
            self.write_text(name, text)

    def chunks(self, *, own: bool = False) -> Iterator[bytes]:
        """The bytes of the package with its changes; with `own` it bears the mark of an output."""
        changed = dict(self._changed.values())
        comment = self._archive.comment
        if own or comment == MARK:
            comment = MARK if own else b""
        yield from written(self._archive, changed, self._removed, comment)

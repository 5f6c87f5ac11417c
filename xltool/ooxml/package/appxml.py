"""The list of sheets in docProps/app.xml, kept as complete as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xltool.ooxml.package.package import Package
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltext import cell_text, escape
from xltool.ooxml.package.xmltree import Node


def _lists(root: Node, names: Sequence[str]) -> tuple[Node, Node, list[Node]] | None:
    """(count of the worksheets, vector of titles, its first titles), if these are `names`."""
    pairs = root.children_of("HeadingPairs", "vector")
    titles = root.find("TitlesOfParts", "vector")
    if titles is None or len(pairs) < 2 or not pairs[1].children:
        return None
    first = titles.children[: len(names)]
    count = pairs[1].children[0]
    stated = [cell_text(node.text) for node in first]
    return (
        (count, titles, first) if stated == list(names) and count.text == str(len(names)) else None
    )


def enter(package: Package, names: Sequence[str], name: str) -> None:
    """Add the worksheet `name` at the end of the list, when it lists the worksheets `names`."""

    def change(splice: Splice, listed: Sequence[Node]) -> None:
        last = listed[-1]
        splice.insert(last.end, f"<{last.name}>{escape(name)}</{last.name}>")

    _change(package, names, change, 1)


def take_out(package: Package, names: Sequence[str], name: str) -> None:
    """Take the worksheet `name` out of the list, when it lists the worksheets `names`."""
    at = names.index(name)
    _change(package, names, lambda splice, listed: splice.remove(listed[at]), -1)


def _change(
    package: Package,
    names: Sequence[str],
    change: Callable[[Splice, Sequence[Node]], None],
    by: int,
) -> None:
    """Change the list, with its two counts, when it lists the worksheets `names`."""
    part = next(iter(package.related("", "extended-properties")), None)
    root = package.tree(part) if part else None
    lists = _lists(root, names) if root else None
    if part is None or root is None or lists is None:
        return
    count, titles, listed = lists
    splice = Splice(root.source)
    change(splice, listed)
    splice.set_text(count, str(int(count.text) + by))
    size = titles.get("size") or ""
    if size.isdigit():
        splice.set(titles, "size", str(int(size) + by))
    package.write_text(part, splice.result())

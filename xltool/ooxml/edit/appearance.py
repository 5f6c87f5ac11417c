"""What is printed of a sheet and how it shows first; the order of the sheets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from xltool.ooxml.edit.session import EditSession
from xltool.ooxml.edit.tabs import Name, enter_names
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltext import escape_cell_text
from xltool.ooxml.package.xmltree import Node
from xltool.ooxml.read.refs import Range

_AREA, _TITLES = "_xlnm.Print_Area", "_xlnm.Print_Titles"
_NAMES = "definedNames"
_TAG = re.compile(r"<(\w+)([^>]*?)/?>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_USUAL = {
    *(("workbookViewId", "0"), ("zoomScale", "100"), ("zoomScaleNormal", "100")),
    *(("view", "normal"), ("activeCell", "A1"), ("sqref", "A1"), ("showGridLines", "1")),
}
"""Attributes that say what holds without them."""


class Appearance(NamedTuple):
    """Of one sheet. `area`: what is printed; None: all, or several areas. `titles`: rows on every page, as `$1:$4`."""

    area: Range | None
    titles: str
    views: str
    """The element sheetViews as it stands in the part, without the mark of a selected tab."""


def appearance(session: EditSession, name: str) -> Appearance:
    """How the sheet `name` is printed and shows now."""
    index, part = _tab(session, name)
    names = _names(session, index)
    area, titles = (
        names[n].text.rpartition("!")[2] if n in names else "" for n in (_AREA, _TITLES)
    )
    several = _AREA in names and "," in names[_AREA].text
    shown = session.shell_of(part)
    views = shown.find("sheetViews")
    text = _unselected(views, shown.source) if views is not None and not shown.prefix else ""
    return Appearance(Range.parse(area) if area and not several else None, titles, text)


def dress(session: EditSession, name: str, wanted: Appearance) -> bool:
    """Let the sheet be printed and show as `wanted`; whether that changed anything."""
    before = appearance(session, name)
    index, part = _tab(session, name)
    if wanted.area is not None and wanted.area != before.area:
        first, _, last = str(wanted.area).partition(":")
        area = ":".join(f"${_split(ref)[0]}${_split(ref)[1]}" for ref in (first, last or first))
        _set_name(session, name, index, _AREA, area)
    if wanted.titles and wanted.titles != before.titles:
        _set_name(session, name, index, _TITLES, wanted.titles)
    if wanted.views and before.views and _shows(wanted.views) != _shows(before.views):
        shown = session.shell_of(part)
        views = shown.find("sheetViews")
        assert views is not None
        splice = Splice(shown.source)
        splice.replace(views.start, views.end, wanted.views)
        session.set_shell(part, splice.result())
    return appearance(session, name) != before


def order_tabs(session: EditSession, names: Sequence[str]) -> bool:
    """Put the tabs `names` into this order, in the places that they have together; whether that changed anything."""
    root = session.package.tree(session.workbook.part)
    tabs = root.children_of("sheets")
    present = [tab.get("name") or "" for tab in tabs]
    places = [n for n, name in enumerate(present) if name in names]
    wanted = list(range(len(tabs)))
    for place, name in zip(places, [n for n in names if n in present], strict=True):
        wanted[place] = present.index(name)
    if wanted == list(range(len(tabs))):
        return False
    splice = Splice(root.source)
    for place, origin in enumerate(wanted):
        old, new = tabs[place], tabs[origin]
        splice.replace(old.start, old.end, root.source[new.start : new.end])
    moved = {str(origin): str(place) for place, origin in enumerate(wanted)}
    for node in root.children_of(_NAMES):
        if (index := node.get("localSheetId")) in moved:
            splice.set(node, "localSheetId", moved[index])
    for node in root.children_of("bookViews"):
        for key in ("activeTab", "firstSheet"):
            if (index := node.get(key)) in moved:
                splice.set(node, key, moved[index])
    session.package.write_text(session.workbook.part, splice.result())
    session.workbook.refresh()
    return True


def _shows(views: str) -> list[tuple[str, frozenset[tuple[str, str]]]]:
    """What an element sheetViews says, however it is written."""
    return [
        (tag, frozenset(_ATTRIBUTE.findall(raw)) - _USUAL)
        for tag, raw in _TAG.findall(views)
        if tag != "selection" or frozenset(_ATTRIBUTE.findall(raw)) - _USUAL
    ]


def _tab(session: EditSession, name: str) -> tuple[int, str]:
    tabs = session.workbook.tabs
    index = next(n for n, tab in enumerate(tabs) if tab.name == name)
    return index, tabs[index].part


def _names(session: EditSession, index: int) -> dict[str, Node]:
    root = session.package.tree(session.workbook.part)
    own = [n for n in root.children_of(_NAMES) if n.get("localSheetId") == str(index)]
    return {node.get("name") or "": node for node in own}


def _set_name(session: EditSession, sheet: str, index: int, name: str, refs: str) -> None:
    root = session.package.tree(session.workbook.part)
    quoted = sheet.replace("'", "''")
    text = escape_cell_text(f"'{quoted}'!{refs}")
    splice = Splice(root.source)
    known = _names(session, index).get(name)
    if known is not None:
        splice.set_raw(known, text)
        session.package.write_text(session.workbook.part, splice.result())
        return
    enter_names(root, splice, index, [Name(name, f"'{quoted}'!{refs}", False)])
    session.package.write_text(session.workbook.part, splice.result())


def _unselected(views: Node, source: str) -> str:
    splice = Splice(source)
    for view in views.children:
        splice.set(view, "tabSelected", None)
    return splice.of(views)


def _split(ref: str) -> tuple[str, str]:
    letters = ref.rstrip("0123456789")
    return letters, ref[len(letters) :]

"""The list of sheets in the workbook part: entering a tab, taking it out, which one opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from xltool.ooxml.edit.session import EditSession
from xltool.ooxml.edit.shelltext import relation_id, under_prefix
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltext import escape_attribute, escape_cell_text, is_true
from xltool.ooxml.package.xmltree import Node
from xltool.ooxml.read.workbook import State

_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")


class Name(NamedTuple):
    """A defined name of a sheet."""

    name: str
    text: str
    hidden: bool


def renumber(root: Node, splice: Splice, index: int, by: int) -> None:
    """Tabs from `index` on move by `by` places: so do the numbers that name them."""
    places = [(node, "localSheetId") for node in root.children_of("definedNames")]
    places += [
        (node, key) for node in root.children_of("bookViews") for key in ("activeTab", "firstSheet")
    ]
    for node, key in places:
        value = node.get(key)
        if value is not None and value.isdigit() and int(value) >= index:
            splice.set(node, key, str(int(value) + by))


def enter(
    session: EditSession,
    name: str,
    part: str,
    state: State,
    names: Iterable[Name],
) -> None:
    """Enter a worksheet part as the last tab, with its names."""
    package, workbook = session.package, session.workbook.part
    root = package.tree(workbook)
    tabs = root.children_of("sheets")
    relation = package.add_relation(workbook, f"{session.relation_base}/worksheet", part)
    id_ = max(int(node.get("sheetId") or 0) for node in tabs) + 1
    shown = "" if state == "visible" else f' state="{state}"'
    splice = Splice(root.source)
    splice.insert(
        tabs[-1].end,
        f'<{tabs[-1].name} name="{escape_attribute(name)}" sheetId="{id_}"{shown}'
        f" {relation_id(root, relation, session.relation_base)}/>",
    )
    enter_names(root, splice, len(tabs), names)
    package.write_text(workbook, splice.result())


def enter_names(root: Node, splice: Splice, index: int, names: Iterable[Name]) -> None:
    """Enter names of the tab `index` into the workbook part with the root `root`."""
    xml = ""
    for name, text, is_hidden in names:
        hidden = ' hidden="1"' if is_hidden else ""
        xml += f'<definedName name="{escape_attribute(name)}" localSheetId="{index}"{hidden}>'
        xml += f"{escape_cell_text(text)}</definedName>"
    known = root.find("definedNames")
    if known is not None:
        splice.append(known, under_prefix(xml, root.prefix))
    elif xml:
        xml = f"<definedNames>{xml}</definedNames>"
        last = [node for node in root.children if node.local in _BEFORE_NAMES][-1]
        splice.insert(last.end, under_prefix(xml, root.prefix))


def take_out(session: EditSession, name: str) -> None:
    """Take the tab `name` with its names out of the workbook part."""
    package, workbook = session.package, session.workbook.part
    root = package.tree(workbook)
    tabs = root.children_of("sheets")
    index = next(n for n, node in enumerate(tabs) if node.get("name") == name)
    splice = Splice(root.source)
    splice.remove(tabs[index])
    renumber(root, splice, index + 1, -1)
    for node in root.children_of("bookViews"):
        for key in ("activeTab", "firstSheet"):
            if node.get(key) == str(index):
                splice.set(node, key, str(max(index - 1, 0)))
    known = root.children_of("definedNames")
    own = [node for node in known if node.get("localSheetId") == str(index)]
    for node in own:
        splice.remove(node)
    container = root.find("definedNames")
    if container is not None and own and len(own) == len(known):
        splice.remove(container)
    package.write_text(workbook, splice.result())


def calculate_on_load(session: EditSession) -> None:
    """Let the program that opens the workbook calculate all formulas."""
    package, workbook = session.package, session.workbook.part
    root = package.tree(workbook)
    splice = Splice(root.source)
    settings = root.find("calcPr")
    if settings is not None:
        splice.set(settings, "fullCalcOnLoad", "1")
    else:
        last = [node for node in root.children if node.local in (*_BEFORE_NAMES, "definedNames")][
            -1
        ]
        splice.insert(last.end, under_prefix('<calcPr fullCalcOnLoad="1"/>', root.prefix))
    package.write_text(workbook, splice.result())


# --- which sheet opens --------------------------------------------------------------------------


def opening(session: EditSession) -> str:
    """Which sheets are shown and selected when the workbook is opened, for `open_as`.

    The text names the active tab as written, then each selected tab with its mark as written.
    """
    view = _view(session)
    if view is None:
        return ""
    marks = [f"{n}={raw}" for n, raw in enumerate(_selected(session)) if is_true(raw)]
    return " ".join([view.get("activeTab") or "-", *marks])


def open_as(session: EditSession, opening: str) -> None:
    """Open with the sheets that `opening` told of; '' changes nothing."""
    active, *marks = opening.split() or [""]
    if not active:
        return
    wanted = dict(mark.split("=", 1) for mark in marks)
    _select(session, {int(index): raw for index, raw in wanted.items() if index.isdigit()})
    _activate(session, None if active == "-" else active)


def open_at(session: EditSession, name: str) -> None:
    """Open with the sheet `name` alone selected; without a window nothing changes."""
    if _view(session) is not None:
        index = [tab.name for tab in session.workbook.tabs].index(name)
        _select(session, {index: "1"})
        _activate(session, str(index))


def active(session: EditSession) -> str | None:
    """The name of the tab that the workbook opens with."""
    view = _view(session)
    index = (view.get("activeTab") or "0") if view else ""
    names = [tab.name for tab in session.workbook.tabs]
    return names[int(index)] if index.isdigit() and int(index) < len(names) else None


def _view(session: EditSession) -> Node | None:
    return session.package.tree(session.workbook.part).find("bookViews", "workbookView")


def _activate(session: EditSession, index: str | None) -> None:
    root = session.package.tree(session.workbook.part)
    view = root.find("bookViews", "workbookView")
    if view is not None and view.get("activeTab") != index:
        splice = Splice(root.source)
        splice.set(view, "activeTab", index)
        session.package.write_text(session.workbook.part, splice.result())


def _selected(session: EditSession) -> list[str | None]:
    """Of each tab, its mark of being selected as written."""
    found = []
    for tab in session.workbook.tabs:
        node = session.shell_of(tab.part).find("sheetViews", "sheetView")
        found.append(node.get("tabSelected") if node else None)
    return found


def _select(session: EditSession, wanted: Mapping[int, str]) -> None:
    """Let the tabs of these indices be selected, with these marks, and no others."""
    present = _selected(session)
    for index, tab in enumerate(session.workbook.tabs):
        mark = wanted.get(index) or ("0" if is_true(present[index]) else present[index])
        if mark != present[index]:
            root = session.shell_of(tab.part)
            view = root.find("sheetViews", "sheetView")
            if view is not None:
                splice = Splice(root.source)
                splice.set(view, "tabSelected", mark)
                session.set_shell(tab.part, splice.result())

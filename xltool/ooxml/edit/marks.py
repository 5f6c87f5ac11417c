"""Marking cells by conditional formats that always hold and bear a tag, and taking them off.

The formats of the cells stay as they are. Rules are told by the tag in their formula, so that they
are found again after another program has written the file anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from xltool.ooxml.edit.looks import Look, rule_xml
from xltool.ooxml.edit.session import EditSession
from xltool.ooxml.edit.shelltext import spot, under_prefix
from xltool.ooxml.edit.stylebook import StyleBook, trim
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltext import cell_text, escape_cell_text
from xltool.ooxml.package.xmltree import Node
from xltool.ooxml.read.refs import Range
from xltool.ooxml.read.workbook import Sheet
from xltool.ooxml.read.xlsx.sheet import XlsxSheet

_MOST_AREAS = 1000
"""Areas in one list of ranges: older programs take about so many."""

_HOLDERS = {"conditionalFormatting", "conditionalFormattings", "ext", "extLst"}


def always(tag: str) -> str:
    """A formula that always holds: N of a text is 0."""
    return 'N("{}")=0'.format(tag.replace('"', '""'))


def mark(
    session: EditSession, view: XlsxSheet, marks: Mapping[Look, Iterable[str]], tag: str
) -> None:
    """Give cells the looks under the tag. Raises ValueError for a bad reference."""
    wanted = {look: list(areas_of(view, refs)) for look, refs in marks.items()}
    wanted = {look: areas for look, areas in wanted.items() if areas}
    if not wanted:
        return
    rules = _rules(session, wanted, tag)
    text = session.text_of(view.part)
    root = session.shell_of(view.part)
    pieces = [
        (look, areas[at : at + _MOST_AREAS])
        for look, areas in wanted.items()
        for at in range(0, len(areas), _MOST_AREAS)
    ]
    xml = "".join(
        f'<conditionalFormatting sqref="{" ".join(map(str, areas))}">'
        f'<cfRule type="expression" dxfId="{rules[look]}" priority="{priority}">'
        f"<formula>{escape_cell_text(always(tag))}</formula></cfRule></conditionalFormatting>"
        for (look, areas), priority in zip(pieces, _priorities(root, len(pieces)), strict=True)
    )
    splice = Splice(text.shell)
    splice.insert(spot(root, "conditionalFormatting"), under_prefix(xml, root.prefix))
    text.set_shell(splice.result())
    view.forget(formulas=False)


def areas_of(view: Sheet, refs: Iterable[str]) -> Iterator[Range]:
    """The cells as ranges, merged ranges whole, others joined down their columns."""
    areas = {view.merge_of(ref) or Range.parse(ref) for ref in refs}
    run: Range | None = None
    for area in sorted(areas, key=lambda area: (area.left, area.right, area.top)):
        if run and run[1::2] == area[1::2] and run.bottom + 1 == area.top:
            run = run._replace(bottom=area.bottom)
            continue
        if run:
            yield run
        run = area
    if run:
        yield run


def _rules(session: EditSession, looks: Iterable[Look], tag: str) -> dict[Look, int]:
    """The formats of the looks: those that marks of this tag have already, or new ones."""
    styles = StyleBook(session)
    known = styles.rules()
    of_tag = {
        known[rule]: rule
        for view in session.views()
        for rule in _used(session, view, tag)
        if rule < len(known)
    }
    found = {look: of_tag.get(rule_xml(look), -1) for look in looks}
    new = {look: styles.rule(look) for look, rule in found.items() if rule < 0}
    if new:
        styles.write()
    return {**found, **new}


def _used(session: EditSession, view: XlsxSheet, tag: str) -> set[int]:
    """The formats that the marks of a tag on a sheet use."""
    nodes = _tagged(session.shell_of(view.part), tag) if _may_have(session, view, tag) else ()
    rules = (node.get("dxfId") or "" for node in nodes)
    return {int(rule) for rule in rules if rule.isdigit()}


def _may_have(session: EditSession, view: XlsxSheet, tag: str) -> bool:
    return escape_cell_text(tag) in session.text_of(view.part).shell


def _priorities(root: Node, count: int) -> Iterable[int]:
    """Free priorities before all others, or after them where there is no room."""
    stated = (node.get("priority") or "" for node in root.iter("cfRule"))
    taken = {int(priority) for priority in stated if priority.isdigit()}
    first = min(taken, default=count + 1) - count
    if first < 1:
        first = max(taken) + 1
    return range(first, first + count)


def _tagged(root: Node, tag: str) -> list[Node]:
    """The rules that bear the tag, classic ones and those of extensions."""
    wanted = re.sub(r"\s", "", always(tag)).lower()
    found = []
    for node in root.iter("cfRule"):
        formulas = (cell_text(child.text) for child in node.iter("formula", "f"))
        if any(re.sub(r"\s", "", formula).lower() == wanted for formula in formulas):
            found.append(node)
    return found


def unmark(session: EditSession, tag: str) -> None:
    """Remove the marks of a tag from all sheets, and the formats that only they used."""
    gone: set[int] = set()
    for view in session.views():
        if not _may_have(session, view, tag):
            continue
        gone |= _used(session, view, tag)
        text = session.text_of(view.part)
        root = session.shell_of(view.part)
        splice = Splice(text.shell)
        removed: set[Node] = set()
        for node in _tagged(root, tag):
            _remove(root, node, splice, removed)
        text.set_shell(splice.result())
        view.forget(formulas=False)
    trim(session, rules=gone)


def _remove(root: Node, node: Node, splice: Splice, removed: set[Node]) -> None:
    """Drop an element, and its parents that are nothing without it."""
    removed.add(node)
    splice.remove(node)
    parent = root.parent_of(node)
    if parent is None or parent.local not in _HOLDERS:
        return
    rest = {child.local for child in parent.children if child not in removed}
    if rest <= {"sqref"}:
        _remove(root, parent, splice, removed)

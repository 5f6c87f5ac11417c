"""A workbook read from an OPC package, with its list of sheets and its defined names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from xltool.core.caches import remembered
from xltool.ooxml.package.errors import corrupt
from xltool.ooxml.package.package import Package, Relation
from xltool.ooxml.package.sniff import require_workbook
from xltool.ooxml.package.xmltext import cell_text, is_true, whole
from xltool.ooxml.package.xmltree import Node, once, parse
from xltool.ooxml.read.workbook import DefinedName, State
from xltool.ooxml.read.xlsx.book import Lookups, Tab, XlsxBook
from xltool.ooxml.read.xlsx.sheet import XlsxSheet
from xltool.ooxml.read.xlsx.sheetpart import SheetPart
from xltool.ooxml.read.xlsx.strings import is_plain

_BEFORE_NAMES = ("</sheets>", "</externalReferences>")
_BETWEEN_NAMES = re.compile("(?<=</definedName>)")
_STATES: dict[str, State] = {"hidden": "hidden", "veryHidden": "veryHidden"}


@once
def _flags(root: Node) -> tuple[bool, bool, bool]:
    """Whether dates count from 1904, the structure is protected, and a password keeps it so."""
    settings, protection = root.find("workbookPr"), root.find("workbookProtection")
    return (
        settings is not None and is_true(settings.get("date1904")),
        protection is not None and is_true(protection.get("lockStructure")),
        protection is not None
        and bool(protection.get("workbookPassword") or protection.get("workbookHashValue")),
    )


@once
def _tabs(root: Node, relations: Sequence[Relation]) -> tuple[Tab, ...]:
    by_id = {relation.id: relation for relation in relations}
    tabs = []
    for node in root.children_of("sheets"):
        name = node.get("name") or ""
        relation = by_id.get(node.get_prefixed("id") or "")
        if relation is None or not name:
            raise corrupt(f"工作表“{name}”", "在工作簿中没有对应的部件")
        state = _STATES.get(node.get("state") or "", "visible")
        tabs.append(Tab(name, state, relation.kind, relation.target))
    return tuple(tabs)


def _without_names(text: str) -> tuple[str, list[str]]:
    """The workbook part without its defined names, and those in pieces.

    The areas to print differ from book to book; the rest, and most of the names, many books share.
    A part that is spelled in another way stays whole.
    """
    before, start, rest = text.partition("<definedNames>")
    names, end, after = rest.partition("</definedNames>")
    if not start or not end or not before.endswith(_BEFORE_NAMES) or not is_plain(text):
        return text, []
    return before + after, _BETWEEN_NAMES.split(names)


@remembered(512)
def _names_in(piece: str, sheets: Sequence[str]) -> tuple[DefinedName, ...]:
    return _names(parse(f"<n>{piece}</n>", "workbook").children, sheets)


def _names(nodes: Iterable[Node], sheets: Sequence[str]) -> tuple[DefinedName, ...]:
    found = []
    for node in nodes:
        index = whole(node.get("localSheetId"))
        sheet = sheets[index] if index is not None and index < len(sheets) else None
        name, text = node.get("name") or "", cell_text(node.text)
        found.append(DefinedName(name, sheet, text, is_true(node.get("hidden"))))
    return tuple(found)


def worksheets_of(package: Package) -> list[Tab]:
    """The worksheets of a workbook in tab order, without a look at any of them. Raises WorkbookError."""
    part = require_workbook(package)
    text, _ = _without_names(package.text(part))
    tabs = _tabs(parse(text, part), package.relations(part))
    return [tab for tab in tabs if tab.kind == "worksheet"]


class XlsxWorkbook(XlsxBook):
    """A workbook read from an OPC package. Every sheet is proved well-formed on opening."""

    def __init__(self, package: Package, path: Path | None, lookups: Lookups | None = None) -> None:
        super().__init__(package, path, lookups)
        self.refresh()

    def refresh(self) -> None:
        """Read the workbook part and its list of sheets."""
        text, pieces = _without_names(self.package.text(self.part))
        root = parse(text, self.part)
        self.date1904, self.protected, self.has_password = _flags(root)
        self.external_links = len(root.children_of("externalReferences"))
        self.tabs = _tabs(root, self.package.relations(self.part))
        sheets = tuple(tab.name for tab in self.tabs)
        named = _names(root.children_of("definedNames"), sheets)
        self.defined_names = (*named, *chain.from_iterable(_names_in(p, sheets) for p in pieces))
        worksheets = [tab for tab in self.tabs if tab.kind == "worksheet"]
        self.sheets = tuple(self._sheet(tab, index) for index, tab in enumerate(worksheets))

    def _sheet(self, tab: Tab, index: int) -> XlsxSheet:
        data, where = self.package.read(tab.part), f"工作表“{tab.name}”"
        part = SheetPart(data, tab.part, where, self.limits)
        return XlsxSheet(self, tab, index, part.scan, part)

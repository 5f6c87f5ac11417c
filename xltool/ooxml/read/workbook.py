"""Opening a workbook and reading what belongs to it as a whole."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Literal

from xltool.core.caches import remembered
from xltool.core.problems import system_reason
from xltool.ooxml.package.errors import WorkbookError, corrupt
from xltool.ooxml.package.limits import Limits
from xltool.ooxml.package.lockfile import permission_error
from xltool.ooxml.package.package import Package, Relation
from xltool.ooxml.package.sniff import container, require_workbook
from xltool.ooxml.package.xmltext import SMALL, cell_text, is_true, whole
from xltool.ooxml.package.xmltree import Node, once, parse
from xltool.ooxml.read.sheet import Sheet, State
from xltool.ooxml.read.sheetpart import SheetPart
from xltool.ooxml.read.strings import is_plain, scan_strings
from xltool.ooxml.read.styles import Format, Styles, may_show_dates
from xltool.ooxml.read.xlsxsheet import XlsxSheet

_BEFORE_NAMES = ("</sheets>", "</externalReferences>")
_BETWEEN_NAMES = re.compile("(?<=</definedName>)")
_STATES: dict[str, State] = {"hidden": "hidden", "veryHidden": "veryHidden"}


@dataclass(frozen=True)
class DefinedName:
    """A defined name. `sheet` is the sheet it belongs to, None for the whole workbook."""

    name: str
    sheet: str | None
    text: str
    hidden: bool


class Workbook:
    """An open workbook, read only. To change one, give it to an Editor.

    `sheets` are the worksheets in tab order; chart and dialog sheets are not among them.
    """

    def __init__(self, kind: Literal["xlsx", "xlsm", "xls"], path: Path | None) -> None:
        self.kind = kind
        self.path = path
        self.sheets: tuple[Sheet, ...] = ()
        self.defined_names: tuple[DefinedName, ...] = ()
        self.date1904 = False
        self.protected = False
        self.has_password = False
        """Protection of the structure asks for a password before it goes, or that is not known."""
        self.external_links = 0

    def __repr__(self) -> str:
        return f"<Workbook {self.path or self.kind}>"

    def release(self) -> None:
        """Let go of the sheets: they and the workbook hold each other, and only the collector would free them."""
        self.sheets = ()

    @property
    def may_show_dates(self) -> bool:
        """False when no cell format shows a number as a date."""
        return True

    @property
    def formats(self) -> Sequence[Format] | None:
        """Every cell format of the workbook, used or not; None where they are not known without its cells."""
        return None

    @property
    def file(self) -> str | None:
        """The name of the file, for messages."""
        return self.path.name if self.path else None

    @property
    def title(self) -> str:
        """What messages call it: its file, else just a workbook."""
        return self.file or "工作簿"

    def sheet(self, name: str) -> Sheet:
        """The worksheet of that name, exactly or else without regard to case. Raises KeyError."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        for sheet in self.sheets:
            if sheet.name.lower() == name.lower():
                return sheet
        raise KeyError(name)


@dataclass(frozen=True)
class Tab:
    """An entry of the sheet list: any kind of sheet, in tab order."""

    name: str
    state: State
    kind: str
    part: str


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


def _strings(text: str, limits: Limits) -> Mapping[str, str]:
    found = scan_strings(text, "共享字符串", limits) if text else ()
    return {str(index): string for index, string in enumerate(found)}


@remembered(16)
def _few_strings(text: str, limits: Limits) -> Mapping[str, str]:
    """Books filled from one template have its strings; what was filled in stands in the cells."""
    return _strings(text, limits)


class Lookups:
    """The parts that cells point into, read once and only when needed."""

    def __init__(self, strings: str, styles: str, limits: Limits, file: str | None) -> None:
        self._strings, self._styles = strings, styles
        self._limits, self._file = limits, file

    @cached_property
    def strings(self) -> tuple[str, ...]:
        """The shared strings, runs joined, phonetic ones left out."""
        return tuple(self.by_index.values())

    @cached_property
    def by_index(self) -> Mapping[str, str]:
        """The shared strings by their index as cells write it."""
        text = self._strings
        scan = _few_strings if len(text) <= SMALL else _strings
        try:
            return scan(text, self._limits)
        except WorkbookError as error:
            error.file = self._file
            raise

    @cached_property
    def may_show_dates(self) -> bool:
        """False when no cell format shows dates."""
        return may_show_dates(self._styles)

    @cached_property
    def styles(self) -> Styles:
        """The cell formats."""
        return Styles(parse(self._styles, "styles") if self._styles else None)


class XlsxWorkbook(Workbook):
    """A workbook read from an OPC package. Every sheet is proved well-formed on opening."""

    def __init__(self, package: Package, path: Path | None, lookups: Lookups | None = None) -> None:
        self.package = package
        self.limits = package.limits
        self.part = require_workbook(package)
        content_type = package.content_type(self.part)
        super().__init__("xlsm" if "macroEnabled" in content_type else "xlsx", path)
        self.lookups = lookups or self._read_lookups()
        self.refresh()

    @property
    def may_show_dates(self) -> bool:
        return self.lookups.may_show_dates

    @property
    def formats(self) -> Sequence[Format] | None:
        return self.lookups.styles.formats

    def _read_lookups(self) -> Lookups:
        strings, styles = self._optional("sharedStrings"), self._optional("styles")
        return Lookups(strings, styles, self.limits, self.file)

    def reread(self) -> None:
        """Read the formats and strings that cells point to anew, after they changed."""
        self.lookups = self._read_lookups()

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

    def _optional(self, kind: str) -> str:
        """The text of the part of a kind that a workbook has once or not at all."""
        parts = self.package.related(self.part, kind)
        return self.package.text(parts[0]) if parts else ""


DEFAULT_LIMITS = Limits()


def open_workbook(
    source: str | os.PathLike[str] | bytes, *, limits: Limits = DEFAULT_LIMITS
) -> Workbook:
    """Open an .xlsx, .xlsm, .xltx, .xltm or .xls file, or the bytes of one, told by content.

    The file is read at once and closed. Raises WorkbookError, whose message names the file and
    says what to do, when it is missing, locked, encrypted, damaged, hostile or no workbook.
    """
    path = None if isinstance(source, bytes) else Path(source)
    try:
        data = source if isinstance(source, bytes) else read_file(Path(source), limits)
        if len(data) > limits.max_file:
            raise _too_large(limits)
        if path is not None and path.suffix.lower() == ".et":
            raise WorkbookError(
                "unsupported",
                "这是 WPS 表格（.et）文件，本工具不支持。请用 WPS 另存为 .xlsx 后重试。",
            )
        if container(data) == "zip":
            return XlsxWorkbook(Package(data, limits), path)
        from xltool.ooxml.read.xls import open_xls

        return open_xls(data, path)
    except WorkbookError as error:
        error.file = path.name if path else None
        raise


def _too_large(limits: Limits) -> WorkbookError:
    return WorkbookError(
        "too-large", f"文件超过 {limits.max_file >> 20} MB，已拒绝打开。请核实文件，或拆分后再试。"
    )


def read_file(path: Path, limits: Limits) -> bytes:
    """The bytes of a file. Raises WorkbookError."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise WorkbookError("not-workbook", "这是文件夹，不是工作簿。")
        if not stat.S_ISREG(status.st_mode):
            raise WorkbookError("not-workbook", "这不是普通文件（是管道、设备之类），没有读。")
        if status.st_size > limits.max_file:
            raise _too_large(limits)
        return path.read_bytes()
    except FileNotFoundError:
        raise WorkbookError("missing", "文件不存在。请核对路径和文件名。") from None
    except PermissionError as error:
        raise permission_error(path, error) from None
    except OSError as error:
        raise WorkbookError(
            "missing", f"文件读不出来（{system_reason(error)}）。请核对路径。"
        ) from None

"""What the sheets of an .xlsx package share: the package, the strings and formats that cells point to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from xltool.core.caches import remembered
from xltool.ooxml.package.errors import WorkbookError
from xltool.ooxml.package.limits import Limits
from xltool.ooxml.package.package import Package
from xltool.ooxml.package.sniff import require_workbook
from xltool.ooxml.package.xmltext import SMALL
from xltool.ooxml.package.xmltree import parse
from xltool.ooxml.read.styles import Format, Styles, may_show_dates
from xltool.ooxml.read.workbook import State, Workbook
from xltool.ooxml.read.xlsx.strings import scan_strings


class Tab(NamedTuple):
    """An entry of the sheet list: any kind of sheet, in tab order."""

    name: str
    state: State
    kind: str
    part: str


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


class XlsxBook(Workbook):
    """A workbook in an OPC package, without its sheets: the parts that all of them point into."""

    def __init__(self, package: Package, path: Path | None, lookups: Lookups | None = None) -> None:
        self.package = package
        self.limits = package.limits
        self.part = require_workbook(package)
        content_type = package.content_type(self.part)
        super().__init__("xlsm" if "macroEnabled" in content_type else "xlsx", path)
        self.lookups = lookups or self._read_lookups()

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

    def _optional(self, kind: str) -> str:
        """The text of the part of a kind that a workbook has once or not at all."""
        parts = self.package.related(self.part, kind)
        return self.package.text(parts[0]) if parts else ""

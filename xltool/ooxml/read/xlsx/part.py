"""A worksheet part of an .xlsx package: its cells once somebody wants them, and what can be told before."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from xltool.ooxml.package.errors import WorkbookError, corrupt
from xltool.ooxml.read.refs import plain_ref
from xltool.ooxml.read.xlsx.book import XlsxBook
from xltool.ooxml.read.xlsx.cellsource import CellSource, RawCell
from xltool.ooxml.read.xlsx.sheetpart import SheetPart


class XlsxPart:
    """What the views of a sheet are made from; it stays when they are made anew.

    `open_source` is called on first use and gives the cells. Until then `unread` tells what it can without.
    """

    def __init__(
        self,
        book: XlsxBook,
        name: str,
        part: str,
        open_source: Callable[[], CellSource],
        unread: SheetPart | None,
    ) -> None:
        self.book, self.name, self.part = book, name, part
        self.unread = unread
        self._open_source = open_source

    @cached_property
    def source(self) -> CellSource:
        """The cells. Raises WorkbookError with the name of the file."""
        try:
            source = self._open_source()
        except WorkbookError as error:
            error.file = self.book.file
            raise
        del self._open_source  # it may hold the text, which is not needed any more
        self.unread = None
        return source

    @property
    def shell(self) -> str:
        """The part without its rows."""
        shell = self.unread.shell if self.unread else None
        return self.source.shell if shell is None else shell

    def row_attributes(self) -> list[tuple[int, str]]:
        """(row number, attributes as written) of every row element."""
        rows = self.unread.rows if self.unread else None
        return self.source.row_attributes() if rows is None else rows

    @property
    def has_no_formula(self) -> bool:
        """True when that is to be seen without reading the cells."""
        return self.unread is not None and not self.unread.may_have_formulas

    def cell(self, ref: str) -> RawCell | None:
        """A cell as stored; `ref` may be written with `$` and small letters."""
        return self.source.cell(ref) or self.source.cell(plain_ref(ref))

    def bad(self, ref: str, what: str) -> WorkbookError:
        """The error that names a cell, or with '' the sheet, whose content makes no sense."""
        cell = f"单元格 {ref}" if ref else ""
        error = corrupt(f"工作表“{self.name}”{cell}", f"的内容有误（{what}）")
        error.file = self.book.file
        return error

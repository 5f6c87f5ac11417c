"""Open workbooks: formulas in one openpyxl book, the values in memory in another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import openpyxl
import xlwings as xw
from openpyxl.workbook import Workbook
from openpyxl.worksheet.merge import MergedCellRange
from xlwings import base_classes as base

from .journal import ComError, recorded
from .saving import write_copy

if TYPE_CHECKING:
    from .app import App
    from .sheets import Sheets


def _without_borders(merged: MergedCellRange) -> None:
    """What Excel does to the cells of a merged range: nothing."""


def opened(path: Path, **how: bool) -> Workbook:
    """A workbook as it is in the file: openpyxl gives every cell of a merged range its borders, which takes half
    its time and Excel does not do.
    """
    with mock.patch.object(MergedCellRange, "format", _without_borders):
        return openpyxl.load_workbook(path, **how)


class Books(base.Books):
    def __init__(self, app: App) -> None:
        self.app, self.journal = app, app.journal
        self.items: list[Book] = []
        self.current: Book | None = None

    @property
    def active(self) -> Book:
        self.journal.note("active_book")
        assert self.current is not None
        return self.current

    def __call__(self, key: int | str) -> Book:
        if isinstance(key, int):
            return self.items[key - 1]
        for book in self.items:
            if book.name.lower() == key.lower():
                return book
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Book]:
        return iter(self.items)

    @recorded("open_book")
    def open(self, fullname: str, *args: Any, **kwargs: Any) -> Book:
        path = Path(fullname)
        if any(book.name.lower() == path.name.lower() for book in self.items):
            raise ComError("Excel 不能同时打开两个同名的工作簿")
        self.app.opened_under.append(self.app.security)
        return self.app.open(path)


class BookApi:
    """What the add-in asks of the Workbook object itself."""

    def __init__(self, book: Book) -> None:
        self._book, self.journal = book, book.journal

    @property
    def Path(self) -> str:  # noqa: N802
        return str(self._book.path.parent) if self._book.path else ""

    @property
    def FullName(self) -> str:  # noqa: N802
        return self._book.url or (str(self._book.path) if self._book.path else self._book.name)

    @property
    def ProtectStructure(self) -> bool:  # noqa: N802
        return self._book.structure_locked

    @property
    def ProtectWindows(self) -> bool:  # noqa: N802
        return False

    @property
    def ReadOnly(self) -> bool:  # noqa: N802
        return self._book.read_only

    @recorded("unprotect_book")
    def Unprotect(self, password: str) -> None:  # noqa: N802
        security = self._book.formulas.security
        if security and security.workbookPassword:
            raise ComError("您提供的密码不正确")
        self._book.structure_locked = False

    @recorded("protect_book")
    def Protect(self, password: str, structure: bool, windows: bool) -> None:  # noqa: N802
        assert password == "" and not windows
        self._book.structure_locked = structure

    @recorded("SaveCopyAs")
    def SaveCopyAs(self, target: str) -> None:  # noqa: N802
        if self._book.copies_forbidden:
            raise ComError("此工作簿受信息权限管理限制")
        write_copy(self._book.formulas, self._book.values, Path(target))


class Book(base.Book):
    app: Any = None
    api: Any = None

    def __init__(self, app: App, path: Path | None) -> None:
        self.app, self.path, self.journal = app, path, app.journal
        self.formulas: Workbook
        self.values: Workbook
        if path:
            macros = path.suffix.lower() == ".xlsm"
            self.formulas = opened(path, keep_vba=macros, rich_text=True)
            self.values = opened(path, data_only=True)
        else:
            self.formulas, self.values = openpyxl.Workbook(), openpyxl.Workbook()
        security = self.formulas.security
        self.structure_locked = bool(security and security.lockStructure)
        self.copies_forbidden = self.read_only = self.refuses_to_close = False
        self.url = ""
        self.api = BookApi(self)

    @property
    def name(self) -> str:
        return self.path.name if self.path else "工作簿1"

    @property
    def fullname(self) -> str:
        if self.url:
            raise xw.XlwingsError("Couldn't find your local OneDrive folder")
        return str(self.path) if self.path else self.name

    @property
    def sheets(self) -> Sheets:
        from .sheets import Sheets

        return Sheets(self)

    @recorded("activate_book")
    def activate(self) -> None:
        self.app.books.current = self

    @recorded("close_book")
    def close(self) -> None:
        if self.refuses_to_close and self.app.settings["enable_events"]:
            return  # a Workbook_BeforeClose that sets Cancel: Excel raises nothing
        self.app.books.items.remove(self)
        self.app.forget(self)
        if self.app.books.current is self:
            self.app.books.current = next(iter(self.app.books.items), None)

    def save_as(self, target: Path) -> None:
        """As the person saves the workbook: not in the journal."""
        write_copy(self.formulas, self.values, target)
        self.path = target

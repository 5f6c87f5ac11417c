"""Engine, applications and their settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from xlwings import base_classes as base

from .books import Book, Books
from .journal import ComError, Journal, recorded
from .values import from_error

MACROS_RUN, MACROS_AS_SET, MACROS_OFF = 1, 2, 3
"""How a workbook is opened by a program; Excel starts with the first."""

_START = {
    "screen_updating": True,
    "display_alerts": True,
    "enable_events": True,
    "calculation": "automatic",
    "status_bar": False,
}


class Engine:
    name, type = "fake-excel", "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:
        return "" if value is None else value

    @staticmethod
    def clean_value_data(
        data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool
    ) -> list[list[Any]]:
        def clean(value: Any) -> Any:
            if value in ("", None):
                return empty_as
            if isinstance(value, dt.datetime):
                return datetime_builder(year=value.year, month=value.month, day=value.day)
            if isinstance(value, int) and not isinstance(value, bool):
                return from_error(value) if err_to_str else None
            return number_builder(value) if number_builder and isinstance(value, float) else value

        return [[clean(value) for value in row] for row in data]


class Apps(base.Apps):
    def __init__(self) -> None:
        self.items: list[App] = []

    def keys(self) -> list[int]:
        return [app.pid for app in self.items]

    def __iter__(self) -> Iterator[App]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, pid: int) -> App:
        return next(app for app in self.items if app.pid == pid)


class AppApi:
    """What the add-in asks of the Application object itself."""

    def __init__(self, app: App) -> None:
        self._app, self.journal = app, app.journal

    @property
    def ActiveCell(self) -> Any:  # noqa: N802
        self.journal.note("ActiveCell")
        app = self._app
        assert app.books.current is not None
        return app.active_cell or app.books.current.sheets.active.range("A1").api

    @property
    def AutomationSecurity(self) -> int:  # noqa: N802
        return self._app.security

    @AutomationSecurity.setter
    def AutomationSecurity(self, wanted: int) -> None:  # noqa: N802
        assert wanted in (MACROS_RUN, MACROS_AS_SET, MACROS_OFF)
        self._app.security = wanted

    @recorded("GetOpenFilename")
    def GetOpenFilename(self, filters: str, index: int, title: str) -> str | bool:  # noqa: N802
        return self._chosen(filters)

    @recorded("GetSaveAsFilename")
    def GetSaveAsFilename(  # noqa: N802
        self, name: str, filters: str, index: int, title: str
    ) -> str | bool:
        return self._chosen(filters)

    def _chosen(self, filters: str) -> str | bool:
        if len(filters.split(",")) % 2:
            raise ComError("筛选器不成对")
        return self._app.chosen.pop(0) if self._app.chosen else False


class App(base.App):
    pid = hwnd = 4242
    version = "16.0"
    path = "fake"
    visible = True
    books: Any = None
    api: Any = None

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.journal = Journal()
        self.settings: dict[str, Any] = dict(_START)
        self.alerts: list[str] = []
        self.answers: list[str] = []
        self.chosen: list[str | bool] = []
        self.selections: dict[tuple[str, str], Any] = {}
        self.active_cell: Any = None
        self.security = MACROS_RUN
        self.opened_under: list[int] = []
        self.books = Books(self)
        self.api = AppApi(self)

    @property
    def selection(self) -> Any:
        self.journal.note("selection")
        book = self.books.active
        sheet = book.sheets.active
        return self.selections.get((book.name, sheet.name)) or sheet.range("A1")

    def activate(self, steal_focus: bool = False) -> None:
        self.journal.note("activate_app")

    def alert(
        self, prompt: str, title: str, buttons: str, mode: str, callback: Callable[..., Any] | None
    ) -> str:
        self.journal.note("alert")
        if not self.settings["screen_updating"]:
            raise ComError("消息框弹出时屏幕刷新还关着")
        self.alerts.append(prompt)
        return self.answers.pop(0) if self.answers else "no" if buttons == "yes_no" else "ok"

    def open(self, path: Path) -> Book:
        """As the person opens a workbook: not in the journal."""
        book = Book(self, path)
        self.books.items.append(book)
        self.books.current = book
        return book

    def forget(self, book: Book) -> None:
        """What was selected in a workbook goes with it."""
        kept = {at: area for at, area in self.selections.items() if area.sheet.book is not book}
        self.selections = kept
        if self.active_cell is not None and self.active_cell._owner.sheet.book is book:
            self.active_cell = None

    def new(self) -> Book:
        """As the person makes a new workbook."""
        book = Book(self, None)
        self.books.items.append(book)
        self.books.current = book
        return book


def _setting(name: str) -> property:
    def get(self: App) -> Any:
        self.journal.note(f"get {name}")
        return self.settings[name]

    def put(self: App, value: Any) -> None:
        self.journal.note(f"set {name}", value)
        self.settings[name] = value

    return property(get, put)


for _name in _START:
    setattr(App, _name, _setting(_name))

"""Leaving Excel as it was found: settings, selection, active sheet and workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from xltool.hosts import com

if TYPE_CHECKING:
    import xlwings as xw

QUIET: dict[str, Any] = {
    "screen_updating": False,
    "enable_events": False,
    "display_alerts": False,
    "calculation": "manual",
}
"""How Excel is set while work goes on. Events are off, so that no macro of the workbook runs."""


@contextmanager
def undisturbed(book: xw.Book, text: str) -> Iterator[None]:
    """Work on `book` with `text` in the status bar; afterwards all is as before, errors or not."""
    app = book.app
    before = {name: getattr(app, name) for name in (*QUIET, "status_bar")}
    place = _place(book)
    try:
        app.status_bar = text
        for name, value in QUIET.items():
            setattr(app, name, value)
        yield
    finally:
        steps: list[Callable[[], None]] = [place]
        # the screen comes last: nobody is to see the workbook in between
        for name in ("calculation", "display_alerts", "enable_events", "status_bar"):
            steps.append(_setting(app, name, before[name]))
        steps.append(_setting(app, "screen_updating", before["screen_updating"]))
        _all(steps)


def _setting(app: xw.App, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(app, name, value)


def _place(book: xw.Book) -> Callable[[], None]:
    """How to come back to the place in `book` where the person is now."""
    app = book.app
    sheet = book.sheets.active
    selection = app.selection
    address = selection.address if selection is not None else None
    cell = com.active_cell(app) if address else None

    def back() -> None:
        book.activate()
        sheet.activate()
        if address:
            sheet.range(address).select()
        if cell and cell != address:
            com.activate_cell(sheet, cell)

    return back


def _all(steps: list[Callable[[], None]]) -> None:
    """Take every step, then raise what went wrong first."""
    failed: Exception | None = None
    for step in steps:
        try:
            step()
        except Exception as error:  # Excel's errors have no common class of their own
            failed = failed or error
    if failed is not None:
        raise failed

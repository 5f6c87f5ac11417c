"""Leaving Excel as it was found: settings, selection, active sheet and workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from xltool.addin.hosts import com
from xltool.core.printable import harmless, one_line

if TYPE_CHECKING:
    import xlwings as xw

QUIET: dict[str, Any] = {
    "screen_updating": False,
    "enable_events": False,
    "display_alerts": False,
}
"""How Excel is set while work goes on. Events are off, so that no macro of the workbook runs.

The way of calculating is left alone: a copy that is saved meanwhile would take it along.
"""


@contextmanager
def undisturbed(book: xw.Book, text: str) -> Iterator[None]:
    """Work on `book` with `text` in the status bar; afterwards all is as before, errors or not."""
    app = book.app
    before = {name: getattr(app, name) for name in (*QUIET, "status_bar")}
    place = _place(app)
    try:
        app.status_bar = harmless(one_line(text))
        for name, value in QUIET.items():
            setattr(app, name, value)
        yield
    finally:
        steps: list[Callable[[], None]] = [place]
        # the screen comes last: nobody is to see the workbook in between
        for name in ("display_alerts", "enable_events", "status_bar"):
            steps.append(_setting(app, name, before[name]))
        steps.append(_setting(app, "screen_updating", before["screen_updating"]))
        _all(steps)


def _setting(app: xw.App, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(app, name, value)


def _place(app: xw.App) -> Callable[[], None]:
    """How to come back to the place where the person is now."""
    front = app.books.active
    sheet = front.sheets.active
    selection, cell = app.selection, com.active_cell(app)

    def back() -> None:
        front.activate()
        sheet.activate()
        if selection is not None:
            selection.select()
            com.activate_cell(cell)

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

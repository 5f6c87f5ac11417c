"""Starts the stand-in for Excel in the process that a button starts, and tells what came of it."""

from __future__ import annotations

import atexit
import json
import os
import sys
from pathlib import Path

from tests.addin.fakeexcel import start

_app = start()
for _path in os.environ["REPLAY_BOOKS"].split("\n"):
    _app.open(Path(_path))
if sys.platform == "win32":
    # there the add-in asks the system for the Excel of a window; only this one has any
    import xlwings._xlwindows as windows

    windows.App = lambda xl: {_app.hwnd: _app}[xl]
_front = Path(os.environ["REPLAY_FRONT"]).name
_app.books.current = next(book for book in _app.books.items if book.name == _front)


def _tell() -> None:
    sheets = {book.name: book.formulas.sheetnames for book in _app.books.items}
    told = {"alerts": _app.alerts, "sheets": sheets}
    Path(os.environ["REPLAY_OUT"]).write_text(json.dumps(told), encoding="utf-8")


atexit.register(_tell)

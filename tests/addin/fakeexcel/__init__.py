"""A strict stand-in for Excel behind xlwings' public base classes, on openpyxl.

It has what the add-in uses and nothing else: any other call raises. It imitates what bites with COM:
numbers are floats, errors integers, a range's value a scalar or a tuple of tuples; one note per cell;
protected sheets and workbooks refuse; addresses end at 255 characters; the used range need not begin
at A1; names are told apart without regard to case. Every call into it is kept in the journal.
"""

from __future__ import annotations

import xlwings as xw

from .app import App, Apps, Engine
from .journal import ComError, Journal

__all__ = ["App", "ComError", "Journal", "start"]


def start() -> App:
    """A fresh Excel, the only engine that xlwings knows."""
    engine = Engine()
    app = App(engine)
    engine.apps.items.append(app)
    wrapped = xw.Engine(impl=engine)
    xw.engines.engines[:] = [wrapped]
    xw.engines.engines_by_name.clear()
    xw.engines.engines_by_name[engine.name] = wrapped
    xw.engines.active = wrapped
    return app


_ = Apps

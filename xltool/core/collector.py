"""Python's collector of cycles, which goes through the cells of a book many times and finds nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collecting_nothing() -> Iterator[None]:
    """Without the collector; afterwards it is as it was.

    Where it is off already, by another call or by the program, nothing is touched: of calls in several threads
    each turns on again only what it turned off.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

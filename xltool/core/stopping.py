"""A request to end counts like Ctrl-C, however the system makes it: what is done is kept, the rest cleaned up."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ASKED = [signal.SIGTERM]
if sys.platform == "win32":
    _ASKED.append(signal.SIGBREAK)

_CLOSED = (2, 5, 6)
"""What Windows tells a program in a black window: it is being closed, the user signs out, the machine goes down."""
_GIVEN = 10.0
"""Seconds. Windows ends a program five after it has told it so, or as soon as it has answered."""

_listening: list[bool] = []
"""One for each `stoppable` that is under way."""
_heard: list[object] = []
"""What the system calls; it does not keep it."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise KeyboardInterrupt inside when the process is asked to end (SIGTERM, Ctrl-Break) or its window is closed."""
    before = {number: signal.signal(number, _interrupt) for number in _ASKED}
    _hear_closing()
    _listening.append(True)
    try:
        yield
    finally:
        _listening.pop()
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _hear_closing() -> None:
    """Windows: hear that the window is closed, for as long as the process lives.

    Windows says so in a thread of its own and ends the process when that has answered. So it does not answer while
    the main thread is interrupted and cleans up. Otherwise the process would end in the middle of what it does.
    """
    if sys.platform == "win32" and not _heard:
        import ctypes
        from ctypes import wintypes

        def told(event: int) -> bool:
            if event not in _CLOSED or not _listening:
                return False
            signal.raise_signal(signal.SIGINT)
            time.sleep(_GIVEN)
            return True

        heard = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)(told)
        ctypes.windll.kernel32.SetConsoleCtrlHandler(heard, True)
        _heard.append(heard)

"""For a door without the black window (pythonw.exe): what is said goes to a file, trouble also into a box."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

from xltool.core.locks import locked_file
from xltool.core.resources import user_folder

NAME = "page.log"


@contextmanager
def windowless() -> Iterator[Callable[[int], None]]:
    """Take in what is printed where there is no window to print it in; to be called with the exit code at the end."""
    if cast(Any, sys.stdout) is not None:
        yield lambda code: None
        return
    with _log() as file:
        sys.stdout = sys.stderr = file

        def told(code: int) -> None:
            file.flush()
            if code:
                file.seek(0)
                box(file.read())

        yield told


def _log() -> IO[str]:
    """The file, begun anew; memory where there can be none, or it is that of a page which still runs.

    Trouble must be told all the same.
    """
    path = user_folder() / NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = locked_file(path, "a+b")
    except OSError:
        file = None
    if file is None:
        return io.StringIO()
    file.truncate(0)
    return io.TextIOWrapper(file, encoding="utf-8", newline="", line_buffering=True)


def box(text: str) -> None:
    """Show a message."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, "xltool", 0x30)

"""For a door without the black window (pythonw.exe): what is said goes to a file, trouble also into a box."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from xltool.core.resources import user_folder

NAME = "page.log"


@contextmanager
def windowless() -> Iterator[Callable[[int], None]]:
    """Take in what is printed where there is no window to print it in; to be called with the exit code at the end."""
    if cast(Any, sys.stdout) is not None:
        yield lambda code: None
        return
    path = user_folder() / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        sys.stdout = sys.stderr = file

        def told(code: int) -> None:
            file.flush()
            if code:
                box(path.read_text(encoding="utf-8"))

        yield told


def box(text: str) -> None:
    """Show a message."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, "xltool", 0x30)

"""Files that are locked by an open handle: the system lets go when the process ends, however it ends."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

_BEHIND = 1 << 30
"""A byte behind all content: on Windows what is locked cannot be read by others."""


def lock(file: IO[bytes]) -> None:
    """Lock an open file until it is closed. Raises OSError (held by another, or no locks here)."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(_BEHIND)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def locked_file(path: Path, mode: str = "ab") -> IO[bytes] | None:
    """The file, opened and locked; None when another process holds it.

    Raises OSError when it can't be opened, or where there are no locks, as on some shares.
    """
    file: IO[bytes] = path.open(mode)
    try:
        lock(file)
    except (BlockingIOError, PermissionError):
        file.close()
        return None
    except OSError:
        file.close()
        raise
    return file


def is_held(path: Path) -> bool:
    """Whether another program has a file, or one in a folder, open and lets nobody in, which Windows alone does.

    Opening such a file is just "denied" to Python, and so is replacing it, or renaming a folder above it.
    """
    if sys.platform == "win32":
        with suppress(OSError):  # gone while it is looked through
            return any(map(_is_shut, path.rglob("*") if path.is_dir() else [path]))
    return False


def _is_shut(path: Path) -> bool:
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateFileW.restype = ctypes.c_void_p
        handle = kernel.CreateFileW(str(path), 0x80000000, 0, None, 3, 0, None)
        if handle == ctypes.c_void_p(-1).value:
            return ctypes.get_last_error() in (32, 33)
        kernel.CloseHandle(ctypes.c_void_p(handle))
    return False

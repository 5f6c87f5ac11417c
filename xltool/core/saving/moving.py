"""Renaming and removing as Windows lets one: what others look into for a moment is tried again.

Virus scanners, indexers and OneDrive open what has just been written. While they do, neither the file nor a folder
above it can be renamed or removed there; the system calls that "access denied".
"""

from __future__ import annotations

import shutil
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds before each further try. Who holds a file longer has it open."""


def rename(source: Path, target: Path) -> None:
    """As `Path.rename`. Raises OSError."""
    _patiently(lambda: source.rename(target))


def replace(source: Path, target: Path) -> None:
    """As `Path.replace`. Raises OSError."""
    _patiently(lambda: source.replace(target))


def remove_file(path: Path) -> None:
    """As `Path.unlink`. Raises OSError."""
    _patiently(path.unlink)


def remove_folder(folder: Path) -> None:
    """Remove a folder with all in it, on Windows also what is marked as read-only. Raises OSError."""
    if sys.platform == "win32":
        for path in (folder, *folder.rglob("*")):
            path.chmod(stat.S_IRWXU)
    _patiently(lambda: shutil.rmtree(folder))


def _patiently(act: Callable[[], object]) -> None:
    for wait in _WAITS if sys.platform == "win32" else ():
        try:
            act()
        except PermissionError:
            time.sleep(wait)
        else:
            return
    act()

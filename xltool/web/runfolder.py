"""The private folder of one run: locked while the run lives, so that the next start can tell what is left over."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from xltool.core.locks import locked_file

PREFIX = "xltool-serve-"
_LOCK = "run.lock"
_FRESH = 60.0
"""Seconds within which a folder without a lock may be one that is just being made."""


class RunFolder:
    """A new folder that only this user can read. `close` removes it with all that is in it."""

    def __init__(self, parent: Path | None = None) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        lock = locked_file(self.path / _LOCK, "a+b")
        assert lock is not None, "a new folder cannot be locked by another run"
        self._lock: IO[bytes] = lock

    def close(self) -> None:
        """Remove the folder; what another program still holds open goes at the next start."""
        for _ in range(20):
            remove_tree(self.path, keep=_LOCK)
            if [entry.name for entry in self.path.iterdir()] in ([_LOCK], []):
                break
            time.sleep(0.1)
        self._lock.close()
        remove_tree(self.path)


def remove_leftovers(parent: Path | None = None) -> int:
    """Remove the folders of runs that ended without cleaning up; how many there were."""
    removed = 0
    for folder in Path(parent or tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _is_own(folder) and _is_dead(folder):
            remove_tree(folder)
            removed += not folder.exists()
    return removed


def remove_tree(folder: Path, keep: str = "") -> bool:
    """Remove a folder as far as that is possible now, but for the file `keep` in it; whether it is gone."""
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.name == keep:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            with suppress(OSError):
                entry.unlink()
    with suppress(OSError):
        folder.rmdir()
    return not folder.exists()


def _is_own(folder: Path) -> bool:
    """Whether it is a real folder of this user: in a shared /tmp others can make names too."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    getuid = getattr(os, "getuid", None)
    return getuid is None or folder.stat().st_uid == getuid()


def _is_dead(folder: Path) -> bool:
    try:
        if not (folder / _LOCK).exists():
            return time.time() - folder.stat().st_mtime > _FRESH
        lock = locked_file(folder / _LOCK, "a+b")
    except OSError:
        return False
    if lock is None:
        return False
    lock.close()
    return True

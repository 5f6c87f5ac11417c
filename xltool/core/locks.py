"""Files that are locked by an open handle: the system lets go when the process ends, however it ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO


def lock(file: IO[bytes]) -> None:
    """Lock an open file until it is closed. Raises OSError (held by another, or no locks here)."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def locked_file(path: Path, mode: str = "ab") -> IO[bytes] | None:
    """The file, opened and locked; None when another process holds it. Raises OSError when it can't be opened."""
    file: IO[bytes] = path.open(mode)
    try:
        lock(file)
    except OSError:
        file.close()
        return None
    return file

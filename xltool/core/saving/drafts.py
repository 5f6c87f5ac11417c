"""Drafts: what is being written, beside its target, under names that prove themselves.

A name ends with a check of its random part, and a draft in hand is locked (Windows: cannot be deleted while it
is open). So what a kill left is told from the files of the user and from the drafts of other runs.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Literal

from xltool.core.locks import lock

Kind = Literal["tmp", "old", "journal"]
"""Being written or thrown away; moved out of the way; which drafts are about to take which names."""

_NAME = re.compile(r"\.xltool-([0-9a-f]{16})([0-9a-f]{8})\.(tmp|old|journal)")
_FRESH = 10.0
"""Seconds within which, on Windows, a draft may be closed and not yet renamed."""


def fresh(folder: Path, kind: Kind = "tmp") -> Path:
    """A new name in `folder`."""
    token = os.urandom(8).hex()
    return folder / f".xltool-{token}{_check(token)}.{kind}"


def kind_of(name: str) -> str:
    """The kind of a draft by its name; "" when it is none."""
    found = _NAME.fullmatch(name)
    return found[3] if found and found[2] == _check(found[1]) else ""


def _check(token: str) -> str:
    return hashlib.sha256(f"xltool {token}".encode()).hexdigest()[:8]


def open_draft(folder: Path) -> tuple[Path, IO[bytes]]:
    """A new draft, locked while it is open. Raises OSError."""
    while True:
        draft = fresh(folder)
        file = draft.open("xb")
        if sys.platform == "win32":
            return draft, file
        try:
            lock(file)
        except BlockingIOError:  # another run took it for a dead one
            file.close()
            continue
        except OSError:  # a file system without locks
            return draft, file
        if os.fstat(file.fileno()).st_nlink:
            return draft, file
        file.close()


def remove_dead(draft: Path) -> None:
    """Remove a draft that nobody is writing, as far as that can be done."""
    with suppress(OSError):
        if sys.platform == "win32":
            if time.time() - draft.stat().st_mtime > _FRESH:
                discard(draft)
            return
        handle = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            lock_handle(handle)
            discard(draft)
        finally:
            os.close(handle)


def discard(path: Path) -> None:
    """Remove a file or a folder with all in it, as far as that can be done."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def lock_handle(handle: int) -> None:
    """Lock a draft that is a folder, by its open handle. Raises OSError."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def place(draft: Path, target: Path, *, overwrite: bool) -> None:
    """Give a draft its name, in one step. Raises OSError; FileExistsError without `overwrite`."""
    if overwrite:
        draft.replace(target)
    elif sys.platform == "win32" or draft.is_dir():
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, "exists", str(target))
        draft.rename(target)  # on Windows refuses a name that was given meanwhile
    else:
        _place_new(draft, target)
    sync(target.parent)


def _place_new(draft: Path, target: Path) -> None:
    try:
        os.link(draft, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: the name is taken first, then filled
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        try:
            draft.replace(target)
        except BaseException:
            target.unlink()
            raise
    else:
        draft.unlink()


def sync(folder: Path) -> None:
    """Have the names of a folder on the disk, where the system can."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

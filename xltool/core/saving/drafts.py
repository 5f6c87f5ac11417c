"""Drafts: what is being written, beside its target, under names that prove themselves.

A name ends with a check of its random part, and a draft in hand is locked (Windows: a file beside it is open, which
nobody can delete then). So what a kill left is told from the files of the user and from the drafts of other runs.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Literal

from xltool.core.locks import lock
from xltool.core.saving.moving import remove_file, remove_folder, rename, replace

Kind = Literal["tmp", "old", "journal", "lock"]
"""Being written or thrown away; moved out of the way; which drafts are about to take which names; open while a
draft of the same name is in hand."""

_NAME = re.compile(r"\.xltool-([0-9a-f]{16})([0-9a-f]{8})\.(tmp|old|journal|lock)")


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


@contextmanager
def in_hand(draft: Path) -> Iterator[None]:
    """Windows: let no other run take a draft for dead, from before it is made until it has gone. Raises OSError.

    There a draft is closed before it takes its name, and a folder cannot be locked; elsewhere drafts are locked.
    """
    if sys.platform == "win32":
        keeper = draft.with_suffix(".lock")
        try:
            with keeper.open("xb"):
                yield
        finally:
            with suppress(OSError):
                keeper.unlink()
    else:
        yield


@contextmanager
def open_draft(folder: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A new draft, open, of this run alone; it is removed unless it has taken another name. Raises OSError."""
    with ExitStack() as stack:
        while True:
            draft = fresh(folder)
            stack.enter_context(in_hand(draft))
            stack.callback(discard, draft)
            file = stack.enter_context(draft.open("xb"))
            if _is_own(file):
                break
        yield draft, file


def _is_own(file: IO[bytes]) -> bool:
    """Lock a new draft; False when another run took it for a dead one."""
    if sys.platform == "win32":
        return True
    try:
        lock(file)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return os.fstat(file.fileno()).st_nlink > 0


def is_dead(draft: Path) -> bool:
    """Whether no run on Windows has a draft in hand; what says so is removed."""
    try:
        draft.with_suffix(".lock").unlink(missing_ok=True)
    except OSError:  # open
        return False
    return True


def remove_dead(draft: Path) -> None:
    """Remove a draft that nobody is writing, as far as that can be done."""
    with suppress(OSError):
        if not is_dead(draft):
            return
        if sys.platform == "win32":
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
            try:
                remove_folder(path)
            except OSError:
                shutil.rmtree(path, ignore_errors=True)
        else:
            remove_file(path)


def lock_handle(handle: int) -> None:
    """Lock a draft that is a folder, by its open handle. Raises OSError."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def place(draft: Path, target: Path, *, overwrite: bool) -> None:
    """Give a draft its name, in one step. Raises OSError; FileExistsError without `overwrite`."""
    if overwrite:
        replace(draft, target)
    elif sys.platform == "win32" or draft.is_dir():
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, "exists", str(target))
        rename(draft, target)  # on Windows refuses a name that was given meanwhile
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

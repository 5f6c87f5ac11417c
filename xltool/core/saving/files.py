"""Files that appear whole or not at all, one or several at once."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.saving.devices import is_device
from xltool.core.saving.drafts import open_draft, place
from xltool.core.saving.swap import swap, tidy

Contents = Sequence[tuple[Path, Iterable[bytes]]]


@contextmanager
def writing(target: Path, *, overwrite: bool, mode: int | None = None) -> Iterator[IO[bytes]]:
    """A file to write that takes the name of `target` at the end; on failure nothing has happened.

    A link stays a link, and an existing file keeps its mode; `mode` is that of a new file. Raises OSError;
    FileExistsError without `overwrite`.
    """
    target = _real(target)
    with _draft(target, overwrite=overwrite, mode=mode) as (draft, file):
        yield file
        _complete(file)
        place(draft, target, overwrite=overwrite)


def write_all(contents: Contents, *, overwrite: bool) -> None:
    """Write several files of one folder, all or none. Raises OSError, as `writing`."""
    with ExitStack() as stack:
        pairs = []
        for path, chunks in contents:
            target = _real(path)
            draft, file = stack.enter_context(_draft(target, overwrite=overwrite))
            file.writelines(chunks)
            _complete(file)
            pairs.append((draft, target))
        swap(pairs, overwrite=overwrite)


def _real(path: Path) -> Path:
    """Where a path leads; the name of a device leads nowhere."""
    return path if is_device(path) else Path(os.path.realpath(path))


@contextmanager
def _draft(
    target: Path, *, overwrite: bool, mode: int | None = None
) -> Iterator[tuple[Path, IO[bytes]]]:
    """A draft with the mode of its target; it is removed unless it has taken another name."""
    if is_device(target):
        raise OSError(errno.EINVAL, "a device", str(target))
    if not overwrite and os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, "exists", str(target))
    tidy(target.parent)
    with open_draft(target.parent) as (draft, file):
        _dress(draft, target, mode)
        yield draft, file


def _dress(draft: Path, target: Path, mode: int | None) -> None:
    """Give a draft the mode and the owner of what it will replace. Raises PermissionError (read-only)."""
    try:
        found = target.stat()
    except OSError:
        if mode is not None:
            draft.chmod(mode)
        return
    if not found.st_mode & stat.S_IWUSR:
        raise PermissionError(errno.EACCES, "read-only", str(target))
    draft.chmod(stat.S_IMODE(found.st_mode))
    if sys.platform != "win32":
        with suppress(OSError):
            os.chown(draft, found.st_uid, found.st_gid)


def _complete(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
    if sys.platform == "win32":  # an open file cannot be renamed there
        file.close()


def write_text(path: Path, text: str, *, force: bool) -> None:
    """Write a text whole or not at all, as UTF-8. Raises `InputError`."""
    try:
        with writing(path, overwrite=force) as file:
            file.write(text.encode())
    except FileExistsError:
        raise InputError(
            Problem(str(path), "文件已存在，没有覆盖", "换个文件名，或加 --force", code="exists")
        ) from None
    except OSError as error:
        raise InputError(
            Problem(str(path), f"写不了：{system_reason(error)}", code="unwritable")
        ) from error

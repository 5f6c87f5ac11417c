"""Workers for which the folder changes under their hands, by a word in the name of a book."""

from __future__ import annotations

import errno
from pathlib import Path

from xltool.batch import source, worker
from xltool.batch.task import Done, Task
from xltool.ooxml.package.limits import Limits

_read_file = source.read_file


def _changing(path: Path, limits: Limits) -> bytes:
    """As `read_file`, after somebody else did something to the file."""
    if "删" in path.name:
        path.unlink()
    if "换成文件夹" in path.name:
        path.unlink()
        path.mkdir()
    if "写到一半" in path.name:
        path.write_bytes(path.read_bytes()[:9000])
    if "锁" in path.name or "坏盘" in path.name:
        number = errno.EACCES if "锁" in path.name else errno.EIO
        return _failing(path, OSError(number, "no"), limits)
    return _read_file(path, limits)


def _failing(path: Path, error: OSError, limits: Limits) -> bytes:
    """Let the system refuse: a process of root may read whatever it likes."""

    def refuse(self: Path) -> bytes:
        raise error

    real = Path.read_bytes
    Path.read_bytes = refuse  # type: ignore[method-assign]
    try:
        return _read_file(path, limits)
    finally:
        Path.read_bytes = real  # type: ignore[method-assign]


def work(task: Task) -> Done:
    """As the real one, in a folder that is not left alone."""
    source.read_file = _changing  # type: ignore[attr-defined]
    return worker.work(task)

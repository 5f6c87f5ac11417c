"""Killing a command at a file event: a process that ends itself, without a chance to clean up.

An event is a step at which something on the disk is about to change: a file opened for writing, a name given,
taken or removed, a folder made, content sent to the disk. The process ends before the step is taken. It is a fork;
Windows has none, so there it is a new Python that is told the work by its name.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

KILLED = 86
_STEPS = frozenset(
    {
        "os.rename",
        "os.link",
        "os.symlink",
        "os.remove",
        "os.mkdir",
        "os.rmdir",
        "os.chmod",
        "os.truncate",
    }
)


def run_until(step: int, work: Callable[[], object], *folders: Path) -> int:
    """Do `work` in a fork that is killed at its event number `step` in `folders`: `KILLED`, or how it ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 99
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        _kill_at(step, tuple(folder.as_posix() for folder in folders))
        found = work()
        code = found if isinstance(found, int) else 0
    except BaseException:
        code = 99
    finally:
        os._exit(code)


def _kill_at(step: int, folders: tuple[str, ...]) -> None:
    left = [step]

    def count(event: str, args: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = args
            changes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if not changes or not isinstance(path, (str, bytes)):
                return
        elif event in _STEPS:
            path = args[0]
        else:
            return
        with suppress(TypeError, ValueError):
            if Path(os.fsdecode(path)).absolute().as_posix().startswith(folders):  # type: ignore[arg-type]
                _next(left)

    def synced(handle: int) -> None:
        _next(left)
        fsync(handle)

    fsync, os.fsync = os.fsync, synced
    sys.addaudithook(count)


def _next(left: list[int]) -> None:
    left[0] -= 1
    if not left[0]:
        os._exit(KILLED)


def kills(
    prepare: Callable[[], Path], work: Callable[[Path], object], *, every: int = 1
) -> Iterator[tuple[int, Path]]:
    """(step, folder) after each kill of `work`, a function of a module, in a fresh folder, until it runs through."""
    step = 1
    while True:
        folder = prepare()
        if sys.platform == "win32":
            code = _run_by_name(step, work, folder)
        else:
            code = run_until(step, lambda folder=folder: work(folder), folder)  # type: ignore[misc]
        if code != KILLED:
            assert code == 0, f"step {step}: the work failed"
            return
        yield step, folder
        step += every


def _run_by_name(step: int, work: Callable[[Path], object], folder: Path) -> int:
    words = [work.__module__, work.__name__, str(step), str(folder)]
    return subprocess.run(
        [sys.executable, "-m", __name__, *words], check=False, timeout=300
    ).returncode


if __name__ == "__main__":
    module, name, number, where = sys.argv[1:]
    told = getattr(importlib.import_module(module), name)
    _kill_at(int(number), (Path(where).as_posix(),))
    told(Path(where))

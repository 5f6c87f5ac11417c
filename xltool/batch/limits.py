"""Limits on one book: a thread in the worker that ends the process when the book takes too much.

A book that hangs in C code or eats memory can't be stopped from inside Python, so the process goes, and a
note says which book it was and why. The task is then done again, and passes over the book with a note.
"""

from __future__ import annotations

import faulthandler
import hashlib
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from xltool.batch.extras import arrow_alone
from xltool.batch.source import Source
from xltool.batch.task import Options
from xltool.core.saving.files import writing

STOPPED = 86
"""Exit code of a worker that ended itself."""

_INTERVAL = 0.05
_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class _Watched:
    note: Path
    started: float
    memory: int
    options: Options


class _Watch(threading.Thread):
    """One per process; only one book at a time is in hand (`at_work` sees to it)."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="xltool-watch")
        self.current: _Watched | None = None
        self.held: int | None = None
        """Bytes that the process held at the last look, before the book in hand was begun."""
        self._seen: _Watched | None = None
        self._process = psutil.Process()

    def memory(self) -> int:
        """Bytes that this process holds now."""
        return int(self._process.memory_info().rss)

    def run(self) -> None:
        parent = multiprocessing.parent_process()
        while True:
            time.sleep(_INTERVAL)
            watched = self.current
            if watched is not None and (reason := self.look(watched)):
                if watched is self.current:
                    _leave_note(watched.note, reason)
                    os._exit(STOPPED)
            elif parent is not None and not parent.is_alive():
                os._exit(STOPPED)

    def look(self, watched: _Watched) -> str:
        """Why the book in hand must be stopped, or ""; what quick ones left is not charged to those that follow."""
        if watched is not self._seen:
            self._seen, self.held = watched, self.memory()
        return self._excess(watched)

    def _excess(self, watched: _Watched) -> str:
        options = watched.options
        if time.monotonic() - watched.started > options.timeout:
            return f"处理超过 {options.timeout:g} 秒，已停止"
        if self.memory() - watched.memory > options.memory * _MB:
            return f"处理占用的内存超过 {options.memory} MB，已停止"
        return ""


_LATE = 5.0
_gate = threading.Lock()
_watches: list[_Watch] = []
_own: list[int] = []
"""In a process of our own: where the timer of last resort writes (nowhere)."""


def note_path(notes: Path, source: Source) -> Path:
    """Where it is noted that a book had to be stopped."""
    name = f"{source.name}\0{source.path}\0{source.member}"
    return notes / f"{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()}.txt"


def noted(notes: Path, source: Source) -> str:
    """Why a book had to be stopped before, or "" when it had not."""
    try:
        return note_path(notes, source).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _leave_note(path: Path, reason: str) -> None:
    with writing(path, overwrite=True) as file:
        file.write(reason.encode())


@contextmanager
def at_work() -> Iterator[None]:
    """The process belongs to one task: threads of a Dask worker wait for each other."""
    with _gate:
        if not _watches or not _watches[0].is_alive():
            watch = _Watch()
            watch.start()
            _watches[:] = [watch]
        yield


@contextmanager
def watched(source: Source, options: Options, notes: Path) -> Iterator[None]:
    """Hold a book to its limits, inside `at_work`."""
    watch = _watches[0]
    note = note_path(notes, source)
    if watch.held is None:
        watch.held = watch.memory()
    started = time.monotonic()
    watch.current = _Watched(note, started, watch.held, options)
    if _own:
        faulthandler.dump_traceback_later(options.timeout + _LATE, exit=True, file=_own[0])
    try:
        yield
    finally:
        watch.current = None
        if time.monotonic() - started > _INTERVAL:
            watch.held = None
        if _own:
            faulthandler.cancel_dump_traceback_later()


def bound_process(memory: int) -> None:
    """For processes of our own: limits that hold even when C code keeps the watching thread from running.

    No allocation goes far beyond the memory limit (only POSIX can do that), and a timer that needs no
    interpreter ends the process some seconds after the time limit.
    """
    _own[:] = [os.open(os.devnull, os.O_WRONLY)]
    arrow_alone()
    if sys.platform == "win32":
        return
    import resource

    ceiling = psutil.Process().memory_info().vms + (2 * memory + 1024) * _MB
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        ceiling = min(ceiling, hard)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))

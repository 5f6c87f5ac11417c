"""Workers for the tests: books that hang, eat memory or kill their process, by a word in their name."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

from xltool.batch import limits as watch
from xltool.batch import worker
from xltool.batch.source import Source
from xltool.batch.task import Beside, Done, Options, Task

_read = worker._read


def _odd(row: Any, content: bytes, source: Source, options: Options, beside: Beside) -> None:
    if "慢" in source.name:
        time.sleep(60)
    if "贪" in source.name:
        hoard = [bytearray(b"x" * (1 << 20)) for _ in range(2000)]
        time.sleep(60)
        del hoard
    if "巨" in source.name:
        bytearray(1 << 45)
    if "僵" in source.name:
        re.match(r"(a+)+$", "a" * 60 + "b")
    if "异" in source.name:
        row.details["problems"].append(("问题", None, None, "\ud800", None))
    if "崩" in source.name:
        os._exit(3)
    if "错" in source.name:
        raise ZeroDivisionError("odd")
    _read(row, content, source, options, beside)


def work(task: Task) -> Done:
    """As the real one, but for odd books."""
    worker._read = _odd
    return worker.work(task)


def stiff(task: Task) -> Done:
    """As `work`, with little patience for C code that keeps everything else from running."""
    watch._LATE = 0.2
    return work(task)


def dies_once(task: Task) -> Done:
    """The first process that gets a task is gone: as when the system kills one."""
    try:
        (task.work / "died").touch(exist_ok=False)
    except FileExistsError:
        return worker.work(task)
    os._exit(9)


def cannot_start(task: Task) -> Done:
    """A worker in which nothing works."""
    raise ImportError("no such library")


def cannot_write(task: Task) -> Done:
    """A worker that does not see the work folder."""
    raise FileNotFoundError(2, "No such file or directory", str(Path(task.work) / "parts"))

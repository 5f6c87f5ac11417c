"""Jobs that go wrong, and the server with one of them: `python -m tests.web.slow serve …`."""

from __future__ import annotations

import os
import time

from xltool.web import desks
from xltool.web.books import UploadResult, UploadTask


def endless(task: UploadTask) -> UploadResult:
    """Begins to write its result and never comes to an end."""
    task.out.mkdir()
    (task.out / "half.xlsx").write_bytes(b"half")
    while True:
        time.sleep(0.1)


def dying(task: UploadTask) -> UploadResult:
    """Takes its process down."""
    os._exit(9)


def failing(task: UploadTask) -> UploadResult:
    """Meets a fault of the program."""
    raise RuntimeError("a fault")


if __name__ == "__main__":
    from xltool.cli import main

    desks.process = endless
    main()

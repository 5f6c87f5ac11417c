"""Runs without worker processes: of a few books, starting a worker takes most of the time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any
from unittest import mock


@contextmanager
def without_workers() -> Iterator[None]:
    """What is converted and reviewed is done in this process, without the limits that a worker has."""
    from xltool.batch import convert, runner
    from xltool.review import run

    def here(*args: Any, **more: Any) -> runner.FinishedRun:
        return runner.process(*args, **{**more, "here": True})

    with mock.patch.object(convert, "process", here), mock.patch.object(run, "process", here):
        yield


ALONE = ("--jobs", "1")
"""What a command is given that needs no workers."""


def wants_one(words: Sequence[str]) -> bool:
    """Whether a command line asks for one worker: nothing in it depends on how many there are."""
    return ALONE in pairwise(words)

"""Where tasks run: worker processes of this machine, or the workers of a Dask scheduler.

Both give `concurrent.futures.Future`s. What is scheduled where is pebble's and Dask's business.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

from pebble import ProcessExpired, ProcessPool

from xltool.batch.source import Source
from xltool.batch.task import Done, Task
from xltool.core.problems import InputError, Problem

Work = Callable[[Task], Done]

_GRACE = 30.0
"""Seconds beyond the limits of its books after which a task's process is ended from outside."""

_PAYS = 1_000_000
"""Bytes of workbooks that are done in the time that one more worker takes to start."""

_REACH = 5.0
"""Seconds in which a scheduler must answer."""

_COUNT_AGAIN = 5.0
"""Seconds for which the number of Dask workers is believed."""


def died(error: Exception) -> bool:
    """Whether a task failed because its worker ended, or was ended for being too slow."""
    return isinstance(error, (ProcessExpired, TimeoutError, FutureTimeout))


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def workers_for(sources: Iterable[Source]) -> int:
    """As many workers as pay: for a few small books the second would start when the first is done."""
    total = 0
    for path in {source.path for source in sources}:
        with suppress(OSError):
            total += Path(path).stat().st_size
    return min(cores(), 1 + total // _PAYS)


class Pool(Protocol):
    """Something that does tasks."""

    @property
    def size(self) -> int:
        """How many workers there are."""

    def submit(self, work: Work, task: Task) -> Future[Done]:
        """Start a task. Raises `BrokenExecutor` when the pool can do no more."""

    def restart(self) -> None:
        """Begin anew after `BrokenExecutor`."""

    def stop(self) -> None:
        """End at once; tasks that are not finished are lost."""


class LocalPool:
    """Worker processes, started afresh (`spawn`) on every system."""

    def __init__(self, jobs: int, memory: int) -> None:
        self._jobs = jobs
        self._memory = memory
        self._start()

    @property
    def size(self) -> int:
        """See `Pool`."""
        return self._jobs

    def _start(self) -> None:
        from xltool.batch.limits import bound_process

        context = multiprocessing.get_context("spawn")
        self._pool: Any = ProcessPool(
            self._jobs, context=context, initializer=bound_process, initargs=(self._memory,)
        )

    def submit(self, work: Work, task: Task) -> Future[Done]:
        """See `Pool`."""
        limit = len(task.sources) * task.options.timeout + _GRACE
        try:
            with _deaf_to_ctrl_c():
                future: Future[Done] = self._pool.schedule(work, args=(task,), timeout=limit)
        except RuntimeError as error:
            raise BrokenExecutor(str(error)) from error
        return future

    def restart(self) -> None:
        """See `Pool`."""
        self.stop()
        self._start()

    def stop(self) -> None:
        """See `Pool`."""
        with suppress(RuntimeError):
            self._pool.stop()
        with suppress(RuntimeError):
            self._pool.join()


class OwnProcess:
    """No pool at all: a task is done where it is submitted. For a few books, which no process is worth."""

    size = 1

    def submit(self, work: Work, task: Task) -> Future[Done]:
        """See `Pool`."""
        future: Future[Done] = Future()
        try:
            future.set_result(work(task))
        except Exception as error:
            future.set_exception(error)
        return future

    def restart(self) -> None:
        """See `Pool`."""

    def stop(self) -> None:
        """See `Pool`."""


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Threads and processes started here never see Ctrl-C: stopping them is the main process's business.

    Otherwise a worker that is just starting would print where it was interrupted. Windows has it that a process
    that ignores Ctrl-C starts processes that do; one that is pressed at this moment is lost there.
    """
    if sys.platform == "win32":
        import ctypes

        ignore = ctypes.windll.kernel32.SetConsoleCtrlHandler
        ignore(None, True)
        try:
            yield
        finally:
            ignore(None, False)
        return
    from multiprocessing import resource_tracker

    # Its start would unblock the signal again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


async def _reach(address: str) -> None:
    """See that a scheduler is there: a client without one prints a traceback when it is thrown away."""
    from distributed.comm import core
    from distributed.core import send_recv
    from distributed.security import Security

    connect: Any = core.connect
    security: Any = Security
    own = security().get_connection_args("client")
    comm = await connect(address, timeout=_REACH, **own)
    try:
        who = await asyncio.wait_for(send_recv(comm, op="identity"), _REACH)
    finally:
        comm.abort()
    if who["type"] != "Scheduler":
        raise ValueError(who["type"])


class DaskPool:
    """The workers of a scheduler. They must see the inputs and the work folder under the same paths."""

    def __init__(self, address: str) -> None:
        import distributed

        client: Any = distributed.Client
        try:
            asyncio.run(_reach(address))
            self._client = client(address, timeout=_REACH, set_as_default=False)
        except Exception as error:
            # no address, nothing there, or anything else that answers there
            hint = "先运行 dask scheduler；地址如 tcp://主机:8786"
            raise InputError(
                Problem(address or "--dask", "连不上 Dask 调度器", hint, code="worker-failed")
            ) from error
        self._executor = self._client.get_executor(pure=False)
        self._counted, self._workers = -_COUNT_AGAIN, 1

    @property
    def size(self) -> int:
        """The workers that are there now; they may come and go."""
        if monotonic() - self._counted > _COUNT_AGAIN:
            with suppress(OSError, TimeoutError):
                self._workers = max(1, len(self._client.nthreads()))
            self._counted = monotonic()
        return self._workers

    def submit(self, work: Work, task: Task) -> Future[Done]:
        """See `Pool`."""
        try:
            future: Future[Done] = self._executor.submit(work, task)
        except Exception as error:
            raise BrokenExecutor(f"Dask：{error}") from error
        return future

    def restart(self) -> None:
        """The scheduler replaces its workers by itself."""

    def stop(self) -> None:
        """See `Pool`."""
        with suppress(Exception):
            self._executor.shutdown(wait=False)
        with suppress(Exception):
            self._client.close(timeout=5)


class Crew:
    """The workers of a run: called when there is something to do, they stay for what comes after.

    `jobs`: how many, None: as many as pay. `memory` in MB for one book; `here`: this process does it all.
    """

    def __init__(self, jobs: int | None, dask: str | None, memory: int, *, here: bool) -> None:
        self._jobs, self._dask, self._memory, self.here = jobs, dask, memory, here
        self._pool: Pool | None = None

    def pool(self, books: Sequence[Source]) -> Pool:
        """Workers for these books; those that are there already stay."""
        if self._pool is None:
            if self.here:
                self._pool = OwnProcess()
            elif self._dask is None:
                jobs = self._jobs or workers_for(books)
                self._pool = LocalPool(min(jobs, len(books)), self._memory)
            else:
                self._pool = DaskPool(self._dask)
        return self._pool

    def stop(self) -> None:
        """Send them home."""
        if self._pool is not None:
            self._pool.stop()

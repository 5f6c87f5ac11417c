"""Workers in processes of their own: a hostile workbook can neither block nor end the server."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from xltool.web.limits import ServerLimits
from xltool.web.work import warm_up

T = TypeVar("T")


class JobFailed(Exception):
    """A job that gave no result; the text says why, in Chinese."""


class Jobs:
    """A few workers, each with a time limit for every job."""

    def __init__(self, limits: ServerLimits) -> None:
        # spawn everywhere: the server has threads, and tests run what Windows runs
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPool(
            max_workers=limits.workers, max_tasks=200, initializer=warm_up, context=context
        )
        self._limit = limits.job

    def start(self) -> None:
        """Start the workers before anybody waits for them."""
        self._pool.schedule(warm_up)

    async def run(
        self, function: Callable[..., T], *args: Any, on_start: Callable[[], None] | None = None
    ) -> T:
        """The result of `function(*args)` in a worker. Raises `JobFailed`; ends the job when cancelled.

        `on_start` is called when a worker has taken the job up.
        """
        try:
            future = self._pool.schedule(function, args=args, timeout=self._limit)
        except RuntimeError:
            raise JobFailed("处理进程已经停止，请重新运行 xltool serve") from None
        waiting = asyncio.wrap_future(future)
        try:
            while on_start and not waiting.done():
                if future.running():
                    on_start()
                    break
                await asyncio.wait([waiting], timeout=0.1)
            return await waiting
        except asyncio.CancelledError:
            future.cancel()  # type: ignore[no-untyped-call]
            raise
        except asyncio.TimeoutError:
            message = (
                f"处理超过 {self._limit:.0f} 秒，已停止。请核对文件；电脑正忙的，过一会儿再放进来"
            )
            raise JobFailed(message) from None
        except ProcessExpired:
            raise JobFailed("处理中途异常终止，文件可能有问题，或内存不足") from None
        except Exception as error:
            raise JobFailed(f"程序出错：{type(error).__name__}: {error}") from error

    def stop(self) -> None:
        """End the workers, whatever they are doing."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

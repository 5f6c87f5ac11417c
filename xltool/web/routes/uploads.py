"""Receiving a file: piece by piece to disk, refused as soon as it is too much, nothing left of half a file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from starlette.requests import ClientDisconnect, Request

from xltool.web.desks import Refused
from xltool.web.limits import ServerLimits

_SMALL = 1 << 18


async def receive(
    request: Request, target: Path, limits: ServerLimits, hold: Callable[[int], None]
) -> int:
    """Write the body of `request` to `target`; its size. `hold` is told of every piece.

    Raises `Refused` (too large, empty, stalled, gone); then nothing is left of it and nothing is held.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limits.max_file:
        raise _too_large(limits)
    size = 0
    try:
        with target.open("xb") as file:
            async for piece in _pieces(request, limits.stall):
                if size + len(piece) > limits.max_file:
                    raise _too_large(limits)
                hold(len(piece))
                size += len(piece)
                await asyncio.to_thread(file.write, piece)
        if not size:
            raise Refused(400, "文件是空的")
    except BaseException:
        hold(-size)
        target.unlink(missing_ok=True)
        raise
    return size


async def small_body(request: Request, limits: ServerLimits) -> bytes:
    """The body of a request that is no file. Raises `Refused` (too large, stalled, gone)."""
    body = b""
    async for piece in _pieces(request, limits.stall):
        body += piece
        if len(body) > _SMALL:
            raise Refused(413, "请求太大，没有接收")
    return body


async def _pieces(request: Request, stall: float) -> AsyncIterator[bytes]:
    pieces = request.stream().__aiter__()
    while True:
        try:
            yield await asyncio.wait_for(pieces.__anext__(), stall)
        except StopAsyncIteration:
            return
        except asyncio.TimeoutError:
            raise Refused(408, "上传中断：太久没有收到数据") from None
        except ClientDisconnect:
            raise Refused(400, "上传中断") from None


def _too_large(limits: ServerLimits) -> Refused:
    return Refused(413, f"文件超过 {limits.max_file >> 20} MB，没有接收")

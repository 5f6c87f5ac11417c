"""One request and its answer: a refusal reaches the client even while that is still sending."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from starlette.types import Message, Receive, Send

from xltool.web.limits import MB

_REFUSED = 400
_MOST, _LONGEST, _PAUSE = 64 * MB, 3.0, 0.5


class Exchange:
    """Wraps the two ends of a request; `dress` may add headers to the answer.

    A server that closes while the client is sending resets the connection, and the client may lose the answer
    that it already had. So after a refusal the rest is read and thrown away, within bounds.
    """

    def __init__(self, receive: Receive, send: Send, dress: Callable[[Message], None]) -> None:
        self._receive, self._send, self._dress = receive, send, dress
        self._ended = self._refused = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            self._ended = True
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._refused = message["status"] >= _REFUSED
            self._dress(message)
        last = message["type"] == "http.response.body" and not message.get("more_body")
        if not last or self._ended or not self._refused:
            await self._send(message)
            return
        await self._send({**message, "more_body": True})
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._drain(), _LONGEST)
        await self._send({"type": "http.response.body"})

    async def _drain(self) -> None:
        left = _MOST
        while left > 0 and not self._ended:
            message = await asyncio.wait_for(self.receive(), _PAUSE)
            left -= len(message.get("body", b""))

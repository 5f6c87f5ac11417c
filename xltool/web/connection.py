"""Connections that send half a request and then nothing, or a little at a time, are closed."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol


def impatient(seconds: float) -> type[H11Protocol]:
    """Connections whose client has `seconds` for the head of each request, from the first byte that is due."""

    class Impatient(H11Protocol):
        _due: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._wait()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._wait()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            # the next head may have begun to come in before
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop()
            super().connection_lost(exc)

        def _wait(self) -> None:
            """Begin to wait when a head is due; while a request is answered none is.

            The timer runs on while pieces of the head come in. Between two requests it is uvicorn's own.
            """
            if self.cycle is not None and not self.cycle.response_complete:
                self._stop()
            elif self._due is None:
                self._due = self.loop.call_later(seconds, self.transport.close)

        def _stop(self) -> None:
            if self._due is not None:
                self._due.cancel()
                self._due = None

    return Impatient

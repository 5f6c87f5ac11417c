"""What proves who asks, made anew for each run of the server."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field


def _random() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """256 random bits for each purpose, so that one that gets out opens no other door."""

    token: str = field(default_factory=_random)
    """Programs show it in a header."""
    page: str = field(default_factory=_random)
    """The folder of the page in its address.

    A browser sends the cookies of 127.0.0.1 to every port there; one that is bound to this folder goes only
    to who is asked for the folder, and nobody else knows its name.
    """
    ticket: str = field(default_factory=_random)
    """Opens the page once."""
    cookie: str = field(default_factory=_random)
    """The browser that opened the page shows it from then on."""

    def address(self, host: str) -> str:
        """What is printed at the start."""
        return f"{self.again(host)}?once={self.ticket}"

    def again(self, host: str) -> str:
        """The address for the browser that has opened the page."""
        return f"http://{host}/{self.page}/"

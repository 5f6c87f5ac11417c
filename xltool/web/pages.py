"""Which pages are open: a server that was started by a double click ends when the last one is closed.

A page says that it is there, again and again, and says goodbye. Browsers slow the clocks of hidden pages down to
a minute, and stop those of pages that rest; these say so before. A machine that slept closes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

PageState = Literal["here", "resting", "gone"]
STATES: tuple[PageState, ...] = ("here", "resting", "gone")


class Pages:
    """What is known of the pages. Times in seconds."""

    GRACE = 8.0
    """After the last page said goodbye: it may only be loaded anew."""
    SILENCE = 150.0
    """Without a word a page is no more: its browser has ended."""
    RESTING = 30 * 60.0
    """The same for a page that the browser has put to rest."""
    FIRST = 300.0
    """For the first page to come."""
    PROGRAM = 600.0
    """After a program (the WPS add-in) has asked."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pages: dict[str, tuple[PageState, float]] = {}
        self._until = clock() + self.FIRST
        self._program = clock()
        self._looked = clock()
        self.opened = False
        """Whether there has been a page."""

    def tell(self, page: str, state: PageState) -> None:
        """Note what a page said of itself."""
        now = self._clock()
        if not self.opened:
            self.opened, self._until = True, now
        if state == "gone":
            self._pages.pop(page, None)
            self._until = now + self.GRACE
        else:
            self._pages[page] = (state, now)

    def asked(self) -> None:
        """Note that a program has asked for something."""
        self._program = self._clock() + self.PROGRAM

    def over(self, every: float) -> bool:
        """Whether nobody needs the server any more. Asked about once in `every` seconds."""
        now = self._clock()
        if (slept := now - self._looked - every) > every:
            self._pages = {name: (state, at + slept) for name, (state, at) in self._pages.items()}
            self._until += slept
            self._program += slept
        self._looked = now
        for name, (state, at) in list(self._pages.items()):
            if now - at > (self.RESTING if state == "resting" else self.SILENCE):
                del self._pages[name]
        return not self._pages and now > max(self._until, self._program)

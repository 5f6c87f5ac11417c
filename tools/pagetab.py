"""The page of the tool in a browser of its own, to be drawn."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.programs import BROWSER
from tests.web.chrome import Browser, Page
from tests.web.running import serving


@contextmanager
def page_tab(folder: Path, width: int, height: int) -> Iterator[Page]:
    """A tab with the page of a server in `folder`; both end with the block. Exits without Chromium."""
    browser = Browser(BROWSER.find() or sys.exit(BROWSER.missing), folder)
    try:
        with serving(folder / "serve") as running:
            yield browser.open(running.url, width=width, height=height)
    finally:
        browser.close()

"""Pages in a real browser without a window: what a script makes of them, what comes out of the printer."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.programs import run

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
)


def dom_after(browser: str, html: str, folder: Path) -> str:
    """The page as it stands after its scripts have run."""
    return _run(browser, html, folder, "--virtual-time-budget=1000", "--dump-dom")


def printed(browser: str, poppler: str, html: str, folder: Path) -> list[str]:
    """The texts of the pages that the page prints on, without spaces."""
    pdf = folder / "page.pdf"
    _run(browser, html, folder, "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    return ["".join(page.split()) for page in run(poppler, "-layout", pdf, "-").split("\f")[:-1]]


def _run(browser: str, html: str, folder: Path, *options: str) -> str:
    page = folder / "page.html"
    page.write_text(html, encoding="utf-8", newline="\n")
    profile = f"--user-data-dir={folder / 'profile'}"
    done = subprocess.run(
        [browser, *_FLAGS, profile, *options, page.as_uri()],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return done.stdout.decode("utf-8")

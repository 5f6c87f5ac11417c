"""The page as a window of its own, without tabs and address bar: Edge or Chrome can do that; else the usual browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

BROWSER = "XLTOOL_BROWSER"
"""The environment variable that names another browser of the Chromium family."""

_PROGRAMS = ("msedge.exe", "chrome.exe")
_PLACES = (r"Microsoft\Edge\Application\msedge.exe", r"Google\Chrome\Application\chrome.exe")
_NAMES = ("microsoft-edge", "google-chrome", "chromium", "chromium-browser")
_SIZE = "--window-size=1280,860"


def open_window(url: str) -> bool:
    """Show `url`; whether that worked as far as can be seen.

    A browser that is already open shows the window itself, and the process that was started ends at once.
    """
    for program in browsers():
        with suppress(OSError):
            subprocess.Popen(
                [program, f"--app={url}", _SIZE, "--no-first-run"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            return True
    return webbrowser.open(url)


def browsers() -> Iterator[str]:
    """The browsers of the Chromium family that are there, the best first."""
    if named := os.environ.get(BROWSER):
        yield named
    elif sys.platform == "win32":
        for program in _PROGRAMS:
            yield from _registered(program)
        for folder in ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA"):
            paths = (Path(os.environ.get(folder, ""), place) for place in _PLACES)
            yield from (str(path) for path in paths if path.is_file())
    else:
        yield from filter(None, map(shutil.which, _NAMES))


def _registered(program: str) -> Iterator[str]:
    """Where Windows says that a program is."""
    found: list[str] = []
    if sys.platform == "win32":
        import winreg

        key = rf"Software\Microsoft\Windows\CurrentVersion\App Paths\{program}"
        for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
            with suppress(OSError):
                found.append(winreg.QueryValue(root, key).strip('"'))
    yield from (path for path in found if Path(path).is_file())

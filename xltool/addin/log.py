"""Where the add-in writes what went wrong."""

from __future__ import annotations

import os
import sys
import traceback
from datetime import datetime
from pathlib import Path

from xltool.core.printable import harmless

FOLDER = "XLTOOL_LOGS"
"""The environment variable that names another folder for the log."""

_LARGEST = 1 << 20


def log_file() -> Path:
    """The log: one file per person, in their own folder."""
    if named := os.environ.get(FOLDER):
        return Path(named) / "addin.log"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return base / "xltool" / "addin.log"


def write_log(what: str, error: BaseException) -> Path:
    """Add an error with its traceback; the file. A full log begins anew."""
    path = log_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = "w" if path.exists() and path.stat().st_size > _LARGEST else "a"
    from xltool.core.version import __version__

    lines = [
        f"==== {datetime.now().isoformat(timespec='seconds')}　{what}　xltool {__version__}",
        f"Python {sys.version}　{sys.platform}　{sys.executable}",
        *(f"  {line}" for line in "".join(traceback.format_exception(error)).splitlines()),
        "",
    ]
    with path.open(mode, encoding="utf-8", newline="\n") as file:
        file.write("\n".join(map(harmless, lines)))
    return path

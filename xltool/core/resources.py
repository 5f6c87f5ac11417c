"""Where the data folders are: inside the installed package, or at the top of a checkout."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_INSTALLED = _PACKAGE / "_data"
ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent

MAPPINGS = ROOT / "mappings"
TEMPLATES = ROOT / "workbook_templates"
SAMPLES = ROOT / "samples"
DOCS = ROOT / "docs"


SHARED = "XLTOOL_SHARED"
"""Names a folder, often on a server, with what an office has in common."""


def chinese_names() -> bool:
    """Whether Python can name the files here: not where it was told that file names are ASCII."""
    try:
        os.fsencode("表")
    except UnicodeEncodeError:
        return False
    return sys.platform == "win32" or sys.getfilesystemencoding() == "utf-8"


def own_folders() -> tuple[Path, ...]:
    """Where things of one's own are found: the user's folder, then the one that an office shares."""
    shared = os.environ.get(SHARED)
    return (user_folder(), Path(shared)) if shared else (user_folder(),)


def user_folder() -> Path:
    """Where xltool keeps what belongs to this user: `XLTOOL_DATA`, or in the user's own data folder."""
    if given := os.environ.get("XLTOOL_DATA"):
        return Path(given)
    windows = sys.platform == "win32"
    if named := os.environ.get("LOCALAPPDATA" if windows else "XDG_DATA_HOME"):
        return Path(named) / "xltool"
    try:
        home = Path.home()
    except RuntimeError:  # an account without a home
        import tempfile

        return Path(tempfile.gettempdir()) / "xltool"
    return home.joinpath(*(("AppData", "Local") if windows else (".local", "share")), "xltool")

"""Names that are devices on Windows, in any folder and with any suffix: what is written to them is lost."""

from __future__ import annotations

import re
import sys
from pathlib import Path

_NAMES = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])[ ]*(?:[.:].*)?", re.I
)


def is_device_name(name: str) -> bool:
    """Whether a file's name is that of a device on Windows."""
    return _NAMES.fullmatch(name) is not None


def is_device(path: Path) -> bool:
    """Whether a path means a device on this system."""
    return sys.platform == "win32" and any(map(is_device_name, path.parts))

"""Where programs of this user find the running server: a small private file with its address and token."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path


def address_file() -> Path:
    """The file's place: `XLTOOL_ADDRESS`, or in the user's own data folder."""
    if given := os.environ.get("XLTOOL_ADDRESS"):
        return Path(given)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "xltool" / "serve.json"


def announce(url: str, token: str) -> bool:
    """Write the address where the WPS add-in looks for it, readable by this user only; whether that worked."""
    path = address_file()
    text = json.dumps({"url": url, "token": token})
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        return False
    return True


def withdraw(token: str) -> None:
    """Remove the file, unless another server has written it since."""
    path = address_file()
    with suppress(OSError, ValueError, KeyError, TypeError):
        if json.loads(path.read_text(encoding="utf-8"))["token"] == token:
            path.unlink()

"""Where programs of this user find the running server: a small private file with its address and token."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

from xltool.core.resources import user_folder
from xltool.core.saving.files import writing

_SECONDS = 5.0
"""For an answer of the running server."""


def address_file() -> Path:
    """The file's place: `XLTOOL_ADDRESS`, or in the user's own data folder."""
    if given := os.environ.get("XLTOOL_ADDRESS"):
        return Path(given)
    return user_folder() / "serve.json"


def announce(url: str, token: str) -> bool:
    """Write the address where the WPS add-in looks for it, readable by this user only; whether that worked."""
    path = address_file()
    text = json.dumps({"url": url, "token": token})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with writing(path, overwrite=True, mode=0o600) as file:
            file.write(text.encode())
    except OSError:
        return False
    return True


def withdraw(token: str) -> None:
    """Remove the file, unless another server has written it since."""
    path = address_file()
    with suppress(OSError, ValueError, KeyError, TypeError):
        if json.loads(path.read_text(encoding="utf-8"))["token"] == token:
            path.unlink()


def show_running() -> bool:
    """Whether a server is running that opened a window of its own, and has now opened another."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads(address_file().read_text(encoding="utf-8"))
        if not re.fullmatch(r"http://127\.0\.0\.1:\d+", told["url"]):
            return False
        request = Request(
            f"{told['url']}/api/window", b"", {"X-Xltool-Token": str(told["token"])}, method="POST"
        )
        direct = build_opener(ProxyHandler({}))
        with direct.open(request, timeout=_SECONDS) as answer:
            return bool(answer.status == 204)
    return False

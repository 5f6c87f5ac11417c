"""Tests that Wine, which stands for Windows in .ci/windows, cannot run; the reasons are in tests/windows/wine.yaml."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from xltool.core.yamlfile import load_yaml

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "tests" / "windows" / "wine.yaml"


@cache
def under_wine() -> bool:
    """Whether this Windows is Wine."""
    if sys.platform != "win32":
        return False
    import ctypes

    return hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")


def unable() -> Iterator[tuple[str, str]]:
    """(beginning of the names of tests, why) of everything on the list."""
    for group in load_yaml(LIST.read_text(encoding="utf-8")):
        for name in group["tests"]:
            yield name, group["why"]


def why_not(name: str) -> str:
    """Why Wine cannot run the test or the file of this name; "" when it can."""
    return next((why for begin, why in unable() if name.startswith(begin)), "")

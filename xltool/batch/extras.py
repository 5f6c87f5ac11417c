"""The libraries of the optional extras, asked for before they are needed."""

from __future__ import annotations

import importlib.util

from xltool.core.problems import InputError, Problem

BATCH = ("pyarrow", "pebble", "psutil", "tqdm")


def require(extra: str, *modules: str) -> None:
    """Raise `InputError`, which says what to install, when one of `modules` is not installed."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        message = f"没有安装 {'、'.join(missing)}"
        raise InputError(
            Problem("", message, f'先运行 pip install "xltool[{extra}]"', code="not-installed")
        )

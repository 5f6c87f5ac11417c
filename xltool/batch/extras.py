"""The libraries of the optional extras, asked for before they are needed."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence

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


def arrow_alone() -> None:
    """Import Arrow without pandas, which its first array would import: 46 MB of every process, for nothing.

    Arrow looks for it once. For processes of our own: in a notebook it may be wanted.
    """
    import pyarrow as pa

    if "pandas" in sys.modules:
        return
    sys.meta_path.insert(0, _NoPandas)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(_NoPandas)


class _NoPandas:
    """A finder that says that pandas is not there."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: object = None) -> None:
        if name == "pandas":
            raise ImportError(name)

"""xltool: an Excel toolkit for 部门决算 (the yearly final accounts of Chinese government units).

    import xltool
    report, edition = xltool.load("数据.json")
    xltool.fill(report, edition, Path("决算.xlsx"))
    reading = xltool.read("决算.xlsx")
    validation = xltool.validate("决算.xlsx")
    facts = xltool.frame("报送文件夹")

The functions are imported when they are first used, so that `import xltool` costs nothing.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "InputError": "xltool.core.problems",
    "clean": "xltool.reporting.workbook.annotate",
    "fill": "xltool.filling",
    "find_edition": "xltool.editions",
    "frame": "xltool.batch.frame",
    "load": "xltool.documents.load",
    "read": "xltool.reading",
    "validate": "xltool.checks",
}

__all__ = [
    "InputError",
    "__version__",
    "clean",
    "fill",
    "find_edition",
    "frame",
    "load",
    "read",
    "validate",
]


def __getattr__(name: str) -> Any:
    """Import a public function on first use (PEP 562)."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value

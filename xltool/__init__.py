"""xltool: an Excel toolkit for 部门决算 (the yearly final accounts of Chinese government units).

    import xltool
    report, edition = xltool.load("数据.json")
    xltool.fill(report, edition, "决算.xlsx")
    reading = xltool.read("决算.xlsx")
    checked = xltool.validate("决算.xlsx")
    facts = xltool.frame("报送文件夹")

Everything is imported when it is first used, so that `import xltool` costs nothing. docs/python.md has the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xltool.api import CheckedBook, convert, fill, load, validate
    from xltool.api.frames import frame, frames
    from xltool.checks.explanations import Explanation, load_explanations
    from xltool.checks.findings import Finding
    from xltool.core.cellref import CellRef
    from xltool.core.model import Report, Table
    from xltool.core.problems import InputError, Problem
    from xltool.core.version import __version__
    from xltool.editions import Edition, edition_ids, find_edition
    from xltool.reading import Reading, read
    from xltool.reporting.workbook.annotate import clean

_PUBLIC = {
    "CellRef": "xltool.core.cellref",
    "CheckedBook": "xltool.api",
    "Edition": "xltool.editions",
    "Explanation": "xltool.checks.explanations",
    "Finding": "xltool.checks.findings",
    "InputError": "xltool.core.problems",
    "Problem": "xltool.core.problems",
    "Reading": "xltool.reading",
    "Report": "xltool.core.model",
    "Table": "xltool.core.model",
    "__version__": "xltool.core.version",
    "clean": "xltool.reporting.workbook.annotate",
    "convert": "xltool.api",
    "edition_ids": "xltool.editions",
    "fill": "xltool.api",
    "find_edition": "xltool.editions",
    "frame": "xltool.api.frames",
    "frames": "xltool.api.frames",
    "load": "xltool.api",
    "load_explanations": "xltool.checks.explanations",
    "read": "xltool.reading",
    "validate": "xltool.api",
}

__all__ = [
    "CellRef",
    "CheckedBook",
    "Edition",
    "Explanation",
    "Finding",
    "InputError",
    "Problem",
    "Reading",
    "Report",
    "Table",
    "__version__",
    "clean",
    "convert",
    "edition_ids",
    "fill",
    "find_edition",
    "frame",
    "frames",
    "load",
    "load_explanations",
    "read",
    "validate",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__

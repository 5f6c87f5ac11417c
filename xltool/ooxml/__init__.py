"""A workbook as a package: read cells, patch cells, splice rows, copy a sheet, recalculate.

This package knows spreadsheets and nothing of what they mean. It reads .xlsx, .xlsm, .xltx,
.xltm and .xls, and writes the first four by patching: what an edit does not touch is copied as
it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xltool.ooxml.package.errors import EditError, WorkbookError
from xltool.ooxml.package.limits import Limits
from xltool.ooxml.read.opening import open_workbook
from xltool.ooxml.read.refs import (
    Range,
    column_letter,
    column_number,
    column_refs,
    make_ref,
    split_ref,
)
from xltool.ooxml.read.values import CellError, Value
from xltool.ooxml.read.workbook import DefinedName, Sheet, Workbook

if TYPE_CHECKING:
    from xltool.ooxml.edit.editor import Editor
    from xltool.ooxml.edit.looks import Look
    from xltool.ooxml.edit.newsheet import Condition, Formula, Link, NewSheet, PrintSetup, RowHeight

__all__ = [
    "CellError",
    "Condition",
    "DefinedName",
    "EditError",
    "Editor",
    "Formula",
    "Limits",
    "Link",
    "Look",
    "NewSheet",
    "PrintSetup",
    "Range",
    "RowHeight",
    "Sheet",
    "Value",
    "Workbook",
    "WorkbookError",
    "column_letter",
    "column_number",
    "column_refs",
    "make_ref",
    "open_workbook",
    "split_ref",
]


_EDITING = {
    "Editor": "editor",
    "Look": "looks",
    **dict.fromkeys(
        ("Condition", "Formula", "Link", "NewSheet", "PrintSetup", "RowHeight"), "newsheet"
    ),
}
"""What changes workbooks, and its modules: who only reads them does not wait for these."""


def __getattr__(name: str) -> Any:
    """Import what changes workbooks on first use (PEP 562)."""
    if name not in _EDITING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(f"{__name__}.edit.{_EDITING[name]}"), name)
    globals()[name] = value
    return value

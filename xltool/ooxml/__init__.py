"""A workbook as a package: read cells, patch cells, splice rows, copy a sheet, recalculate.

This package knows spreadsheets and nothing of what they mean. It reads .xlsx, .xlsm, .xltx,
.xltm and .xls, and writes the first four by patching: what an edit does not touch is copied as
it stands.
"""

from .edit import Editor
from .errors import EditError, WorkbookError
from .limits import Limits
from .looks import Look
from .newsheet import Condition, Formula, Link, NewSheet, PrintSetup, RowHeight
from .refs import Range, column_letter, column_number, column_refs, make_ref, split_ref
from .sheet import Sheet
from .values import CellError, Value
from .workbook import DefinedName, Workbook, open_workbook

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

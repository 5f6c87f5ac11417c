"""The door for people who program: what `import xltool` offers (docs/python.md).

load      a data document, a long table or a DataFrame -> Report and Edition
fill      a Report, or what `load` takes -> workbooks
read      a workbook -> Reading
validate  a workbook -> CheckedBook
clean     a marked copy -> the workbook without the marks
convert   many workbooks -> a database, tables, documents
frame     many workbooks -> a DataFrame
"""

from __future__ import annotations

from xltool.api.checked import CheckedBook, validate
from xltool.api.data import Data, fill, load
from xltool.api.many import convert

__all__ = ["CheckedBook", "Data", "convert", "fill", "load", "validate"]

"""Tests open the same few books hundreds of times, and openpyxl takes four times as long to parse one as pickle takes
to make a copy of what was parsed. So what was parsed twice stays here, by the bytes of the file and how it was to be
opened; who opens it gets a copy of one's own, the same as openpyxl's (tests/ooxml/test_parsed_once.py).
"""

from __future__ import annotations

import copyreg
import io
import pickle
from collections import OrderedDict
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.dimensions import DimensionHolder
from openpyxl.worksheet.merge import MergedCellRange
from openpyxl.worksheet.table import TableList

PARSE = openpyxl.load_workbook
_MOST = 64
_SUFFIXES = (".xlsx", ".xlsm")

_parsed: OrderedDict[tuple[object, ...], bytes | None] = OrderedDict()
"""What was parsed; None: once, which most books are, and is not worth keeping."""


def install() -> None:
    """Have openpyxl do so in this process."""
    openpyxl.load_workbook = openpyxl.reader.excel.load_workbook = load_workbook


def load_workbook(
    filename: Any, read_only: bool = False, keep_vba: bool = False, **how: Any
) -> Any:
    """As openpyxl's. What reads on in the file, or keeps it for its macros, is not kept here."""
    content = None if read_only or keep_vba else _content(filename)
    if content is None:
        return PARSE(filename, read_only, keep_vba, **how)
    # how merged cells get their borders is another in some tests
    key = (sha256(content).digest(), MergedCellRange.format, *sorted(how.items()))
    if kept := _parsed.get(key):
        _parsed.move_to_end(key)
        return pickle.loads(kept)
    book = PARSE(filename, **how)
    _parsed[key] = pickle.dumps(book, pickle.HIGHEST_PROTOCOL) if key in _parsed else None
    if len(_parsed) > _MOST:
        _parsed.popitem(last=False)
    return book


def _content(file: Any) -> bytes | None:
    """The bytes of a workbook; None where openpyxl is to say what it thinks of the file."""
    if isinstance(file, io.BytesIO):
        return file.getvalue()
    if isinstance(file, (str, PathLike)) and Path(file).suffix.lower() in _SUFFIXES:
        path = Path(file)
        return path.read_bytes() if path.is_file() else None
    return None


def _holder(found: DimensionHolder) -> tuple[object, ...]:
    made_of = (found.worksheet, found.reference, found.default_factory)
    return DimensionHolder, made_of, {"max_outline": found.max_outline}, None, iter(found.items())


# these two are told how they are made: a dict that makes its entries, one that shows others than it holds
copyreg.pickle(DimensionHolder, _holder)
copyreg.pickle(TableList, lambda tables: (TableList, (dict(tables),)))

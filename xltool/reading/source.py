"""What may be read as a workbook: a path, bytes, an open file, a workbook of openpyxl or of ours."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from xltool.core.paths import AnyPath
from xltool.core.problems import InputError, Problem
from xltool.ooxml import Workbook, WorkbookError, open_workbook
from xltool.ooxml.package.errors import workbook_problem


class BinaryFile(Protocol):
    """A file that is open for reading bytes."""

    def read(self) -> bytes: ...


class OpenpyxlWorkbook(Protocol):
    """A workbook in memory that can write itself, as openpyxl's does."""

    def save(self, filename: Any) -> None: ...


Source: TypeAlias = Workbook | AnyPath | bytes | bytearray | BinaryFile | OpenpyxlWorkbook


def open_source(source: Source) -> Workbook:
    """Open a workbook, whatever it is given as. Raises `InputError`.

    A file object is read from where it stands and is not closed. openpyxl stores no results of formulas: those
    are recalculated as for any workbook that has none.
    """
    if isinstance(source, Workbook):
        return source
    name = source_name(source)
    try:
        if isinstance(source, (str, os.PathLike)):
            return open_workbook(source)
        workbook = open_workbook(_content(source))
    except WorkbookError as error:
        raise InputError(workbook_problem(error, name)) from error
    path = Path(name)
    if name and path.is_file():
        workbook.path = path
    return workbook


def source_name(source: Source) -> str:
    """The file name of what is read, for messages; "" when it has none."""
    if isinstance(source, Workbook):
        return source.file or ""
    if isinstance(source, (str, os.PathLike)):
        return Path(source).name
    name = getattr(source, "name", "")
    return name if isinstance(name, str) else ""


def _content(source: bytes | bytearray | BinaryFile | OpenpyxlWorkbook) -> bytes:
    if isinstance(source, (bytes, bytearray)):
        return bytes(source)
    if hasattr(source, "read"):
        content: object = source.read()
        if isinstance(content, bytes):
            return content
        raise InputError(
            Problem(
                source_name(source), "文件是按文本打开的", '用 open(…, "rb") 打开', code="bad-value"
            )
        )
    if hasattr(source, "save"):
        buffer = io.BytesIO()
        source.save(buffer)
        return buffer.getvalue()
    kind = type(source).__name__
    hint = "给路径、字节、打开的文件，或 openpyxl 的工作簿"
    raise InputError(Problem("", f"{kind} 不能当作工作簿来读", hint, code="bad-value"))

"""Opening a workbook of any kind that is read."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from xltool.core.problems import system_reason
from xltool.ooxml.package.errors import WorkbookError
from xltool.ooxml.package.limits import Limits
from xltool.ooxml.package.lockfile import permission_error
from xltool.ooxml.package.package import Package
from xltool.ooxml.package.sniff import container
from xltool.ooxml.read.workbook import State, Workbook
from xltool.ooxml.read.xlsx.workbook import XlsxWorkbook, worksheets_of

DEFAULT_LIMITS = Limits()


def open_workbook(
    source: str | os.PathLike[str] | bytes, *, limits: Limits = DEFAULT_LIMITS
) -> Workbook:
    """Open an .xlsx, .xlsm, .xltx, .xltm, .xls or .et file, or the bytes of one, told by content.

    What WPS writes as .et has the content of an .xls. The file is read at once and closed.
    Raises WorkbookError, whose message names the file and says what to do, when it is missing,
    locked, encrypted, damaged, hostile or no workbook.
    """
    path = None if isinstance(source, bytes) else Path(source)
    try:
        data = source if isinstance(source, bytes) else read_file(Path(source), limits)
        if len(data) > limits.max_file:
            raise _too_large(limits)
        if container(data) == "zip":
            return XlsxWorkbook(Package(data, limits), path)
        from xltool.ooxml.read.xls.workbook import open_xls  # xlrd, for old files only

        return open_xls(data, path)
    except WorkbookError as error:
        error.file = path.name if path else None
        raise


def sheet_states(path: Path) -> Mapping[str, State]:
    """The worksheets of a file by name. Raises WorkbookError; what is wrong with the cells of an .xlsx is not seen."""
    data = read_file(path, DEFAULT_LIMITS)
    if container(data) != "zip":
        return {sheet.name: sheet.state for sheet in open_workbook(data).sheets}
    return {tab.name: tab.state for tab in worksheets_of(Package(data, DEFAULT_LIMITS))}


def _too_large(limits: Limits) -> WorkbookError:
    return WorkbookError(
        "too-large", f"文件超过 {limits.max_file >> 20} MB，已拒绝打开。请核实文件，或拆分后再试。"
    )


def read_file(path: Path, limits: Limits) -> bytes:
    """The bytes of a file. Raises WorkbookError."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise WorkbookError("not-workbook", "这是文件夹，不是工作簿。")
        if not stat.S_ISREG(status.st_mode):
            raise WorkbookError("not-workbook", "这不是普通文件（是管道、设备之类），没有读。")
        if status.st_size > limits.max_file:
            raise _too_large(limits)
        return path.read_bytes()
    except FileNotFoundError:
        raise WorkbookError("missing", "文件不存在。请核对路径和文件名。") from None
    except PermissionError as error:
        raise permission_error(path, error) from None
    except OSError as error:
        raise WorkbookError(
            "missing", f"文件读不出来（{system_reason(error)}）。请核对路径。"
        ) from None

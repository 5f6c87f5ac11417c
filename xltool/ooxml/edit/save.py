"""Saving a package: what must fit its new name, and a file that appears whole or not at all."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable
from pathlib import Path

from xltool.core.problems import system_reason
from xltool.core.saving.files import Contents, write_all
from xltool.ooxml.package.errors import WorkbookError
from xltool.ooxml.package.lockfile import is_open_elsewhere, locked, permission_error
from xltool.ooxml.package.package import Package
from xltool.ooxml.read.xlsx.workbook import XlsxWorkbook

_SUFFIXES = {
    ".xlsx": ("xlsx", "sheet"),
    ".xltx": ("xlsx", "template"),
    ".xlsm": ("xlsm", "sheet"),
    ".xltm": ("xlsm", "template"),
}
_MAIN_TYPE = re.compile(r"(?<=\.)(?:sheet|template)(?=(?:\.macroEnabled)?\.main\+xml$)")
_NO_SPACE = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


def write_file(target: Path, chunks: Iterable[bytes], *, overwrite: bool) -> None:
    """Write `chunks` to `target` through a new file beside it; on failure nothing is left behind.

    Raises WorkbookError: exists (without `overwrite`), locked, no-permission, no-space, missing (no such folder).
    """
    write_files([(target, chunks)], overwrite=overwrite)


def write_files(contents: Contents, *, overwrite: bool) -> None:
    """As `write_file`, for several files of one folder: all are written, or none."""
    contents = [(Path(os.path.realpath(target)), chunks) for target, chunks in contents]
    for target, _ in contents:
        if is_open_elsewhere(target):
            raise _located(locked(target), target)
    try:
        write_all(contents, overwrite=overwrite)
    except OSError as error:
        name = str(error.filename2 or error.filename or "")
        targets = [target for target, _ in contents]
        target = next((target for target in targets if str(target) == name), targets[0])
        raise _located(_failure(error, target), target) from None


def _failure(error: OSError, target: Path) -> WorkbookError:
    if isinstance(error, FileExistsError):
        return WorkbookError("exists", "文件已存在。请换一个文件名，或明确要求覆盖。")
    if isinstance(error, PermissionError):
        return permission_error(target, error)
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return WorkbookError("missing", f"文件夹 {target.parent} 不存在。请先建好文件夹。")
    return _write_error(error)


def _write_error(error: OSError) -> WorkbookError:
    if error.errno in _NO_SPACE:
        return WorkbookError("no-space", "磁盘空间不足，没有保存。请清理磁盘后重试。")
    return WorkbookError(
        "no-permission", f"写不进去（{system_reason(error)}），没有保存。请换一个文件夹后重试。"
    )


def _located(error: WorkbookError, target: Path) -> WorkbookError:
    error.file = target.name
    return error


def drop_chain(package: Package, workbook: str) -> None:
    """Drop the calculation chain, which Excel then makes anew."""
    for part in package.related(workbook, "calcChain"):
        package.remove_relations(workbook, part)
        package.remove(part)


def fit_suffix(package: Package, workbook: XlsxWorkbook, path: Path) -> None:
    """Give the workbook part the content type that Excel expects under the suffix of `path`."""
    kind, word = _SUFFIXES.get(path.suffix.lower(), ("", ""))
    if kind != workbook.kind:
        raise WorkbookError(
            "unsupported",
            f"内容是 .{workbook.kind} 工作簿，不能存成“{path.suffix}”。"
            f"请把文件名的后缀改成 .{workbook.kind}。",
            file=path.name,
        )
    declared = package.content_type(workbook.part)
    fitting = _MAIN_TYPE.sub(word, declared)
    if fitting != declared:
        package.set_content_type(workbook.part, fitting)

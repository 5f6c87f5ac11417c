"""Putting the add-in where Excel loads it at its start, and taking it away. Needs no admin rights."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from xltool.addin.config import interpreter, path_trouble
from xltool.addin.xlam import NAME, build
from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.saving.files import writing

FOLDER = "XLTOOL_XLSTART"
"""The environment variable that names another start folder of Excel."""


def start_folder() -> Path:
    """The folder whose workbooks Excel opens at its start. Raises `InputError` off Windows."""
    if named := os.environ.get(FOLDER):
        return Path(named)
    if sys.platform == "win32" and "APPDATA" in os.environ:
        return Path(os.environ["APPDATA"]) / "Microsoft" / "Excel" / "XLSTART"
    hint = f"在 Windows 上运行；或用 --folder、环境变量 {FOLDER} 指明文件夹"
    raise InputError(Problem("", "这台电脑没有 Excel 的启动文件夹（XLSTART）", hint, code="host"))


def write(target: Path, content: bytes, *, overwrite: bool = True) -> None:
    """Write a file whole or not at all. Raises `InputError`."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with writing(target, overwrite=overwrite) as file:
            file.write(content)
    except OSError as error:
        raise InputError(_trouble(target, error)) from error


def install(folder: Path | None = None) -> Path:
    """Build the add-in for this Python and put it into the start folder; where it is.

    An earlier one is written over. Raises `InputError`, also when Excel holds it open, or would not find this Python.
    """
    if trouble := path_trouble(interpreter()):
        raise InputError(Problem("", f"没有安装，{trouble[0]}", trouble[1], code="host"))
    target = (folder or start_folder()) / NAME
    write(target, build())
    return target


def uninstall(folder: Path | None = None) -> Path | None:
    """Remove the add-in; where it was, None when there was none. Raises `InputError`."""
    target = (folder or start_folder()) / NAME
    if not target.exists():
        return None
    try:
        target.unlink()
    except OSError as error:
        raise InputError(_trouble(target, error)) from error
    return target


def _trouble(target: Path, error: OSError) -> Problem:
    hint = "先退出全部 Excel 窗口（任务管理器里没有 EXCEL.EXE），再试一次"
    return Problem(str(target), f"写不了：{system_reason(error)}", hint, code="unwritable")

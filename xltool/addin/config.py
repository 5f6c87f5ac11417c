"""The settings in the add-in's hidden sheet `xltool.conf`, which the VBA side reads."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path, PurePath, PureWindowsPath

from xltool.addin.xlwingsbas import xlwings_version
from xltool.core.version import __version__

SHEET = "xltool.conf"
_MOVE = "把程序（解压的文件夹，或 Python 环境）放到"


def interpreter() -> PurePath:
    """The Python that runs now, in its form that VBA can wait for."""
    path = PureWindowsPath(sys.executable) if sys.platform == "win32" else Path(sys.executable)
    if path.name.lower() == "pythonw.exe":
        return path.with_name("python.exe")
    return path


def path_trouble(python: PurePath) -> tuple[str, str] | None:
    """Why VBA and cmd.exe, which work in the system's code page, cannot start a Python there, and what to do."""
    path = str(python)
    if "%" in path:
        return f"程序的路径里有 %：{path}", f"{_MOVE}名称里没有 % 的文件夹"
    try:
        path.encode("mbcs" if sys.platform == "win32" else "gbk")
    except UnicodeEncodeError:
        told = f"程序的路径里有本机代码页没有的字：{path}"
        return told, f"{_MOVE}名称里只有常用汉字、英文和数字的文件夹，如 D:\\xltool"
    return None


def settings(python: PurePath) -> Mapping[str, str]:
    """Every setting that xlwings' VBA asks for, and the texts of the ribbon's own.

    None is left out: for one that is missing the VBA would look into files beside the workbook.
    """
    return {
        "INTERPRETER_WIN": str(python),
        "INTERPRETER": str(python),
        "INTERPRETER_MAC": "",
        "PYTHONPATH": "",
        "ADD_WORKBOOK_TO_PYTHONPATH": "False",
        "CONDA PATH": "",
        "CONDA ENV": "",
        "USE UDF SERVER": "False",
        "DEBUG UDFS": "False",
        "UDF MODULES": "",
        "SHOW CONSOLE": "False",
        "TEMP DIR": "%TEMP%",
        "LICENSE_KEY": "",
        "ONEDRIVE_CONSUMER_WIN": "",
        "ONEDRIVE_COMMERCIAL_WIN": "",
        "SHAREPOINT_WIN": "",
        "ONEDRIVE_CONSUMER_MAC": "",
        "ONEDRIVE_COMMERCIAL_MAC": "",
        "SHAREPOINT_MAC": "",
        "SHOW_ERROR_POPUPS": "True",
        "TEXT_TITLE": "决算工具",
        "TEXT_NO_WORKBOOK": "请先打开要处理的工作簿。从网上或邮件打开的，要先点“启用编辑”。",
        "TEXT_NO_PYTHON": "找不到 Python。请再双击“安装Excel加载项”，或运行 xltool addin install。",
        "XLTOOL_VERSION": __version__,
        "XLWINGS_VERSION": xlwings_version(),
    }

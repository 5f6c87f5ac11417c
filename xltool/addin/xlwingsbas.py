"""The VBA side of the installed xlwings, fitted to the add-in.

Only its file for add-ins of one's own is used; it is under the BSD licence, whose text stands in it and
so in the .xlam. Nothing of xlwings PRO is used: the search for embedded code, which needs PRO, is taken
out. So is the look into the active workbook for settings: a workbook from elsewhere could otherwise name
the program that a button starts. And so is the workbook's name on the command line: cmd.exe would take a part
of a name such as `决算^& calc .xlsx` for a command, and Python a part after `;` for a folder of modules.
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from xltool.core.problems import InputError, Problem

PROJECT = "xltool"
_BAS = "xlwings_custom_addin.bas"


class _Change(NamedTuple):
    old: str
    new: str
    places: int


_CHANGES = (
    _Change('PROJECT_NAME As String = "myaddin"', f'PROJECT_NAME As String = "{PROJECT}"', 1),
    _Change(
        'If SheetExists(ActiveWorkbook, PROJECT_NAME & ".conf") = True Then', "If False Then", 1
    ),
    _Change('If Right$(sht.Name, 3) = ".py" Then', "If False Then", 2),
    _Change(
        r'-c ""import xlwings.utils;xlwings.utils.prepare_sys_path(\""" & PYTHONPATH & "\""); " & PythonCommand',
        '-c """ & PythonCommand',
        1,
    ),
    _Change('" --wb=" & """" & ActiveWorkbook.Name & """ --from_xl=1"', '" --from_xl=1"', 1),
    _Change('ActiveWorkbook.FullName & ";" & ThisWorkbook.FullName & ";"', '";;"', 1),
    _Change('ActiveFullName & ";" & ThisFullName & ";"', '";;"', 2),
)


def xlwings_version() -> str:
    """The version of the installed xlwings. Raises `InputError` when there is none."""
    try:
        return metadata.version("xlwings")
    except metadata.PackageNotFoundError:
        told = Problem(
            "xlwings",
            "没有安装",
            '用 Python 3.11 以上，运行 pip install "xltool[excel]"',
            code="not-installed",
        )
        raise InputError(told) from None


def xlwings_module() -> str:
    """The source of the VBA module. Raises `InputError` when xlwings is missing or unlike what is known."""
    version = xlwings_version()
    path = Path(str(metadata.distribution("xlwings").locate_file(f"xlwings/{_BAS}")))
    try:
        source = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            Problem(
                str(path), f"读不了 xlwings {version} 的 VBA 模块：{error}", code="not-installed"
            )
        ) from error
    for change in _CHANGES:
        if source.count(change.old) != change.places:
            hint = '安装配套的版本：pip install "xltool[excel]"'
            raise InputError(
                Problem(
                    path.name,
                    f"xlwings {version} 的 VBA 模块与本工具不配套",
                    hint,
                    code="not-installed",
                )
            )
        source = source.replace(change.old, change.new)
    return source

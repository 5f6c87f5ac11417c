"""Checks of Python, the packages and the folders."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from xltool.addin.config import path_trouble
from xltool.addin.log import log_file
from xltool.addin.machine import Machine
from xltool.addin.outcomes import DoctorOutcome, bad, good, not_here
from xltool.addin.xlwingsbas import xlwings_module, xlwings_version
from xltool.core.problems import InputError

_OLDEST = (3, 11)
"""What xlwings needs."""


def python_version(machine: Machine) -> DoctorOutcome:
    """New enough."""
    version = ".".join(map(str, sys.version_info[:3]))
    bits = 64 if sys.maxsize > 2**32 else 32
    if sys.version_info < _OLDEST:
        return bad(version, f"安装 Python {'.'.join(map(str, _OLDEST))} 或更新的版本")
    return good(f"{version}，{bits} 位，{machine.python()}")


def tool_data(machine: Machine) -> DoctorOutcome:
    """The forms and mappings are there."""
    from xltool.editions import all_editions

    missing = [
        book.template.name
        for edition in all_editions()
        for book in edition.workbooks
        if not book.template.is_file()
    ]
    if missing:
        return bad(f"缺少表样：{'、'.join(missing)}", "重新安装 xltool")
    names = [edition.id for edition in all_editions()]
    return good("、".join(names)) if names else bad("没有任何版本", "重新安装 xltool")


def xlwings_fits(machine: Machine) -> DoctorOutcome:
    """xlwings is there, in a version whose VBA side is known."""
    try:
        xlwings_module()
    except InputError as error:
        problem = error.problems[0]
        return bad(f"{problem.where}：{problem.message}", problem.hint)
    trouble = machine.imports("xlwings")
    if trouble:
        return bad(f"导入不了：{trouble}", '运行 pip install --force-reinstall "xltool[excel]"')
    return good(xlwings_version())


def pywin32(machine: Machine) -> DoctorOutcome:
    """The bridge to Excel can be imported."""
    if not machine.windows:
        return not_here("只有 Windows 上才需要")
    for name in ("pythoncom", "pywintypes", "win32com.client"):
        trouble = machine.imports(name)
        if trouble:
            advice = "运行 pip install --force-reinstall pywin32；仍不行就换一个新建的虚拟环境"
            return bad(f"{name} 导入不了（{trouble}）", advice)
    return good()


def interpreter_path(machine: Machine) -> DoctorOutcome:
    """VBA and cmd.exe can work with the path of Python."""
    trouble = path_trouble(machine.python())
    return bad(*trouble) if trouble else good()


def entry_runs(machine: Machine) -> DoctorOutcome:
    """A new Python process, as a button starts one, finds what it needs."""
    code = "import xlwings.utils;import xltool.addin.entry as e;print(e.dispatch.__name__)"
    python = Path(machine.python())
    exit_code, said = machine.run([str(python), "-B", "-c", code], python.parent)
    if exit_code == 0 and said.endswith("dispatch"):
        return good()
    last = said.splitlines()[-1] if said else f"退出码 {exit_code}"
    return bad(f"按钮启动的 Python 不能运行：{last}", "在这个 Python 环境里重新安装 xltool[excel]")


def temporary_folder(machine: Machine) -> DoctorOutcome:
    """The copies that are read can be written."""
    try:
        with tempfile.TemporaryDirectory(prefix="xltool-") as folder:
            Path(folder, "决算.xlsx").write_bytes(b"x")
    except OSError as error:
        return bad(f"写不了临时文件：{error}", "检查磁盘空间，和环境变量 TEMP 所指的文件夹的权限")
    return good(tempfile.gettempdir())


def log_folder(machine: Machine) -> DoctorOutcome:
    """What goes wrong can be written down."""
    path = log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8"):
            pass
    except OSError as error:
        return bad(f"写不了：{error}", f"检查文件夹的权限：{path.parent}")
    return good(str(path))


CHECKS: Mapping[str, Callable[[Machine], DoctorOutcome]] = {
    "Python": python_version,
    "表样和映射": tool_data,
    "xlwings": xlwings_fits,
    "pywin32": pywin32,
    "Python 的路径": interpreter_path,
    "按钮能启动 Python": entry_runs,
    "临时文件夹": temporary_folder,
    "运行记录": log_folder,
}

"""What a button of the ribbon calls: `dispatch(tag)`. Every failure becomes one Chinese message."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from xltool.addin.hosts.com import reason
from xltool.addin.log import write_log
from xltool.core.problems import InputError

if TYPE_CHECKING:
    import xlwings as xw

    from xltool.addin.hosts.contract import Host


def dispatch(tag: str) -> None:
    """Do what the button with this tag is for, on the workbook that it was pressed in.

    Called by RunPython with Excel's window on the command line. Where not even a message box can
    be shown, the message goes to stderr and the exit code is 1: then the VBA side shows it.
    """
    try:
        from xltool.addin.hosts.excelhost import ExcelHost

        act(tag, ExcelHost(calling_book(sys.argv)))
    except Exception as error:
        sys.stderr.write(_failed(tag, error) + "\n")
        sys.exit(1)


def act(tag: str, host: Host) -> None:
    """Do it on a host; what goes wrong is reported to the person there."""
    from xltool.addin.actions import ACTIONS

    try:
        ACTIONS[tag](host)
    except InputError as error:
        host.report(_told(error), serious=True)
    except Exception as error:
        host.report(_failed(tag, error), serious=True)


def _told(error: InputError) -> str:
    shown = [str(problem) for problem in error.problems[:15]]
    more = len(error.problems) - len(shown)
    return "\n".join([*shown, *([f"……另有 {more} 处"] if more else [])])


def _failed(tag: str, error: Exception) -> str:
    try:
        where = f"详细情况记在：{write_log(tag, error)}"
    except OSError as trouble:
        where = f"运行记录也写不了（{trouble}）"
    return f"没有做成：{reason(error)}\n报表的数据没有改动。\n{where}"


def calling_book(arguments: list[str]) -> xw.Book:
    """The workbook in front in the Excel of `--hwnd=`.

    The one that was active when the button was pressed is still so while VBA waits. Its name does not stand on
    the command line, where cmd.exe and Python would read something else in it.
    """
    known = dict(
        argument[2:].split("=", 1)
        for argument in arguments
        if argument[:2] == "--" and "=" in argument
    )
    return _app(int(known["hwnd"])).books.active


def _app(hwnd: int) -> xw.App:
    import xlwings as xw

    running = (app for app in xw.apps if app.hwnd == hwnd)
    return _windows_app(hwnd) if sys.platform == "win32" else next(running)


def _windows_app(hwnd: int) -> xw.App:
    """The Excel of the window that the button was pressed in, as xlwings itself finds it."""
    import xlwings as xw

    windows = importlib.import_module("xlwings._xlwindows")
    return xw.App(impl=windows.App(xl=hwnd))

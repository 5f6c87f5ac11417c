"""The commands behind the doors. What they print is read in a black window that waits for a key at the end."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xltool.cli.app import FAILED, FINDINGS, OK, run
from xltool.core.problems import InputError, Problem
from xltool.core.stopping import stoppable
from xltool.desktop.asking import agreed
from xltool.desktop.dropped import dropped

if TYPE_CHECKING:
    from xltool.desktop.books import Checker

_files = click.argument("files", nargs=-1)
_DATA = "填数表、数据文档（.json .yaml）或长表（.csv .xlsx）"
_SHEETS = (".csv", ".tsv", ".xlsx")
"""What data has in common with ordinary spreadsheets and workbooks."""
_ORDINARY = "清单、余额表、明细账一类的普通表格，双击“打开页面”放进窗口里"


@click.group(help="文件夹里双击、拖放的那些命令。")
def doors() -> None:
    """See `help`."""


def main() -> int:
    """Run one door; its exit code is that of the commands. Closing the window leaves no draft behind."""
    with stoppable():
        return run(doors)


def _given(files: tuple[str, ...], what: str) -> list[Path]:
    found = dropped(files)
    if not found:
        message = f"没有放文件：请把{what}拖到这个图标上松开，可以一次拖几个"
        raise InputError(Problem("", message, code="missing"))
    return found


@doors.command("check", help="校验拖来的工作簿、文件夹。")
@_files
def check_command(files: tuple[str, ...]) -> int:
    """Check the workbooks, then say what is none; the report of a single one is opened."""
    from xltool.desktop.books import Checker, passed_over, workbooks

    given = _given(files, "工作簿或文件夹")
    books, problems = workbooks(given)
    if not books:
        raise InputError(problems)
    code = _checked(Checker(), books, passed_over(given))
    for problem in problems:
        click.echo(f"错误：{problem}", err=True)
    return FAILED if problems else code


def _checked(checker: Checker, books: Iterable[Path], left_out: Iterable[str] = ()) -> int:
    from xltool.watch.diary import note

    for book in books:
        for line in checker.check(book):
            click.echo(line)
    note([*checker.verdicts.items()])
    for line in (*checker.account(), *left_out):
        click.echo(line)
    verdicts = set(checker.verdicts.values())
    if verdicts - {""}:
        click.echo(
            "结果在各工作簿旁边：.报告.html 用浏览器看，.标注.xlsx 里错处变了色。原工作簿没有改动。"
        )
    if report := checker.report():
        _open(report)
    if "" in verdicts:
        click.echo(f"没有校验的，是填数表、长表的拖到“填报”上；{_ORDINARY}。")
        return FAILED
    return OK if verdicts <= {"合格"} else FINDINGS


def _open(path: Path) -> None:
    """Show a file with the program that the user has for it, where there is one."""
    if sys.platform == "win32" and not os.environ.get("XLTOOL_QUIET"):
        try:
            os.startfile(path)
        except OSError:
            click.echo(f"没能自动打开 {path.name}，请双击它")


@doors.command("fill", help="把拖来的数据填进官方表样，填好随即校验。")
@_files
def fill_command(files: tuple[str, ...]) -> int:
    """Fill each, then check what was filled."""
    from xltool.desktop.books import Checker

    failed = False
    filled: list[Path] = []
    for data in _given(files, _DATA):
        try:
            filled += _fill(data)
        except InputError as error:
            failed = True
            for problem in error.problems:
                click.echo(f"错误：{problem}", err=True)
            unread = "bad-syntax" in {problem.code for problem in error.problems}
            if unread and data.suffix.lower() in _SHEETS:
                click.echo(f"{_ORDINARY}；填好的工作簿拖到“校验”上。", err=True)
    code = _checked(Checker(), filled) if filled else OK
    return FAILED if failed else code


def _fill(data: Path) -> list[Path]:
    """The workbooks filled from one file. A total that the formulas contradict is asked about."""
    from xltool.desktop.books import DATA, fill

    if data.is_dir():
        raise InputError(Problem(str(data), "是文件夹，请拖里面的数据", code="bad-value"))
    if not data.is_file():
        raise InputError(Problem(str(data), "没有这个文件", code="missing"))
    if data.suffix.lower() not in DATA:
        raise InputError(Problem(str(data), f"不是{_DATA}", code="bad-value"))
    try:
        return fill(data.absolute(), "formula")
    except InputError as error:
        if {problem.code for problem in error.problems} != {"total-differs"}:
            raise
        for problem in error.problems:
            click.echo(f"{problem.where}：{problem.message}")
        if not agreed("数据里的合计与表样的公式不一致。照数据里的合计写吗？", default=False):
            raise InputError(
                Problem(data.name, "没有填，请先改数据", code="total-differs")
            ) from None
    return fill(data.absolute(), "given")


@doors.command("watch", help="看着拖来的文件夹。")
@_files
def watch_command(files: tuple[str, ...]) -> int:
    """Watch one folder until the window is closed."""
    folder = _given(files, "文件夹")[0]
    return run(arguments=["watch", str(folder)])


@doors.command("page", help="打开本机页面。")
def page_command() -> int:
    """Open the page in a window of its own; the server ends after the last page is closed."""
    from xltool.desktop.windowless import windowless

    with windowless() as told:
        code = run(arguments=["serve", "--app"])
        told(code)
    return code


@doors.command("install", help="装 Excel、WPS 加载项。")
def install_command() -> int:
    """Install for what is on this machine; from a stick or a share, copy the folder first."""
    from xltool.desktop.setup import install

    return install()


@doors.command("uninstall", help="卸载 Excel、WPS 加载项。")
def uninstall_command() -> int:
    """Undo what `install` did."""
    from xltool.desktop.setup import uninstall

    return uninstall()


@doors.command("doctor", help="环境自检，写成报告。")
def doctor_command() -> int:
    """Examine, and write what was seen into a file."""
    from xltool.desktop.report import examine

    path, bad = examine()
    _open(path)
    return FINDINGS if bad else OK


@doors.command("trial", help="在真正的 Excel、WPS 里试用，记下结果。")
def trial_command() -> int:
    """Walk through the trial."""
    from xltool.desktop.trial import walk

    click.echo(f"请把这个文件发回来：{walk()}")
    return OK

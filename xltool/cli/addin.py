"""`xltool addin`: builds, installs, removes and examines the Excel add-in."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli.options import FILE, force_option
from xltool.core.problems import InputError, Problem
from xltool.core.saving.guard import check_outputs
from xltool.core.saving.mark import is_marked

_folder = click.option(
    "--folder", type=FILE, metavar="文件夹", help="Excel 的启动文件夹（默认是本人的 XLSTART）"
)

_wps = click.option("--wps", is_flag=True, help="WPS 表格的加载项，文件夹是它的 jsaddons")


@click.group(
    help="Excel 加载项“决算工具”：生成、安装、卸载、自检。",
)
def command() -> None:
    """See `help`."""


@command.command("build", help="按现在的 Python 环境生成加载项文件（.xlam）。")
@click.option(
    "-o",
    "--output",
    type=FILE,
    default=Path("xltool.xlam"),
    show_default=True,
    metavar="文件",
    help="写到哪个文件",
)
@force_option
def build_command(output: Path, force: bool) -> None:
    """Build and say where."""
    from xltool.addin.install import write
    from xltool.addin.xlam import build

    if output.suffix.lower() != ".xlam":
        raise InputError(Problem(str(output), "加载项文件的扩展名应是 .xlam", code="bad-target"))
    check_outputs([output], force=force, made=is_marked)
    write(output, build(), overwrite=force)
    click.echo(f"已生成：{output}")


@command.command("install", help="给当前用户安装，不要管理员权限。")
@_folder
@_wps
def install_command(folder: Path | None, wps: bool) -> None:
    """Install and say what comes next."""
    if wps:
        from xltool.wps import install as install_wps

        click.echo(f"已安装：{install_wps(folder)}")
        click.echo("完全退出 WPS 后重新打开，功能区里有“决算工具”。校验前先运行 xltool serve。")
        return
    from xltool.addin.install import install

    click.echo(f"已安装：{install(folder)}")
    click.echo("重新打开 Excel，功能区里有“决算工具”。没有的话运行 xltool addin doctor。")


@command.command("uninstall", help="卸载。")
@_folder
@_wps
def uninstall_command(folder: Path | None, wps: bool) -> None:
    """Remove and say so."""
    if wps:
        from xltool.wps import uninstall as uninstall_wps

        click.echo("已卸载 WPS 加载项。" if uninstall_wps(folder) else "没有安装，不用卸载。")
        return
    from xltool.addin.install import uninstall

    removed = uninstall(folder)
    click.echo(f"已卸载：{removed}" if removed else "没有安装，不用卸载。")


@command.command("doctor", help="环境自检：逐项检查，有问题的说明怎么办。")
@_folder
def doctor_command(folder: Path | None) -> int:
    """Examine; exit code 1 when something is wrong."""
    from xltool.addin.doctor import examine_installation, lines
    from xltool.addin.machine import Machine

    checks = examine_installation(Machine(folder))
    for line in lines(checks):
        click.echo(line)
    return 1 if any(check.bad for check in checks) else 0

"""Installing and removing the add-ins by a double click: for the programs that are there, from a place that stays."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import click

from xltool import wps
from xltool.addin import install as excel
from xltool.addin.machine import Machine
from xltool.cli.app import FAILED, OK
from xltool.core.problems import InputError
from xltool.core.saving.moving import remove_folder
from xltool.desktop import place
from xltool.desktop.asking import agreed

_WPS_KEYS = (r"Software\Kingsoft\Office\6.0\Common", r"Software\Kingsoft\Office\6.0\common")
_MB = 1_000_000


def has_excel(machine: Machine) -> bool:
    """Whether Excel is registered, or has been started by this user."""
    if machine.registry("HKCR", r"Excel.Application\CurVer", ""):
        return True
    folder = machine.start_folder()
    return folder is not None and folder.parent.is_dir()


def has_wps(machine: Machine) -> bool:
    """Whether WPS has been installed for this user, or used by him."""
    roots = (machine.registry("HKCU", key, "InstallRoot") for key in _WPS_KEYS)
    if any(roots):
        return True
    roaming = os.environ.get("APPDATA")
    return bool(roaming) and Path(str(roaming), "kingsoft").is_dir()


def install(machine: Machine | None = None) -> int:
    """Install where it will stay, and say what was done. Raises `InputError`."""
    home = place.home()
    if home is not None and (kind := place.kind(home)) != "本机":
        return _moved(home, kind)
    machine = machine or Machine()
    doors = [(has_excel, "Excel", _excel), (has_wps, "WPS", _wps)]
    there = [(name, put) for has, name, put in doors if has(machine)]
    if not there:
        click.echo("这台电脑上没有找到 Excel，也没有找到 WPS 表格，没有安装加载项。")
        click.echo("请改用“打开页面”：把工作簿拖进网页，一样校验。")
        return OK
    code = _each(there)
    if home is not None:
        click.echo(
            f"加载项用的程序在 {home}：以后不要移动、改名、删除这个文件夹；移动了就再装一次。"
        )
    return code


def _each(there: list[tuple[str, Callable[[], str]]]) -> int:
    """Do each; one that fails does not hinder the other."""
    code = OK
    for name, act in there:
        try:
            click.echo(f"{name}：{act()}")
        except InputError as error:
            code = FAILED
            for problem in error.problems:
                click.echo(f"{name}：错误：{problem}", err=True)
    return code


def _excel() -> str:
    return f"已安装 {excel.install()}。重新打开 Excel，上方有“决算工具”"


def _wps() -> str:
    where = wps.install()
    return f"已安装 {where}。完全退出 WPS 再打开，有“决算工具”；校验前先双击“打开页面”"


def _moved(home: Path, kind: place.Kind) -> int:
    """Copy the folder to the user's own place and install from there, after asking."""
    target = place.own_place()
    click.echo(f"现在的文件夹在{kind}上，拔掉或断开以后加载项就不能用了。")
    told = f"复制到 {target}（约 {place.size(home) // _MB} MB），加载项用那一份，可以吗？"
    if not agreed(told, default=True):
        click.echo("没有安装，什么也没有改。")
        return OK
    place.copy(home, target)
    click.echo(f"已复制到 {target}")
    python = target / "python" / "python.exe"
    return subprocess.run([str(python), "-m", "xltool.desktop", "install"], check=False).returncode


def uninstall() -> int:
    """Remove both add-ins and, after asking, the copy in the user's own place. Raises `InputError`."""
    code = _each([("Excel", _no_excel), ("WPS", _no_wps)])
    target, home = place.own_place(), place.home()
    if not (target / place.README).is_file():
        return code
    if home == target:
        click.echo(f"程序在 {target}。不再用的话，关掉这个窗口，把整个文件夹删掉。")
    elif agreed(f"复制到本机的程序 {target} 也删除吗？", default=True):
        try:
            remove_folder(target)
        except OSError:
            click.echo(f"没有删干净，有文件正在使用：关掉网页窗口和 Excel，再删 {target}", err=True)
            return FAILED
        click.echo(f"已删除 {target}")
    return code


def _no_excel() -> str:
    removed = excel.uninstall()
    return f"已卸载 {removed}" if removed else "没有安装，不用卸载"


def _no_wps() -> str:
    return "已卸载" if wps.uninstall() else "没有安装，不用卸载"

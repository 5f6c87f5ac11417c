"""环境自检 as a file that can be read aloud on the telephone: every line has its number, the bad ones come first."""

from __future__ import annotations

import locale
import platform
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import click

from xltool.addin.doctor import DoctorCheck, examine_installation
from xltool.core.problems import InputError
from xltool.core.resources import user_folder
from xltool.core.saving.files import write_text
from xltool.core.version import __version__
from xltool.desktop import place
from xltool.web.address import address_file

NAME = "xltool自检报告.txt"
_DOORS = {
    "运行 xltool addin install --wps": "双击“安装Excel加载项”",
    "运行 xltool addin install": "双击“安装Excel加载项”",
    "用 xltool serve 打开本机页面": "双击“打开页面”",
    "用 xltool serve 的本机页面": "双击“打开页面”",
    "WPS 见 docs/addin.md": "用 WPS 的，双击“安装Excel加载项”",
}
"""Advice for the command line, as it is done in the folder."""


def examine() -> tuple[Path, bool]:
    """Examine this machine, show the report and write it; where it is, and whether something is wrong."""
    checks = examine_installation()
    told = [_by_doors(line) for line in text(checks)]
    for line in told:
        click.echo(line)
    path = _write("\r\n".join(told) + "\r\n")
    click.echo(f"报告：{path}")
    return path, any(check.bad for check in checks)


def _by_doors(line: str) -> str:
    if place.home() is not None:
        for command, door in _DOORS.items():
            line = line.replace(command, door)
    return line


def text(checks: list[DoctorCheck]) -> Iterator[str]:
    """The lines: what machine it is, then the checks, the bad ones first."""
    yield f"xltool 自检报告　{datetime.now():%Y-%m-%d %H:%M}"
    yield "打电话时：先念下面“有问题”的编号和名称，再念那一行后面的话。"
    yield ""
    for name, value in machine().items():
        yield f"{name}：{value}"
    yield ""
    numbered = list(enumerate(checks, start=1))
    for state in ("有问题", "未验证", "正常", "不适用"):
        for number, check in numbered:
            if check.state != state:
                continue
            yield f"{number:02d} [{state}] {check.name}{f'：{check.seen}' if check.seen else ''}"
            if check.advice:
                yield f"   → {check.advice}"
    bad = [f"{number:02d}" for number, check in numbered if check.bad]
    yield ""
    yield f"共 {len(checks)} 项，有问题 {len(bad)} 项{'：' + '、'.join(bad) if bad else ''}。"


def machine() -> dict[str, str]:
    """What a helper asks first."""
    home = place.home()
    return {
        "版本": f"xltool {__version__}，Python {platform.python_version()}",
        "系统": f"{platform.system()} {platform.version()} {platform.machine()}",
        "代码页": locale.getpreferredencoding(False),
        "程序": str(home or sys.prefix),
        "在哪里": place.kind(home or Path(sys.prefix)),
        "本机页面": "正在运行" if address_file().exists() else "没有运行",
    }


def _write(content: str) -> Path:
    """Write the report beside the doors, or in the user's own folder where that must not be. Raises `InputError`."""
    beside = place.home()
    if beside is not None:
        with suppress(InputError):
            return _written(beside / NAME, content)
    user_folder().mkdir(parents=True, exist_ok=True)
    return _written(user_folder() / NAME, content)


def _written(path: Path, content: str) -> Path:
    """With a mark by which Notepad knows its encoding."""
    write_text(path, f"\ufeff{content}", force=True)
    return path

"""The files that people double-click or drop something on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent

DOORS: Mapping[str, str] = {
    "校验（把工作簿拖到这里）": "check",
    "填报（把数据拖到这里）": "fill",
    "盯着文件夹（把文件夹拖到这里）": "watch",
    "安装Excel加载项": "install",
    "卸载Excel加载项": "uninstall",
    "环境自检": "doctor",
    "试用Excel和WPS": "trial",
}
"""Name -> command of xltool.desktop."""


def doors() -> dict[str, bytes]:
    """File name -> content of every .cmd.

    A Chinese cmd reads them as GBK, byte by byte, so no byte of a Chinese character may mean something to it.
    """
    body = _text("door.cmd")
    texts = {f"{name}.cmd": body.replace("{action}", action) for name, action in DOORS.items()}
    texts["打开页面.cmd"] = _text("page.cmd")
    texts["xltool.cmd"] = _text("xltool.cmd")
    return {
        name: "\r\n".join(text.splitlines()).encode("gbk") + b"\r\n" for name, text in texts.items()
    }


def _text(name: str) -> str:
    """A .cmd with the part that finds the program."""
    here = (HERE / "here.cmd").read_text(encoding="utf-8").rstrip()
    return (HERE / name).read_text(encoding="utf-8").replace("{here}", here)


def readme(version: str, python: str, *, official: bool) -> bytes:
    """读我.txt, with a mark by which Notepad knows its encoding."""
    untried = "" if official else "这一份里的 Python 不是官方嵌入包，只供试用，不要发给别人。\n"
    text = (HERE / "读我.txt").read_text(encoding="utf-8")
    text = text.format(version=version, python=python, untried=untried)
    return "\r\n".join(text.rstrip().splitlines()).encode("utf-8-sig") + b"\r\n"

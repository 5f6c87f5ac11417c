"""The CPython for Windows that goes into the folder: the official embeddable package, or another layout for trials."""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
from pathlib import Path
from typing import NamedTuple

WANTED = """没有指明 Windows 的 Python。要的是官方的嵌入包（Windows embeddable package, 64-bit）：
  1. 在能上网的电脑上从 python.org 下载 python-3.11.9-embed-amd64.zip（3.11 系列最后一个有安装包的版本）；
  2. 在 python.org 的下载页核对它的校验值，算出 SHA-256；
  3. python tasks.py windows --python 下载/python-3.11.9-embed-amd64.zip --sha256 校验值"""

_KEPT_SUFFIXES = (".exe", ".dll", ".txt", ".zip", ".pyd", ".cat", ".cer")
_NEEDLESS = re.compile(
    r"(?i)(?:lib/(?:[^/]+/)*tests?/|lib/(?:idlelib|tkinter|turtledemo|ensurepip|lib2to3|pydoc_data|site-packages|venv)/|lib/turtle\.py$"
    r"|.*__pycache__/|dlls/(?:_tkinter|tcl|tk|_test|_ctypes_test)|news\.txt$)"
)


class Runtime(NamedTuple):
    """A CPython that has been laid down."""

    folder: Path
    version: str
    """3.11"""
    official: bool

    @property
    def tag(self) -> str:
        """311"""
        return self.version.replace(".", "")


def lay_down(source: Path, sha256: str, target: Path) -> Runtime:
    """Put the CPython of a zip or a folder into `target`. SystemExit when it is not what it should be."""
    if source.is_dir():
        _copy(source, target)
        checked = False
    else:
        _check(source, sha256)
        _unzip(source, target)
        checked = True
    runtime = Runtime(target, _version(target), checked and not (target / "Lib").is_dir())
    _set_path(runtime)
    return runtime


def _check(source: Path, sha256: str) -> None:
    if not source.is_file():
        raise SystemExit(f"没有这个文件：{source}\n{WANTED}")
    found = hashlib.sha256(source.read_bytes()).hexdigest()
    if found != sha256.strip().lower():
        told = f"--sha256 给的是 {sha256}" if sha256 else "没有给 --sha256"
        raise SystemExit(
            f"{source.name} 的 SHA-256 是 {found}，{told}：与官网公布的核对无误后再运行"
        )


def _unzip(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        exe = next(
            (name for name in names if re.fullmatch(r"(?:[\w.-]+/)?python\.exe", name)), None
        )
        if exe is None:
            raise SystemExit(f"{source.name} 里没有 python.exe，不是 Windows 的嵌入包")
        root = exe.removesuffix("python.exe")
        for name in names:
            inside = name.removeprefix(root)
            if name.startswith(root) and _is_needed(inside):
                path = target / inside
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(archive.read(name))


def _copy(source: Path, target: Path) -> None:
    if not (source / "python.exe").is_file():
        raise SystemExit(f"{source} 里没有 python.exe")
    for path in source.rglob("*"):
        inside = path.relative_to(source).as_posix()
        if path.is_file() and _is_needed(inside):
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target / inside)


def _is_needed(inside: str) -> bool:
    """Whether a file of a CPython is one that programs need: at the top, in DLLs and in Lib."""
    if _NEEDLESS.match(inside):
        return False
    if "/" not in inside:
        return (
            inside.lower().endswith((*_KEPT_SUFFIXES, "._pth")) and inside != "bcryptprimitives.dll"
        )
    return inside.split("/", maxsplit=1)[0].lower() in ("dlls", "lib")


def _version(folder: Path) -> str:
    for path in folder.glob("python3*.dll"):
        if found := re.fullmatch(r"python3(\d\d)\.dll", path.name):
            return f"3.{found[1]}"
    raise SystemExit("里面没有 python3xx.dll，认不出是 Python 的哪个版本")


def _set_path(runtime: Runtime) -> None:
    """Say where modules are, and nowhere else: what the user's PYTHONPATH or home folder holds does not matter."""
    whole = (runtime.folder / "Lib").is_dir()
    lines = ["Lib", "DLLs", "."] if whole else [f"python{runtime.tag}.zip", "."]
    text = "\n".join([*lines, "import site", ""])
    (runtime.folder / f"python{runtime.tag}._pth").write_text(text, encoding="utf-8", newline="\n")

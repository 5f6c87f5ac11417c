"""Where the folder runs from, and the user's own place for a copy of it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Literal

from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.saving.swap import draft_folder, swap

Kind = Literal["本机", "U 盘", "网络位置", "光盘"]
_DRIVES: dict[int, Kind] = {2: "U 盘", 4: "网络位置", 5: "光盘"}
"""What GetDriveTypeW says."""

README = "读我.txt"


def home() -> Path | None:
    """The folder that was unpacked; None when this Python is not the one in it."""
    folder = Path(sys.executable).parent.parent
    return folder if (folder / README).is_file() and (folder / "python").is_dir() else None


def kind(folder: Path) -> Kind:
    """What sort of place a folder is in: only 本机 is there tomorrow."""
    if sys.platform == "win32":
        import ctypes

        drive = os.path.splitdrive(os.path.abspath(folder))[0]  # noqa: PTH100 - a share is kept as it is
        if drive.startswith("\\\\"):
            return "网络位置"
        return _DRIVES.get(ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\"), "本机")
    return "本机"


def own_place() -> Path:
    """Where programs of one user go; no rights are needed there."""
    local = os.environ.get("LOCALAPPDATA")
    return (Path(local) if local else Path.home() / "AppData" / "Local") / "Programs" / "xltool"


def size(folder: Path) -> int:
    """Bytes in a folder."""
    walked = os.walk(folder)
    return sum(Path(where, name).stat().st_size for where, _, names in walked for name in names)


def copy(source: Path, target: Path) -> None:
    """Copy the folder to `target` whole; an earlier copy of ours is replaced. Raises `InputError`."""
    if target.exists() and not (target / README).is_file():
        raise InputError(
            Problem(str(target), "已有这个文件夹，不是本工具的，没有动", "把它改名", code="exists")
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with draft_folder(target.parent) as draft:
            shutil.copytree(source, draft, dirs_exist_ok=True)
            swap([(draft, target)], overwrite=True)
    except OSError as error:
        reason = system_reason(error) if not isinstance(error, shutil.Error) else "有文件复制不了"
        hint = "关掉正在用它的网页窗口和 Excel，再试一次"
        raise InputError(
            Problem(str(target), f"复制不了：{reason}", hint, code="unwritable")
        ) from error

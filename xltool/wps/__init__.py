"""The add-in for WPS 表格: files that carry the open workbook to `xltool serve` and the marks back.

install()      copies the add-in into the user's own jsaddons folder and announces it in publish.xml
uninstall()    takes both away again; the entries of other add-ins stay as they are
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.saving.files import writing
from xltool.core.saving.moving import remove_folder
from xltool.core.saving.swap import draft_folder, swap
from xltool.core.version import __version__
from xltool.wps.publish import entered, removed

__all__ = ["NAME", "default_folder", "install", "installed", "uninstall"]

NAME = "xltool"
_FILES = Path(__file__).parent / "files"
_ANNOUNCED = "publish.xml"


def default_folder() -> Path:
    """Where WPS looks for this user's JS add-ins."""
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
        return base / "kingsoft" / "wps" / "jsaddons"
    return Path.home() / ".local" / "share" / "Kingsoft" / "wps" / "jsaddons"


def installed(folder: Path | None = None) -> list[Path]:
    """The folders of the add-in, of whatever version, that are there now."""
    where = folder or default_folder()
    found = sorted(where.glob(f"{NAME}_*"))
    return [path for path in found if (path / "ribbon.xml").is_file() and not path.is_symlink()]


def install(folder: Path | None = None) -> Path:
    """Install for this user, in place of any other version; the add-in's folder. Raises `InputError`."""
    from xltool.web.address import address_file

    where = folder or default_folder()
    target = where / f"{NAME}_{__version__}"
    list_file = where / _ANNOUNCED
    text = entered(_read(list_file), list_file, NAME, __version__)
    try:
        where.mkdir(parents=True, exist_ok=True)
        with draft_folder(where) as draft:
            shutil.copytree(_FILES, draft, dirs_exist_ok=True)
            settings = json.dumps({"address": str(address_file())})
            (draft / "settings.js").write_text(
                f"window.XltoolSettings = {settings};\n", encoding="utf-8", newline="\n"
            )
            swap([(draft, target)], overwrite=True)
        _write(list_file, text)
        _remove_folders(where, but=target)
    except OSError as error:
        raise _refused(error, where) from error
    return target


def uninstall(folder: Path | None = None) -> bool:
    """Remove the add-in; whether there was one. Raises `InputError`."""
    where = folder or default_folder()
    list_file = where / _ANNOUNCED
    before = _read(list_file)
    after = removed(before, list_file, NAME)
    found = bool(installed(where)) or after != before
    try:
        if after != before:
            _write(list_file, after)
        _remove_folders(where)
    except OSError as error:
        raise _refused(error, where) from error
    return found


def _remove_folders(where: Path, but: Path | None = None) -> None:
    for old in installed(where):
        if old != but:
            remove_folder(old)


def _read(path: Path) -> str:
    try:
        # newline="": the line ends of others stay as they are
        with path.open(encoding="utf-8-sig", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise InputError(
            Problem(str(path), "不是 UTF-8 编码的文本，没有改动", code="unreadable")
        ) from None
    except OSError as error:
        raise InputError(
            Problem(str(path), f"读不了：{system_reason(error)}", code="unreadable")
        ) from None


def _write(path: Path, text: str) -> None:
    with writing(path, overwrite=True) as file:
        file.write(text.encode())


def _refused(error: OSError, where: Path) -> InputError:
    hint = "先退出 WPS（托盘里的也退出），再试一次"
    return InputError(
        Problem(str(where), f"写不了：{system_reason(error)}", hint, code="unwritable")
    )

"""Installing an edition of one's own: a copy in the user's folder, whole or not at all."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from xltool.core.hints import Hint
from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.resources import user_folder
from xltool.core.saving.devices import is_device_name
from xltool.core.saving.drafts import discard, fresh
from xltool.core.saving.moving import rename
from xltool.core.saving.swap import draft_folder, swap
from xltool.editions import Edition, edition_ids
from xltool.editions.checksum import own_files
from xltool.editions.places import FOLDER, installed

RESERVED = ("add", "remove")
"""Words of the command line that can be no id."""
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\s]|^\.|\.$')
_LONGEST = 40


def install(edition: Edition, *, force: bool = False) -> Path:
    """Copy an edition into the user's folder and give the place. Raises `InputError`."""
    source = edition.folders[0]
    if edition.bundled:
        raise InputError(Problem(edition.id, "是自带的版本，不用安装", code="bad-option"))
    place = user_folder() / FOLDER
    target = place / edition.id
    there = next((entry for entry in installed() if entry.id == edition.id), None)
    if there is not None and not there.shared and not force:
        hint = Hint("加 --force 换成新的，或先 xltool editions remove", "")
        raise InputError(Problem(edition.id, "已经装过这个版本号", hint, code="exists"))
    if there is not None and there.folder == source:
        raise InputError(Problem(edition.id, "就是装好的这一份", code="exists"))
    try:
        place.mkdir(parents=True, exist_ok=True)
        with draft_folder(place) as draft:
            for file in _files(edition):
                shutil.copyfile(file, draft / file.name)
            swap([(draft, target)], overwrite=True)
    except OSError as error:
        told = f"装不了：{system_reason(error)}"
        raise InputError(Problem(str(target), told, code="unwritable")) from error
    return target


def _files(edition: Edition) -> list[Path]:
    """The files of an edition's own folder; what it extends must be the tool's."""
    own = edition.folders[0]
    for folder in edition.folders[1:]:
        if folder.name not in edition_ids():
            told = f"它 extends 的“{folder.name}”不是自带的版本"
            hint = "把那个版本的文件并进来（extends 只写自带的版本）"
            raise InputError(Problem(str(own / "edition.yaml"), told, hint, code="bad-edition"))
    return files_of_own(edition)


def files_of_own(edition: Edition) -> list[Path]:
    """The files of an edition's own folder, its forms too."""
    own = edition.folders[0]
    templates = [book.template for book in edition.workbooks if book.template.parent == own]
    return [*own_files(own), *templates]


def uninstall(id_: str) -> Path:
    """Remove an installed edition of the user's own and give its place. Raises `InputError`."""
    entry = next((entry for entry in installed() if entry.id == id_), None)
    if entry is None:
        told = "是自带的版本，移除不了" if id_ in edition_ids() else "没有装这个版本"
        raise InputError(Problem(id_, told, "xltool editions 列出版本", code="missing"))
    if entry.shared:
        told = "是共享文件夹里的，由放它的人移除"
        raise InputError(Problem(id_, told, str(entry.folder), code="bad-option"))
    try:
        gone = fresh(entry.folder.parent)
        rename(entry.folder, gone)
    except OSError as error:
        told = f"移除不了：{system_reason(error)}"
        raise InputError(Problem(str(entry.folder), told, code="unwritable")) from error
    discard(gone)
    return entry.folder


def check_id(id_: str) -> None:
    """Raise `InputError` for an id that commands or files cannot have."""
    if id_ in RESERVED:
        raise InputError(Problem(id_, "add、remove 是命令，不能作版本号", code="bad-value"))
    if id_ in edition_ids():
        told, hint = "是自带版本的号", "把 edition 改成自己的号"
        raise InputError(Problem(id_, told, hint, code="bad-value"))
    fits = id_ and len(id_) <= _LONGEST and not id_.endswith(".")
    if not fits or _FORBIDDEN.search(id_) or is_device_name(id_):
        hint = '1到40个字，不含空格和 \\ / : * ? " < > |，不以点结尾，不是 CON、NUL 一类 Windows 保留的名字'
        raise InputError(Problem(id_, "不能作版本号", hint, code="bad-value"))

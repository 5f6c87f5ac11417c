"""Which outputs are refused: inputs, and whatever xltool did not write. Asked before anything happens.

`--force` allows one thing only: to write over an output of the same command. `made` says whether a file or a
folder is one; what cannot be told from the work of somebody is not.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from xltool.core.problems import Problem, raise_if, system_reason
from xltool.core.saving.devices import is_device
from xltool.core.suffixes import WORKBOOKS

Made = Callable[[Path], bool]

OVERWRITE = "换个名字，或加 --force"
_FOREIGN = "换个名字，或先把它移走"


def check_outputs(
    outputs: Iterable[Path], inputs: Iterable[Path] = (), *, force: bool, made: Made
) -> None:
    """Refuse outputs of which one is an input or another output, or stands where it must not.

    Raises `InputError` with everything that is wrong.
    """
    outputs = tuple(outputs)
    clashes = list(collisions(outputs, inputs))
    rest = [output for output in outputs if str(output) not in {p.where for p in clashes}]
    told = clashes if force else [_existing(clash) for clash in clashes]
    raise_if((*told, *obstacles(rest, force=force, made=made)))


def _existing(clash: Problem) -> Problem:
    """Without `--force` a file is kept because it is there; with it, because of the clash."""
    if not os.path.lexists(clash.where):
        return clash
    return Problem(
        clash.where, "文件已存在，没有覆盖", f"{clash.message}，加 --force 也不行", code="exists"
    )


def collisions(outputs: Iterable[Path], inputs: Iterable[Path]) -> Iterator[Problem]:
    """Outputs that are an input, hold one, or are named twice: by whatever names and links."""
    read: dict[object, Path] = {}
    looked: set[Path] = set()
    for path in inputs:
        for above in (path.absolute(), *path.absolute().parents):
            if above in looked:
                break
            looked.add(above)
            for identity in _identities(above):
                read.setdefault(identity, path)
    seen: set[object] = set()
    for output in outputs:
        own = _identities(output)
        if found := next((read[one] for one in own if one in read), None):
            yield _is_input(output, found)
        elif not seen.isdisjoint(own):
            yield Problem(
                str(output), "写了两次", "每个输出只写一次，输出不能又是输入", code="doubled"
            )
        seen |= own


def _is_input(output: Path, found: Path) -> Problem:
    if output.is_dir():
        return Problem(
            str(output),
            f"里面有要读的 {found.name}，输出不能又是输入",
            "换个文件夹",
            code="input-as-output",
        )
    what = "原工作簿" if output.suffix.lower() in WORKBOOKS else "要读的文件"
    return Problem(
        str(output), f"这是{what}，输出不能又是输入", "换个文件名", code="input-as-output"
    )


def obstacles(outputs: Iterable[Path], *, force: bool, made: Made) -> Iterator[Problem]:
    """What stands where outputs are to go and must stay."""
    for output in outputs:
        if is_device(output):
            told = "里面有 Windows 保留的名字（CON、NUL、AUX、COM1 等），不能当文件名"
            yield Problem(str(output), told, "换个名字", code="bad-target")
            continue
        try:
            exists = os.path.lexists(output)
            output.absolute().parent.stat()
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                yield Problem(str(output), f"写不了：{system_reason(error)}", code="unwritable")
            continue
        if exists and (problem := obstacle(output, force=force, made=made)):
            yield problem


def obstacle(output: Path, *, force: bool, made: Made) -> Problem | None:
    """Why what is there under the name of an output must stay; None when it may be replaced."""
    where = str(output)
    if not force:
        what = "文件夹已存在" if output.is_dir() else "文件已存在"
        return Problem(where, f"{what}，没有覆盖", OVERWRITE, code="exists")
    if output.exists() and not (output.is_file() or output.is_dir()):
        return Problem(where, "不是普通文件，没有写", code="bad-target")
    if made(output):
        return None
    if output.is_dir():
        return Problem(
            where, "里面有不是 xltool 写的、或写好以后改过的文件，没有覆盖", _FOREIGN, code="exists"
        )
    return Problem(where, "不是 xltool 写的，或写好以后改过，没有覆盖", _FOREIGN, code="exists")


def is_same(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file. `Path.samefile` thinks so of any two where a share numbers no files."""
    return not _identities(one).isdisjoint(_identities(other))


def _identities(path: Path) -> set[object]:
    """What a path is known by: its real name in the system's case, and its place on the disk."""
    if is_device(path):
        return set()
    try:
        found: set[object] = {os.path.normcase(os.path.realpath(path))}
    except OSError:  # Windows does so for paths that it does not take
        found = {os.path.normcase(path.absolute())}
    try:
        state = path.stat()
    except OSError:
        return found
    if state.st_ino:
        found.add((state.st_dev, state.st_ino))
    return found

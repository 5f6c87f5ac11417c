"""What was checked of late on this user's disks, and which folders are watched now: kept for the page to show.

Only where the files are, how they came out and when; in the user's own folder, and gone when he clears it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from xltool.core.locks import locked_file
from xltool.core.resources import user_folder
from xltool.core.saving.files import writing

MOST, LINES = 20, 8
"""So many workbooks, and so many lines of a folder that is watched, are kept."""


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """A workbook that was checked; `verdict` is "" when it could not be."""

    path: str
    verdict: str
    when: str


@dataclass(slots=True)
class WatchedFolder:
    """A folder that is watched, and what was told of it last."""

    folder: str
    since: str
    lines: list[str] = field(default_factory=list)


def _now() -> str:
    return f"{datetime.now():%Y-%m-%d %H:%M}"


def _diary() -> Path:
    return user_folder() / "recent.json"


def recent() -> list[DiaryEntry]:
    """The workbooks, the latest first."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        raw = json.loads(_diary().read_text(encoding="utf-8"))
        return [DiaryEntry(**{k: str(v) for k, v in one.items()}) for one in raw][:MOST]
    return []


def note(books: Sequence[tuple[Path, str]]) -> None:
    """Note (workbook, verdict) of what was checked; that it cannot be noted hinders nothing."""
    new = {
        str(path.absolute()): DiaryEntry(str(path.absolute()), word, _now()) for path, word in books
    }
    kept = [*new.values(), *(entry for entry in recent() if entry.path not in new)][:MOST]
    with suppress(OSError):
        _write(_diary(), [asdict(entry) for entry in kept])


def forget() -> None:
    """Forget the workbooks."""
    with suppress(OSError):
        _diary().unlink(missing_ok=True)


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with writing(path, overwrite=True, mode=0o600) as file:
        file.write(json.dumps(content, ensure_ascii=False).encode())


def _folder() -> Path:
    return user_folder() / "watching"


@contextmanager
def watching(folder: Path) -> Iterator[Callable[[str], None]]:
    """While it lasts the page shows that `folder` is watched; to be called with each line that is told."""
    state = WatchedFolder(str(folder.absolute()), _now())
    name = _folder() / os.urandom(8).hex()
    lock = _taken(name)

    def keep() -> None:
        if lock is not None:
            with suppress(OSError):
                _write(name.with_suffix(".json"), asdict(state))

    def told(line: str) -> None:
        state.lines = [*state.lines, line][-LINES:]
        keep()

    try:
        keep()
        yield told
    finally:
        if lock is not None:
            lock.close()
            _remove(name)


def _taken(name: Path) -> IO[bytes] | None:
    """The lock that says that this run lives."""
    with suppress(OSError):
        name.parent.mkdir(parents=True, exist_ok=True)
        return locked_file(name.with_suffix(".lock"))
    return None


def _remove(name: Path) -> None:
    for suffix in (".json", ".lock"):
        with suppress(OSError):
            name.with_suffix(suffix).unlink(missing_ok=True)


def watched() -> list[WatchedFolder]:
    """The folders that are watched now; what runs left that are dead is removed."""
    found = []
    for path in sorted(_folder().glob("*.json")):
        if not _lives(path):
            _remove(path.with_suffix(""))
            continue
        with suppress(OSError, ValueError, TypeError, AttributeError):
            found.append(WatchedFolder(**json.loads(path.read_text(encoding="utf-8"))))
    return found


def _lives(path: Path) -> bool:
    try:
        lock = locked_file(path.with_suffix(".lock"))
    except OSError:
        return False
    if lock is None:
        return True
    lock.close()
    return False

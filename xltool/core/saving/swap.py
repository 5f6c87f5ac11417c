"""Drafts take their names, all or none: a journal says what was about to happen, and the next run ends it.

One file is replaced in one step of the system. A folder cannot be: the old one must go out of the way first; nor
can two files. So a journal is written before the first step and removed after the last. `tidy`, which every
writer calls first, finds the journal of a run that was killed, and goes on where that was.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xltool.core.locks import locked_file
from xltool.core.saving.drafts import (
    discard,
    fresh,
    in_hand,
    is_dead,
    kind_of,
    lock_handle,
    open_draft,
    place,
    remove_dead,
    sync,
)
from xltool.core.saving.guard import is_same
from xltool.core.saving.moving import remove_file, rename, replace

_tidied: set[str] = set()


@dataclass(slots=True)
class _Move:
    """A draft on its way to its name. `aside`: where what stood there goes; None where nothing did.

    A file is only copied there, to be put back when a later step fails; `stamp` tells whether it is still the same.
    """

    draft: Path
    target: Path
    aside: Path | None
    stamp: list[int] | None

    def forth(self) -> None:
        """Take the name."""
        if self.aside is None:
            place(self.draft, self.target, overwrite=False)
        elif self.target.is_dir():
            rename(self.target, self.aside)
            place(self.draft, self.target, overwrite=False)
        else:
            _copy(self.target, self.aside)
            place(self.draft, self.target, overwrite=True)

    def back(self) -> None:
        """Undo `forth`, however far it came."""
        if self.aside is None:
            if not self.draft.exists() and self.target.exists():
                rename(self.target, self.draft)
        elif self.aside.is_dir():
            if not self.draft.exists() and self.target.exists():
                rename(self.target, self.draft)
            rename(self.aside, self.target)
        elif self.aside.exists():
            if not self.draft.exists():
                replace(self.aside, self.target)
            discard(self.aside)

    def again(self) -> None:
        """Go on after a kill, unless the user has put something else there since."""
        if self.draft.exists():
            if _is_linked(self):
                self.draft.unlink()
            elif not self.target.exists():
                place(self.draft, self.target, overwrite=False)
            elif self.stamp is not None and _stamp(self.target) == self.stamp:
                place(self.draft, self.target, overwrite=True)
        elif self.aside is not None and self.aside.is_dir() and not self.target.exists():
            rename(self.aside, self.target)


def swap(pairs: Sequence[tuple[Path, Path]], *, overwrite: bool) -> None:
    """Give each draft of (draft, target) its name, all or none. Targets are in one folder.

    Raises OSError (FileExistsError without `overwrite`); then everything is as before.
    """
    moves = [_move(draft, target, overwrite=overwrite) for draft, target in pairs]
    if len(moves) == 1 and (moves[0].aside is None or moves[0].target.is_file()):
        place(*pairs[0], overwrite=overwrite)
        return
    with _journal(moves) as journal:
        done: list[_Move] = []
        try:
            for move in moves:
                done.append(move)
                move.forth()
        except BaseException:
            for move in reversed(done):
                move.back()
            remove_file(journal)
            raise
        trash = _settle(moves)
        remove_file(journal)
    for path in trash:
        discard(path)


def _move(draft: Path, target: Path, *, overwrite: bool) -> _Move:
    if not os.path.lexists(target):
        return _Move(draft, target, None, None)
    if not overwrite:
        raise FileExistsError(errno.EEXIST, "exists", str(target))
    if target.is_dir():
        return _Move(draft, target, fresh(target.parent, "old"), None)
    return _Move(draft, target, fresh(target.parent), _stamp(target))


def _stamp(path: Path) -> list[int]:
    state = path.stat()
    return [state.st_size, state.st_mtime_ns]


def _copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)


def _settle(moves: Sequence[_Move]) -> list[Path]:
    """All drafts have their names: what stood there before is marked as rubbish, then removed."""
    trash = []
    for move in moves:
        if move.aside is None or not move.aside.exists():
            continue
        rubbish = move.aside
        if kind_of(rubbish.name) == "old":
            if not move.target.exists():
                continue
            rubbish = fresh(move.aside.parent)
            rename(move.aside, rubbish)
        trash.append(rubbish)
    return trash


@contextmanager
def _journal(moves: Sequence[_Move]) -> Iterator[Path]:
    """What is about to happen, on the disk and in hand while it happens. It stays unless it is removed."""
    folder = moves[0].target.parent
    entries = [
        {
            "draft": os.path.relpath(move.draft, folder),
            "target": move.target.name,
            "aside": move.aside.name if move.aside else None,
            "stamp": move.stamp,
        }
        for move in moves
    ]
    path = fresh(folder, "journal")
    with in_hand(path), open_draft(folder) as (draft, file):
        file.write(json.dumps(entries).encode())
        file.flush()
        os.fsync(file.fileno())
        if sys.platform == "win32":  # an open file cannot be renamed there
            file.close()
        rename(draft, path)
        sync(folder)
        yield path


@contextmanager
def draft_folder(parent: Path) -> Iterator[Path]:
    """A new folder to fill; what has not taken another name by the end is removed. Raises OSError."""
    tidy(parent)
    draft = fresh(parent)
    with in_hand(draft):
        draft.mkdir()
        handle = None if sys.platform == "win32" else os.open(draft, os.O_RDONLY)
        try:
            if handle is not None:
                with suppress(OSError):
                    lock_handle(handle)
            yield draft
        finally:
            if handle is not None:
                os.close(handle)
            discard(draft)


def tidy(folder: Path) -> None:
    """End what a killed run had begun in `folder`, and remove the drafts that it left. Once for each process."""
    key = os.path.normcase(folder.absolute())
    if key in _tidied:
        return
    _tidied.add(key)
    with suppress(OSError):
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries]
        drafts = [folder / name for name in names if kind_of(name)]
        kept: set[str] = set()
        for journal in (path for path in drafts if kind_of(path.name) == "journal"):
            kept |= _recover(journal)
        for draft in drafts:
            if kind_of(draft.name) == "tmp" and draft.name not in kept:
                remove_dead(draft)
            elif kind_of(draft.name) == "lock":
                is_dead(draft)


def _recover(journal: Path) -> set[str]:
    """End what a journal says, if its run is dead and was this user's; the names that must stay as they are."""
    try:
        moves = list(_moves(journal))
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    names = {path.name for move in moves for path in (move.draft, move.aside) if path is not None}
    try:
        file = locked_file(journal, "rb")
    except OSError:  # no locks here: nobody can say that its run is dead
        return names
    if file is None:
        return names
    with file:
        if not is_dead(journal):
            return names
        try:
            if any(map(_is_begun, moves)):
                for move in moves:
                    move.again()
            trash = _settle(moves)
        except OSError:
            return names
    for path in (journal, *trash):
        discard(path)
    return set()


def _is_begun(move: _Move) -> bool:
    if not move.draft.exists() or _is_linked(move):
        return True
    return move.aside is not None and kind_of(move.aside.name) == "old" and move.aside.exists()


def _is_linked(move: _Move) -> bool:
    """Whether a new file has its name already, and its draft's name still."""
    return move.target.exists() and is_same(move.target, move.draft)


def _moves(journal: Path) -> Iterator[_Move]:
    """What a journal says. It may have come by mail: only drafts, to names beside it, are moved. Raises ValueError."""
    entries: list[dict[str, Any]] = json.loads(journal.read_bytes())
    for entry in entries:
        if not all(isinstance(entry[key] or "", str) for key in ("draft", "target", "aside")):
            raise ValueError("no names")
        target, draft = journal.with_name(entry["target"]), journal.parent / entry["draft"]
        aside = journal.with_name(entry["aside"]) if entry["aside"] else None
        worked = journal.parent / f"{target.name}.part" / "draft" / target.name
        if draft != worked and not (draft.parent == journal.parent and kind_of(draft.name)):
            raise ValueError("no draft")
        if aside is not None and not kind_of(aside.name):
            raise ValueError("no draft")
        yield _Move(draft, target, aside, entry["stamp"])

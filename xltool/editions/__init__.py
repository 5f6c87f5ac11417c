"""Editions (版本): one official set of forms each, found in the data folders and loaded once.

An edition is a folder with `edition.yaml` and a mapping file per table. It may extend another one and
then holds only what changed. An edition of one's own has an id too; it is found by it once it is installed
(`places.py`), else by the path of its folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from xltool.core.caches import remembered
from xltool.core.problems import InputError, Problem
from xltool.core.resources import MAPPINGS
from xltool.core.texts import did_you_mean
from xltool.editions.load import load_edition, state_of
from xltool.editions.model import Edition, EditionLike, WorkbookSpec
from xltool.editions.places import Installed, bundled_ids, installed

__all__ = [
    "Edition",
    "EditionLike",
    "WorkbookSpec",
    "all_editions",
    "bundled_editions",
    "bundled_only",
    "edition_ids",
    "find_edition",
    "is_here",
    "newest_edition",
    "offered_editions",
]


def edition_ids() -> tuple[str, ...]:
    """The ids of the editions that come with the tool, oldest first."""
    return bundled_ids()


_bundled_only: ContextVar[bool] = ContextVar("bundled_only", default=False)


@contextmanager
def bundled_only() -> Iterator[None]:
    """Within it no edition is looked for in a folder: a name that came in a file opens no path."""
    before = _bundled_only.set(True)
    try:
        yield
    finally:
        _bundled_only.reset(before)


def find_edition(name: EditionLike) -> Edition:
    """The edition with this id, or the one in this folder; an `Edition` is given back.

    Raises `InputError` when there is none.
    """
    if isinstance(name, Edition):
        return name
    name = os.fspath(name)
    folder = _folder(name)
    if not (folder / "edition.yaml").is_file():
        hint = did_you_mean(name, _known_ids())
        raise InputError(Problem("版本", f"没有“{name}”这个版本", hint, code="unknown-edition"))
    found = load_edition(folder, state_of(folder))
    if not found.bundled:
        _opened[found.id] = folder
    return found


_opened: dict[str, Path] = {}
"""Where editions of one's own are that were named by their folder in this process."""


def _folder(name: str) -> Path:
    """The folder that a name means: an id of the tool's or of an installed edition, or a path."""
    if name in edition_ids():
        return MAPPINGS / name
    place = next((entry.folder for entry in installed() if entry.id == name), None)
    if place is not None:
        return place
    if _bundled_only.get():
        known = _known_ids()
        hint = did_you_mean(name, known) or f"只认自带的和装上的版本：{'、'.join(known)}"
        raise InputError(Problem("版本", f"没有“{name}”这个版本", hint, code="unknown-edition"))
    folder = Path(name).absolute()
    if not (folder / "edition.yaml").is_file() and name in _opened:
        return _opened[name]
    return folder


def is_here(id_: str) -> bool:
    """Whether there is an edition with this id: the tool's, an installed one, or one that was named by its folder."""
    return id_ in _opened or id_ in _known_ids()


def _known_ids() -> list[str]:
    return [*edition_ids(), *(entry.id for entry in installed())]


def all_editions() -> tuple[Edition, ...]:
    """The editions that come with the tool, then those that are installed and can be read."""
    return (*bundled_editions(), *filter(None, map(_readable, installed())))


def offered_editions() -> tuple[Edition, ...]:
    """All editions, likeliest first, as people choose among them: installed ones, the newest national one, the others
    from the latest on, and last those of 自评表, whose ids begin with no year."""
    first = newest_edition()
    later = sorted(edition_ids(), key=lambda id_: (id_[0].isdigit(), id_), reverse=True)
    own = (edition for edition in all_editions() if not edition.bundled)
    return (*own, first, *(find_edition(id_) for id_ in later if id_ != first.id))


@remembered(1)
def bundled_editions() -> tuple[Edition, ...]:
    """The editions that come with the tool."""
    return tuple(find_edition(name) for name in edition_ids())


def _readable(entry: Installed) -> Edition | None:
    """An installed edition; None for a broken one, which `xltool editions` tells of."""
    try:
        return find_edition(entry.id)
    except InputError:
        return None


def newest_edition() -> Edition:
    """The newest national edition: what is meant where none is named."""
    return find_edition(max(name for name in edition_ids() if name.endswith("-national")))

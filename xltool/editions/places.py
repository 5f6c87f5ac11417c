"""Editions of one's own that are installed: in the user's folder, and in the folder that an office shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from xltool.core.caches import remembered
from xltool.core.problems import InputError
from xltool.core.resources import MAPPINGS, own_folders
from xltool.mapping.files import read_yaml

FOLDER = "editions"
"""Where they are, in a folder of one's own."""


class Installed(NamedTuple):
    """An installed edition; `shared`: it is the office's."""

    id: str
    folder: Path
    shared: bool

    @property
    def place(self) -> str:
        """Whose it is, for people."""
        return "共享" if self.shared else "本机"


def installed() -> tuple[Installed, ...]:
    """The installed editions; of two with one id the user's own comes first, and the other is left out."""
    found: dict[str, Installed] = {}
    for n, place in enumerate(own_folders()):
        for folder in _folders(place / FOLDER):
            if id_ := own_id(folder):
                found.setdefault(id_, Installed(id_, folder, n > 0))
    return tuple(found.values())


def _folders(place: Path) -> Iterator[Path]:
    try:
        yield from sorted(path for path in place.iterdir() if (path / "edition.yaml").is_file())
    except OSError:
        return  # there is none, or the server is away: built-in editions serve


def own_id(folder: Path) -> str:
    """The id that an edition gives itself, else the name of its folder; "" for a file that cannot be read."""
    path = folder / "edition.yaml"
    try:
        return _own_id(path, path.stat().st_mtime_ns)
    except OSError:
        return ""


@remembered(256)
def _own_id(path: Path, written: int) -> str:
    try:
        given = read_yaml(path).get("edition")
    except InputError:
        return ""
    return str(given).strip() if given else path.parent.name


@remembered(1)
def bundled_ids() -> tuple[str, ...]:
    """The ids of the editions that come with the tool, oldest first."""
    return tuple(sorted(path.parent.name for path in MAPPINGS.glob("*/edition.yaml")))

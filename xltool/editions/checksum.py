"""A checksum of an edition: which state of a bureau's files a unit used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xltool.editions import Edition

_LENGTH = 12


def checksum(edition: Edition) -> str:
    """Of the names and bytes of the files in its folders and of its forms; where they are does not matter."""
    digest = hashlib.sha256()
    for name, path in sorted(_files(edition)):
        digest.update(f"{name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:_LENGTH]


def own_files(folder: Path) -> Iterator[Path]:
    """The files of an edition that are in its folder, without its forms."""
    return (path for path in folder.iterdir() if path.suffix in (".yaml", ".csv"))


def _files(edition: Edition) -> Iterator[tuple[str, Path]]:
    for n, folder in enumerate(edition.folders):
        yield from ((f"{n}/{path.name}", path) for path in own_files(folder))
    for book in edition.workbooks:
        if book.template.is_file():
            yield f"表样/{book.name}", book.template

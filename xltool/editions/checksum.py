"""A checksum of an edition: which state of a bureau's files a unit used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_LENGTH = 12


def checksum(folders: Iterable[Path], forms: Iterable[tuple[str, Path]]) -> str:
    """Of the names and bytes of the files in an edition's folders and of its forms (name, file).

    Where they are does not matter.
    """
    digest = hashlib.sha256()
    for name, path in sorted(_files(folders, forms)):
        digest.update(f"{name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:_LENGTH]


def own_files(folder: Path) -> Iterator[Path]:
    """The files of an edition that are in its folder, without its forms."""
    return (path for path in folder.iterdir() if path.suffix in (".yaml", ".csv"))


def _files(
    folders: Iterable[Path], forms: Iterable[tuple[str, Path]]
) -> Iterator[tuple[str, Path]]:
    for n, folder in enumerate(folders):
        yield from ((f"{n}/{path.name}", path) for path in own_files(folder))
    yield from ((f"表样/{name}", path) for name, path in forms if path.is_file())

"""What is in a zip archive of workbooks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from io import BytesIO
from pathlib import Path, PurePosixPath

from xltool.batch.generated import LETTER, by_sheets, own_folder
from xltool.batch.source import FoundBooks, Source, content_of
from xltool.batch.suffixes import ARCHIVE, NO_SUFFIX, OWNED, REFUSED
from xltool.batch.zips import members
from xltool.core.problems import InputError
from xltool.core.suffixes import WORKBOOKS
from xltool.ooxml import WorkbookError

_CONTENT_TYPES = "[Content_Types].xml"
"""An archive with this part is itself a workbook, under a wrong suffix."""


def in_archive(path: Path, name: str, found: FoundBooks, texts: Set[str]) -> list[Source]:
    """The workbooks in an archive; one that can't be opened, or holds none, is a source with that reason."""
    try:
        entries = list(members(path))
    except InputError as error:
        return [Source(name, str(path), None, error.problems[0].message)]
    if any(shown == _CONTENT_TYPES for shown, _ in entries):
        return [Source(name, str(path))]
    sources: list[Source] = []
    own = dict(_own_folders(shown for shown, _ in entries))
    for shown, entry in entries:
        inside = PurePosixPath(shown)
        suffix = inside.suffix.lower()
        if not own.keys().isdisjoint(inside.parents):
            continue
        if inside.name.startswith(OWNED) or shown.startswith("__MACOSX/"):
            continue
        refusal = REFUSED.get(suffix, "")
        if suffix == ARCHIVE:
            refusal = "压缩包里的压缩包，没有读。请先解压"
        if suffix in WORKBOOKS or refusal:
            source = Source(f"{name}!/{shown}", str(path), entry, refusal)
            (found.letters if _is_letter(source) else sources).append(source)
        elif suffix in texts and LETTER not in inside.name:
            found.texts.append(Source(f"{name}!/{shown}", str(path), entry))
        else:
            found.others[suffix or NO_SUFFIX] += 1
    found.own |= {f"{name}!/{folder}": what for folder, what in own.items()}
    return (
        sources
        if sources or own or found.letters or found.texts
        else [Source(name, str(path), None, "压缩包里没有工作簿")]
    )


def _is_letter(source: Source) -> bool:
    """Whether a file in an archive is a letter; only one that is called so is looked into."""
    if source.refusal or LETTER not in source.name.rpartition("/")[2]:
        return False
    try:
        return by_sheets(BytesIO(content_of(source))) == LETTER
    except WorkbookError:
        return False


def _own_folders(entries: Iterable[str]) -> Iterator[tuple[PurePosixPath, str]]:
    """The folders of an archive that the tool wrote, and what each is."""
    folders: dict[PurePosixPath, set[str]] = defaultdict(set)
    for inside in map(PurePosixPath, entries):
        folders[inside.parent].add(inside.name)
    for folder, names in folders.items():
        if what := own_folder(names):
            yield folder, what

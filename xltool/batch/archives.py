"""What is in a zip archive of workbooks, and in the archives in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from io import BytesIO
from pathlib import Path, PurePosixPath

from xltool.batch.generated import LETTER, by_sheets, own_folder
from xltool.batch.source import FoundBooks, Source, content_of
from xltool.batch.suffixes import ARCHIVE, NO_SUFFIX, OWNED, REFUSED
from xltool.batch.zips import MAX_MEMBERS, OpenZip, inner, members, opened
from xltool.core.problems import InputError
from xltool.core.suffixes import WORKBOOKS
from xltool.ooxml import WorkbookError
from xltool.ooxml.package.limits import MB, Limits

_CONTENT_TYPES = "[Content_Types].xml"
"""An archive with this part is itself a workbook, under a wrong suffix."""
_DEEPEST = 2
_LIMITS = Limits()
_MAX_INNER = 2048 * MB
"""What all archives in one archive may have together: each is unpacked to look into it."""


def in_archive(path: Path, name: str, found: FoundBooks, texts: Set[str]) -> list[Source]:
    """The workbooks in an archive; one that can't be opened, or holds none, is a source with that reason."""
    try:
        with opened(path) as zipped:
            look = _Look(path, found, texts)
            look.into(zipped, Source(name, str(path)))
    except InputError as error:
        return [Source(name, str(path), None, error.problems[0].message)]
    return look.sources


class _Look:
    """A look through an archive and the archives in it, which share their limits."""

    def __init__(self, path: Path, found: FoundBooks, texts: Set[str]) -> None:
        self.sources: list[Source] = []
        self._path, self._found, self._texts = str(path), found, texts
        self._members = 0
        self._room = _MAX_INNER

    def into(self, zipped: OpenZip, archive: Source, depth: int = 1) -> None:
        """Take what an open archive holds."""
        entries = list(members(zipped))
        if any(shown == _CONTENT_TYPES for shown, _ in entries):
            self.sources.append(archive)
            return
        self._members += len(entries)
        own = dict(_own_folders(shown for shown, _ in entries))
        self._found.own |= {f"{archive.name}!/{folder}": what for folder, what in own.items()}
        before = self._taken()
        for shown, entry in entries:
            inside = PurePosixPath(shown)
            if not own.keys().isdisjoint(inside.parents):
                continue
            if inside.name.startswith(OWNED) or shown.startswith("__MACOSX/"):
                continue
            key = entry if archive.member is None else f"{archive.member}/{entry}"
            source = Source(f"{archive.name}!/{shown}", self._path, key)
            if inside.suffix.lower() == ARCHIVE:
                self._nested(zipped, entry, source, depth)
            else:
                self._file(source, inside)
        if not own and self._taken() == before:
            self._refused(archive, "压缩包里没有工作簿")

    def _taken(self) -> int:
        return len(self.sources) + len(self._found.letters) + len(self._found.texts)

    def _refused(self, source: Source, reason: str) -> None:
        self.sources.append(Source(source.name, source.path, source.member, reason))

    def _nested(self, zipped: OpenZip, entry: str, source: Source, depth: int) -> None:
        """An archive in an archive: looked into, or a source with the reason why it was not."""
        size = zipped.infos[int(entry)].file_size
        if depth == _DEEPEST:
            self._refused(source, "压缩包里的压缩包里还有压缩包，没有读。请先解压")
            return
        if size > self._room:
            told = f"压缩包里的压缩包合计超过 {_MAX_INNER // MB} MB，没有读。请先解压"
            self._refused(source, told)
            return
        self._room -= size
        try:
            within = inner(zipped, entry, _LIMITS)
        except WorkbookError as error:
            self._refused(source, str(error))
            return
        with within:
            if self._members + len(within.infos) > MAX_MEMBERS:
                told = f"压缩包连同里面的压缩包，文件超过 {MAX_MEMBERS} 个，没有读。请先解压"
                self._refused(source, told)
            else:
                self.into(within, source, depth + 1)

    def _file(self, source: Source, inside: PurePosixPath) -> None:
        suffix = inside.suffix.lower()
        refusal = REFUSED.get(suffix, "")
        if refusal:
            self._refused(source, refusal)
        elif suffix in WORKBOOKS:
            (self._found.letters if _is_letter(source) else self.sources).append(source)
        elif suffix in self._texts and LETTER not in inside.name:
            self._found.texts.append(source)
        else:
            self._found.others[suffix or NO_SUFFIX] += 1


def _is_letter(source: Source) -> bool:
    """Whether a file in an archive is a letter; only one that is called so is looked into."""
    if LETTER not in source.name.rpartition("/")[2]:
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

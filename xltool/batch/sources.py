"""What the user named -> the workbooks in it, sorted, each with a stable name.

Folders are searched through, patterns expanded (Windows shells do not), zip archives looked into, `-`
stands for a list of paths on standard input. The name of a workbook is its path below the deepest folder
that holds everything named, with `/`; inside an archive `a.zip!/b/c.xlsx`. What the tool itself wrote is left
out (`own`), unless it is named by itself.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Set
from dataclasses import replace
from pathlib import Path

from xltool.batch.archives import in_archive
from xltool.batch.generated import LETTER, own_file, own_folder
from xltool.batch.source import FoundBooks, Source
from xltool.batch.suffixes import ARCHIVE, NO_SUFFIX, OWNED, REFUSED, TEXTS
from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.saving.drafts import kind_of
from xltool.core.suffixes import WORKBOOKS


def find_sources(
    arguments: Iterable[str],
    listed: Iterable[str] = (),
    *,
    outputs: Iterable[Path] = (),
    aside: Iterable[Path] = (),
    texts: bool = False,
) -> FoundBooks:
    """All workbooks that `arguments` name; `listed` are the lines that stand for an argument `-`.

    `outputs` are files and folders that the run will write, `aside` its other inputs: neither is a source.
    With `texts` the texts beside the workbooks are found too.
    Raises `InputError` with every argument that names nothing, or names an output.
    """
    search = _Search(outputs, aside, texts=texts)
    for argument in arguments:
        for path in listed if argument == "-" else (argument,):
            search.argument(path.strip().strip('"') if argument == "-" else path)
    if search.problems:
        raise InputError(search.problems)
    return search.found()


class _Search:
    def __init__(
        self, outputs: Iterable[Path], aside: Iterable[Path] = (), *, texts: bool = False
    ) -> None:
        self._texts = TEXTS if texts else frozenset()
        self.problems: list[Problem] = []
        self._outputs = {_real(path) for path in outputs}
        self._aside = {_real(path) for path in aside}
        self._bases: list[Path] = []
        self._files: dict[str, Path] = {}
        """By absolute path, in the system's case: a file that is named twice counts once."""
        self._explicit: set[Path] = set()
        self._folders: set[str] = set()
        self._own: dict[Path, str] = {}
        self._letters: list[Path] = []
        self._clashes: list[Path] = []
        self._listings: dict[Path, frozenset[str]] = {}

    def argument(self, text: str) -> None:
        """Take one argument: a folder, a file, or a pattern."""
        if not text:
            return
        path = _absolute(text)
        if path.is_dir() and _real(path) in self._outputs:
            self.problems.append(_both(path))
        elif path.is_dir():
            self._bases.append(path)
            self._folder(path, _real(path))
        elif path.exists() or path.is_symlink():
            self._bases.append(path.parent)
            self._explicit.add(path)
            if own_file(path, frozenset()) == LETTER:
                self._letters.append(path)
            else:
                self._file(path)
        elif glob.has_magic(text):
            self._pattern(text, path)
        else:
            self.problems.append(Problem(text, "没有这个文件或文件夹", code="missing"))

    def _pattern(self, text: str, path: Path) -> None:
        fixed = next(n for n, part in enumerate(path.parts) if glob.has_magic(part))
        base = Path(*path.parts[:fixed])
        hits = sorted(base.glob("/".join(path.parts[fixed:])))
        if not hits:
            self.problems.append(Problem(text, "没有符合的文件", code="missing"))
        self._bases.append(base)
        for hit in hits:
            if any(self._skipped(folder) for folder in hit.parents if base in folder.parents):
                continue
            if hit.is_dir():
                self._folder(hit, _real(hit))
            else:
                self._found(hit, self._names(hit.parent))

    def _folder(self, folder: Path, root: str) -> None:
        """Everything below a folder. No link is followed that leads into the root or to above it: no loops."""
        real = _real(folder)
        if real in self._outputs or real in self._folders:
            return
        self._folders.add(real)
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            self.problems.append(
                Problem(str(folder), f"文件夹读不了：{system_reason(error)}", code="unreadable")
            )
            return
        names = {entry.name for entry in entries}
        if self._skipped(folder, names):
            return
        links = []
        for entry in entries:
            if not _is_dir(entry):
                self._found(folder / entry.name, names)
            elif _leads_elsewhere(entry):
                links.append(folder / entry.name)
            else:
                self._folder(folder / entry.name, root)
        for link in links:
            if not _related(_real(link), root):
                self._folder(link, root)

    def _skipped(self, folder: Path, names: Set[str] | None = None) -> bool:
        """Whether the tool wrote a folder, which is then noted. `names`: what is in it, if that is known."""
        what = own_folder(self._names(folder) if names is None else names)
        if what:
            self._own[folder] = what
        return bool(what)

    def _names(self, folder: Path) -> frozenset[str]:
        if folder not in self._listings:
            try:
                self._listings[folder] = frozenset(path.name for path in folder.iterdir())
            except OSError:
                self._listings[folder] = frozenset()
        return self._listings[folder]

    def _found(self, path: Path, names: Set[str]) -> None:
        """A file that was found, not named; `names` are the files beside it."""
        if what := own_file(path, names):
            if what == LETTER:
                self._letters.append(path)
            elif _real(path) not in self._outputs:
                self._own[path] = what
        else:
            self._file(path)

    def _file(self, path: Path) -> None:
        if path.name.startswith(OWNED) or kind_of(path.name):
            return
        real = _real(path)
        if real in self._outputs:
            if path in self._explicit:
                self.problems.append(_both(path))
            elif path.suffix.lower() in (*WORKBOOKS, ARCHIVE):
                self._clashes.append(path)
        elif real not in self._aside:
            self._files.setdefault(os.path.normcase(path), path)

    def found(self) -> FoundBooks:
        """The files as sources, under the base of all arguments."""
        found = FoundBooks(clashes=[_both(path) for path in self._clashes])
        base = _common(self._bases)
        found.own = {
            _name(path, base): what
            for path, what in self._own.items()
            if path not in self._explicit
        }
        for path in self._files.values():
            name = _name(path, base)
            suffix = path.suffix.lower()
            if suffix == ARCHIVE:
                found.sources += in_archive(path, name, found, self._texts)
            elif suffix in self._texts and LETTER not in path.name:
                found.texts.append(Source(name, str(path)))
            elif suffix in WORKBOOKS or suffix in REFUSED or path in self._explicit:
                found.sources.append(Source(name, str(path), None, REFUSED.get(suffix, "")))
            else:
                found.others[suffix or NO_SUFFIX] += 1
        letters = dict.fromkeys(sorted(self._letters))
        found.letters += [Source(_name(path, base), str(path)) for path in letters]
        found.sources = _told_apart(sorted(found.sources, key=lambda source: source.name))
        return found


def _both(path: Path) -> Problem:
    return Problem(
        str(path), "在要处理的文件里，输出不能又是输入", "换一个输出", code="input-as-output"
    )


def _told_apart(sources: list[Source]) -> list[Source]:
    """Every source with a name of its own: unreadable characters can make two alike."""
    seen: dict[str, int] = {}
    for number, source in enumerate(sources):
        count = seen[source.name] = seen.get(source.name, 0) + 1
        if count > 1:
            sources[number] = replace(source, name=f"{source.name}#{count}")
    return sources


def _is_dir(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _leads_elsewhere(entry: os.DirEntry[str]) -> bool:
    """A symbolic link, or a junction of Windows."""
    junction = getattr(entry, "is_junction", None)
    return entry.is_symlink() or (junction is not None and junction())


def _real(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def _related(path: str, other: str) -> bool:
    """Whether one of two real paths is the other, or above it."""
    longer, shorter = sorted((path, other), key=len, reverse=True)
    return longer == shorter or longer.startswith(shorter.rstrip(os.sep) + os.sep)


def _absolute(text: str) -> Path:
    return Path(os.path.normpath(Path(text).absolute()))


def _common(bases: list[Path]) -> str:
    """The deepest folder that holds all bases, or "" (they are on several drives)."""
    try:
        return os.path.commonpath(bases) if bases else ""
    except ValueError:
        return ""


def _name(path: Path, base: str) -> str:
    """A path for people and for the database: relative, `/`, only characters that UTF-8 has."""
    shown = os.path.relpath(path, base) if base else str(path)
    readable = os.fsencode(shown).decode("utf-8", "backslashreplace")
    return readable.replace(os.sep, "/")

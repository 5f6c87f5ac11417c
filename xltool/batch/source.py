"""A workbook to work on: its name for people, and where its bytes are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from xltool.batch.zips import read_member, written
from xltool.core.problems import Problem
from xltool.ooxml.package.limits import Limits
from xltool.ooxml.read.opening import read_file

_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Source:
    """One workbook: its name for people, its file, and its entry (`3`, in an archive there `3/5`) in an archive.

    With `refusal` it is known beforehand that it can't be read, and why.
    """

    name: str
    path: str
    member: str | None = None
    refusal: str = ""

    @property
    def shown(self) -> Path:
        """Its file for people: what is in an archive goes by its name."""
        return Path(self.path if self.member is None else self.name)


def content_of(source: Source) -> bytes:
    """The bytes of a workbook: read once, so that what is hashed is what is converted. Raises `WorkbookError`."""
    if source.member is not None:
        return read_member(Path(source.path), source.member, _LIMITS)
    return read_file(Path(source.path), _LIMITS)


def written_at(source: Source) -> str:
    """When the file was last written, local, as ISO to the second; "" where that is not known."""
    if source.member is not None:
        return written(Path(source.path), source.member)
    try:
        return datetime.fromtimestamp(Path(source.path).stat().st_mtime).isoformat(" ", "seconds")
    except (OSError, ValueError, OverflowError):
        return ""


@dataclass(slots=True)
class FoundBooks:
    """The workbooks, sorted by name; what was passed over: files of other kinds, by suffix, and the tool's own,
    by name with what each is; letters that units have answered.
    """

    sources: list[Source] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    own: dict[str, str] = field(default_factory=dict)
    letters: list[Source] = field(default_factory=list)
    """整改通知 that have come back: no books, but what units answered is in them."""
    texts: list[Source] = field(default_factory=list)
    """Texts about the figures, where they were asked for; else they count among the others."""
    clashes: list[Problem] = field(default_factory=list)
    """Outputs of the run that a folder holds already, which may just as well be submissions."""

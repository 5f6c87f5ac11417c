"""Last year's books of many units: which one belongs to which book of this year.

A book is last year's of another when it is of the same unit and the year before, and has most of its tables. A unit
is known by its 单位编码, whatever it was called then; else by its name. Several of one name are told apart by the
folder; else none is taken, and that is said. The same name with another 单位编码 is another unit.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from xltool.batch.discovered import find_books
from xltool.batch.skipped import Passed
from xltool.batch.source import Source, content_of
from xltool.core.caches import remembered
from xltool.core.problems import InputError, Problem
from xltool.core.texts import norm
from xltool.documents.load import load
from xltool.reading import Reading, examine

_CODE = "编码:"
_DOCUMENTS = (".json", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class PriorBook:
    """A book of last year: of whom, and where it is. `folder` is relative to all that was named."""

    unit: str
    code: str
    year: int
    folder: str
    tables: tuple[str, ...]
    file: str
    path: str
    member: str | None = None
    written: int = 0
    """When the file was last written: another file is another book."""

    @property
    def content(self) -> bytes | str:
        """What `validate` takes as last year's: a path, or the bytes of a book in an archive."""
        if self.member is None:
            return self.path
        return content_of(Source(self.file, self.path, self.member))


class Ambiguous(Exception):
    """No book is surely last year's; `str()` names those that may be."""


def index_prior(prior: Path, target: Path) -> list[Passed]:
    """Look through a folder (or at a single book or document) and write who is in it to `target`.

    What could not be read is given back, to be said. Raises `InputError` when there is nothing to read at all.
    """
    found: list[PriorBook] = []
    unread: list[str] = []
    if prior.suffix.lower() in _DOCUMENTS:
        report, edition = load(prior)
        tables = tuple(report.tables) or tuple(edition.tables)
        code = report.heads.get("单位编码", "")
        found.append(
            PriorBook(report.unit_name, code, report.year, "", tables, prior.name, str(prior))
        )
        sources: Sequence[Source] = ()
    else:
        sources = find_books([str(prior)]).sources
    for source in sources:
        try:
            found.append(_entry(source))
        except InputError:
            unread.append(source.name)
    if not found:
        raise InputError(Problem(str(prior), "没有一份读得了的上年工作簿", code="nothing-to-do"))
    text = json.dumps([asdict(entry) for entry in found], ensure_ascii=False)
    target.write_text(text, encoding="utf-8", newline="\n")
    return [Passed("读不了的上年工作簿", tuple(unread))] if unread else []


def _entry(source: Source) -> PriorBook:
    reading = examine(content_of(source))
    report = reading.report
    tables = tuple(s.mapping.table for s in reading.found_tables)
    folder = PurePosixPath(source.name).parent.as_posix()
    code = report.heads.get("单位编码", "")
    reading.workbook.release()
    path = Path(source.path).absolute()
    written = path.stat().st_mtime_ns
    name = source.shown.name
    return PriorBook(
        report.unit_name, code, report.year, folder, tables, name, str(path), source.member, written
    )


def prior_of(index: Path, reading: Reading, source: Source) -> PriorBook | None:
    """Last year's book of the unit; None when there is none. Raises `Ambiguous`."""
    report = reading.report
    known = _by_unit(index, index.stat().st_mtime_ns)
    code = report.heads.get("单位编码", "")
    same: Sequence[PriorBook] = known.get(_CODE + code, ()) if code else ()
    if not same:
        same = known.get(norm(report.unit_name), ())
    if report.year:
        same = [entry for entry in same if entry.year == report.year - 1]
    others = sorted({entry.code for entry in same if code and entry.code and entry.code != code})
    same = [entry for entry in same if entry.code not in others]
    if others and not same:
        raise Ambiguous(f"上年叫这个名字的，单位编码是{'、'.join(others)}，本年是{code}")
    tables = {s.mapping.table for s in reading.found_tables}
    shared = [len(tables.intersection(entry.tables)) for entry in same]
    best = [entry for entry, n in zip(same, shared, strict=True) if n and n == max(shared)]
    if len(best) > 1:
        folder = PurePosixPath(source.name).parent.as_posix()
        best = [entry for entry in best if entry.folder == folder] or best
    if len(best) > 1:
        names = (entry.file for entry in best)
        raise Ambiguous(f"上年有几份都可能是它的：{'、'.join(names)}")
    return best[0] if best else None


@remembered(2)
def _by_unit(index: Path, written: int) -> Mapping[str, Sequence[PriorBook]]:
    units: defaultdict[str, list[PriorBook]] = defaultdict(list)
    for raw in json.loads(index.read_text(encoding="utf-8")):
        raw["tables"] = tuple(raw["tables"])
        book = PriorBook(**raw)
        for key in (norm(book.unit), *([_CODE + book.code] if book.code else [])):
            units[key].append(book)
    return dict(units)

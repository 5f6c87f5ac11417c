"""Whose a workbook is: by 单位编码, else by the unit list, else by folder and name; never by a guess.

Whatever could be one of two units belongs to none, and that is told with what would decide it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xltool.core.texts import norm
from xltool.review.rounds import ReviewedBook
from xltool.review.units import several
from xltool.season.model import Unit

DOUBT, RENAMED, ALIKE, TWO_FOLDERS = "待认定", "改名", "名称相近", "同名不同文件夹"


@dataclass(slots=True)
class Known:
    """A unit with all that it was ever called, and the folders and files in which its books were."""

    unit: Unit
    names: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)


class Owner(NamedTuple):
    """Whose a book is and by what (归属). Without `unit`: a new one is to be made, or (`doubt`) nobody knows."""

    unit: int | None
    by: str
    doubt: str = ""
    fresh: bool = False
    """A unit that was never seen; books with the same `apart` are of the same one."""
    apart: str = ""


class Remark(NamedTuple):
    """What is to be told of a book."""

    kind: str
    file: str
    text: str
    unit: int | None = None


class Registry:
    """The units of a season, and whose the books of a new round are."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._known = {entry.unit.key: entry for entry in known}
        self.listed = any(entry.unit.listed for entry in self._known.values())
        self._codes = {e.unit.code: e for e in self._known.values() if e.unit.code}
        self._names: dict[str, list[Known]] = defaultdict(list)
        for entry in self._known.values():
            for name in {norm(entry.unit.name), *entry.names}:
                self._names[name].append(entry)
        self._departments = {
            norm(e.unit.department) for e in self._known.values() if e.unit.department
        }
        self.remarks: list[Remark] = []

    def owners(
        self,
        books: Sequence[ReviewedBook],
        decided: Mapping[str, int],
        before: Mapping[str, int],
    ) -> dict[str, Owner]:
        """Whose each book is, by file. `decided`: what the reviewer said; `before`: whose the same content was."""
        found = {
            book.file: Owner(decided[book.file], "审核人") for book in books if book.file in decided
        }
        left = [book for book in books if book.file not in found]
        read = [book for book in left if book.read and book.unit != book.file]
        nameless = {book.file for book in left} - {book.file for book in read}
        found |= {book.file: self._by_file(book) for book in left if book.file in nameless}
        coded: dict[str, set[str]] = defaultdict(set)
        for book in read:
            if book.code:
                coded[book.code].add(norm(book.unit))
        named: dict[str, list[ReviewedBook]] = defaultdict(list)
        for book in read:
            owner = self._by_code(book, coded[book.code]) if book.code else None
            if owner is None:
                named[norm(book.unit)].append(book)
            else:
                found[book.file] = owner
        for name, group in named.items():
            found |= self._by_name(name, group)
        for book in left:
            if (doubt := found[book.file].doubt) and book.file in before:
                found[book.file] = Owner(before[book.file], "内容")
            elif doubt:
                self.remarks.append(Remark(DOUBT, book.file, doubt))
        return found

    def _by_code(self, book: ReviewedBook, names: set[str]) -> Owner | None:
        """By the code that the book prints; None when nobody has that code yet."""
        entry = self._codes.get(book.code)
        name = norm(book.unit)
        known = entry is not None and name in {norm(entry.unit.name), *entry.names}
        others = [e for e in self._names.get(name, ()) if e.unit.code not in ("", book.code)]
        if (
            entry is not None
            and known
            and (entry.unit.listed or not any(e.unit.listed for e in others))
        ):
            return Owner(entry.unit.key, "编码")
        if others and (entry is not None or self.listed):
            whose = f"（{entry.unit.name}）" if entry else ""
            told = f"表上编码 {book.code}{whose}，名称“{book.unit}”的编码却是 {others[0].unit.code}"
            return Owner(None, "", doubt=told)
        if len(names) > 1:
            return Owner(None, "", doubt=f"本轮有 {len(names)} 个名称印着同一个编码 {book.code}")
        if entry is None:
            return None
        text = f"编码 {book.code} 的单位原来叫“{entry.unit.name}”，这一份叫“{book.unit}”，按编码算同一个"
        self.remarks.append(Remark(RENAMED, book.file, text, entry.unit.key))
        return Owner(entry.unit.key, "编码")

    def _by_name(self, name: str, books: list[ReviewedBook]) -> dict[str, Owner]:
        candidates = self._names.get(name, [])
        listed = [entry for entry in candidates if entry.unit.listed]
        if listed:
            return {book.file: self._in_list(book, listed, books) for book in books}
        if self.listed:
            self._alike(name, books)
        apart = several(books)
        codes: dict[str, set[str]] = defaultdict(set)
        for book in books:
            if book.code:
                codes[book.folder].add(book.code)
        return {
            book.file: self._in_folder(book, candidates, codes[book.folder], apart=apart)
            for book in books
        }

    def _in_list(self, book: ReviewedBook, listed: list[Known], books: list[ReviewedBook]) -> Owner:
        """Of a name that the list has: by the department or the code among the folders, where it has it twice."""
        parts = {norm(part) for part in book.file.replace("!", "").split("/")}
        foreign = self._departments & parts
        hits = [
            e for e in listed if norm(e.unit.department) in parts or (e.unit.code and norm(e.unit.code) in parts)
        ]  # fmt: skip
        if not hits and len(listed) == 1 and foreign:
            told = f"单位清单里的“{book.unit}”属于{listed[0].unit.department}，这一份在别的部门的文件夹里"
            return Owner(None, "", doubt=told)
        if not hits:
            hits = listed if len(listed) == 1 else [e for e in listed if book.folder in e.folders]
        if len(hits) != 1:
            shown = "、".join(e.unit.shown for e in listed)
            return Owner(None, "", doubt=f"单位清单里有 {len(listed)} 个“{book.unit}”：{shown}")
        if len(listed) == 1 and several([*books]):
            text = (
                f"“{book.unit}”的同一种表在几个文件夹里，单位清单里只有一个，算同一个单位交了几份"
            )
            self.remarks.append(Remark(TWO_FOLDERS, book.file, text, hits[0].unit.key))
        return Owner(hits[0].unit.key, "清单")

    def _in_folder(
        self, book: ReviewedBook, candidates: list[Known], codes: set[str], *, apart: bool
    ) -> Owner:
        """Of a name that no list has: the unit in whose folder it lies; a new one when the name is new.

        `codes`: what the unit's books in that folder print.
        """
        if not candidates:
            code = book.code or (next(iter(codes)) if len(codes) == 1 else "")
            new = (code or book.folder) if apart else ""
            return Owner(None, "编码" if book.code else "名称", fresh=True, apart=new)
        same = [entry for entry in candidates if book.folder in entry.folders]
        if len(same) == 1 and not (book.code and same[0].unit.code):
            return Owner(same[0].unit.key, "名称")
        if book.code and all(entry.unit.code for entry in candidates):
            return Owner(None, "编码", fresh=True, apart=book.code)
        before = "、".join(sorted({f or "最上层" for e in candidates for f in e.folders})[:5])
        told = f"以前的“{book.unit}”在 {before}，这一份在 {book.folder or '最上层'}，没有单位编码可以分清"
        return Owner(None, "", doubt=told)

    def _by_file(self, book: ReviewedBook) -> Owner:
        """Of a book that cannot be read: whose file was so called before, or whose code or name is in its name."""
        same = [e for e in self._known.values() if book.file in e.files]
        if len(same) == 1:
            return Owner(same[0].unit.key, "文件名")
        stem = norm(book.name.rpartition(".")[0])
        hits = [e for e in self._known.values() if _is_in(e.unit, stem)]
        longest = max(hits, key=lambda e: len(e.unit.name), default=None)
        if longest is not None:
            name = longest.unit.name
            within = all(norm(e.unit.name) in norm(name) for e in hits)
            if within and sum(e.unit.name == name for e in hits) == 1:
                return Owner(longest.unit.key, "文件名")
        return Owner(None, "", doubt="读不出单位名称，文件名里也认不出是哪个单位")

    def _alike(self, name: str, books: list[ReviewedBook]) -> None:
        """Tell a name that differs from listed ones only by what stands before or behind it."""
        near = [
            e.unit.shown
            for e in self._known.values()
            if e.unit.listed and (norm(e.unit.name) in name or name in norm(e.unit.name))
        ]
        if near:
            text = f"“{books[0].unit}”不在单位清单里，与清单的{'、'.join(near[:5])}只差前后几个字，没有当作同一个"
            self.remarks += [Remark(ALIKE, book.file, text) for book in books]


def _is_in(unit: Unit, stem: str) -> bool:
    return norm(unit.name) in stem or bool(unit.code and norm(unit.code) in stem)

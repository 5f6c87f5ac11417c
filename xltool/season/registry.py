"""Whose a workbook is: by 单位编码, else by the unit list, else by folder and name; never by a guess.

Whatever could be one of two units belongs to none, and that is told with what would decide it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from xltool.core.texts import norm
from xltool.review.rounds import ReviewedBook
from xltool.review.units import several
from xltool.season.model import AS_BEFORE, BY_FILE, Unit
from xltool.season.roll import Roll
from xltool.season.valid import says_corrected

DOUBT, RENAMED, ALIKE = "待认定", "改名", "名称相近"
TWO_FOLDERS, NAMESAKES = "同名不同文件夹", "同名几份"


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
    """Whose the books of a new round are. `shared`: the codes that several names print in it, and how many do."""

    def __init__(self, roll: Roll, shared: Mapping[str, int]) -> None:
        self._roll, self._shared = roll, shared
        self.remarks: list[Remark] = []

    def owners(
        self, books: Sequence[ReviewedBook], before: Mapping[str, str | None]
    ) -> dict[str, Owner]:
        """Whose the books of one name are, all that the round has of it, by file. `before`: their contents."""
        found: dict[str, Owner] = {}
        named: list[ReviewedBook] = []
        for book in books:
            owner = self._by_code(book) if book.code else None
            if owner is None:
                named.append(book)
            else:
                found[book.file] = owner
        if named:
            found |= self._by_name(norm(named[0].unit), named)
            self._namesakes([b for b in named if found[b.file].by == "名称"], before)
        for book in books:
            if found[book.file].doubt:
                found[book.file] = self._as_before(book) or found[book.file]
        return {file: self._told(file, owner, before[file]) for file, owner in found.items()}

    def owner_by_file(self, book: ReviewedBook, content: str | None) -> Owner:
        """Whose a book is that says no name."""
        return self._told(book.file, self._by_file(book), content)

    def _as_before(self, book: ReviewedBook) -> Owner | None:
        """To whom the reviewer gave one like it."""
        unit = self._roll.owner_as_before(norm(book.unit), book.code, book.folder)
        return None if unit is None else Owner(unit, AS_BEFORE)

    def _told(self, file: str, owner: Owner, content: str | None) -> Owner:
        """In doubt the unit whose the same content is; else the doubt is told."""
        if not owner.doubt:
            return owner
        unit = self._roll.owner_of_content(content)
        if unit is not None:
            return Owner(unit, "内容")
        self.remarks.append(Remark(DOUBT, file, owner.doubt))
        return owner

    def _by_code(self, book: ReviewedBook) -> Owner | None:
        """By the code that the book prints; None when nobody has that code yet."""
        unit = self._roll.coded(book.code)
        name = norm(book.unit)
        known = unit is not None and self._roll.is_called(unit, name)
        others = [u for u in self._roll.named(name) if u.code not in ("", book.code)]
        if unit is not None and known and (unit.listed or not any(u.listed for u in others)):
            return Owner(unit.key, "编码")
        if others and (unit is not None or self._roll.listed):
            whose = f"（{unit.name}）" if unit else ""
            told = f"表上编码 {book.code}{whose}，名称“{book.unit}”的编码却是 {others[0].code}"
            return Owner(None, "", doubt=told)
        if book.code in self._shared:
            return Owner(
                None, "", doubt=f"本轮有 {self._shared[book.code]} 个名称印着同一个编码 {book.code}"
            )
        if unit is None:
            return None
        text = f"编码 {book.code} 的单位原来叫“{unit.name}”，这一份叫“{book.unit}”，按编码算同一个"
        self.remarks.append(Remark(RENAMED, book.file, text, unit.key))
        return Owner(unit.key, "编码")

    def _by_name(self, name: str, books: list[ReviewedBook]) -> dict[str, Owner]:
        candidates = self._roll.named(name)
        listed = [unit for unit in candidates if unit.listed]
        if listed:
            return {book.file: self._in_list(book, listed, books) for book in books}
        if self._roll.listed:
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

    def _in_list(self, book: ReviewedBook, listed: list[Unit], books: list[ReviewedBook]) -> Owner:
        """Of a name that the list has: by the department or the code among the folders, where it has it twice."""
        parts = {norm(part) for part in book.file.replace("!", "").split("/")}
        foreign = self._roll.departments & parts
        hits = [
            u for u in listed if norm(u.department) in parts or (u.code and norm(u.code) in parts)
        ]  # fmt: skip
        if not hits and len(listed) == 1 and foreign:
            told = (
                f"单位清单里的“{book.unit}”属于{listed[0].department}，这一份在别的部门的文件夹里"
            )
            return Owner(None, "", doubt=told)
        if not hits:
            hits = listed if len(listed) == 1 else self._lying(book, listed)
        if len(hits) != 1:
            shown = "、".join(unit.shown for unit in listed)
            return Owner(None, "", doubt=f"单位清单里有 {len(listed)} 个“{book.unit}”：{shown}")
        if len(listed) == 1 and several([*books]):
            text = (
                f"“{book.unit}”的同一种表在几个文件夹里，单位清单里只有一个，算同一个单位交了几份"
            )
            self.remarks.append(Remark(TWO_FOLDERS, book.file, text, hits[0].key))
        return Owner(hits[0].key, "清单")

    def _in_folder(
        self, book: ReviewedBook, candidates: list[Unit], codes: set[str], *, apart: bool
    ) -> Owner:
        """Of a name that no list has: the unit in whose folder it lies; a new one when the name is new.

        `codes`: what the unit's books in that folder print.
        """
        if not candidates:
            code = book.code or (next(iter(codes)) if len(codes) == 1 else "")
            new = (code or book.folder) if apart else ""
            return Owner(None, "编码" if book.code else "名称", fresh=True, apart=new)
        same = self._lying(book, candidates)
        if len(same) == 1 and not (book.code and same[0].code):
            return Owner(same[0].key, "名称")
        if book.code and all(unit.code for unit in candidates):
            return Owner(None, "编码", fresh=True, apart=book.code)
        before = "、".join(
            sorted({f or "最上层" for unit in candidates for f in self._roll.folders(unit)})[:5]
        )
        told = f"以前的“{book.unit}”在 {before}，这一份在 {book.folder or '最上层'}，没有单位编码可以分清"
        return Owner(None, "", doubt=told)

    def _by_file(self, book: ReviewedBook) -> Owner:
        """Of a book that cannot be read: whose file was so called before, or whose code or name is in its name."""
        same = self._roll.filed(book.file)
        if len(same) == 1:
            return Owner(same[0].key, BY_FILE)
        stem = norm(book.name.rpartition(".")[0])
        hits = self._roll.within(stem)
        longest = max(hits, key=lambda unit: len(unit.name), default=None)
        if longest is not None:
            name = longest.name
            within = all(norm(unit.name) in norm(name) for unit in hits)
            if within and sum(unit.name == name for unit in hits) == 1:
                return Owner(longest.key, BY_FILE)
        return Owner(None, "", doubt="读不出单位名称，文件名里也认不出是哪个单位")

    def _alike(self, name: str, books: list[ReviewedBook]) -> None:
        """Tell a name that differs from listed ones only by what stands before or behind it."""
        near = [unit.shown for unit in self._roll.near(name)]
        if near:
            text = f"“{books[0].unit}”不在单位清单里，与清单的{'、'.join(near[:5])}只差前后几个字，没有当作同一个"
            self.remarks += [Remark(ALIKE, book.file, text) for book in books]

    def _namesakes(self, books: Iterable[ReviewedBook], contents: Mapping[str, str | None]) -> None:
        """Tell of several in one folder that only their name makes one unit's, and none is called a corrected one."""
        folders: dict[str, list[ReviewedBook]] = defaultdict(list)
        for book in books:
            folders[book.folder].append(book)
        for found in folders.values():
            pairs = [
                pair
                for pair in combinations(found, 2)
                if pair[0].year == pair[1].year and pair[1].same_forms(pair[0])
                if contents[pair[0].file] != contents[pair[1].file]
            ]
            alike = {contents[book.file]: book for pair in pairs for book in pair}
            if alike and not any(says_corrected(book.file) for book in alike.values()):
                first = pairs[0][0]
                text = (
                    f"“{first.unit}”在这个文件夹里有 {len(alike)} 份，内容不同，没有单位编码，算作一个单位交了几份；"
                    "是几个单位的，给单位清单，或用 xltool season use … --new 分开"
                )
                self.remarks.append(Remark(NAMESAKES, first.file, text))

    def _lying(self, book: ReviewedBook, units: Iterable[Unit]) -> list[Unit]:
        """Those of some units of which a book was in the same folder."""
        return [unit for unit in units if book.folder in self._roll.folders(unit)]

"""What the page and the summary need to know of each book. An outcome takes one letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from xltool.batch.parts import Batch
from xltool.review.outputs import Files
from xltool.review.shelf import Shelf

Raw = dict[str, Any]

_FAILED = {"必须相符": "X", "需核实": "W", "提示": "i"}
_OPEN = {"数据不足": "?", "未执行": "-"}
_BLOCKED = {"数据不足": "Q", "未执行": "N"}
_REST = {"尾差": "~", "通过": ".", "不适用": " "}
MEANING: Mapping[str, tuple[str, str]] = {
    **{letter: (level, "不符") for level, letter in _FAILED.items()},
    **{letter: ("必须相符", outcome) for outcome, letter in _BLOCKED.items()},
    **{letter: ("", outcome) for outcome, letter in {**_OPEN, **_REST}.items()},
}
"""Of each letter: the level, where it matters, and the outcome."""

_KEPT = (
    *(
        "文件",
        "单位名称",
        "原因",
        "状态",
        "版本",
        "金额单位",
        "结论",
        "条件",
        "年度",
        "漂移",
        "未匹配",
    ),
    *("不符", "需核实", "提示", "尾差", "适用规则", "已审规则", "待确认"),
)
"""What page and summary show of a book."""

_NO_FILES = Files()
_ORDER = ("verdict", "failed rules", "failed places", "open rules", "doubts", "unit", "file")
"""What books are ranked by."""
_RANK = {"不合格": 0, "未完成审核": 1, "合格": 2}


@dataclass(slots=True)
class RuleHead:
    """A rule as a column of the matrix. `books`: how many books ended how in it; `places`: failures in all."""

    id: str
    name: str
    level: str
    books: Counter[str] = field(default_factory=Counter)
    places: int = 0


@dataclass(slots=True)
class BookLine:
    """One book as a line of the matrix. `letters` are its outcomes, in the order of `rules`."""

    book: Raw
    files: Files
    rules: tuple[str, ...] = ()
    letters: str = ""

    @property
    def name(self) -> str:
        """The file, as it was found."""
        return str(self.book["文件"])

    @property
    def unit(self) -> str:
        """单位名称; of a book that does not say, its file."""
        return str(self.book["单位名称"] or self.name)

    @property
    def department(self) -> str:
        """主管部门, where a list of units names it."""
        return str(self.book.get("主管部门") or "")

    @property
    def read(self) -> bool:
        """Whether it was validated at all."""
        return self.book["结论"] is not None

    @property
    def outcomes(self) -> dict[str, str]:
        """Letters by rule."""
        return dict(zip(self.rules, self.letters, strict=True))

    @property
    def open_rules(self) -> int:
        """Blocking rules that could not be checked."""
        return sum(letter in "QN" for letter in self.letters)

    @property
    def worst_first(self) -> tuple[object, ...]:
        """The sort key, as `_ORDER` names it: the verdict, then how many rules and places fail."""
        failed = self.letters.count("X")
        return (
            _RANK[self.book["结论"]],
            -failed,
            -self.book["不符"],
            -self.open_rules,
            -self.book["需核实"],
            self.unit,
            self.name,
        )


def letter(level: str, outcome: str, *, blocks: bool) -> str:
    """The letter of an outcome of a rule of this level (in words); whether it keeps the book from 合格."""
    if outcome == "不符":
        return _FAILED[level]
    if outcome in _OPEN:
        return (_BLOCKED if blocks else _OPEN)[outcome]
    return _REST[outcome]


class ReviewBooks:
    """All books of a review, and their rules in the order of the rule files. Only counts of them are in memory."""

    def __init__(self) -> None:
        self.rules: dict[str, RuleHead] = {}
        self.verdicts: Counter[str] = Counter()
        """How many books ended how."""
        self.years: Counter[int] = Counter()
        """How many books are of a year."""
        self.editions: set[str] = set()
        self.departments: Mapping[str, str] = {}
        """The 主管部门 of books by file, where a list of units names it."""
        self.unread: Shelf[BookLine] = Shelf()
        """The books that could not be read."""
        self._read: Shelf[tuple[Any, ...]] = Shelf(len(_ORDER))
        self._sets: dict[tuple[str, ...], int] = {}
        self._rules_of: list[tuple[str, ...]] = []

    def __len__(self) -> int:
        return len(self._read) + len(self.unread)

    def add(self, batch: Batch, files: Mapping[str, Files]) -> None:
        """Enter the books of a batch."""
        wanted = ["文件", "规则", "规则名称", "级别", "结论", "不符", "未审"]
        rows = batch.detail("outcomes").select(wanted).to_pylist()
        outcomes = {name: list(of_book) for name, of_book in groupby(rows, key=lambda r: r["文件"])}
        for book in batch.books.select(list(_KEPT)).to_pylist():
            line = BookLine(book, files.get(book["文件"], _NO_FILES))
            self._outcomes(line, outcomes.get(line.name, []))
            self.put(line)

    def put(self, line: BookLine) -> None:
        """Enter a book whose rules are counted."""
        book = line.book
        self.verdicts[book["结论"] or "未能读取"] += 1
        self.years.update({book["年度"]} - {None})
        self.editions |= {book["版本"]} - {None, ""}
        if not line.read:
            self.unread.put(line)
            return
        # the rules of all books of one edition are the same
        number = self._sets.setdefault(line.rules, len(self._sets))
        if number == len(self._rules_of):
            self._rules_of.append(line.rules)
        self._read.put((book, tuple(line.files), number, line.letters), *line.worst_first)

    def _outcomes(self, line: BookLine, rows: Iterable[Raw]) -> None:
        rules, letters = [], []
        for row in rows:
            head = self.rules.setdefault(
                row["规则"], RuleHead(row["规则"], row["规则名称"], row["级别"])
            )
            head.books[row["结论"]] += 1
            head.places += row["不符"]
            rules.append(head.id)
            letters.append(letter(row["级别"], row["结论"], blocks=row["未审"]))
        line.rules, line.letters = tuple(rules), "".join(letters)

    @property
    def read(self) -> int:
        """How many books were validated."""
        return len(self._read)

    @property
    def ranked(self) -> Iterator[BookLine]:
        """The books that were validated, the worst first."""
        for book, files, number, letters in self._read:
            if self.departments:
                book["主管部门"] = self.departments.get(book["文件"], "")
            yield BookLine(book, Files(*files), self._rules_of[number], letters)

    @property
    def repeated_units(self) -> frozenset[str]:
        """The units (see `BookLine.unit`) of several books."""
        return self._read.repeated(_ORDER.index("unit"))

    @property
    def years_in_words(self) -> list[str]:
        """The years, that of most books first; with how many they are where there are several."""
        ranked = sorted(self.years.items(), key=lambda item: (-item[1], item[0]))
        many = len(ranked) > 1
        return [f"{year}（{count} 份）" if many else str(year) for year, count in ranked]

    @property
    def worst_rules(self) -> list[RuleHead]:
        """Rules by how many books fail them, without those that none fails and those that only give a hint."""
        failed = [h for h in self.rules.values() if h.books["不符"] and h.level != "提示"]
        return sorted(failed, key=lambda head: (-head.books["不符"], head.id))

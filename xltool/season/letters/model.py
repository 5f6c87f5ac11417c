"""What a letter says, before it is put into words and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

Demand = Literal["改正", "改正或说明", "补全"]
DEMANDS: tuple[Demand, ...] = ("改正", "补全", "改正或说明")
"""What a unit is asked to do about a line, the most urgent first."""

LetterKind = Literal["整改通知", "退回通知", "合格通知"]


class LetterFinding(NamedTuple):
    """A finding that a line stands for: what a reply needs to find it again."""

    rule: str
    where: str
    left: str
    right: str
    message: str
    fingerprint: str
    file: str
    sha256: str
    unit: str
    code: str
    """单位名称 and 单位编码 as the book prints them: a reply belongs to books that print the same."""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One thing to do: findings of one cause. `number` is unique in a letter; it proves itself (see `lines`)."""

    number: str
    demand: Demand
    file: str
    sheet: str
    cells: str
    problem: str
    now: str
    should: str
    basis: str
    findings: tuple[LetterFinding, ...]
    blocks: bool = False
    """Whether one of them is that a blocking rule does not hold."""


@dataclass(slots=True)
class LetterBook:
    """A book of a unit. `verdict` is None when it could not be read, `reason` then says why."""

    file: str
    sha256: str
    verdict: str | None
    reason: str = ""
    year: int | None = None
    unit: str = ""
    code: str = ""
    """单位名称 and 单位编码 as the book prints them."""
    marked: Path | None = None
    """The annotated copy, where there is one."""
    lines: list[LetterLine] = field(default_factory=list)
    counts: bool = True
    """Whether it is the book of the unit that counts; else a later one is, which could not be checked for a line."""


@dataclass(slots=True)
class LetterUnit:
    """Whom a letter goes to. `shown`: its name with what tells it apart from others of that name."""

    name: str
    code: str = ""
    department: str = ""
    contact: str = ""
    shown: str = ""
    books: list[LetterBook] = field(default_factory=list)
    waived: list[Mapping[str, str]] = field(default_factory=list)
    """Findings that are not asked about again, as rows of the list: 工作表, 单元格, 问题, 依据."""

    @property
    def kind(self) -> LetterKind:
        """What kind of letter the unit gets. A 合格 book may still ask for an explanation (需核实)."""
        if all(book.verdict is None for book in self.books):
            return "退回通知"
        passed = all(book.verdict == "合格" for book in self.books) and not self.lines
        return "合格通知" if passed else "整改通知"

    @property
    def lines(self) -> list[LetterLine]:
        """All lines, book by book."""
        return [line for book in self.books for line in book.lines]

    @property
    def unread(self) -> list[LetterBook]:
        """The books that could not be read."""
        return [book for book in self.books if book.verdict is None]

    @property
    def marked(self) -> Iterator[Path]:
        """The annotated copies."""
        return (book.marked for book in self.books if book.marked is not None)

    @property
    def year(self) -> int | None:
        """The year of its books, if they name one."""
        return max((book.year for book in self.books if book.year), default=None)

    @property
    def verdict(self) -> str:
        """The worst verdict of its books that count; not 合格 while a blocking rule does not hold (`status_rows`)."""
        counting = [book for book in self.books if book.counts or book.verdict is None]
        found = {book.verdict or "未能读取" for book in counting or self.books}
        if any(line.blocks for line in self.lines):
            found.add("未完成审核")
        return next(v for v in ("不合格", "未能读取", "未完成审核", "合格") if v in found)

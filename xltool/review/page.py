"""审核汇总.html: one page for all books, worst first; complete without its script, light with thousands of books.

The matrix has one table cell per book, in which a letter per rule stands in a grid of fixed steps: letters are
cheap, and only what went wrong is an element of its own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from xltool.batch.skipped import Passed
from xltool.core.caches import remembered
from xltool.reporting import html
from xltool.review.collect import MEANING, BookLine, ReviewBooks, RuleHead
from xltool.review.compare import STATES, Absent, ReviewComparison
from xltool.review.extra import ExtraTable

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATES = Path(__file__).parent / "templates"
_HOUSE = Path(html.__file__).parent / "templates"
_SHOWN = {"X": "<b>X</b>", "W": "<i>!</i>", "Q": "<s>?</s>", "N": "<s>-</s>"}
"""How letters are shown: b fails, i is to be looked at, s blocks the verdict because it could not be checked."""

LEGEND = (
    ("X", "必须相符的规则不符"),
    ("W", "需核实的规则不符"),
    ("Q", "必须相符的规则数据不足"),
    ("N", "必须相符的规则未执行"),
    ("i", "提示"),
    ("~", "尾差"),
    ("?", "其他规则数据不足"),
    ("-", "其他规则未执行"),
    (".", "通过"),
    (" ", "空白：不适用"),
)
_WORST = 12
STEP = 11
"""Pixels that a rule takes."""


def render(
    collected: ReviewBooks,
    changes: ReviewComparison | None,
    passed: Sequence[Passed] = (),
    extra: Sequence[ExtraTable] = (),
) -> str:
    """The page, complete in itself, the same for the same input. `passed`: files that nobody looked at."""
    return _template().render(page=_Page(collected, changes, passed), extra=extra)


@remembered(1)
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([_TEMPLATES, _HOUSE], encoding="utf-8"),
        autoescape=True,
        finalize=html.printable,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("review.html.j2")


class _Line:
    """One row of the matrix."""

    def __init__(
        self, line: BookLine, letters: Markup, changes: ReviewComparison | None, *, alone: bool
    ) -> None:
        self.line, self.letters, self.book = line, letters, line.book
        self.file = "" if alone else line.name.rpartition("/")[2]
        """The file, where the unit has handed in several."""

        self.href = quote(line.files.report)
        self.marked = quote(line.files.marked)
        states = changes.of(line.name) if changes else None
        self.changes = [states[state] or "" for state in STATES] if states is not None else None

    @property
    def title(self) -> str:
        """What the pointer shows: the file, and why there is no marked copy."""
        unmarked = self.line.files.unmarked
        return f"{self.line.name}\n没有标注本：{unmarked}" if unmarked else self.line.name


class _Page:
    """What the template asks for."""

    step = STEP
    states = STATES

    def __init__(
        self, collected: ReviewBooks, changes: ReviewComparison | None, passed: Sequence[Passed]
    ) -> None:
        self.collected, self.changes, self.passed = collected, changes, passed
        self.verdicts = collected.verdicts
        self.unread = collected.unread
        self.years = sorted(
            {str(line.book["年度"]) for line in collected.books if line.book["年度"]}
        )
        self.editions = sorted({line.book["版本"] for line in collected.books if line.book["版本"]})

    @cached_property
    def rules(self) -> list[RuleHead]:
        """The columns: rules that apply to some book, in the order of the rule files."""
        return [
            head
            for head in self.collected.rules.values()
            if head.books.total() > head.books["不适用"]
        ]

    @cached_property
    def lines(self) -> list[_Line]:
        """The rows, worst first."""
        columns = {head.id: n for n, head in enumerate(self.rules)}
        ranked = self.collected.ranked
        books = Counter(line.unit for line in ranked)
        return [
            _Line(line, _letters(line, columns), self.changes, alone=books[line.unit] == 1)
            for line in ranked
        ]

    @property
    def absent(self) -> list[Absent]:
        """Rows after those: earlier books with findings that nobody could look at this time."""
        return [book for book in self.changes.absent if book.open] if self.changes else []

    @property
    def verdict_words(self) -> list[str]:
        """What the second column may say."""
        return ["不合格", "未完成审核", "合格", *sorted({book.why for book in self.absent})]

    @property
    def not_the_same(self) -> Iterator[tuple[str, list[str]]]:
        """Who handed in less, or for the first time: words, names."""
        if self.changes is None:
            return
        missing = [_debts(name, count) for name, count in self.changes.missing.items()]
        books = [
            _debts(f"{book.unit} {book.file}", book.open) for book in self.changes.not_handed_in
        ]
        yield "上次有、本次没有交的单位", missing
        yield "上次有、本次没有交的工作簿", books
        yield "上次没有的单位", self.changes.added
        doubtful = [f"{name}：{why}" for name, why in self.changes.ambiguous.items()]
        yield "不能断定是同一个单位，没有的问题不算已改正", doubtful

    @property
    def worst_rules(self) -> list[RuleHead]:
        """The rules that fail in the most books."""
        return self.collected.worst_rules[:_WORST]

    @property
    def tallies(self) -> Iterator[tuple[str, str, int]]:
        """How many books ended how: key, words, number."""
        for key, word in (
            ("error", "不合格"),
            ("open", "未完成审核"),
            ("pass", "合格"),
            ("unread", "未能读取"),
        ):
            yield key, word, self.verdicts[word]

    @property
    def legend(self) -> Iterator[tuple[Markup, str]]:
        """The letters and what they mean."""
        for letter, words in LEGEND:
            yield Markup(_SHOWN.get(letter, letter)), words

    @property
    def share_of(self) -> int:
        """The number of books that a rule's failures are a share of."""
        return max(1, len(self.lines))

    @property
    def data(self) -> Markup:
        """For the script: the rules by column, what letters mean."""
        rules = [[head.id, head.name, head.level] for head in self.rules]
        raw: dict[str, Any] = {"step": STEP, "rules": rules, "meaning": _meaning()}
        text = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
        return Markup(text.replace("<", "\\u003c").replace("\u2028", "").replace("\u2029", ""))


def _debts(name: str, count: int) -> str:
    return f"{name}（上次 {count} 处）" if count else name


def _meaning() -> dict[str, str]:
    """What a shown sign means, by tag and sign."""
    shown = {"X": "bX", "W": "i!", "Q": "s?", "N": "s-"}
    return {
        shown.get(letter, letter): f"{outcome}（{level}）" if level else outcome
        for letter, (level, outcome) in MEANING.items()
        if letter != " "
    }


def _letters(line: BookLine, columns: dict[str, int]) -> Markup:
    """The letters of a book in the order of the columns."""
    row = [" "] * len(columns)
    for rule, letter in zip(line.rules, line.letters, strict=True):
        if rule in columns:
            row[columns[rule]] = letter
    return Markup("".join(_SHOWN.get(letter, letter) for letter in row))

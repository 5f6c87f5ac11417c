"""审核汇总.html: one page for all books, worst first; complete without its script, light with thousands of books.

The matrix has one table cell per book, in which a letter per rule stands in a grid of fixed steps: letters are
cheap, and only what went wrong is an element of its own. The worst books are rows of the page itself; its script
draws all the others from data when they are looked at (see `pagerows`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from xltool.batch.skipped import Passed
from xltool.reporting.html.template import page_template, printable
from xltool.review.collect import MEANING, ReviewBooks, RuleHead
from xltool.review.compare import STATES, ReviewComparison
from xltool.review.extra import ExtraTable
from xltool.review.pagerows import PageData, PageRow, as_script, page_rows, rows_as_script

_TEMPLATES = Path(__file__).parent / "templates"
_SHOWN = {"X": ("b", "X"), "W": ("i", "!"), "Q": ("s", "?"), "N": ("s", "-")}
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
FIRST = 200
"""How many rows are there without the script."""
LISTED = 2000
"""So many rows have the other tables of the page; the workbook has all."""


def render(
    collected: ReviewBooks,
    changes: ReviewComparison | None,
    passed: Sequence[Passed] = (),
    extra: Sequence[ExtraTable] = (),
) -> Iterator[str]:
    """The page in pieces, complete in itself, the same for the same input. `passed`: files that nobody looked at."""
    template = page_template(_TEMPLATES, "review.html.j2", (("address", quote),))
    yield from template.generate(page=_Page(collected, changes, passed), extra=extra)


class _Page:
    """What the template asks for."""

    step = STEP
    listed = LISTED
    states = STATES

    def __init__(
        self, collected: ReviewBooks, changes: ReviewComparison | None, passed: Sequence[Passed]
    ) -> None:
        self.collected, self.changes, self.passed = collected, changes, passed
        self.verdicts = collected.verdicts
        self.unread = collected.unread
        self.years = collected.years_in_words
        self.editions = sorted(collected.editions)

    @cached_property
    def rules(self) -> list[RuleHead]:
        """The columns: rules that apply to some book, in the order of the rule files."""
        return [
            head
            for head in self.collected.rules.values()
            if head.books.total() > head.books["不适用"]
        ]

    @cached_property
    def rows(self) -> PageData:
        """The rows of the matrix, worst first."""
        return PageData(page_rows(self.collected, self.rules, self.changes), FIRST)

    @property
    def first(self) -> list[PageRow]:
        """The rows that are there without the script."""
        return self.rows.first

    def letters(self, row: PageRow) -> Markup:
        """The letters of a row."""
        return Markup("").join(_sign(letter) for letter in row.letters)

    @property
    def choices(self) -> Iterator[tuple[str, str, list[str]]]:
        """Filters by what few books share: name, words, values; only where there is a choice."""
        for name, words in (("department", "主管部门"), ("year", "年度"), ("edition", "版本")):
            values = sorted(self.rows.words[name].keys() - {""})
            if len(values) > 1:
                yield name, words, values

    @property
    def verdict_words(self) -> list[str]:
        """What the second column may say."""
        always = ["不合格", "未完成审核", "合格"]
        return [*always, *sorted(self.rows.words["verdict"].keys() - set(always))]

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

    def rest(self, table: ExtraTable) -> Iterator[Markup]:
        """The rows of a table that are not listed, as data: for its search and its filter."""
        yield from rows_as_script(islice(table.rows, LISTED, None))

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
            yield _sign(letter), words

    @property
    def share_of(self) -> int:
        """The number of books that a rule's failures are a share of."""
        return max(1, self.collected.read)

    @property
    def data(self) -> Iterator[Markup]:
        """For the script, in pieces: the rows, the rules by column, what letters look like and mean."""
        head = {
            "step": STEP,
            "rules": [[head.id, printable(head.name), head.level] for head in self.rules],
            "shown": _SHOWN,
            "meaning": _MEANT,
            "states": len(STATES) if self.changes else 0,
            "size": self.rows.size,
        }
        yield as_script(head)[:-1]
        yield from self.rows.as_script()
        yield Markup("}")


def _debts(name: str, count: int) -> str:
    return f"{name}（上次 {count} 处）" if count else name


def _sign(letter: str) -> Markup:
    """A letter as it is shown."""
    if letter not in _SHOWN:
        return Markup(letter)
    tag, sign = _SHOWN[letter]
    return Markup(f"<{tag}>{sign}</{tag}>")


_MEANT = {
    letter: f"{outcome}（{level}）" if level else outcome
    for letter, (level, outcome) in MEANING.items()
    if letter != " "
}
"""What the pointer on a sign is told."""

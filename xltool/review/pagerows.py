"""The rows of the page: what each shows, and all of them as compact data for its script.

A page of 20,000 books holds only its first rows as elements; the script draws the others from the data when they
come into view. Texts that many rows share are kept once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from xltool.reporting.html.template import printable
from xltool.review.collect import BookLine, ReviewBooks, RuleHead
from xltool.review.compare import STATES, Absent, ReviewComparison

COUNTS = ("不符", "待确认", "需核实")
_SHARED = ("verdict", "year", "edition", "department", "terms")
"""The texts of which there are few."""


class PageRow(NamedTuple):
    """One row. `counts`: 不符, 待确认, 需核实, 必须相符未审; `changes` by state, None of a book that is new."""

    unit: str
    file: str
    verdict: str
    counts: tuple[int, ...]
    changes: tuple[int, ...] | None
    letters: str
    year: str = ""
    edition: str = ""
    department: str = ""
    terms: str = ""
    alone: bool = True
    """Whether it is the only book of its unit."""
    report: str = ""
    marked: str = ""
    unmarked: str = ""

    @property
    def title(self) -> str:
        """What the pointer shows: the file, and why there is no marked copy."""
        return f"{self.file}\n没有标注本：{self.unmarked}" if self.unmarked else self.file

    @property
    def name(self) -> str:
        """The file without its folders, where the unit has handed in several."""
        return "" if self.alone else self.file.rpartition("/")[2]


def page_rows(
    collected: ReviewBooks, rules: Sequence[RuleHead], changes: ReviewComparison | None
) -> Iterator[PageRow]:
    """The books that were validated, worst first; then earlier ones with findings that nobody could look at now."""
    columns = {head.id: n for n, head in enumerate(rules)}
    ranked = collected.ranked
    books = Counter(line.unit for line in ranked)
    for line in ranked:
        yield _row(line, columns, changes, alone=books[line.unit] == 1)
    for absent in changes.absent if changes else ():
        if absent.open:
            yield _absent(absent)


def _row(
    line: BookLine, columns: dict[str, int], changes: ReviewComparison | None, *, alone: bool
) -> PageRow:
    book = line.book
    states = changes.of(line.name) if changes else None
    return PageRow(
        line.unit,
        line.name,
        book["结论"],
        (*(book[count] or 0 for count in COUNTS), line.open_rules),
        tuple(states[state] for state in STATES) if states is not None else None,
        _letters(line, columns),
        str(book["年度"] or ""),
        book["版本"] or "",
        line.department,
        book["条件"] or "",
        alone,
        *line.files,
    )


def _absent(book: Absent) -> PageRow:
    changes = tuple(book.open if state == "未能核对" else 0 for state in STATES)
    return PageRow(book.unit, book.file, book.why, (0, 0, 0, 0), changes, "", alone=False)


def _letters(line: BookLine, columns: dict[str, int]) -> str:
    """The letters of a book in the order of the columns."""
    row = [" "] * len(columns)
    for rule, letter in zip(line.rules, line.letters, strict=True):
        if rule in columns:
            row[columns[rule]] = letter
    return "".join(row)


def columns_as_script(rows: Sequence[PageRow]) -> Iterator[Markup]:
    """The rows by column, as the end of a JSON object and a column at a time: all of them are large.

    `words` are the texts that rows share, to which their columns point by number.
    """
    words: dict[str, list[str]] = {}
    yield Markup(',"columns":{')
    for name, column in _columns(rows):
        yield as_script(name) + Markup(":") + as_script(column) + Markup(",")
    for name in _SHARED:
        texts = [str(printable(getattr(row, name))) for row in rows]
        words[name] = sorted(set(texts))
        number = {text: n for n, text in enumerate(words[name])}
        end = Markup("," if name != _SHARED[-1] else "}")
        yield as_script(name) + Markup(":") + as_script([number[text] for text in texts]) + end
    yield Markup(',"words":') + as_script(words)


def _columns(rows: Sequence[PageRow]) -> Iterator[tuple[str, Sequence[object]]]:
    """The columns that hold what they say."""
    for name in ("unit", "file", "unmarked"):
        yield name, [printable(getattr(row, name)) for row in rows]
    for name in ("report", "marked", "changes"):
        yield name, [getattr(row, name) for row in rows]
    yield "alone", [int(row.alone) for row in rows]
    yield "letters", [row.letters.rstrip() for row in rows]
    yield "counts", list(zip(*(row.counts for row in rows), strict=True))


def as_script(data: object) -> Markup:
    """Data as JSON that no text in it can break out of: neither a tag nor a line end of JavaScript."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace("&", "\\u0026")
    return Markup(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))

"""The rows of the page: what each shows, and all of them as compact data for its script.

A page of 20,000 books holds only its first rows as elements; the script draws the others from the data when they
come into view. Texts that many rows share are kept once. No more than some rows are in memory.
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from markupsafe import Markup

from xltool.reporting.html.template import printable
from xltool.review.collect import BookLine, ReviewBooks, RuleHead
from xltool.review.compare import STATES, Absent, ReviewComparison
from xltool.review.sheets import SheetLink

COUNTS = ("不符", "待确认", "需核实")
_SHARED = ("verdict", "year", "edition", "department", "terms")
"""The texts of which there are few."""
_COUNTED = len(COUNTS) + 1
_PORTION, _PIECE = 1000, 1 << 16
"""Rows that are held at once, characters that are."""


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
        """The file and the folder it is in, where there are several of that name of a unit."""
        return "" if self.alone else "/".join(self.file.split("/")[-2:])


def page_rows(
    collected: ReviewBooks, rules: Sequence[RuleHead], changes: ReviewComparison | None
) -> Iterator[PageRow]:
    """The books that were validated, worst first; then earlier ones with findings that nobody could look at now."""
    columns = {head.id: n for n, head in enumerate(rules)}
    repeated = collected.repeated_units
    for line in collected.ranked:
        yield _row(line, columns, changes, alone=line.unit not in repeated)
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
        *line.files[:3],
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


class PageData:
    """All rows: the first ones as they are, the values that they share, and the rest as data, a file per column.

    `words` are the texts that many rows share, in the order in which they came; their columns point to them.
    """

    def __init__(self, rows: Iterable[PageRow], first: int) -> None:
        self.first: list[PageRow] = []
        self.size = 0
        self.words: dict[str, dict[str, int]] = {name: {} for name in _SHARED}
        self._files: dict[str, IO[str]] = {}
        self._open = ExitStack()
        weakref.finalize(self, self._open.close)
        left = iter(rows)
        while some := list(islice(left, _PORTION)):
            self.first += some[: max(0, first - self.size)]
            self.size += len(some)
            for name, column in self._columns(some):
                self._write(name, column)

    def _columns(self, rows: Sequence[PageRow]) -> Iterator[tuple[str, Sequence[object]]]:
        for name in ("unit", "file", "unmarked"):
            yield name, [printable(getattr(row, name)) for row in rows]
        for name in ("report", "marked", "changes"):
            yield name, [getattr(row, name) for row in rows]
        yield "alone", [int(row.alone) for row in rows]
        yield "letters", [row.letters.rstrip() for row in rows]
        for n in range(_COUNTED):
            yield f"count{n}", [row.counts[n] for row in rows]
        for name in _SHARED:
            known = self.words[name]
            texts = (str(printable(getattr(row, name))) for row in rows)
            yield name, [known.setdefault(text, len(known)) for text in texts]

    def _write(self, name: str, column: Sequence[object]) -> None:
        if name not in self._files:
            self._files[name] = self._open.enter_context(
                TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115 (the stack closes it)
            )
        else:
            self._files[name].write(",")
        self._files[name].write(as_script(column)[1:-1])

    def as_script(self) -> Iterator[Markup]:
        """The end of a JSON object: `columns`, `words`."""
        yield Markup(',"columns":{')
        for name in self._files:
            if not name.startswith("count"):
                yield as_script(name) + Markup(":")
                yield from self._column(name)
                yield Markup(",")
        yield Markup('"counts":[')
        for n in range(_COUNTED if self._files else 0):
            yield Markup("," if n else "")
            yield from self._column(f"count{n}")
        yield Markup(']},"words":') + as_script({name: list(of) for name, of in self.words.items()})

    def _column(self, name: str) -> Iterator[Markup]:
        file = self._files[name]
        file.seek(0)
        yield Markup("[")
        yield from map(Markup, iter(partial(file.read, _PIECE), ""))
        yield Markup("]")


def rows_as_script(rows: Iterable[Sequence[object]]) -> Iterator[Markup]:
    """The rows of another table of the page, as it would show them; a link is its text and its path."""
    left = iter(rows)
    yield Markup("[")
    between = ""
    while some := list(islice(left, _PORTION)):
        yield Markup(between) + as_script([[_shown(value) for value in row] for row in some])[1:-1]
        between = ","
    yield Markup("]")


def _shown(value: object) -> object:
    if isinstance(value, SheetLink):
        return [value.text, str(value)]
    return "" if value is None or value == 0 else str(printable(value))


def as_script(data: object) -> Markup:
    """Data as JSON that no text in it can break out of: neither a tag nor a line end of JavaScript."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace("&", "\\u0026")
    return Markup(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))

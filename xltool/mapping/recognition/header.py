"""The head of a table: its rows, and the words that stand above each column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xltool.core.codes import undivided
from xltool.mapping.cells import Cells
from xltool.mapping.recognition.headtexts import is_head_line
from xltool.mapping.recognition.layouts.underheads import count_up
from xltool.mapping.recognition.vocabulary.keys import (
    OF_THE_YEAR,
    bare,
    header_key,
    header_year,
    is_figure,
    row_key,
)
from xltool.mapping.recognition.vocabulary.words import TableWords, Vocabulary
from xltool.ooxml import Range

CODE = re.compile(r"\d{3}|\d{5}|\d{7}")
NAMED_CODE = re.compile(
    r"[\[【〔（(]?(\d{3}|\d{5}|\d{7})[]】〕）)]?[\s　.、:：_－—-]*[一-鿿“\"（(].*", re.DOTALL
)
"""A code before its name in one cell: 2130301 行政运行, 2130301-行政运行, [2130301]行政运行."""
_SIDES = 3
"""So many labels stand side by side in a row of 总表 at the most."""


class Word(NamedTuple):
    """A text of the head above a column. `spread`: it stands to the left of it, in a cell that is not merged."""

    at: Range
    text: str
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """`top` to `bottom` are the rows of the head, `body` is the first row under it; `numbers` the 栏次 row."""

    top: int
    bottom: int
    body: int
    paths: dict[int, tuple[Word, ...]]
    numbers: int | None
    total_on_head: int | None = None
    """A row of the head that bears the label of the total row."""

    @property
    def own_columns(self) -> Iterator[int]:
        """The columns in which their lowest word begins: of those under a merged one the first."""
        return (column for column, path in self.paths.items() if path[-1].at.left == column)

    @property
    def cells(self) -> Iterator[tuple[Range, str]]:
        """Every text of the head, once."""
        seen: set[Range] = set()
        for path in self.paths.values():
            for word in path:
                if word.at not in seen:
                    seen.add(word.at)
                    yield word.at, word.text


def read_header(
    cells: Cells, area: Range, title: Range, table: TableWords, words: Vocabulary
) -> Header | None:
    """The head of the table under `title`; None where there is none that the vocabulary knows."""
    heads = table.header_keys | words.code | words.name | words.named | words.labels
    known = heads - {OF_THE_YEAR}  # a year alone may as well be the document's
    top = _top(cells, area, title, known)
    if top is None:
        return None
    reader = _Reader(cells, area, table, words)
    row = top
    total_on_head = None
    while row <= area.bottom and not reader.is_body(row, top):
        if reader.bears_total(row):
            total_on_head = row
        row += 1
    last = max(
        (e.bottom for r in range(top, row) for c, _ in cells.texts(r, area.left, area.right)
         for e in [cells.extent(r, c)] if e.bottom < row + 3),
        default=row - 1,
    )  # fmt: skip
    bottom = row - 1
    if row <= area.bottom and not cells.rows.get(row):
        bottom = max(bottom, last)
        row = max(row, bottom + 1)
    paths = _paths(cells, area, range(top, bottom + 1))
    if total_on_head is not None:
        paths = {c: _without_total(path, total_on_head, words) for c, path in paths.items()}
    if not paths:
        return None
    number_row = next(
        (r for r in range(row, min(row + 3, area.bottom + 1)) if reader.is_numbers(r)), None
    )
    return Header(top, bottom, row, paths, number_row, total_on_head)


def _top(cells: Cells, area: Range, title: Range, known: frozenset[str]) -> int | None:
    """The first row under the title that is no line of document heads and has a word of the head.

    Of two years side by side neither is the document's; a day beside one (2024年3月5日) says nothing of it.
    """
    for row in range(title.bottom + 1, min(area.bottom, title.bottom + 12) + 1):
        texts = list(cells.texts(row, area.left, area.right))
        alone = (text for _, text in texts if header_key(text) == OF_THE_YEAR)
        others = any(header_key(text) != OF_THE_YEAR for _, text in texts)
        if len({header_year(text) for text in alone} - {0}) > 1 and not (
            others and is_head_line(cells, row, area)
        ):
            return row
        if not texts or is_head_line(cells, row, area):
            continue
        if any(header_key(text) in known for _, text in texts):
            return row
    return None


class _Reader:
    """Tells the rows of the head from those under it."""

    def __init__(self, cells: Cells, area: Range, table: TableWords, words: Vocabulary) -> None:
        self.cells, self.area, self.table, self.words = cells, area, table, words
        # in a blank form the labels of a further side stand beside those of the table, and no figures
        beside = (other.row_keys for other in words.beside(table.table))
        totals = (cell.keys for block in table.blocks for cell in block.cells)
        self.row_keys = table.row_keys.union(*beside, *(() if table.is_card else totals))

    def is_body(self, row: int, top: int) -> bool:
        """Whether a row belongs to the data: it counts columns, adds up, bears a code, a label or figures."""
        cells, area = self.cells, self.area
        filled = cells.rows.get(row, ())
        columns = [c for c in filled if area.left <= c <= area.right]
        if not columns:
            covered = (cells.extent(row, c) for c in range(area.left, area.right + 1))
            return not any(top <= e.top < row for e in covered)
        if self.is_numbers(row) or _bears_code(cells, row, columns[0]):
            return True
        texts = [
            (column, text)
            for column, text in cells.texts(row, area.left, area.right)
            if not is_figure(text)
        ]
        if not texts:
            return True
        first = texts[0][1]
        if self.words.is_note(first) and header_key(first) not in self.table.header_keys:
            return True
        if row > top and row_key(first) in self.row_keys and self._labels_only(row, top, texts):
            return True
        if len(texts) == 1 and (
            header_key(first) in self.words.total or self._alone(row, *texts[0])
        ):
            return row > top
        return len(columns) > 2 * len(texts)

    def _alone(self, row: int, column: int, text: str) -> bool:
        """Whether the only text of a row stands where rows have their labels, and is no word of a head.

        Right under 项目, 收入 is the label of the rows below it: both sides stand one below the other.
        """
        words, key = self.words, header_key(text)
        above = self.cells.seen(row - 1, column)
        if key in words.neutral - words.labels and above and header_key(above[1]) in words.labels:
            return column == self.area.left and above[0].bottom < row
        heads = words.code | words.name | words.named | words.labels | words.neutral
        known = key in heads | self.table.header_keys | self.table.neutral
        return column == self.area.left and not known and key not in words.parts

    def _labels_only(self, row: int, top: int, texts: Sequence[tuple[int, str]]) -> bool:
        """Whether the texts of a row are labels of rows and not heads (一般公共预算财政拨款 may be either)."""
        first = next(self.cells.texts(top, self.area.left, self.area.right), (0, ""))[0]
        if texts[0][0] > first or len(texts) > _SIDES or self._over_heads(row):
            return False
        return all(row_key(text) in self.row_keys for _, text in texts)

    def _over_heads(self, row: int) -> bool:
        """Whether more heads stand right under a row than labels stand side by side: it is their group heads."""
        texts = self.cells.texts(row + 1, self.area.left, self.area.right)
        below = [header_key(text) for _, text in texts]
        return len(below) > _SIDES and self.table.header_keys.issuperset(below)

    def is_numbers(self, row: int) -> bool:
        """Whether a row counts the columns."""
        cells, area = self.cells, self.area
        if any(
            header_key(t) in self.words.numbers for _, t in cells.texts(row, area.left, area.right)
        ):
            return True
        columns = [c for c in cells.rows.get(row, ()) if area.left <= c <= area.right]
        beside = self._beside(row, columns)
        return any(
            len(found) >= least and count_up((cells.whole(row, c) for c in found), first=1)
            for found, least in ((columns, 2), (beside, _SIDES))
        )

    def _beside(self, row: int, columns: Sequence[int]) -> list[int]:
        """The first columns that stand side by side: what is behind a gap is none of the table."""
        found = list(columns[:1])
        for column in columns[1:]:
            if column != self.cells.extent(row, found[-1]).right + 1:
                break
            found.append(column)
        return found

    def bears_total(self, row: int) -> bool:
        """Whether a row of the head begins with the label of the total, heads of columns beside it."""
        cells, area = self.cells, self.area
        texts = list(cells.texts(row, area.left, area.right))
        if not texts or header_key(texts[0][1]) not in self.words.total:
            return False
        at = cells.extent(row, texts[0][0])
        above = cells.seen(row - 1, at.left)
        key = header_key(above[1]) if above else ""
        return key in self.words.code | self.words.named | self.words.name


def _bears_code(cells: Cells, row: int, column: int) -> bool:
    """Whether the first cell of a row is a code, alone or before its name."""
    text = cells.text(row, column) or ""
    return bool(CODE.fullmatch(plain(cells, row, column)) or NAMED_CODE.fullmatch(text.strip()))


def plain(cells: Cells, row: int, column: int) -> str:
    """The text of a cell as a code is written in it: whole numbers as digits, without signs between levels."""
    whole = cells.whole(row, column)
    return str(whole) if whole is not None else undivided(bare(cells.text(row, column) or ""))


def _paths(cells: Cells, area: Range, rows: range) -> dict[int, tuple[Word, ...]]:
    """The words above each column, from top to bottom."""
    paths: dict[int, tuple[Word, ...]] = {}
    for column in range(area.left, area.right + 1):
        path = words_above(cells, area, column, rows)
        if any(not word.spread for word in path):
            paths[column] = path
    return paths


def words_above(cells: Cells, area: Range, column: int, rows: range) -> tuple[Word, ...]:
    """The words of `rows` above a column, from top to bottom."""
    path: list[Word] = []
    for row in rows:
        seen = cells.seen(row, column)
        if seen is not None:
            if all(word.at != seen[0] for word in path):
                path.append(Word(*seen))
        elif (spread := _spread(cells, area, row, column, rows)) is not None:
            path.append(spread)
    return tuple(path)


def _without_total(path: tuple[Word, ...], row: int, words: Vocabulary) -> tuple[Word, ...]:
    """The words above a key column without the label of the total row that stands among them."""
    kept = tuple(w for w in path if w.at.top != row or header_key(w.text) not in words.total)
    keys = words.code | words.name | words.named
    return kept if any(header_key(word.text) in keys for word in kept) else path


def _spread(cells: Cells, area: Range, row: int, column: int, rows: range) -> Word | None:
    """The unmerged group head to the left of a blank cell, where heads stand under both.

    It reaches no further than the head above it: there the next group begins.
    """
    if cells.extent(row, column) != Range(row, column, row, column):
        return None
    below = range(row + 1, rows.stop)
    if not any((r, column) in cells.values for r in below):
        return None
    for left in range(column - 1, area.left - 1, -1):
        if any((r, left + 1) in cells.values for r in range(rows.start, row)):
            return None
        at = cells.extent(row, left)
        if at != Range(row, left, row, left):
            return None
        if (text := cells.text(row, left)) is not None:
            has_below = any((r, left) in cells.values for r in below)
            return Word(at, text, True) if has_below else None
    return None

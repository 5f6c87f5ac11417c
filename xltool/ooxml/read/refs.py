"""Cell references and ranges in A1 notation. Rows and columns count from 1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple, TypeVar

from xltool.core.caches import remembered

T = TypeVar("T")

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
_FEW = 128

_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = re.compile(r"\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})")


@remembered(MAX_COLUMN)
def column_letter(number: int) -> str:
    """The letters of column `number` (1 -> A, 27 -> AA). Raises ValueError outside the sheet."""
    if not 1 <= number <= MAX_COLUMN:
        raise ValueError(f"列号 {number} 超出工作表范围（1–{MAX_COLUMN}）")
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@remembered(MAX_COLUMN)
def column_number(letters: str) -> int:
    """The number of the column named `letters`, in either case. Raises ValueError."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(f"“{letters}”不是列标")
        number = number * 26 + ord(letter) - 64
    if not 1 <= number <= MAX_COLUMN:
        raise ValueError(f"“{letters}”不是列标，或超出 XFD 列")
    return number


_COLUMN_OF: dict[str, int] = {column_letter(number): number for number in range(1, 703)}
"""The columns of one or two letters: as good as all that there are."""


def split_ref(ref: str) -> tuple[int, int]:
    """(row, column) of a cell reference such as `AB12` or `$AB$12`. Raises ValueError."""
    return _split_short(ref) if len(ref) <= _SHORT else _split(ref)


_SHORT = 4
"""Cells up to Z999 and ZZ99 are those of every form: they are asked for again and again.
Further ones are too many to be remembered, as in a list of ten thousand rows."""


@remembered(1 << 16)
def _split_short(ref: str) -> tuple[int, int]:
    return _split(ref)


def _split(ref: str) -> tuple[int, int]:
    letters = ref.rstrip("0123456789")
    column, digits = _COLUMN_OF.get(letters), ref[len(letters) :]
    if column and 0 < len(digits) < 7 and digits[0] != "0":
        return int(digits), column
    return _split_unusual(ref)


@remembered(1 << 14)
def _split_unusual(ref: str) -> tuple[int, int]:
    match = _REF.fullmatch(ref)
    if match and int(match[2]) <= MAX_ROW and (len(match[1]) < 3 or match[1].upper() <= "XFD"):
        return int(match[2]), column_number(match[1])
    raise ValueError(f"“{ref}”不是单元格地址")


def top_rows(items: Iterable[tuple[str, T]], rows: int) -> Iterator[tuple[str, T]]:
    """Of what stands at references, row by row, that of the first `rows` rows."""
    return takewhile(lambda item: split_ref(item[0])[0] <= rows, items)


@remembered(1 << 16)
def make_ref(row: int, column: int) -> str:
    """The reference of the cell at `row`, `column`. Raises ValueError outside the sheet."""
    if not 1 <= row <= MAX_ROW:
        raise ValueError(f"行号 {row} 超出工作表范围（1–{MAX_ROW}）")
    return f"{column_letter(column)}{row}"


def column_refs(column: int, rows: tuple[int, ...]) -> tuple[str, ...]:
    """The references of the cells of a column in some rows of the sheet. Raises ValueError."""
    return _few_refs(column, rows) if len(rows) <= _FEW else _refs(column, rows)


def _refs(column: int, rows: tuple[int, ...]) -> tuple[str, ...]:
    letters = column_letter(column)
    return tuple([f"{letters}{row}" for row in rows])


_few_refs = remembered(1024)(_refs)
"""Tables of one form stand in the same rows, book after book."""


class Range(NamedTuple):
    """A rectangle of cells, bounds included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def parse(cls, text: str) -> Range:
        """The range written as `A1`, `A1:B2`, `A:C` or `3:5`, with or without `$`.

        Corners may stand in any order. Raises ValueError.
        """
        return _parsed(text)

    @classmethod
    def between(cls, one: tuple[int, int], other: tuple[int, int] | None = None) -> Range:
        """The range with two corners, (row, column) each; that of one cell without the other."""
        (row1, column1), (row2, column2) = one, other or one
        if row1 <= row2 and column1 <= column2:
            return cls(row1, column1, row2, column2)
        return cls(min(row1, row2), min(column1, column2), max(row1, row2), max(column1, column2))

    def __str__(self) -> str:
        first = make_ref(self.top, self.left)
        if self.top == self.bottom and self.left == self.right:
            return first
        return f"{first}:{make_ref(self.bottom, self.right)}"

    @property
    def anchor(self) -> str:
        """The reference of the top left cell."""
        return make_ref(self.top, self.left)

    @property
    def is_cell(self) -> bool:
        """True when the range is a single cell."""
        return self.top == self.bottom and self.left == self.right

    @property
    def size(self) -> int:
        """How many cells it has."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def holds(self, row: int, column: int) -> bool:
        """True when the cell at `row`, `column` lies in the range."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def contains(self, ref: str) -> bool:
        """True when the cell `ref` lies in the range. Raises ValueError for a bad reference."""
        return self.holds(*split_ref(ref))

    def intersects(self, other: Range) -> bool:
        """True when the two ranges have a cell in common."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )

    def union(self, other: Range) -> Range:
        """The smallest range that holds both."""
        return Range(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )

    def cells(self) -> list[str]:
        """The references of all its cells, row by row."""
        return [
            make_ref(row, column)
            for row in range(self.top, self.bottom + 1)
            for column in range(self.left, self.right + 1)
        ]


@remembered(1 << 14)
def _parsed(text: str) -> Range:
    """Ranges of one form are written in book after book."""
    first, colon, second = text.partition(":")
    if not colon:
        row, column = split_ref(first)
        return Range(row, column, row, column)
    if match := _COLUMNS.fullmatch(text):
        left, right = sorted(column_number(letters) for letters in match.groups())
        return Range(1, left, MAX_ROW, right)
    if match := _ROWS.fullmatch(text):
        top, bottom = sorted(int(number) for number in match.groups())
        if bottom > MAX_ROW:
            raise ValueError(f"“{text}”超出工作表范围")
        return Range(top, 1, bottom, MAX_COLUMN)
    try:
        return Range.between(split_ref(first), split_ref(second))
    except ValueError:
        raise ValueError(f"“{text}”不是单元格区域") from None


def extent_of(refs: Iterable[str]) -> Range | None:
    """The smallest range that holds all the cells."""
    places = [split_ref(ref) for ref in refs]
    if not places:
        return None
    rows = [row for row, _ in places]
    columns = [column for _, column in places]
    return Range(min(rows), min(columns), max(rows), max(columns))


@remembered(1 << 16)
def plain_ref(ref: str) -> str:
    """The reference in capitals and without `$`. Raises ValueError."""
    return make_ref(*split_ref(ref))

"""Tables that go on where their title is printed again: below, where a page ends, or on another sheet (续表)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from xltool.core.codes import join_code, pieces_of
from xltool.mapping.cells import Cells
from xltool.mapping.recognition.header import CODE, NAMED_CODE, plain
from xltool.mapping.recognition.headtexts import is_head_line
from xltool.mapping.recognition.titles import Titled
from xltool.mapping.recognition.vocabulary.keys import (
    bare,
    header_key,
    is_figure,
    row_key,
    without_remarks,
)
from xltool.mapping.recognition.vocabulary.words import Vocabulary

_HEADS = 2
"""So many texts at least stand side by side in a row of heads."""
_PIECES = 3
"""In so many cells a code stands at most: 类, 款 and 项."""


def joined(parts: list[Titled], words: Vocabulary) -> list[Titled]:
    """The parts of a sheet, each with those right below it that only go on with the same table."""
    found: list[Whole] = []
    for part in parts:
        if not found or not found[-1].takes(part):
            found.append(Whole(part, words))
    return [whole.titled for whole in found]


class Whole:
    """A table with the pages that were found of it; what is known of its rows grows with them."""

    def __init__(self, titled: Titled, words: Vocabulary) -> None:
        self.titled, self._words = titled, words
        self._printed: set[tuple[tuple[int, str], ...]] = set()
        """What its rows say, each with its columns."""
        self._names: set[str] = set()
        self._totals = 0
        self._above: list[str] = []
        """The pieces of the last code, where 类, 款 and 项 stand in cells of their own."""

    def takes(self, part: Titled) -> bool:
        """Take a part that goes on with this table: it has its title and heads, no row and no total of it again."""
        area, above = part.area, self.titled.area
        if area != above._replace(top=above.bottom + 1, bottom=area.bottom):
            return False
        body = self._goes_on(part, self._below_same_heads)
        if body is None:
            return False
        area = self.titled.area._replace(bottom=part.area.bottom)
        again = (*self.titled.again, range(part.title.at.top, body))
        self.titled = replace(self.titled, area=area, again=again)
        return True

    def takes_sheet(self, part: Titled) -> int | None:
        """Take a part of another sheet that says it goes on with this table: its first row of data; None when it
        does not. Its heads may be left out.
        """
        return self._goes_on(part, self._below_heads_or_title) if part.title.goes_on else None

    def _goes_on(self, part: Titled, below: Callable[[Titled], int | None]) -> int | None:
        if not self._is_its_title(part):
            return None
        if not self._printed:
            self._add(self.titled, self.titled.area.top)
        body = below(part)
        if body is None:
            return None
        rows = range(body, part.area.bottom + 1)
        new, totals = {*_names(part, rows, [*self._above])}, self._count_totals(part, rows)
        if not new or not self._names.isdisjoint(new) or self._totals + totals > 1:
            return None
        self._add(part, body)
        return body

    def _is_its_title(self, part: Titled) -> bool:
        """Whether a part has the title of this table, of no other unit or year, and no figure beside it."""
        title, own = part.title, self.titled.title
        if title.name != own.name or (title.other_version and not title.goes_on):
            return False
        if not title.goes_on and any(table.is_card for table in title.tables):
            return False  # another project, not more of the one above
        said, whole = title.whole, own.whole
        rows = range(title.at.top, title.at.bottom + 1)
        begins_alike = any(text.endswith(said) for text in (whole, without_remarks(whole)))
        return begins_alike and not any(any(part.cells.figures(row)) for row in rows)

    def _below_same_heads(self, part: Titled) -> int | None:
        """The first row under heads that all stand above, too; None when none does."""
        heads = 0
        for row in range(part.title.at.bottom + 1, part.area.bottom + 1):
            line = _line(part.cells, row)
            if line and (line not in self._printed or self._is_row_or_total(part, row)):
                return row if heads else None
            heads += len([*part.cells.texts(row)]) >= _HEADS
        return None

    def _below_heads_or_title(self, part: Titled) -> int | None:
        """The first row under the title that says something new and nothing of the document; it bears a code."""
        cells, area = part.cells, part.area
        for row in range(part.title.at.bottom + 1, area.bottom + 1):
            if self._is_row_or_total(part, row):
                return row
            if _line(cells, row) not in self._printed and (
                any(cells.figures(row)) or not is_head_line(cells, row, area)
            ):
                return None
        return None

    def _add(self, part: Titled, first: int) -> None:
        rows = range(first, part.area.bottom + 1)
        self._printed |= {_line(part.cells, row) for row in rows}
        self._names |= {*_names(part, rows, self._above)}
        self._totals += self._count_totals(part, rows)

    def _count_totals(self, part: Titled, rows: range) -> int:
        return sum(self._is_total(part, row) for row in rows)

    def _is_row_or_total(self, part: Titled, row: int) -> bool:
        """Whether a row bears a code, or the label of a total: none that is printed above is printed again."""
        first = max(part.area.left, part.title.at.left)
        coded = _code(part.cells, row, first, [*self._above]) is not None
        return coded or self._is_total(part, row)

    def _is_total(self, part: Titled, row: int) -> bool:
        first = next(part.cells.texts(row, part.area.left, part.area.right), None)
        return first is not None and header_key(first[1]) in self._words.total


def _line(cells: Cells, row: int) -> tuple[tuple[int, str], ...]:
    return tuple(
        (column, bare(str(cells.values[row, column]))) for column in cells.rows.get(row, ())
    )


def _names(part: Titled, rows: range, above: list[str]) -> Iterator[str]:
    """What rows are called: the codes in their first cells, the labels that the table has.

    `above`: the pieces of the code above, to which those of the first row may belong; then those of the last one.
    """
    cells, area = part.cells, part.area
    labels = {key for table in part.title.tables if not table.is_card for key in table.row_keys}
    first = max(area.left, part.title.at.left)
    for row in rows:
        if code := _code(cells, row, first, above):
            yield code
        yield from labels & {row_key(text) for _, text in cells.texts(row, area.left, area.right)}


def _code(cells: Cells, row: int, first: int, above: list[str]) -> str | None:
    """The code of a row: in its first cell, with its name or alone, or in up to three of them in pieces."""
    pieces: list[str] = []
    while (
        len(pieces) < _PIECES and (digits := _digits(cells, row, first + len(pieces))) is not None
    ):
        pieces.append(digits)
    name = cells.text(row, first + len(pieces))
    if name is None or is_figure(name):
        pieces = pieces[:1]  # figures stand beside it
    if not pieces:
        named = NAMED_CODE.fullmatch((name or "").strip())
        return named[1] if named else None
    code = join_code(pieces, above)
    if code is None or not CODE.fullmatch(code):
        return None
    above[:] = pieces_of(code)
    return code


def _digits(cells: Cells, row: int, column: int) -> str | None:
    """The digits in a cell that holds a code or a piece of one; "" for a blank, None for anything else."""
    text, is_blank = plain(cells, row, column), (row, column) not in cells.values
    return text if is_blank or text.isdecimal() else None

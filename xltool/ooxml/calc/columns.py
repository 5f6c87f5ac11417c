"""One column of a sheet while its workbook is recalculated: what is looked for in it is found, not searched.

A 类 adds up some rows of a long list, so does every 款 below it. Looking through the list for each of them would
take the square of its length. What the list holds is put in order once, by what criteria and guards ask for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from xltool.ooxml.calc.calcvalues import Plain, far_from
from xltool.ooxml.calc.criteria import Criterion, reads_as_number, reads_somehow

SMALL = 16
"""A range of so many cells is looked through place by place."""

_FEW = 64
"""So many different numbers of a column are kept: a column of codes or texts has some in its heading."""

_MOST_KINDS = 8
"""So many lengths of prefix and text a column is put in order by; a form needs three."""


def between(rows: Sequence[int], top: int, bottom: int) -> slice:
    """Which of some rows, in order, lie between two."""
    return slice(bisect_left(rows, top), bisect_right(rows, bottom))


class Waiting:
    """Formulas of a column that are still to be worked out, the next one found without passing over those before."""

    def __init__(self, cells: Mapping[int, str]) -> None:
        self.refs = dict(sorted(cells.items()))
        """All of them, open or not, by row."""
        self.rows = list(self.refs)
        self.open = set(self.rows)
        """The rows of those that are: the column of codes, which most formulas look at, has none."""
        self._next = list(range(len(self.rows) + 1))

    def close(self, row: int) -> None:
        """A row has been dealt with, if there is a formula."""
        if row in self.open:
            self.open.remove(row)
            at = bisect_left(self.rows, row)
            self._next[at] = at + 1

    def between(self, top: int, bottom: int) -> Iterator[str]:
        """The formulas from one row to another that are open when it is their turn."""
        rows, end = self.rows, len(self.rows)
        at = self._first(bisect_left(rows, top))
        while at < end and (row := rows[at]) <= bottom:
            yield self.refs[row]
            at = self._first(at + 1)

    def _first(self, at: int) -> int:
        """The place among `rows` of the first open row from `at` on; their number when there is none."""
        following = self._next
        end = at
        while following[end] != end:
            end = following[end]
        while following[at] != end:
            following[at], at = end, following[at]
        return end


class ColumnFacts:
    """What the values of a column have in common: enough to tell that none of them is at odds with a criterion."""

    def __init__(self, values: Iterable[Plain]) -> None:
        self.kinds: set[type] = set()
        self.low, self.high = float("inf"), float("-inf")
        self.floats: set[float] = set()
        self.numbers: dict[float, set[str]] = defaultdict(set)
        """Texts that everybody reads as that number."""
        self.odd = False
        """There are texts that some programs might read as numbers."""
        self.folded: set[str] = set()
        """What texts with other letters than A to Z become when capitals count for nothing."""
        for value in values:
            self.add(value)

    def add(self, value: Plain) -> None:
        """Take note of a further value."""
        self.kinds.add(type(value))
        if value == "":
            return  # what most formulas of a list make; no criterion but for blanks is near it
        if isinstance(value, float):
            if value < self.low:
                self.low = value
            if value > self.high:
                self.high = value
            if len(self.floats) <= _FEW:
                self.floats.add(value)
        elif isinstance(value, str):
            if not value.isascii():
                self.folded.add(value.casefold())
            if reads_as_number(value):
                self.numbers[float(value)].add(value)
            elif reads_somehow(value):
                self.odd = True

    @property
    def few_floats(self) -> bool:
        """True when `floats` are all numbers of the column."""
        return len(self.floats) <= _FEW

    def may_be_near(self, number: float, text: str) -> bool:
        """False when no value is almost a number, or a text other than `text` that some program reads as it."""
        if self.odd or not self.numbers.get(number, set()) <= {text}:
            return True
        return float in self.kinds and not far_from(number, self.low, self.high)


class ColumnCells:
    """What a column holds, by row, and the formulas in it.

    `values` are the constants, and what formulas made that are settled.
    """

    def __init__(self, values: dict[int, Plain], waiting: Waiting) -> None:
        self.values = values
        self.waiting = waiting
        self._facts: ColumnFacts | None = None
        self._texts: dict[tuple[int, int], dict[str, list[int]]] = {}
        self._numbers: dict[float, list[int]] | None = None

    @cached_property
    def rows(self) -> list[int]:
        """The rows that hold something, from top to bottom."""
        return sorted({*self.values, *self.waiting.rows})

    @property
    def facts(self) -> ColumnFacts:
        """What is known of all values of the column that are settled, now and from now on."""
        if self._facts is None:
            self._facts = ColumnFacts(self.values.values())
        return self._facts

    def settle(self, row: int, value: Plain) -> None:
        """Enter what one of the formulas makes."""
        self.values[row] = value
        if self._facts is not None:
            self._facts.add(value)

    def rows_between(self, top: int, bottom: int) -> Sequence[int]:
        """The rows from one to another that hold something; of many also those still to be worked out."""
        if bottom - top < SMALL:
            return [row for row in range(top, bottom + 1) if row in self.values]
        return self.rows[between(self.rows, top, bottom)]

    def constants(self) -> Iterable[tuple[int, Plain]]:
        """Row and value of the cells without a formula."""
        for row in self.rows:
            if row not in self.waiting.refs:
                yield row, self.values[row]

    def equal(self, wanted: Criterion) -> list[int] | None:
        """The rows of the constants that a criterion holds for, from top to bottom; None when it is of a kind
        that no order of the column helps with."""
        if wanted.operator not in ("", "=") or not wanted.text:
            return None
        if wanted.number is not None:
            return self._by_number().get(wanted.number, [])
        prefix = wanted.prefix
        if prefix is None:
            return None
        known = self._by_prefix(*prefix)
        return None if known is None else known.get(prefix[0], [])

    def _by_number(self) -> dict[float, list[int]]:
        """The rows of numbers, and of texts that read as one."""
        if self._numbers is None:
            found: dict[float, list[int]] = defaultdict(list)
            for row, value in self.constants():
                if type(value) is float:
                    found[value].append(row)
                elif isinstance(value, str) and reads_as_number(value):
                    found[float(value)].append(row)
            self._numbers = dict(found)
        return self._numbers

    def _by_prefix(self, prefix: str, size: int) -> dict[str, list[int]] | None:
        """The rows of texts of a size, by what they begin with; None when there are too many such orders."""
        key = len(prefix), size
        if key not in self._texts:
            if len(self._texts) >= _MOST_KINDS:
                return None
            found: dict[str, list[int]] = defaultdict(list)
            for row, value in self.constants():
                if isinstance(value, str) and len(text := value.casefold()) == size:
                    found[text[: len(prefix)]].append(row)
            self._texts[key] = dict(found)
        return self._texts[key]

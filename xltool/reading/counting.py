"""Numbers that only count rows and columns: 行次, 栏次, and runs of 1, 2, 3 that nothing names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby, pairwise

from xltool.ooxml import Value
from xltool.reading.numbertexts import whole_number

_RUN = 3
"""So many numbers in a row that count 1, 2, 3 are numbers of rows or columns."""


def as_count(value: Value) -> int | None:
    """The whole number that a cell holds, be it written as a text; None for anything else."""
    number = whole_number(value) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, Decimal):
        return None
    return int(number) if number == number.to_integral_value() and number >= 0 else None


def runs(line: Mapping[int, Value]) -> set[int]:
    """The places of a line whose numbers, one behind the other, count up from 1."""
    counts = [(at, n) for at in sorted(line) if (n := as_count(line[at])) is not None]
    found: set[int] = set()
    for _, run in groupby(enumerate(counts), key=lambda each: each[1][1] - each[0]):
        counted = [each for _, each in run]
        if counted[0][1] == 1 and len(counted) >= _RUN:
            found.update(at for at, _ in counted)
    return found


def counting_on(line: dict[int, int], heads: list[int]) -> Iterator[int]:
    """The places of a line whose number follows the one before it, or leads to the next, and after which counting
    goes on. Where a head stands, it is at zero. A form that leaves rows out counts on to twice the places between;
    some print a number twice.
    """
    counts = sorted({**line, **dict.fromkeys(heads, 0)}.items())
    steps = [0 <= b - a <= 2 * (place - last) for (last, a), (place, b) in pairwise(counts)]
    after = [number for _, number in counts[1:]]
    of_place = zip(counts, [False, *steps], [*steps, False], [*after, 0], strict=True)
    for (place, number), led, leads, following in of_place:
        back = 1 < following < number
        if place in line and (led or leads) and not back:
            yield place

"""The rows under the heads of a table: where they end, which of them count columns, which hold what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Literal, NamedTuple

RowKind = Literal["end", "aside", "total", "row", "blank"]
"""What a row under heads is: the first one below the table; none of it, as the 栏次 row is; a total; a row that
holds something; a row that holds nothing."""


class UnderHeads(NamedTuple):
    """The rows of a table: those of the body, and of them the ones that hold something; those of totals; the first
    row below the table, None where nothing ends it."""

    rows: list[int]
    filled: list[int]
    totals: list[int]
    end: int | None


def under_heads(rows: Iterable[int], kind_of: Callable[[int], RowKind]) -> UnderHeads:
    """Go down the rows under heads as far as the table goes; `kind_of` says what a row is."""
    found = UnderHeads([], [], [], None)
    for row in rows:
        kind = kind_of(row)
        if kind == "end":
            return found._replace(end=row)
        if kind == "total":
            found.totals.append(row)
        elif kind != "aside":
            found.rows.append(row)
            if kind == "row":
                found.filled.append(row)
    return found


def count_up(numbers: Iterable[int | None], first: int) -> bool:
    """Whether numbers are those of columns: each one more than the one before, the first not above `first`."""
    found = list(numbers)
    if not found or any(number is None for number in found):
        return False
    ascending = all(b == a + 1 for a, b in pairwise(found))  # type: ignore[operator]
    return ascending and 1 <= (found[0] or 0) <= first

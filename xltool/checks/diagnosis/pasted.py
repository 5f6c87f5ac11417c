"""Figures that were pasted over others: a column into its neighbour, last year's table over this year's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from xltool.checks.diagnosis.equations import Equation, System
from xltool.checks.diagnosis.grid import AmountGrid
from xltool.checks.diagnosis.model import Area
from xltool.core.places import Place

_ALIKE = 3
"""In how many rows at least two columns have to be alike, and the row not to add up."""
_SAME, _MOST = 8, Decimal("0.9")
"""How many figures have to be last year's, and which part of them."""

LastYear = Callable[[Place], Decimal | None]
"""What a cell held in last year's report."""


def doubled(grid: AmountGrid, failed: Sequence[Equation]) -> Area | None:
    """A column with the figures of its neighbour, where the sums of its rows fail."""
    for one, other in zip(grid.columns, grid.columns[1:], strict=False):
        pairs = [(row, a, b) for row, a, b in _pairs(grid, one, other) if a or b]
        alike = pairs and all(a == b for _, a, b in pairs)
        if (
            not alike
            or sum(_row_fails(grid, row, one, other, failed) for row, *_ in pairs) < _ALIKE
        ):
            continue
        copied = grid.column(other)
        return Area(
            "重复", grid.table, copied[0], copied[-1], frozenset(copied), grid.column(one)[0]
        )
    return None


def _pairs(
    grid: AmountGrid, one: int, other: int
) -> Iterator[tuple[int, Decimal | None, Decimal | None]]:
    for row in grid.listed or grid.rows:
        if (row, one) in grid.places and (row, other) in grid.places:
            yield row, grid.figure((row, one)), grid.figure((row, other))


def _row_fails(
    grid: AmountGrid, row: int, one: int, other: int, failed: Sequence[Equation]
) -> bool:
    """Whether something fails that adds both cells of a row up, or that is about this row alone."""
    a, b = grid.places[row, one], grid.places[row, other]
    return any(
        a in e.terms
        and b in e.terms
        and (e.terms[a] == e.terms[b] or {grid.at[p][0] for p in e.terms if p in grid.at} == {row})
        for e in failed
    )


def from_last_year(grid: AmountGrid, system: System, last_year: LastYear) -> Area | None:
    """The table, if nearly every figure typed in it is last year's."""
    values = {
        p: v for p, at in grid.at.items() if p not in system.made_of and (v := grid.figure(at))
    }
    same = [place for place, value in values.items() if value == last_year(place)]
    if len(same) < _SAME or len(same) < _MOST * len(values):
        return None
    first, last = (grid.places[pick(grid.places)] for pick in (min, max))
    return Area("上年", grid.table, first, last, frozenset(grid.at))

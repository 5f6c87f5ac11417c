"""Figures of all rows of a list at once, and what is made of them and asked of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from xltool.rules.env import Env
from xltool.rules.index import UNKNOWN, Figure, ListIndex
from xltool.rules.keys import RowKey
from xltool.rules.lookup import Lookup
from xltool.rules.scope import RowType
from xltool.rules.values import ZERO, Quantity, comparing


class Rows(NamedTuple):
    """Rows of one list."""

    lookup: Lookup
    listed: ListIndex
    positions: Sequence[int]

    @property
    def codes(self) -> list[str]:
        """Their 科目编码."""
        codes = self.listed.row_codes
        return [codes[n] for n in self.positions]

    def of(self, column: Sequence[Figure]) -> list[Figure]:
        """Of a column of the list, their figures."""
        return [column[n] for n in self.positions]


def rows_of(env: Env, keys: Sequence[RowKey]) -> Rows:
    """The rows that a loop runs over, of which there is one at least."""
    first = keys[0]
    lookup = env.lookup(first.prior)
    listed = lookup.index(first.table, first.instance, first.list)
    return Rows(lookup, listed, [key.position for key in keys])


Figures = Callable[[Env, Rows], Sequence[Figure]]
Truths = Callable[[Env, Rows], Sequence[bool | None]]
"""Of each row: yes, no, or None where that is not known."""


def unknown(env: Env, rows: Rows) -> list[Figure]:
    return [UNKNOWN] * len(rows.positions)


def unsure(env: Env, rows: Rows) -> list[bool | None]:
    return [None] * len(rows.positions)


def _figure(quantity: Quantity) -> Figure:
    """What is known of a quantity."""
    if quantity.absent:
        return UNKNOWN
    return None if quantity.blank else quantity.value


def constant(one: Callable[[Env], Quantity]) -> Figures:
    """What is the same for every row."""
    return lambda env, rows: [_figure(one(env))] * len(rows.positions)


def column(name: str) -> Figures:
    """`$行.栏目`."""
    return lambda env, rows: rows.of(rows.listed.figures(name))


def parent(name: str) -> Figures:
    """`parent($行).栏目`."""

    def fetch(env: Env, rows: Rows) -> list[Figure]:
        figures, above = rows.listed.figures(name), map(rows.listed.above, rows.codes)
        return [None if n is None else figures[n] for n in above]

    return fetch


def children(name: str) -> Figures:
    """`sum(children($行).栏目)`."""

    def fetch(env: Env, rows: Rows) -> list[Figure]:
        figures, below = rows.listed.figures(name), map(rows.listed.below, rows.codes)
        return [
            _total([figures[n] for n in found]) if found else (None if known else UNKNOWN)
            for found, known in below
        ]

    return fetch


def in_other(row: RowType, name: str) -> Figures:
    """`表.明细[code($行)].栏目`: in another list the row with the same code."""

    def fetch(env: Env, rows: Rows) -> list[Figure]:
        lookup, place = env.lookup(row.prior), (row.table, 0, row.list)
        listed = lookup.index(*place)
        found, figures = listed.by_code, listed.figures(name)
        return [
            figures[found[code]]
            if code in found
            else _figure(lookup.coded_cell(*place, code, name)[0])
            for code in rows.codes
        ]

    return fetch


def added(first: Figures, others: Sequence[tuple[Figures, bool]]) -> Figures:
    """The sum of parts, those with True taken away from it."""

    def add(env: Env, rows: Rows) -> Sequence[Figure]:
        total = first(env, rows)
        for part, minus in others:
            figures = part(env, rows)
            if minus:
                figures = [one if one is None else -one for one in figures]
            total = [
                other if one is None else one if other is None else one + other
                for one, other in zip(total, figures, strict=True)
            ]
        return total

    return add


def _total(figures: Sequence[Figure]) -> Figure:
    filled = [one for one in figures if one is not None]
    return sum(filled, ZERO) if filled else None


def fulfilled(left: Figures, right: Figures, operator: str) -> Truths:
    """Whether a comparison holds; a blank counts as zero."""
    holds = comparing(operator)

    def compare(one: Figure, other: Figure) -> bool | None:
        difference = (one or ZERO) - (other or ZERO)
        return None if difference.is_nan() else holds(difference, ZERO)

    return lambda env, rows: list(map(compare, left(env, rows), right(env, rows)))


def filled(cells: Figures, wanted: bool) -> Truths:
    """Whether something stands in cells, or nothing."""
    return lambda env, rows: [
        None if cell is not None and cell.is_nan() else (cell is not None) is wanted
        for cell in cells(env, rows)
    ]


def combined(kind: str, parts: Sequence[Truths]) -> Truths:
    """`and`, `or`, `not`: after the first part that decides nothing more is asked, after one not known neither."""
    decisive = kind == "or"

    def first(row: Sequence[bool | None]) -> bool | None:
        return next((true for true in row if true is None or true is decisive), not decisive)

    def combine(env: Env, rows: Rows) -> list[bool | None]:
        columns = [part(env, rows) for part in parts]
        if kind == "not":
            return [None if true is None else not true for true in columns[0]]
        return list(map(first, zip(*columns, strict=True)))

    return combine

"""Figures in the wrong place: a block a row or a column off, two columns exchanged or alike, last year's table.

Such a slip breaks dozens of rules, and every single cell of it looks wrong. Each way to put a table's figures
back is tried on the equations: one that lets next to nothing fail which holds, mends most of what fails, and
makes figures agree that do not now, is told as the one cause. A wrong guess is refused by the first failures
that it does not mend.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from decimal import Decimal
from itertools import combinations, product
from typing import Literal, NamedTuple

from xltool.checks.context import Context
from xltool.checks.diagnosis.equations import Equation, System
from xltool.checks.diagnosis.grid import AmountGrid, At
from xltool.checks.diagnosis.model import Area, Moved
from xltool.checks.diagnosis.pasted import LastYear, doubled, from_last_year
from xltool.core.places import Place
from xltool.rules.model import Result
from xltool.rules.values import HALF_CENT, ZERO

_MANY = 4
"""Fewer failures than this need no such cause."""
_LOCAL = 4
"""An equation of so few rows of a table tells in which of them something is wrong."""
_EDGES = 8
"""How many of the rows in which something is wrong are looked at for where a block begins."""
_SAMPLE, _FIRST = 24, 8
"""In how many rows a guess is tried, and after how many failures it may be refused."""
_TOLERATED = 20
"""One comparison may break for so many that are mended: two figures that went were equal by chance."""

Kind = Literal["下移", "上移", "右移", "左移", "互换"]
_STEPS: Mapping[Kind, At] = {"下移": (1, 0), "上移": (-1, 0), "右移": (0, 1), "左移": (0, -1)}
_ROWS: tuple[Kind, Kind] = ("下移", "上移")
_COLUMNS: tuple[Kind, Kind] = ("右移", "左移")


class _Guess(NamedTuple):
    """An area whose figures are to be put back: those of rows in some columns, from one row to another."""

    kind: Kind
    columns: tuple[int, ...]
    start: int
    end: int

    def holds(self, at: At) -> bool:
        """Whether a cell is in the area."""
        return self.start <= at[0] <= self.end and at[1] in self.columns


class _Share(NamedTuple):
    """What a table has of an equation: cells that are added up, with factor and figure, and nonlinear ones."""

    added: Sequence[tuple[At, int, Decimal]]
    nonlinear: Sequence[At]


_WIDE = 20
"""A table with more columns is wide."""
_JUDGED = ("通过", "尾差", "不符")
_HOPELESS = 12
"""A guess that mends none of so many equations is refused at once: a wide row has more than a hundred."""


class _Source(NamedTuple):
    """Where the figure of a cell went, and what stands there; `typed`: not by a formula, None: outside the table."""

    at: At
    figure: Decimal | None
    typed: bool | None


class _Effect(NamedTuple):
    """What a guess does to an equation: its difference afterwards, and whether figures agree, before and after."""

    holds: bool
    agreed: bool
    agrees: bool


def moved_figures(
    context: Context, system: System, results: Sequence[Result], last_year: LastYear
) -> list[Moved]:
    """The tables whose figures stand in the wrong place, that which explains the most first.

    What one table explains is not asked of the others. Where two explain the same equally well, none is named.
    """
    of_table: dict[tuple[str, int], list[Equation]] = defaultdict(list)
    for equation in system.equations:
        for name in {place[:2] for place in equation.terms}:
            of_table[name].append(equation)
    tables = [
        _Table(AmountGrid(context, found_table), system, results, of_table[key])
        for found_table in context.reading.found_tables
        if not found_table.located.problems
        and len(of_table[key := (found_table.mapping.table, found_table.instance)]) >= _MANY
    ]
    found: list[Moved] = []
    open_ = {e.result for e in system.equations if results[e.result].outcome == "不符"}
    while True:
        told = [cause for table in tables if (cause := table.cause(open_, last_year))]
        told.sort(key=lambda cause: -cause[0])
        if not told:
            return found
        gain, best = told[0]
        if not any(g == gain and set(m.mends) & set(best.mends) for g, m in told[1:]):
            found.append(best)
        open_ -= set(best.mends)


class _Table:
    """One table, and what fails in it."""

    def __init__(
        self, grid: AmountGrid, system: System, results: Sequence[Result], mine: list[Equation]
    ) -> None:
        self._grid, self._system, self._results, self._mine = grid, system, results, mine
        self._failed: list[Equation] = []
        self._local: dict[int, list[Equation]] = {}
        """What fails, by the rows that it speaks of, where these are few."""
        self._open: Set[int] = frozenset()
        self._shares = {equation.result: self._share(equation) for equation in mine}
        self._sources: dict[tuple[Kind, At], _Source] = {}

    def _share(self, equation: Equation) -> _Share:
        at = self._grid.at
        added = [(at[place], factor) for place, factor in equation.terms.items() if place in at]
        return _Share(
            [(cell, factor, self._grid.figure(cell) or ZERO) for cell, factor in added],
            [at[place] for place in equation.nonlinear if place in at],
        )

    def cause(self, open_: Set[int], last_year: LastYear) -> tuple[int, Moved] | None:
        """What explains the failures of the table that are still open, and how much it explains."""
        self._failed = [equation for equation in self._mine if equation.result in open_]
        self._open = frozenset(open_)
        self._local = defaultdict(list)
        for equation in self._failed:
            rows = {at[0] for at, _, _ in self._shares[equation.result].added}
            for row in rows if len(rows) <= _LOCAL else ():
                self._local[row].append(equation)
        # a table of counts of people has no amounts that could have moved
        if len(self._failed) < _MANY or not self._grid.places:
            return None
        pasted = (
            from_last_year(self._grid, self._system, last_year),
            doubled(self._grid, self._failed),
        )
        told = [(self._covers(area), area) for area in pasted if area]
        if (shifted := self._shifted()) is not None:
            told.append(shifted)
        if not told:
            return None
        gain, area = max(told, key=lambda cause: cause[0])
        return gain, Moved(area, self._touched(area.cells))

    def _touched(self, cells: Set[Place]) -> tuple[int, ...]:
        """The open failures in which cells take part, linear or not."""
        return tuple(
            equation.result
            for equation in self._system.equations
            if equation.result in self._open
            and not (equation.terms.keys() | equation.nonlinear).isdisjoint(cells)
        )

    def _covers(self, area: Area) -> int:
        """How many failures of the table an area takes part in, less those in which it does not."""
        return 2 * len(self._touched(area.cells)) - len(self._failed)

    # ── guesses ──

    def _shifted(self) -> tuple[int, Area] | None:
        """The way to put figures back that mends the most, by the smallest area, and how much it mends."""
        gains = [(gain, guess) for guess in self._guesses() if (gain := self._gain(guess))]
        if not gains:
            return None
        gain, guess = max(gains, key=lambda g: (g[0], *self._ease(g[1])))
        cells = [
            p for at, p in sorted(self._grid.places.items()) if guess.holds(at) and self._free(p)
        ]
        first, last, onto = cells[0], cells[-1], None
        if guess.kind == "互换":
            one, other = (self._grid.column(column) for column in guess.columns)
            first, last, onto = one[0], one[-1], other[0]
        return gain, Area(guess.kind, self._grid.table, first, last, frozenset(cells), onto)

    def _ease(self, guess: _Guess) -> tuple[bool, int, int]:
        """What decides between guesses that mend as much: the smallest area; a blank column is not exchanged."""
        columns = guess.columns if guess.kind == "互换" else ()
        filled = all(
            any(self._grid.figure((row, column)) for row in self._grid.rows) for column in columns
        )
        return filled, guess.start - guess.end, -len(guess.columns)

    def _guesses(self) -> Iterator[_Guess]:
        columns, rows = tuple(self._grid.columns), self._grid.rows
        lists = self._grid.listed or rows
        whole = ([rows[0], lists[0]], [rows[-1], lists[-1]])
        above = dict(zip(rows[1:], rows, strict=False))
        single = () if self._all_over() else columns
        for chosen in dict.fromkeys([columns, *((c,) for c in single)]):
            wrong = self._wrong_rows(chosen)
            near = [row for at in wrong[:_EDGES] for row in (above.get(at, at), at)]
            starts = dict.fromkeys([*whole[0], *near])
            ends = dict.fromkeys([*whole[1], *wrong[-2:]])
            for kind, start, end in product(_ROWS, starts, ends) if wrong else ():
                if start < end:
                    yield _Guess(kind, chosen, start, end)
        for kind, start in product(_COLUMNS, dict.fromkeys(whole[0])):
            yield _Guess(kind, columns, start, rows[-1])
        for pair in combinations(single, 2):
            yield _Guess("互换", pair, rows[0], rows[-1])

    def _all_over(self) -> bool:
        """Whether most of a wide table fails: no single column can have done that."""
        judged = [e for e in self._mine if self._results[e.result].outcome in _JUDGED]
        return len(self._grid.columns) > _WIDE and 2 * len(self._failed) > len(judged)

    def _wrong_rows(self, columns: tuple[int, ...]) -> list[int]:
        """The rows in which something fails that speaks of these columns."""
        return sorted(
            row
            for row, equations in self._local.items()
            if any(self._grid.places.get((row, c)) in e.terms for e in equations for c in columns)
        )

    def _right(self, guess: _Guess, at: At) -> Decimal | None:
        """What should stand in a cell of the area; None when that cannot be known.

        Each cell gets the figure of the cell that its own was moved to. What the block was moved onto, at the
        end, cannot be known; but where it was moved out of the table, its last figures stand beside it: a blank
        to the right of the table was one within it.
        """
        if guess.kind == "互换":
            one, other = guess.columns
            return self._grid.figure((at[0], other if at[1] == one else one)) or ZERO
        source = self._source(guess.kind, at)
        if source.typed is None:
            return source.figure or (ZERO if guess.kind == "右移" else None)
        return (source.figure or ZERO) if source.typed and guess.holds(source.at) else None

    def _source(self, kind: Kind, at: At) -> _Source:
        found = self._sources.get((kind, at))
        if found is None:
            beside = self._grid.beside(at, _STEPS[kind])
            place = self._grid.places.get(beside)
            typed = None if place is None else self._free(place)
            found = self._sources[kind, at] = _Source(beside, self._grid.figure(beside), typed)
        return found

    def _free(self, place: Place) -> bool:
        """Whether figures are typed here: a formula that is intact follows by itself."""
        return place not in self._system.made_of

    # ── weighing ──

    def _gain(self, guess: _Guess) -> int:
        """How many failures a guess mends, less those that it does not and what it breaks; 0: it is refused."""
        if not self._plausible(guess):
            return 0
        mended = left = broken = agreeing = 0
        for equation in self._mine:
            effect = self._effect(equation, guess)
            if effect is None:
                continue
            agreeing += effect.agrees - effect.agreed
            if equation.result in self._open:
                mended += effect.holds
                left += not effect.holds
            elif self._results[equation.result].outcome in ("通过", "尾差"):
                broken += not effect.holds
        sound = mended >= 2 * left and broken * _TOLERATED <= mended
        return mended - left - broken if sound and min(mended, agreeing) >= _MANY else 0

    def _plausible(self, guess: _Guess) -> bool:
        """Whether a guess mends most of a few failures in its rows; a wrong one is refused after the first."""
        mended = tried = 0
        rows = [row for row in self._local if guess.start <= row <= guess.end]
        for row in rows[:: max(1, len(rows) // _SAMPLE)]:
            for equation in self._local[row]:
                if (effect := self._effect(equation, guess)) is not None:
                    tried += 1
                    mended += effect.holds
                if tried > _HOPELESS and not mended:
                    return False
            if tried > _FIRST and mended * 2 < tried:
                return False
        return mended * 2 > tried

    def _effect(self, equation: Equation, guess: _Guess) -> _Effect | None:
        """What becomes of an equation, rounding of its figures allowed for; None: nothing, or it is not known."""
        shift, before, after, touched = ZERO, False, False, False
        share = self._shares[equation.result]
        for at, factor, stands in share.added:
            if not guess.holds(at):
                continue
            right = self._right(guess, at)
            if right is None:
                return None
            touched, before, after = True, before or bool(stands), after or bool(right)
            shift += factor * (right - stands)
        if not touched or any(map(guess.holds, share.nonlinear)):
            return None
        slack = HALF_CENT * (len(equation.terms) + 1)
        equal = abs(equation.stood + shift) <= slack
        return _Effect(
            equal or equation.holds_alone(shift),
            before and abs(equation.stood) <= slack,
            after and equal,
        )

"""SUMIF, COUNTIF and their kin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import NamedTuple

from xltool.ooxml.calc.calculation import Args, Calculation, added, raise_errors
from xltool.ooxml.calc.calcvalues import CalculationError, Failed, Offset, Plain
from xltool.ooxml.calc.columns import LONG
from xltool.ooxml.calc.criteria import criterion
from xltool.ooxml.calc.expression import ExpressionNode, SheetArea

_REMEMBERED = 1024
"""Places of a range up to which it is remembered which of them fulfil a criterion."""


def _chosen(
    calc: Calculation,
    pairs: Sequence[tuple[ExpressionNode, ExpressionNode]],
    extra: Sequence[ExpressionNode],
) -> _Choice:
    """Which places of the ranges fulfil all criteria; `extra` ranges must be reached as well."""
    (first, written), *more = pairs
    looked_at = calc.place(first)
    rows, columns = height, width = _shape(looked_at)
    for other, _ in more:
        if _shape(calc.place(other)) != (height, width):
            raise Failed("#VALUE!")
    if height * width > _REMEMBERED:
        ranges = (*(node for node, _ in pairs), *extra)
        reached = [calc.reach(*calc.place(node)) for node in ranges]
        rows, columns = (max(sizes) for sizes in zip(*reached, strict=True))
    chosen, beyond = _fulfilled(calc, looked_at, calc.value(written), rows, columns)
    for other, written in more:
        matches = criterion(calc.value(written)).matcher()
        beyond = beyond and matches(None)
        cells = calc.picked(*calc.place(other), chosen)
        chosen = [place for place, cell in zip(chosen, cells, strict=True) if matches(cell)]
    return _Choice(chosen, height * width - rows * columns if beyond else 0)


def _fulfilled(
    calc: Calculation, looked_at: SheetArea, written: Plain, rows: int, columns: int
) -> tuple[Sequence[Offset], bool]:
    """Which of so many rows and columns of a range fulfil a criterion, and whether blank places do.

    The formulas of a row ask this of the same codes, one after the other.
    """

    wanted, key = criterion(written), (looked_at, type(written), written)
    if looked_at.area.size > LONG:
        found = calc.once(("equal", *key), lambda: calc.equal(*looked_at, wanted))
        if found is not None:
            return found, False

    def job() -> tuple[Sequence[Offset], bool]:
        matches = wanted.matcher()
        beyond = matches(None)
        if not beyond:
            filled = calc.filled(*looked_at)
            return [place for place, cell in filled if matches(cell)], beyond
        every = calc.every(rows, columns)
        cells = calc.picked(*looked_at, every)
        return list(compress(every, map(matches, cells))), beyond

    if rows * columns > _REMEMBERED:
        return job()
    result: tuple[Sequence[Offset], bool] = calc.once(("fulfilled", *key), job)
    return result


class _Choice(NamedTuple):
    """`chosen` places; `beyond` them, so many blank ones are chosen too."""

    chosen: Sequence[Offset]
    beyond: int


def _shape(place: SheetArea) -> tuple[int, int]:
    top, left, bottom, right = place.area
    return bottom - top + 1, right - left + 1


def _pairs(args: Args) -> list[tuple[ExpressionNode, ExpressionNode]]:
    if len(args) % 2:
        raise CalculationError("条件不成对")
    return list(zip(args[::2], args[1::2], strict=True))


def count_if(calc: Calculation, args: Args) -> Plain:
    choice = _chosen(calc, _pairs(args), ())
    return float(len(choice.chosen) + choice.beyond)


def sum_if(calc: Calculation, args: Args) -> Plain:
    looked_at, written = args[:2]
    return _sum_chosen(calc, [(looked_at, written)], args[2] if len(args) > 2 else looked_at)


def sum_ifs(calc: Calculation, args: Args) -> Plain:
    summed, *rest = args
    if _shape(calc.place(summed)) != _shape(calc.place(rest[0])):
        raise Failed("#VALUE!")
    return _sum_chosen(calc, _pairs(tuple(rest)), summed)


def _sum_chosen(
    calc: Calculation,
    pairs: Sequence[tuple[ExpressionNode, ExpressionNode]],
    summed: ExpressionNode,
) -> Plain:
    choice = _chosen(calc, pairs, (summed,))
    values = calc.picked(*calc.place(summed), choice.chosen)
    raise_errors(values)
    return added(value for value in values if type(value) is float)

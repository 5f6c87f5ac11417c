"""SUMIF, COUNTIF and their kin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

from xltool.ooxml.calc.calculation import Args, Calculation, added, raise_errors
from xltool.ooxml.calc.calcvalues import CalculationError, Failed, Offset, Plain
from xltool.ooxml.calc.criteria import criterion, matcher
from xltool.ooxml.calc.tree import ExpressionNode, SheetArea

_REMEMBERED = 1024
"""Places of a range up to which it is remembered which of them fulfil a criterion."""


def _chosen(calc: Calculation, pairs: Args, summed: Args = ()) -> tuple[Sequence[Offset], int]:
    """Which places of the ranges fulfil all criteria, and how many blank ones beyond them do.

    `pairs` are a range, its criterion, the next range and so on; what is `summed` must be reached as well.
    """
    looked_at = calc.places[pairs[0].ref]
    height, width = _shape(looked_at)
    for other in pairs[2::2]:
        if _shape(calc.places[other.ref]) != (height, width):
            raise Failed("#VALUE!")
    rows, columns = height, width
    if height * width > _REMEMBERED:
        reached = [calc.reach(calc.places[node.ref]) for node in (*pairs[::2], *summed)]
        rows, columns = (max(sizes) for sizes in zip(*reached, strict=True))
    chosen, beyond = _fulfilled(calc, looked_at, pairs[1].value(calc), rows, columns)
    for other, written in zip(pairs[2::2], pairs[3::2], strict=True):
        matches = matcher(written.value(calc))
        beyond = beyond and matches(None)
        cells = calc.picked(calc.places[other.ref], chosen)
        chosen = [place for place, cell in zip(chosen, cells, strict=True) if matches(cell)]
    return chosen, height * width - rows * columns if beyond else 0


def _fulfilled(
    calc: Calculation, looked_at: SheetArea, written: Plain, rows: int, columns: int
) -> tuple[Sequence[Offset], bool]:
    """Which of so many rows and columns of a range fulfil a criterion, and whether blank places do.

    The formulas of a row ask this of the same codes, one after the other.
    """
    asked = calc, looked_at, written, rows, columns
    if rows * columns > _REMEMBERED:
        return _looked_for(*asked)
    key = "fulfilled", looked_at, type(written), written
    found: tuple[Sequence[Offset], bool] = calc.once(key, _looked_for, *asked)
    return found


def _looked_for(
    calc: Calculation, looked_at: SheetArea, written: Plain, rows: int, columns: int
) -> tuple[Sequence[Offset], bool]:
    wanted = criterion(written)
    key = "equal", looked_at, type(written), written
    found = calc.once(key, calc.equal, looked_at, wanted)
    if found is not None:
        return found, False
    matches = wanted.matcher()
    beyond = matches(None)
    if not beyond:
        filled = calc.filled(looked_at)
        return [place for place, cell in filled if matches(cell)], beyond
    every = calc.every(rows, columns)
    cells = calc.picked(looked_at, every)
    return list(compress(every, map(matches, cells))), beyond


def _shape(place: SheetArea) -> tuple[int, int]:
    top, left, bottom, right = place.area
    return bottom - top + 1, right - left + 1


def _paired(args: Args) -> Args:
    if len(args) % 2:
        raise CalculationError("条件不成对")
    return args


def count_if(calc: Calculation, args: Args) -> Plain:
    chosen, beyond = _chosen(calc, _paired(args))
    return float(len(chosen) + beyond)


def sum_if(calc: Calculation, args: Args) -> Plain:
    return _sum_chosen(calc, args[:2], args[2] if len(args) > 2 else args[0])


def sum_ifs(calc: Calculation, args: Args) -> Plain:
    summed, *rest = args
    if _shape(calc.places[summed.ref]) != _shape(calc.places[rest[0].ref]):
        raise Failed("#VALUE!")
    return _sum_chosen(calc, _paired(tuple(rest)), summed)


def _sum_chosen(calc: Calculation, pairs: Args, summed: ExpressionNode) -> Plain:
    chosen, _ = _chosen(calc, pairs, (summed,))
    values = calc.picked(calc.places[summed.ref], chosen)
    raise_errors(values)
    return added([value for value in values if type(value) is float])

"""SUMPRODUCT: what stands between its brackets is worked out at one place of its ranges after the other.

At each place a range is a single cell, so that the parts are worked out and doubted as they are anywhere else.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import chain
from typing import TypeVar

from xltool.ooxml.calc.calculation import Args, Calculation, added, raise_errors
from xltool.ooxml.calc.calcvalues import CalculationError, Plain, as_number
from xltool.ooxml.calc.tree import ExpressionNode, SheetArea
from xltool.ooxml.read.refs import Range

PRODUCT = "SUMPRODUCT"

BY_PLACE = frozenset({"ABS", "EXACT", "ISBLANK", "ISNUMBER", "ISTEXT", "LEFT", "LEN", "MID"})
BY_PLACE |= {"RIGHT", "ROUND"}
"""The functions that every program works out place by place there; of others, such as IF, Excel takes one value."""

_FEW = 1024
"""So many places are looked at one by one; of more those until all further cells are blank, and one blank row."""

_LOOKS = 200
"""A place takes as long as looking at so many cells in a range."""

_T = TypeVar("_T")


def sum_product(calc: Calculation, args: Args) -> Plain:
    """The products of what the parts make at each place, added up. Raises CalculationError, Failed."""
    rows, columns = _size(calc, args)
    found = at_each_place(calc, args, lambda: [_factor(calc.of(arg), arg) for arg in args])
    raise_errors(chain.from_iterable(found))
    products = [math.prod(map(as_number, factors)) for factors in found]
    if len(products) < rows * columns and products[-1]:
        raise CalculationError("SUMPRODUCT 算到了区域后面的空白格")
    return added(products)


def at_each_place(calc: Calculation, args: Args, job: Callable[[], _T]) -> list[_T]:
    """What a job gives at each place of the ranges in some parts. Raises CalculationError."""
    whole, made = calc.places, calc.made
    ranges = {ref: whole[ref] for ref in _refs(args) if not whole[ref].area.is_cell}
    rows, columns = _size(calc, args)
    if rows * columns > _FEW:
        reached = zip(*map(calc.reach, ranges.values()), strict=True)
        rows, columns = (min(n, max(r) + 1) for n, r in zip((rows, columns), reached, strict=True))
    calc.spend(rows * columns * _LOOKS)
    found = []
    try:
        for offset in calc.every(rows, columns):
            moved = list(whole)
            for ref, place in ranges.items():
                moved[ref] = _cell(place, *offset)
            calc.places, calc.made = moved, {}
            found.append(job())
    finally:
        calc.places, calc.made = whole, made
    return found


def _factor(value: Plain, arg: ExpressionNode) -> Plain:
    """A value as it is multiplied: a text in a range counts as zero. Raises CalculationError."""
    if isinstance(value, bool):
        raise CalculationError("SUMPRODUCT 的参数是逻辑值，各软件结果不同")
    if isinstance(value, str):
        if arg.kind != "ref":
            raise CalculationError("SUMPRODUCT 的参数是文本，各软件结果不同")
        return 0.0
    return value


def _size(calc: Calculation, args: Args) -> tuple[int, int]:
    """How many rows and columns the ranges of all parts have. Raises CalculationError where they differ."""
    sizes = set().union(*(_sizes(calc, arg) for arg in args))
    if len(sizes) > 1:
        raise CalculationError("SUMPRODUCT 的各区域大小不一")
    return sizes.pop()


def _sizes(calc: Calculation, arg: ExpressionNode) -> set[tuple[int, int]]:
    """How many rows and columns the ranges of a part have; a part without any is one value."""
    areas = [calc.places[ref].area for ref in _refs((arg,))]
    found = {(a.bottom - a.top + 1, a.right - a.left + 1) for a in areas if not a.is_cell}
    return found or {(1, 1)}


def _refs(args: Args) -> set[int]:
    return {node.ref for arg in args for node in arg.walk() if node.kind == "ref"}


def _cell(place: SheetArea, row: int, column: int) -> SheetArea:
    """The cell at a place of a range."""
    row, column = place.area.top + row, place.area.left + column
    return SheetArea(place.sheet, Range(row, column, row, column))

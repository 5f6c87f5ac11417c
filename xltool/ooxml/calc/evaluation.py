"""The value of a formula, worked out as Excel does: on doubles, errors passed on.

What works a part of a formula out is put together once for all formulas of a shape (`prepare`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Container, Sequence
from typing import Any, Protocol

from xltool.ooxml.calc.calculation import Calculation
from xltool.ooxml.calc.calcvalues import (
    CalculationError,
    Failed,
    Plain,
    as_number,
    as_text,
    compare,
    joined,
)
from xltool.ooxml.calc.functions import FUNCTIONS
from xltool.ooxml.calc.ranges import Ranges
from xltool.ooxml.calc.tree import COMPARISONS, ExpressionNode, SheetArea, Work
from xltool.ooxml.read.values import CellError

_WORKED_OUT = frozenset({"call", "op"})


class FormulaCells(Ranges, Protocol):
    """The cells that formulas refer to."""

    def at(self, sheet: str, row: int, column: int) -> Plain:
        """The value of a cell; None when it is blank."""


class Evaluator:
    """The `Calculation` of one formula after the other."""

    def __init__(self, cells: FormulaCells) -> None:
        self.places: Sequence[SheetArea] = ()
        self.made: dict[ExpressionNode, Plain] = {}
        self.at, self.inside, self.filled, self.picked = (
            cells.at,
            cells.inside,
            cells.filled,
            cells.picked,
        )
        self.every, self.reach = cells.every, cells.reach
        self.equal, self.facts, self.spend = cells.equal, cells.facts, cells.spend
        self._known: dict[tuple[Any, ...], Any] = {}

    def begin(self, places: Sequence[SheetArea]) -> None:
        """Turn to a formula whose references lead to `places`."""
        self.places = places
        self.made.clear()

    def once(self, key: tuple[Any, ...], job: Callable[..., Any], *args: Any) -> Any:
        """What `job` gives of the arguments, worked out once for all formulas that ask with this key."""
        try:
            return self._known[key]
        except KeyError:
            pass  # what the job raises is its own
        found = self._known[key] = job(*args)
        return found

    def of(self, node: ExpressionNode) -> Plain:
        """The value of a part, errors too. Raises CalculationError."""
        try:
            return node.value(self)
        except Failed as failed:
            return failed.error


def prepare(tree: ExpressionNode, asked: Container[ExpressionNode]) -> None:
    """Give every part of a formula what works it out. What `require_shape` refuses must not come here.

    What a part makes that stands in several places, or is `asked` for afterwards, is kept while its formula is at
    hand.
    """
    nodes = list(tree.walk())
    times = Counter(nodes)
    for node in dict.fromkeys(reversed(nodes)):  # parts before what is made of them
        work = _WORKS[node.kind](node) if node.kind in _WORKS else _constant(node)
        again = times[node] > 1 or node in asked
        node.value = _kept(node, work) if again and node.kind in _WORKED_OUT else work


def _kept(node: ExpressionNode, work: Work) -> Work:
    """What works a part out the first time, and then knows."""

    def value(calc: Calculation) -> Plain:
        made = calc.made
        if node not in made:
            try:
                made[node] = work(calc)
            except Failed as failed:
                made[node] = failed.error
        return _sound(made[node])

    return value


def _constant(node: ExpressionNode) -> Work:
    constant = node.constant
    return (lambda calc: _sound(constant)) if type(constant) is CellError else lambda calc: constant


def _cell(node: ExpressionNode) -> Work:
    number = node.ref

    def value(calc: Calculation) -> Plain:
        sheet, (row, column, _, _) = calc.places[number]
        return _sound(calc.at(sheet, row, column))

    return value


def _call(node: ExpressionNode) -> Work:
    function, args = FUNCTIONS[node.name], node.args
    if not function.least <= len(args) <= function.most:
        return _wrong_count(node.name)
    work = function.work
    return lambda calc: work(calc, args)


def _wrong_count(name: str) -> Work:
    def value(calc: Calculation) -> Plain:
        raise CalculationError(f"函数 {name} 的参数个数不对")

    return value


def _operation(node: ExpressionNode) -> Work:
    name, parts = node.name, [arg.value for arg in node.args]
    if len(parts) == 1:
        return _UNARY[name](*parts)
    left, right = parts
    if name in COMPARISONS:
        return lambda calc: compare(left(calc), name, right(calc))
    if name == "&":
        return lambda calc: joined((as_text(left(calc)), as_text(right(calc))))
    work = _OPERATIONS[name]
    return lambda calc: _arithmetic(work, left(calc), right(calc))


def _sound(value: Plain) -> Plain:
    """A value unless it is an error. Raises Failed."""
    if type(value) is CellError:
        raise Failed(value.code)
    return value


def _arithmetic(work: Callable[[float, float], float], left: Plain, right: Plain) -> float:
    try:
        result = work(as_number(left), as_number(right))
    except OverflowError:
        raise Failed("#NUM!") from None
    if not math.isfinite(result):
        raise Failed("#NUM!")
    return result + 0.0  # there is no negative zero


def _divided(left: float, right: float) -> float:
    if not right:
        raise Failed("#DIV/0!")
    return left / right


def _power(left: float, right: float) -> float:
    if (not left and right <= 0) or (left < 0 and not right.is_integer()):
        raise CalculationError("零或负数的这种乘方，各软件结果不同")
    return float(left**right)


_WORKS: dict[str, Callable[[ExpressionNode], Work]] = {
    "ref": _cell,
    "call": _call,
    "op": _operation,
}
_UNARY: dict[str, Callable[[Work], Work]] = {
    "+": lambda part: part,
    "-": lambda part: lambda calc: -as_number(part(calc)) + 0.0,
    "%": lambda part: lambda calc: as_number(part(calc)) / 100,
}
_OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "+": float.__add__,
    "-": float.__sub__,
    "*": float.__mul__,
    "/": _divided,
    "^": _power,
}

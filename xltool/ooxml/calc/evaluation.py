"""The value of a formula's tree, worked out as Excel does: on doubles, errors passed on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from xltool.ooxml.calc.calcvalues import (
    CalculationError,
    Failed,
    Plain,
    as_number,
    as_text,
    compare,
    joined,
)
from xltool.ooxml.calc.expression import COMPARISONS, ExpressionNode, SheetArea
from xltool.ooxml.calc.functions import FUNCTIONS
from xltool.ooxml.calc.ranges import Ranges
from xltool.ooxml.read.values import CellError

_WORKED_OUT = frozenset({"call", "op"})


class FormulaCells(Ranges, Protocol):
    """The cells that formulas refer to."""

    def at(self, sheet: str, row: int, column: int) -> Plain:
        """The value of a cell; None when it is blank."""


class Evaluator:
    """Values of formulas and of their parts. What `require_shape` refuses must not come here."""

    def __init__(self, cells: FormulaCells) -> None:
        self._cells = cells
        self._places: Sequence[SheetArea] = ()
        self._made: dict[ExpressionNode, Plain] = {}
        """What the parts of the formula at hand make, as far as they have been asked for."""
        self.inside, self.filled, self.picked = cells.inside, cells.filled, cells.picked
        self.every, self.reach = cells.every, cells.reach
        self.equal, self.facts = cells.equal, cells.facts
        self._known: dict[tuple[Any, ...], Any] = {}

    def begin(self, places: Sequence[SheetArea]) -> None:
        """Turn to a formula whose references lead to `places`."""
        self._places = places
        self._made.clear()

    def once(self, key: tuple[Any, ...], job: Callable[..., Any], *args: Any) -> Any:
        """What `job` gives of the arguments, worked out once for all formulas that ask with this key."""
        try:
            return self._known[key]
        except KeyError:
            pass  # what the job raises is its own
        found = self._known[key] = job(*args)
        return found

    def place(self, node: ExpressionNode) -> SheetArea:
        """Where a reference leads."""
        return self._places[node.ref]

    def of(self, node: ExpressionNode) -> Plain:
        """The value of a part, errors too. Raises CalculationError."""
        kind = node.kind
        if kind == "ref":
            sheet, area = self._places[node.ref]
            return self._cells.at(sheet, area.top, area.left)
        if kind not in _WORKED_OUT:
            return node.constant
        made = self._made
        if node not in made:
            try:
                made[node] = self._call(node) if kind == "call" else self._operation(node)
            except Failed as failed:
                made[node] = failed.error
        return made[node]

    def value(self, node: ExpressionNode) -> Plain:
        """The value of a part. Raises Failed where it is an error, CalculationError."""
        return _sound(self.of(node))

    def _call(self, node: ExpressionNode) -> Plain:
        function = FUNCTIONS[node.name]
        if not function.least <= len(node.args) <= function.most:
            raise CalculationError(f"函数 {node.name} 的参数个数不对")
        return function.work(self, node.args)

    def _operation(self, node: ExpressionNode) -> Plain:
        name, args = node.name, node.args
        if len(args) == 1:
            value = _sound(self.of(args[0]))
            if name == "+":
                return value
            return -as_number(value) + 0.0 if name == "-" else as_number(value) / 100
        left, right = _sound(self.of(args[0])), _sound(self.of(args[1]))
        if name in COMPARISONS:
            return compare(left, name, right)
        if name == "&":
            return joined((as_text(left), as_text(right)))
        return _arithmetic(name, as_number(left), as_number(right))


def _sound(value: Plain) -> Plain:
    """A value unless it is an error. Raises Failed."""
    if isinstance(value, CellError):
        raise Failed(value.code)
    return value


def _arithmetic(name: str, left: float, right: float) -> float:
    try:
        result = _OPERATIONS[name](left, right)
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


_OPERATIONS = {
    "+": float.__add__,
    "-": float.__sub__,
    "*": float.__mul__,
    "/": _divided,
    "^": _power,
}

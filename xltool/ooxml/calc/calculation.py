"""What the functions of formulas have in common: what they ask of the evaluator, how they add up."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

from xltool.ooxml.calc.calcvalues import CalculationError, Failed, Plain
from xltool.ooxml.calc.ranges import Ranges
from xltool.ooxml.calc.tree import ExpressionNode, SheetArea
from xltool.ooxml.read.values import CellError

_MOST = 64
"""Arguments of a function without a limit of its own that anybody writes; Excel takes 255."""


class Calculation(Ranges, Protocol):
    """What functions ask of the evaluator, and guards after it."""

    places: Sequence[SheetArea]
    """Where the references of the formula at hand lead, by number."""
    made: dict[ExpressionNode, Plain]
    """What parts of it make that are asked for several times."""

    def at(self, sheet: str, row: int, column: int) -> Plain:
        """The value of a cell; None when it is blank."""

    def of(self, node: ExpressionNode) -> Plain:
        """The value of a part, errors too. Raises CalculationError."""

    def once(self, key: tuple[Any, ...], job: Callable[..., Any], *args: Any) -> Any:
        """What `job` gives of the arguments, worked out once for all formulas that ask with this key."""


Args: TypeAlias = tuple[ExpressionNode, ...]


class Function(NamedTuple):
    """What works a function out, and how many arguments it takes."""

    work: Callable[[Calculation, Args], Plain]
    least: int
    most: int = _MOST


def raise_errors(values: Iterable[Plain]) -> None:
    codes = {value.code for value in values if type(value) is CellError}
    if len(codes) > 1:
        raise CalculationError("区域里有几种错误值")
    if codes:
        raise Failed(codes.pop())


def added(numbers: Iterable[float]) -> float:
    """A sum as programs make it, one after the other: what noise it has tells the guards to be careful.

    Not `sum`, which from Python 3.12 on makes up for the noise. Raises Failed when it is too large.
    """
    total = 0.0
    for number in numbers:
        total += number
    if not math.isfinite(total):
        raise Failed("#NUM!")
    return total

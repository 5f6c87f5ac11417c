"""The parts of a formula, and the ranges that its references lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from xltool.ooxml.calc.calcvalues import Plain
from xltool.ooxml.read.refs import Range

Kind = Literal["number", "text", "error", "bool", "ref", "call", "op", "blank"]

COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")

Work: TypeAlias = Callable[[Any], Plain]
"""What works a part of a formula out, as a `Calculation` sees the cells."""


def _unprepared(calc: object) -> Plain:
    raise AssertionError("not prepared")


@dataclass(eq=False, slots=True)
class ExpressionNode:
    """Part of a formula. `name` is the function or operator, `ref` the number of a reference, from 0.

    Numbers, texts, errors and truth values have their `text` as written and what it stands for. What a formula
    says twice is one node, so that it is worked out and looked at once. `value` works it out, an error raises Failed;
    a formula that can be recalculated has been given it (`evaluation.prepare`).
    """

    kind: Kind
    text: str = ""
    constant: Plain = None
    name: str = ""
    args: tuple[ExpressionNode, ...] = ()
    ref: int = -1
    value: Work = _unprepared

    @property
    def is_comparison(self) -> bool:
        """True for an operation that gives a truth value by comparing."""
        return self.kind == "op" and self.name in COMPARISONS

    def walk(self) -> Iterator[ExpressionNode]:
        """The node and all below it, from left to right."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.args)


class SheetArea(NamedTuple):
    """A range of cells on a sheet."""

    sheet: str
    area: Range

"""Syntax trees -> functions that compute on a report. Names are resolved here, once per edition."""

from __future__ import annotations

from decimal import Decimal

from xltool.core.amounts import parse_number
from xltool.rules.env import Condition, Env, Many, Missing, Scalar, Sum
from xltool.rules.external import AbsentValue
from xltool.rules.references import FetchedCells, References
from xltool.rules.scope import EXTERNAL
from xltool.rules.syntax import (
    Arithmetic,
    Call,
    Comparison,
    ExpressionError,
    Logic,
    Node,
    Number,
    Reference,
    Text,
    column_of,
    table_argument,
)
from xltool.rules.values import ZERO, Quantity, apply_function, holds, multiply, unsigned


class Compiler(References):
    """Compiles the expressions of one rule instance in its scope."""

    def scalar(self, node: Node) -> Scalar:
        """An expression with one value. Raises `ExpressionError`."""
        match node:
            case Number():
                constant = Quantity(node.value, False, False)
                return lambda env: constant
            case Arithmetic():
                return self._arithmetic(node)
            case Reference():
                return _single(self.cells(node), node.head.column)
            case Call(function="sum" | "count" | "least"):
                groups = [self.cells(argument).fetch for argument in node.arguments]
                return {"sum": _sum, "count": _count, "least": _least}[node.function](groups)
            case Call() if node.steps:
                return _single(self.cells(node), node.column)
            case Call(function="percent"):
                return self._percent(node)
            case Call(function="abs" | "min" | "max" | "round"):
                name, parts = node.function, [self.scalar(a) for a in node.arguments]
                return lambda env: apply_function(name, [part(env) for part in parts])
        raise ExpressionError("这里要一个数", column_of(node))

    def _arithmetic(self, node: Arithmetic) -> Scalar:
        operators = [operator for operator, _ in node.rest]
        operands = [self.scalar(node.first), *(self.scalar(operand) for _, operand in node.rest)]
        if operators[0] in "+-":
            signs = [1, *(1 if operator == "+" else -1 for operator in operators)]
            return lambda env: Sum(env, [operand(env) for operand in operands], signs, False)
        return lambda env: multiply([operand(env) for operand in operands], operators)

    def _percent(self, node: Call) -> Scalar:
        """The number in a text such as 95% or 0.95; missing when the text is no number."""
        argument = node.arguments[0]
        if isinstance(argument, Reference) and argument.head.text == EXTERNAL:
            raise ExpressionError(f"{EXTERNAL}表里的百分数直接用，不写 percent()", node.column)
        only = _single(self.cells(argument), node.column)

        def read(env: Env) -> Quantity:
            quantity = only(env)
            text = ""
            for leaf in quantity.leaves:
                text = (env.holder(leaf).text(leaf.place) or "").strip()
            try:
                number = parse_number(text.removesuffix("%"))
            except ValueError:
                number = None
            if number is None:
                return Quantity(ZERO, True, True, quantity.leaves)
            value = number / 100 if text.endswith("%") else number
            return Quantity(value, False, False, quantity.leaves)

        return read

    def condition(self, node: Node) -> Condition:
        """A yes or no: comparisons (exact), and, or, not, filled(), blank(), within(), exists()."""
        match node:
            case Logic("not", (item,)):
                inner = self.condition(item)
                return lambda env: not inner(env)
            case Logic(kind, items):
                parts = [self.condition(item) for item in items]
                combine = all if kind == "and" else any
                return lambda env: combine(part(env) for part in parts)
            case Comparison():
                return self._comparison(node)
            case Call(function="filled" | "blank"):
                cell = self.scalar(node.arguments[0])
                wanted = node.function == "blank"
                return lambda env: _is_blank(cell, env) is wanted
            case Call(function="within"):
                return self.within(node)
            case Call(function="exists"):
                names = self.scope.tables(table_argument(node))
                return lambda env: any(map(env.this.exists, names))
        raise ExpressionError("这里要写条件", column_of(node))

    def _comparison(self, node: Comparison) -> Condition:
        (operator, right), *more = node.rest
        if more:
            raise ExpressionError("条件里一次只比两个", column_of(node))
        if isinstance(right, Text):
            left_text, right_text = self.text(node.first), self.text(right)
            equal = operator == "="
            return lambda env: (left_text(env) == right_text(env)) is equal
        left, other = self.scalar(node.first), self.scalar(right)
        return lambda env: holds(operator, _sure(left(env)) - _sure(other(env)))


def _is_blank(cell: Scalar, env: Env) -> bool:
    try:
        return cell(env).blank
    except AbsentValue:
        return True


def _single(cells: FetchedCells, column: int) -> Scalar:
    if cells.one is None:
        raise ExpressionError("这里要一个数，写的是几个数，外面加 sum()", column)
    return cells.one


def _sure(quantity: Quantity) -> Decimal:
    if quantity.absent:
        raise Missing
    return quantity.value


def _sum(groups: list[Many]) -> Scalar:
    def add(env: Env) -> Quantity:
        parts: list[Quantity] = []
        known = False
        for group in groups:
            quantities, level_filled = group(env)
            parts += quantities
            known = known or level_filled
        return Sum(env, parts, [1] * len(parts), known)

    return add


def _count(groups: list[Many]) -> Scalar:
    """How many cells are filled with something other than zero."""

    def count(env: Env) -> Quantity:
        parts = [quantity for group in groups for quantity in group(env)[0]]
        return Quantity(Decimal(sum(1 for part in parts if part.value != 0)), False, False)

    return count


def _least(groups: list[Many]) -> Scalar:
    """The cell with the smallest figure other than zero, whatever its sign; blank when there is none."""

    def least(env: Env) -> Quantity:
        parts = [q for group in groups for q in group(env)[0] if q.value != 0]
        if not parts:
            return Quantity(ZERO, True, False)
        found = min(parts, key=lambda part: abs(part.value))
        return Quantity(abs(found.value), False, found.absent, unsigned([found]))

    return least

"""A rule's expression for every value of its loop variables, compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from xltool.rules.compile import Compiler
from xltool.rules.env import Condition, Env, Scalar
from xltool.rules.keys import RowKey, TableKey
from xltool.rules.model import Part, Rule
from xltool.rules.plans import ListPlan, PlanCompiler
from xltool.rules.scope import NameScope, RowType, TableType, lacking
from xltool.rules.syntax import (
    Call,
    Comparison,
    ExpressionError,
    Logic,
    Node,
    Piece,
    Reference,
    Span,
    Texts,
    column_of,
    table_argument,
)

_MOST, _NESTED = 10_000, 3
"""Instances of one expression; loops over rows within each other."""

Keys = Callable[[Env], list[RowKey] | list[TableKey]]


@dataclass(frozen=True, slots=True)
class Operand:
    """One operand of a comparison."""

    node: Node
    value: Scalar


@dataclass(frozen=True, slots=True)
class Instance:
    """An expression whose names are fixed; `loops` run over rows and tables when a report is checked.

    It has either a chain of `sides` with `operators` between them, or a `condition`; `asked`: the cells of
    which it asks whether they are filled.

    No named tuple: a book asks for its parts ten thousand times, and slots are read faster.
    """

    rule: Rule
    part: Part
    scope: NameScope
    loops: tuple[tuple[str, Keys], ...]
    when: Condition | None
    only_if: Condition | None
    sides: tuple[Operand, ...]
    operators: tuple[str, ...]
    condition: Condition | None
    asked: tuple[Scalar, ...] = ()
    plan: ListPlan | None = None
    """How it is told of all rows of a single loop."""


def expand(rule: Rule, part: Part, scope: NameScope) -> Iterator[Instance]:
    """The instances of one expression of a rule. Raises `ExpressionError`, `NoSuchTable`."""
    for number, (inner, loops) in enumerate(_scopes(part.each, scope, ())):
        if number >= _MOST or len(loops) > _NESTED:
            with told_at("each"):
                raise ExpressionError(f"逐个展开超过 {_MOST:,} 个算式，或套了 {_NESTED} 层以上", 1)
        compiler = Compiler(inner)
        with told_at("when"):
            when = compiler.condition(rule.when) if rule.when else None
        with told_at("if"):
            only_if = compiler.condition(part.condition) if part.condition else None
        sides: tuple[Operand, ...] = ()
        operators: tuple[str, ...] = ()
        condition = None
        if isinstance(part.expression, Comparison):
            nodes = [part.expression.first, *(node for _, node in part.expression.rest)]
            operators = tuple(operator for operator, _ in part.expression.rest)
            sides = tuple(Operand(node, compiler.scalar(node)) for node in nodes)
        else:
            condition = compiler.condition(part.expression)
        asked = tuple(map(compiler.scalar, _asked(part.expression)))
        plan = _plan(rule, part, inner, loops)
        yield Instance(
            rule, part, inner, loops, when, only_if, sides, operators, condition, asked, plan
        )


def _plan(
    rule: Rule, part: Part, scope: NameScope, loops: tuple[tuple[str, Keys], ...]
) -> ListPlan | None:
    if len(loops) != 1 or not isinstance(scope.types[loops[0][0]], RowType):
        return None
    return PlanCompiler(scope).plan(loops[0][0], rule, part)


def _asked(node: Node) -> Iterator[Node]:
    match node:
        case Logic(_, items):
            yield from (cell for item in items for cell in _asked(item))
        case Call(function="filled" | "blank", arguments=(cell, *_)):
            yield cell


def _scopes(
    each: tuple[tuple[str, Node], ...],
    scope: NameScope,
    loops: tuple[tuple[str, Keys], ...],
) -> Iterator[tuple[NameScope, tuple[tuple[str, Keys], ...]]]:
    if not each:
        yield scope, loops
        return
    (name, over), *rest = each
    tail = tuple(rest)
    with told_at("each", name.removeprefix("$")):
        texts = _texts(over, scope)
    if texts is not None:
        for text in texts:
            inner = scope._replace(texts={**scope.texts, name: text})
            yield from _scopes(tail, inner, loops)
        return
    with told_at("each", name.removeprefix("$")):
        kinds = list(_keys(over, scope))
    for kind, keys in kinds:
        inner = scope._replace(types={**scope.types, name: kind})
        yield from _scopes(tail, inner, (*loops, (name, keys)))


def _keys(over: Node, scope: NameScope) -> Iterator[tuple[RowType | TableType, Keys]]:
    """What a loop over rows or tables runs over: `tables()` over each table that the short name means."""
    if isinstance(over, Call) and over.function == "tables":
        for table in scope.tables(table_argument(over)):
            yield TableType(table), partial(_instances_of, table)
        return
    rows, row_type = Compiler(scope).rows(over)
    yield row_type, lambda env: rows(env)[0]


def _instances_of(table: str, env: Env) -> list[TableKey]:
    return env.this.instances(table)


@contextmanager
def told_at(*keys: str) -> Iterator[None]:
    """Name the expression of the rule in which a fault was found."""
    try:
        yield
    except ExpressionError as error:
        error.keys = keys
        raise


def _texts(node: Node, scope: NameScope) -> list[str] | None:
    """The names that are listed, or that `names(…)`, `columns(…)` give; None for loops over rows or tables."""
    if isinstance(node, Texts):
        return list(node.values)
    if not isinstance(node, Call) or node.function not in ("names", "columns"):
        return None
    target = node.arguments[0] if node.arguments else None
    if not isinstance(target, Reference):
        raise ExpressionError(f"{node.function}() 的括号里要写 表.块", node.column)
    known_as = scope.types.get(target.head.text)
    table = known_as.table if isinstance(known_as, TableType) else scope.table(target.head)
    prefix = tuple(scope.text(step) for step in target.steps if isinstance(step, Piece))
    if not prefix:
        raise ExpressionError(f"{node.function}() 的括号里要写 表.块", node.column)
    by_column = node.function == "columns"
    names = scope.columns(table, prefix[0]) if by_column else scope.names_under(table, prefix)
    if not names:
        known = [*scope.names_under(table, ()), *scope.specs[table].lists]
        message = lacking(table, ".".join(prefix), dict.fromkeys(known))
        raise ExpressionError(message, target.head.column)
    if len(node.arguments) == 3:
        first, last = (_name(argument) for argument in node.arguments[1:])
        names = scope.between(names, Span(first, last))
    return names


def _name(node: Node) -> Piece:
    if not isinstance(node, Reference) or node.steps:
        raise ExpressionError("这里要写名称", column_of(node))
    return node.head

"""A rule's expression for every value of its loop variables, compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from xltool.rules.compile import Compiler
from xltool.rules.env import Condition, Env, Scalar
from xltool.rules.lookup import RowKey, TableKey
from xltool.rules.model import Part, Rule
from xltool.rules.references import column_of
from xltool.rules.scope import Scope, TableType
from xltool.rules.syntax import Call, Comparison, ExpressionError, Node, Piece, Reference, Span

Keys = Callable[[Env], list[RowKey] | list[TableKey]]


@dataclass(frozen=True, slots=True)
class Side:
    """One operand of a comparison."""

    node: Node
    value: Scalar


@dataclass(frozen=True, slots=True)
class Instance:
    """An expression whose names are fixed; `loops` run over rows and tables when a report is checked.

    It has either a chain of `sides` with `operators` between them, or a `condition`.
    """

    rule: Rule
    part: Part
    scope: Scope
    loops: tuple[tuple[str, Keys], ...]
    when: Condition | None
    only_if: Condition | None
    sides: tuple[Side, ...]
    operators: tuple[str, ...]
    condition: Condition | None


def expand(rule: Rule, part: Part, scope: Scope) -> Iterator[Instance]:
    """The instances of one expression of a rule. Raises `ExpressionError`, `NoSuchTable`."""
    for inner, loops in _scopes(part.each, scope, ()):
        compiler = Compiler(inner)
        when = compiler.condition(rule.when) if rule.when else None
        only_if = compiler.condition(part.condition) if part.condition else None
        sides: tuple[Side, ...] = ()
        operators: tuple[str, ...] = ()
        condition = None
        if isinstance(part.expression, Comparison):
            nodes = [part.expression.first, *(node for _, node in part.expression.rest)]
            operators = tuple(operator for operator, _ in part.expression.rest)
            sides = tuple(Side(node, compiler.scalar(node)) for node in nodes)
        else:
            condition = compiler.condition(part.expression)
        yield Instance(rule, part, inner, loops, when, only_if, sides, operators, condition)


def _scopes(
    each: tuple[tuple[str, Node | tuple[str, ...]], ...],
    scope: Scope,
    loops: tuple[tuple[str, Keys], ...],
) -> Iterator[tuple[Scope, tuple[tuple[str, Keys], ...]]]:
    if not each:
        yield scope, loops
        return
    (name, over), *rest = each
    tail = tuple(rest)
    if isinstance(over, tuple):
        texts: list[str] | None = list(over)
    else:
        texts = _texts(over, scope)
    if texts is not None:
        for text in texts:
            inner = replace(scope, texts={**scope.texts, name: text})
            yield from _scopes(tail, inner, loops)
        return
    assert not isinstance(over, tuple)
    if isinstance(over, Call) and over.function == "tables":
        table = _table_argument(over, scope)
        inner = replace(scope, types={**scope.types, name: TableType(table)})
        keys: Keys = lambda env: env.this.instances(table)  # noqa: E731
    else:
        rows, row_type = Compiler(scope).rows(over)
        inner = replace(scope, types={**scope.types, name: row_type})
        keys = lambda env: rows(env)[0]  # noqa: E731
    yield from _scopes(tail, inner, (*loops, (name, keys)))


def _table_argument(node: Call, scope: Scope) -> str:
    (argument,) = node.arguments
    if not isinstance(argument, Reference) or argument.steps:
        raise ExpressionError("tables() 的括号里写表的简称", node.column)
    return scope.table(argument.head)


def _texts(node: Node, scope: Scope) -> list[str] | None:
    """The names that `names(…)` or `columns(…)` give; None for loops over rows or tables."""
    if not isinstance(node, Call) or node.function not in ("names", "columns"):
        return None
    target = node.arguments[0] if node.arguments else None
    if not isinstance(target, Reference):
        raise ExpressionError(f"{node.function}() 的括号里要写 表.块", node.column)
    table = scope.table(target.head)
    prefix = tuple(scope.text(step) for step in target.steps if isinstance(step, Piece))
    if node.function == "columns":
        names = scope.columns(table, prefix[0]) if prefix else []
    else:
        names = scope.names_under(table, prefix)
    if not names:
        raise ExpressionError(f"“{table}”里没有“{'.'.join(prefix)}”", target.head.column)
    if len(node.arguments) == 3:
        first, last = (_name(argument) for argument in node.arguments[1:])
        names = scope.between(names, Span(first, last))
    return names


def _name(node: Node) -> Piece:
    if not isinstance(node, Reference) or node.steps:
        raise ExpressionError("这里要写名称", column_of(node))
    return node.head

"""How an expression is told of all rows of a list at once.

Nearly all comparisons hold, and of these nobody asks for cells, texts and tolerances. Here are only figures, fetched a
column at a time. A row of which they do not tell for certain that its comparison holds, or that it has nothing to
compare, is left to `evaluate.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from xltool.rules import rows as of
from xltool.rules.compile import Compiler
from xltool.rules.env import Env
from xltool.rules.index import Figure
from xltool.rules.judging import is_noise
from xltool.rules.keys import RowKey
from xltool.rules.model import Outcome, Part, Rule
from xltool.rules.rows import Figures, Rows, Truths
from xltool.rules.scope import EXTERNAL, RowType
from xltool.rules.syntax import (
    Arithmetic,
    Call,
    Comparison,
    Logic,
    Node,
    Piece,
    Reference,
    Select,
    Text,
    variables_of,
)
from xltool.rules.values import ZERO, comparing

Told = tuple[Outcome, str]
"""An outcome and its reason."""
OTHERS: Told = ("不适用", "不属于本规则的对象")
NO_PREMISE: Told = ("不适用", "不具备本规则的前提")
_HOLDS: Told = ("通过", "")
_NOTHING: Told = ("不适用", "")

Verdicts = Callable[[Env, Rows], Sequence[Told | None]]
"""How each row ends that fulfils the premises; None where that is not certain."""


class ListPlan(NamedTuple):
    """An expression. `premises` have what a row ends as that does not fulfil them."""

    premises: Sequence[tuple[Truths, Told]]
    verdicts: Verdicts

    def told(self, env: Env, keys: Sequence[RowKey]) -> list[Told | None]:
        """How each row ends, as far as that is certain. Raises as conditions and cells do."""
        rows = of.rows_of(env, keys)
        told: list[Told | None] = [None] * len(keys)
        left = set(range(len(keys)))
        for truths, otherwise in self.premises:
            for n, true in enumerate(truths(env, rows)):
                if not true and n in left:
                    left.remove(n)
                    told[n] = None if true is None else otherwise
        if left:
            for n, verdict in enumerate(self.verdicts(env, rows)):
                if n in left:
                    told[n] = verdict
        return told


class PlanCompiler(Compiler):
    """Compiles for all rows that a variable stands for."""

    variable: str

    def plan(self, variable: str, rule: Rule, part: Part) -> ListPlan:
        """The plan of an expression."""
        self.variable = variable
        premises = ((rule.when, OTHERS), (part.condition, NO_PREMISE))
        known = [(self.truths(node), told) for node, told in premises if node is not None]
        match part.expression:
            case Comparison(first, ((operator, right),)):
                return ListPlan(known, _judged(self.figures(first), self.figures(right), operator))
            case Comparison():
                return ListPlan(known, lambda env, rows: [None] * len(rows.positions))
        return ListPlan(known, _asked(self.truths(part.expression)))

    def figures(self, node: Node) -> Figures:
        """An expression with one value for each row."""
        if self.variable not in variables_of(node):
            return of.constant(self.scalar(node))
        match node:
            case Reference(Piece(self.variable), (Piece() as step,)):
                return of.column(self.scope.text(step))
            case Reference():
                return self._coded(node)
            case Arithmetic(first, rest) if rest[0][0] in "+-":
                others = [(self.figures(part), operator == "-") for operator, part in rest]
                return of.added(self.figures(first), others)
            case Call("parent", (Reference(Piece(self.variable), ()),), (Piece() as step,)):
                return of.parent(self.scope.text(step))
            case Call("sum", arguments):
                part, *more = [part for one in arguments for part in self._several(one)]
                return of.added(part, [(other, False) for other in more])
        return of.unknown

    def _several(self, node: Node) -> list[Figures]:
        """What `sum()` adds up."""
        row = self.scope.types[self.variable]
        assert isinstance(row, RowType)
        match node:
            case Reference(Piece(self.variable) as head, (step,)):
                return [of.column(name) for name in self._columns(row, step, head.column)]
            case Call("children", (Reference(Piece(self.variable), ()),), (Piece() as step,)):
                return [of.children(self.scope.text(step))]
            case Reference() | Call() if self.variable not in variables_of(node):
                return [of.unknown]  # it may mean several cells
        return [self.figures(node)]

    def _coded(self, node: Reference) -> Figures:
        if node.head.text == EXTERNAL or node.head.is_variable:
            return of.unknown
        head, steps, prior = self._without_prior(node.head, node.steps)
        match steps:
            case (
                Piece() as name,
                Select(Call("code", (Reference(Piece(self.variable), ()),))),
                Piece() as step,
            ):
                row = RowType(self.scope.table(head), self.scope.text(name), prior)
                return of.in_other(row, self.scope.text(step))
        return of.unknown

    def truths(self, node: Node) -> Truths:
        """A condition for each row."""
        if self.variable not in variables_of(node):
            one = self.condition(node)
            return lambda env, rows: [one(env)] * len(rows.positions)
        match node:
            case Logic(kind, items):
                return of.combined(kind, [self.truths(item) for item in items])
            case Comparison(first, ((operator, right),)) if not isinstance(right, Text):
                return of.fulfilled(self.figures(first), self.figures(right), operator)
            case Call("filled" | "blank" as function, (cell,)):
                return of.filled(self.figures(cell), function == "filled")
            case Call("within", (Call("code", (Reference(Piece(self.variable), ()),)), _)):
                prefixes = self.prefixes(node)
                return lambda env, rows: [code.startswith(prefixes) for code in rows.codes]
        return of.unsure


def _judged(left: Figures, right: Figures, operator: str) -> Verdicts:
    holds = comparing(operator)
    equal = _HOLDS if holds(ZERO, ZERO) else None

    def judge(one: Figure, other: Figure) -> Told | None:
        if one is None or other is None:
            return _NOTHING if one is other else None
        difference = one - other
        if not difference:
            return equal  # as it is nearly always
        if difference.is_nan():
            return None
        if is_noise(difference, one, other):
            return equal
        return _HOLDS if holds(difference, ZERO) else None

    return lambda env, rows: list(map(judge, left(env, rows), right(env, rows)))


def _asked(truths: Truths) -> Verdicts:
    return lambda env, rows: [_HOLDS if true else None for true in truths(env, rows)]

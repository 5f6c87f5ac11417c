"""Expressions as live Excel formulas, for the 审核表: the same values and the same outcomes as `evaluate`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from xltool.core.amounts import plain
from xltool.livechecks.areas import quoted
from xltool.livechecks.references import FormulaReferences
from xltool.livechecks.terms import Group, Term, Untranslatable, add, all_of, any_of, combine
from xltool.rules.syntax import (
    Arithmetic,
    Call,
    Comparison,
    Logic,
    Node,
    Number,
    Reference,
    Text,
    Texts,
)


@dataclass(frozen=True, slots=True)
class TranslatedCondition:
    """A yes or no. `lacking`: whether a figure is missing that it needs; "" when it needs none."""

    yes: str
    lacking: str = ""


ALWAYS, NEVER = TranslatedCondition("TRUE"), TranslatedCondition("FALSE")


class Translator(FormulaReferences):
    """Translates the expressions of one rule instance. `places`: decimals that differences are rounded to."""

    places: int = 7

    def term(self, node: Node) -> Term:
        """A numeric expression. Raises `Untranslatable`."""
        match node:
            case Number(value, _):
                return Term(plain(value))
            case Arithmetic(first, rest):
                return self._arithmetic(first, rest)
            case Call(function="sum"):
                groups = [self._group(argument) for argument in node.arguments]
                total = "+".join(group.term.value for group in groups)
                known = [group.known for group in groups if group.known]
                return add(total, [group.term for group in groups], known)
            case Call(function="count"):
                areas = [a for arg in node.arguments for a in self._group(arg).term.areas]
                return Term("+".join(area.figures for area in areas) or "0")
            case Call(function="percent"):
                return self._percent(node)
            case Call(function="abs" | "min" | "max" | "round"):
                return self._function(node)
        return self._group(node).term

    def _group(self, node: Node) -> Group:
        if isinstance(node, Call) and node.steps:
            return self.rows_column(node)
        if isinstance(node, Reference):
            return self.reference(node)
        return Group(self.term(node))

    def _arithmetic(self, first: Node, rest: tuple[tuple[str, Node], ...]) -> Term:
        terms = [self.term(first), *(self.term(operand) for _, operand in rest)]
        value = _bracketed(terms[0].value)
        for (operator, _), term in zip(rest, terms[1:], strict=True):
            value += operator + _bracketed(term.value)
        if rest[0][0] in "+-":
            return add(f"({value})", terms, ())
        found = combine(f"({value})", terms, constants=False)
        divisors = [t.value for (op, _), t in zip(rest, terms[1:], strict=True) if op == "/"]
        zero = tuple(f"{_bracketed(divisor)}=0" for divisor in divisors)
        return replace(found, absent=(*found.absent, *zero))

    def _function(self, node: Call) -> Term:
        terms = [self.term(argument) for argument in node.arguments]
        arguments = [term.value for term in terms]
        if node.function == "round" and len(arguments) == 1:
            arguments.append("2")
        return combine(f"{node.function.upper()}({','.join(arguments)})", terms, constants=True)

    def _percent(self, node: Call) -> Term:
        """The number in a text such as 95%; missing when the text is no number."""
        cell = self.single_cell(node.arguments[0])
        value = f'IFERROR(IF(ISNUMBER({cell}),{cell},VALUE(TRIM({cell}))),"")'
        return Term(f"N({value})", (), (f"COUNT({value})",), (f"COUNT({value})=0",))

    # ── conditions ──

    def condition(self, node: Node) -> TranslatedCondition:
        """A yes or no. What does not depend on the workbook is `ALWAYS` or `NEVER`. Raises `Untranslatable`."""
        match node:
            case Logic("not", (item,)):
                inner = self.condition(item)
                if inner in (ALWAYS, NEVER):
                    return NEVER if inner == ALWAYS else ALWAYS
                return TranslatedCondition(f"NOT({inner.yes})", inner.lacking)
            case Logic(kind, items):
                return _joined(kind, map(self.condition, items))
            case Comparison(first, ((operator, Text() as right),)):
                return self._same_text(first, operator, right)
            case Comparison(first, ((operator, right),)):
                left, other = self.term(first), self.term(right)
                difference = f"ROUND({left.value}-{_bracketed(other.value)},{self.places})"
                lacking = any_of((*left.absent, *other.absent))
                return TranslatedCondition(f"{difference}{operator}0", lacking)
            case Call(function="filled" | "blank"):
                blank = self.term(node.arguments[0]).blank
                return TranslatedCondition(f"NOT({blank})" if node.function == "filled" else blank)
            case Call(function="within"):
                return self._within(node)
        raise Untranslatable("条件不能写成公式")

    def text(self, node: Node) -> str:
        """A text, quoted or as the cell that holds it."""
        match node:
            case Text(value):
                return quoted(value)
            case Call(function="head"):
                (argument,) = node.arguments
                assert isinstance(argument, Reference)
                return self.book.head(argument.head.text)
            case Reference() if node.head.is_variable and not node.steps:
                return quoted(self.scope.text(node.head))
        return self.code(node)

    def _same_text(self, first: Node, operator: str, right: Text) -> TranslatedCondition:
        left, other = self.text(first), self.text(right)
        if left.startswith('"'):
            return ALWAYS if (left == other) is (operator == "=") else NEVER
        return TranslatedCondition(f"{left}{operator}{other}")

    def _within(self, node: Call) -> TranslatedCondition:
        code, target = self.text(node.arguments[0]), node.arguments[1]
        if isinstance(target, Texts):
            prefixes = target.values
        else:
            assert isinstance(target, Reference)
            prefixes = self.scope.sets[target.head.text]
        if code.startswith('"'):
            return ALWAYS if code.strip('"').startswith(prefixes) else NEVER
        tests = []
        for length in sorted({len(prefix) for prefix in prefixes}):
            listed = ",".join(quoted(prefix) for prefix in prefixes if len(prefix) == length)
            tests.append(f"ISNUMBER(MATCH(LEFT({code},{length}),{{{listed}}},0))")
        return TranslatedCondition(any_of(tests))


def _joined(kind: str, items: Iterable[TranslatedCondition]) -> TranslatedCondition:
    """As Python joins: what comes after the deciding one is not asked for."""
    stop, go_on = (NEVER, ALWAYS) if kind == "and" else (ALWAYS, NEVER)
    join = all_of if kind == "and" else any_of
    before: list[str] = []
    lacking: list[str] = []
    for item in items:
        if item == go_on:
            continue
        if item.lacking:
            undecided = [test if kind == "and" else f"NOT({test})" for test in before]
            lacking.append(all_of([*undecided, item.lacking]))
        before.append(item.yes)
        if item == stop:
            break
    if not before or (before[-1] == stop.yes and not lacking):
        return stop if before else go_on
    return TranslatedCondition(join(before), any_of(lacking))


def both(conditions: Iterable[TranslatedCondition]) -> TranslatedCondition:
    """All of them, in this order."""
    return _joined("and", conditions)


def _bracketed(value: str) -> str:
    plain_number = value.replace(".", "").isdigit()
    simple_call = value.endswith(")") and value.count("(") == 1 and not value.startswith("(")
    return value if plain_number or simple_call else f"({value})"


def allowance(rounded: str, others: str, tolerance: object, unit: str) -> str | Decimal:
    """How far the sides may differ, as `evaluate.allowance` says: a formula, or a number.

    `rounded` and `others` are the cells that hold how many figures were rounded, and how many zeros (with `exact`: how
    many exact figures) there are.
    """
    if isinstance(tolerance, Decimal):
        return tolerance
    if unit == "元":
        return Decimal(0)
    if tolerance == "exact":
        return f"IF({others}=0,0,0.005*{rounded})"
    return f"IF({rounded}=0,0,0.005*({rounded}+MIN({others},2)))"


def counted(left: Term, right: Term, tolerance: object) -> tuple[str, str]:
    """The formulas of the two counts that `allowance` needs."""
    areas = (*left.areas, *right.areas)
    rounded = "+".join(area.rounded for area in areas) or "0"
    others = "+".join(a.exact if tolerance == "exact" else a.zeros for a in areas) or "0"
    return rounded, others

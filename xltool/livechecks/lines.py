"""The lines of the 审核表: every instance of every rule, translated to formulas, with what they give now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from xltool.checks.context import Context
from xltool.livechecks.book import ReadBook
from xltool.livechecks.locations import ListRow
from xltool.livechecks.terms import Term, Untranslatable
from xltool.livechecks.translate import ALWAYS, NEVER, TranslatedCondition, Translator, both
from xltool.livechecks.variables import Values, bindings
from xltool.rules.describe import RELATION, Words
from xltool.rules.env import Env, Missing
from xltool.rules.evaluate import UNABLE, why_not
from xltool.rules.instances import Instance
from xltool.rules.judging import allowance, judge
from xltool.rules.keys import RowKey
from xltool.rules.model import Outcome, Rule, Tolerance
from xltool.rules.syntax import Comparison, Node
from xltool.rules.values import Quantity

YUAN_PLACES, PLACES, FINE_PLACES = 4, 7, 8
"""Decimals that differences are rounded to: finer than any amount, coarser than the noise of binary fractions."""


@dataclass(frozen=True, slots=True)
class Now:
    """What a line gives now. `premise`: 是, 否, 缺, or "" when there is none."""

    premise: str
    outcome: Outcome
    left: Quantity | None = None
    right: Quantity | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One comparison, or one `test` without sides.

    `alive`: whether the rows that it speaks of are still there; "" when it speaks of none. `rows` are those rows.
    """

    rule: Rule
    where: str
    alive: str
    premise: TranslatedCondition
    rows: tuple[ListRow, ...]
    now: Now
    tolerance: Tolerance
    places: int
    operator: str = ""
    left: Term | None = None
    right: Term | None = None
    test: TranslatedCondition | None = None


@dataclass(frozen=True, slots=True)
class Untold:
    """A rule, or a part of one, that the sheet does not say, and why."""

    rule: Rule
    outcome: Outcome
    reason: str


def lines(context: Context, book: ReadBook) -> Iterator[AuditLine | Untold]:
    """Every rule in the order of the rule files."""
    env = Env(context.lookup, None, context.heads)
    for rule_id, rule in context.rules.rules.items():
        instances = context.rules.instances[rule_id]
        if rule.check:
            yield Untold(rule, "未执行", "由程序逐格检查，公式写不出来；用 xltool validate 审核")
        elif rule.confirm:
            yield Untold(rule, "未执行", "要由人确认；用 xltool validate 审核")
        elif not instances:
            yield Untold(rule, "不适用", "本版本没有这张表")
        elif (why := rule.out_of_force(context.report.year)) is not None:
            yield Untold(rule, *why)
        else:
            yield from _lines_of(context, book, env, rule)


def _lines_of(
    context: Context, book: ReadBook, env: Env, rule: Rule
) -> Iterator[AuditLine | Untold]:
    """The lines of one rule, then what could not be told of it, each reason once."""
    told = False
    untold: dict[Untold, None] = {}
    for instance in context.rules.instances[rule.id]:
        for line in _Instance(context, book, env, instance).lines():
            if isinstance(line, Untold):
                untold.setdefault(line)
            else:
                told = True
                yield line
    if not told and not untold:
        untold.setdefault(Untold(rule, "不适用", "本簿没有本规则的对象"))
    yield from untold


class _Instance:
    """Translates one instance of a rule for all that its variables stand for."""

    def __init__(self, context: Context, book: ReadBook, env: Env, instance: Instance) -> None:
        self.context, self.book, self.env, self.instance = context, book, env, instance
        self.rule, self.part = instance.rule, instance.part

    def lines(self) -> Iterator[AuditLine | Untold]:
        try:
            for values in bindings(self.instance, self.book, self.env):
                yield from self._bound(values)
        except UNABLE as error:
            yield self._untold(error)
        except Untranslatable as error:
            yield Untold(self.rule, "未执行", str(error))

    def _untold(self, error: Exception) -> Untold:
        return Untold(self.rule, *why_not(error))

    def _bound(self, values: Values) -> Iterator[AuditLine | Untold]:
        keys = {name: values.keys.get(name) for name in values.bound}
        self.env.vars.clear()
        self.env.vars.update({name: key for name, key in keys.items() if key is not None})
        whole = all(key is not None for key in keys.values())
        try:
            scope = self.instance.scope._replace(specs=self.book.specs)
            translator = Translator(scope, self.book, values.bound)
            translator.places = self._places()
            conditions = [c for c in (self.rule.when, self.part.condition) if c is not None]
            premise = both(map(translator.condition, conditions))
            if premise == NEVER:
                return
            yield from self._told(translator, values, premise, whole=whole)
        except UNABLE as error:
            yield self._untold(error)
        except Untranslatable as error:
            yield Untold(self.rule, "未执行", str(error))

    def _places(self) -> int:
        if self.part.tolerance not in ("exact", "rounding"):
            return FINE_PLACES
        return YUAN_PLACES if self.context.report.unit == "元" else PLACES

    def _told(
        self, translator: Translator, values: Values, premise: TranslatedCondition, *, whole: bool
    ) -> Iterator[AuditLine]:
        rows = tuple(bound for bound in values.bound.values() if isinstance(bound, ListRow))
        words = Words(
            self.instance.scope.texts, self._names(values), self.context.rules.table_names
        )
        given = self._premise(premise, values.alive) if whole else "否"
        expression = self.part.expression
        tolerance, places = self.part.tolerance, translator.places
        if not isinstance(expression, Comparison):
            test = translator.condition(expression)
            where = words.of(expression)
            now = Now(given, self._tested() if given in ("", "是") else _not_judged(given))
            yield AuditLine(
                self.rule, where, values.alive, premise, rows, now, tolerance, places, test=test
            )
            return
        nodes = [expression.first, *(node for _, node in expression.rest)]
        terms = [translator.term(node) for node in nodes]
        sides = self._sides() if given in ("", "是") else []
        operators = [operator for operator, _ in expression.rest]
        for n, (operator, (left, right)) in enumerate(zip(operators, pairwise(terms), strict=True)):
            where = _sentence(words, nodes[n], operator, nodes[n + 1])
            now = self._judged(given, sides, n, operator)
            yield AuditLine(
                self.rule,
                where,
                values.alive,
                premise,
                rows,
                now,
                tolerance,
                places,
                operator,
                left,
                right,
            )

    def _premise(self, premise: TranslatedCondition, alive: str) -> str:
        """What the premise says now."""
        for condition in (self.instance.when, self.instance.only_if):
            try:
                if condition is not None and not condition(self.env):
                    return "否"
            except Missing:
                return "缺"
        return "是" if alive or premise != ALWAYS else ""

    def _tested(self) -> Outcome:
        assert self.instance.condition is not None
        try:
            return "通过" if self.instance.condition(self.env) else "不符"
        except Missing:
            return "数据不足"

    def _sides(self) -> list[Quantity]:
        return [side.value(self.env) for side in self.instance.sides]

    def _judged(self, given: str, sides: Sequence[Quantity], n: int, operator: str) -> Now:
        if not sides:
            return Now(given, _not_judged(given))
        left, right = sides[n], sides[n + 1]
        allowed = allowance(left, right, self.part.tolerance, self.context.report.unit)
        return Now(given, judge(left, operator, right, allowed), left, right)

    def _names(self, values: Values) -> Callable[[str], str | None]:
        return {name: self._name(values, name) for name in values.bound}.get

    def _name(self, values: Values, name: str) -> str:
        bound, key = values.bound[name], values.keys.get(name)
        if not isinstance(bound, ListRow):
            return bound.table
        label = bound.code
        if isinstance(key, RowKey):
            row = self.context.lookup.rows(key)[key.position]
            label = f"{bound.code} {row.get('科目名称', '')}".strip()
        return f"{bound.place.table}·{label or f'第{bound.number}行'}"


def _not_judged(premise: str) -> Outcome:
    return "数据不足" if premise == "缺" else "不适用"


def _sentence(words: Words, left: Node, operator: str, right: Node) -> str:
    return f"{words.of(left)} {RELATION[operator]} {words.of(right)}"

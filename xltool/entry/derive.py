"""Figures that follow from others by the official identities: an equation with one unknown gives it.

The rules of kind `=` and level error are solved again and again until nothing more follows. What is blank is unknown,
not zero, unless an assumption says so; every assumption used is told, and so is the rule of each derived figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from xltool.core.amounts import money
from xltool.core.model import CODE, NUMERIC, Report
from xltool.core.places import FieldPlace, Place, RowPlace
from xltool.core.problems import Problem
from xltool.editions import Edition
from xltool.entry.assumptions import Assumption, chosen
from xltool.entry.skeleton import with_places, without_empty_rows
from xltool.rules.compile import Compiler
from xltool.rules.env import Env
from xltool.rules.evaluate import evaluate
from xltool.rules.load import RuleSet, further_rules, load_rules
from xltool.rules.lookup import Lookup
from xltool.rules.model import Result
from xltool.rules.scope import NoSuchTable
from xltool.rules.syntax import Call, ExpressionError, Logic, parse
from xltool.rules.values import Leaf, Quantity

_SOURCES = 3
"""So many figures are named from which another follows."""
_PASSES = 60
"""More than the longest chain of identities."""


class Step(NamedTuple):
    """One derived figure: where, its value, the rule, and the figures that it follows from."""

    place: Place
    value: Decimal
    rule: str
    name: str
    sources: tuple[tuple[Place, Decimal], ...]


@dataclass
class Derived:
    """A report with what follows from it. `contradictions`: rules that what was given breaks."""

    report: Report
    steps: list[Step] = field(default_factory=list)
    assumed: list[Assumption] = field(default_factory=list)
    contradictions: list[Problem] = field(default_factory=list)
    labels: dict[Place, str] = field(default_factory=dict)
    """Every place that the steps name, in words: rows stood elsewhere before those without a figure went."""


def derive(report: Report, edition: Edition, assume: Iterable[str] = ()) -> Derived:
    """Derive what the identities determine. The given report is not changed. Raises `InputError` for unknown names."""
    assumed = chosen(assume)
    short = load_rules(edition).tables
    more = {short[t]: c for entry in assumed for t, c in entry.places.items() if t in short}
    solver = _Solver(with_places(report, edition, more), edition, assumed)
    solver.solve()
    contradictions = list(solver.contradictions())
    steps = [step for step in solver.steps if step.value]
    named = {place for step in steps for place in (step.place, *(p for p, _ in step.sources))}
    labels = {place: label(solver.report, place) for place in named}
    without_empty_rows(solver.report)
    return Derived(solver.report, steps, assumed, contradictions, labels)


class _Solver:
    def __init__(self, report: Report, edition: Edition, assumed: list[Assumption]) -> None:
        self.report, self.edition = report, edition
        base = load_rules(edition)
        more = {key: rule for entry in assumed for key, rule in entry.rules.items()}
        self.rule_sets: list[RuleSet] = [base, further_rules(more, base.scope, "assumptions.yaml")]
        self.known: dict[Place, Decimal] = {}
        """What is known beside what is given: derived, or zero by assumption."""
        self.steps: list[Step] = []
        self.assumed, self.scope = assumed, base.scope

    def solve(self) -> None:
        """Solve what is given; then take for zero, one after the other, what is assumed to be and is still open."""
        for table in self.report.no_data:
            paths = self.edition.specs[table].fields
            self.known |= dict.fromkeys((FieldPlace(table, 0, path) for path in paths), Decimal(0))
        for entry in self.assumed:
            for text in entry.typed:
                self.known |= dict.fromkeys(self._blank_columns(*text.split(".")), Decimal(0))
        self._pass_over()
        for entry in self.assumed:
            for text in entry.zero:
                if self._take_for_zero(text):
                    self._pass_over()

    def _take_for_zero(self, text: str) -> bool:
        """Take the open cells of an expression for zero; whether there were any."""
        lookup = self._lookup()
        try:
            quantity = Compiler(self.scope).scalar(parse(text))(Env(lookup))
        except (NoSuchTable, ExpressionError):
            return False
        open_ = [
            leaf.place
            for leaf in quantity.leaves
            if leaf.value is None and leaf.place not in self.known
        ]
        self.known |= dict.fromkeys(open_, Decimal(0))
        return bool(open_)

    def _blank_columns(self, alias: str, list_name: str) -> Iterator[Place]:
        """The blank columns of a list's rows that have a figure, their total (the first) aside."""
        names = self.scope.aliases.get(alias, ())
        table = next((name for name in names if name in self.report.tables), None)
        if table is None:
            return
        columns = [
            column
            for column, kind in self.edition.specs[table].lists[list_name].columns.items()
            if kind in NUMERIC
        ][1:]
        for n, row in enumerate(self.report.tables[table][0].lists.get(list_name, [])):
            if any(column in row for column in columns):
                yield from (RowPlace(table, 0, list_name, n, c) for c in columns if c not in row)

    def _pass_over(self) -> None:
        """Pass over all rules until nothing new follows."""
        for _ in range(_PASSES):
            before = len(self.known)
            for result in list(self._results()):
                self._take(result)
            if len(self.known) == before:
                return

    def _lookup(self) -> Lookup:
        return Lookup(self.report, self.edition.specs, declared_empty=self.report.no_data)

    def _results(self) -> Iterator[Result]:
        env = Env(self._lookup(), None, self.report.heads)
        for rules in self.rule_sets:
            yield from evaluate(rules, env)

    def _take(self, result: Result) -> None:
        if result.rule.level != "error" or result.left is None or result.right is None:
            return
        if _finds_blanks(result.part.condition):
            return
        if result.operator == "=":
            self._solve(result, result.left, result.right)
        elif result.operator == "<=":
            self._nothing_below_nothing(result, result.left, result.right)

    def _solve(self, result: Result, left: Quantity, right: Quantity) -> None:
        terms = [(leaf, leaf.sign) for leaf in left.leaves]
        terms += [(leaf, -leaf.sign) for leaf in right.leaves]
        if any(side.absent and not side.leaves for side in (left, right)):
            # a level that nobody filled is no zero
            return
        if any(sign == 0 or leaf.prior or self._stale(leaf) for leaf, sign in terms):
            return
        factors: Counter[Place] = Counter()
        for leaf, sign in terms:
            factors[leaf.place] += sign
        unknown = [
            leaf.place
            for leaf, _ in terms
            if leaf.value is None and leaf.place not in self.known and factors[leaf.place]
        ]
        if len(set(unknown)) != 1 or abs(factors[unknown[0]]) != 1:
            return
        place = unknown[0]
        rest = (left.value if not left.blank else Decimal(0)) - (
            right.value if not right.blank else Decimal(0)
        )
        sources = tuple((leaf.place, leaf.value) for leaf, _ in terms if leaf.value)
        self._put(result, place, -rest / factors[place], sources)

    def _stale(self, leaf: Leaf) -> bool:
        """The figure was derived after the rule was evaluated: the next pass sees it."""
        return leaf.value is None and bool(self.known.get(leaf.place))

    def _nothing_below_nothing(self, result: Result, left: Quantity, right: Quantity) -> None:
        """A part of what is zero is zero."""
        if len(left.leaves) != 1 or any(
            leaf.prior or self._stale(leaf) for leaf in (*left.leaves, *right.leaves)
        ):
            return
        (leaf,) = left.leaves
        known = all(other.value is not None or other.place in self.known for other in right.leaves)
        if leaf.value is None and leaf.place not in self.known and known and right.value == 0:
            self.known[leaf.place] = Decimal(0)

    def _put(
        self,
        result: Result,
        place: Place,
        value: Decimal,
        sources: tuple[tuple[Place, Decimal], ...],
    ) -> None:
        self.known[place] = value
        if value == 0:
            return
        place.put(self.report, value)
        self.steps.append(Step(place, value, result.rule.id, result.rule.name, sources))

    def contradictions(self) -> Iterator[Problem]:
        """Rules that do not hold although, or because, figures were derived by them."""
        derived = {step.place for step in self.steps}
        for result in self._results():
            if result.outcome != "不符" or result.rule.level != "error":
                continue
            if result.left is None or result.right is None:
                continue
            leaves = (*result.left.leaves, *result.right.leaves)
            places = {leaf.place for leaf in leaves}
            open_ = any(leaf.value is None and leaf.place not in self.known for leaf in leaves)
            if places & derived and not open_:
                left, right = money(result.left.value), money(result.right.value)
                message = f"{result.rule.name}：一边是{left}，另一边是{right}"
                hint = "核对填的数；或用 --totals given 照填的写"
                yield Problem(
                    f"{result.rule.id} {self._label(places & derived)}",
                    message,
                    hint,
                    code="contradiction",
                )

    def _label(self, places: set[Place]) -> str:
        return "、".join(sorted(label(self.report, place) for place in places)[:2])


def _finds_blanks(node: object) -> bool:
    """Whether a condition holds only where a figure is missing: its rule says so, not what the figure is."""
    if isinstance(node, Call) and node.function == "blank":
        return True
    items = node if isinstance(node, tuple) else ()
    if isinstance(node, Logic):
        items = node.items
    return any(map(_finds_blanks, items))


def told(derived: Derived) -> Iterator[str]:
    """Every assumption and every derived figure with its rule and sources, a line each."""
    for entry in derived.assumed:
        yield f"前提：{entry.name}——{entry.words}"
    for step in derived.steps:
        sources = "、".join(f"{derived.labels[p]} {money(v)}" for p, v in step.sources[:_SOURCES])
        more = "等" if len(step.sources) > _SOURCES else ""
        at = derived.labels[step.place]
        yield f"推算：{at} = {money(step.value)}（{step.rule}，由{sources}{more}）"


def label(report: Report, place: Place) -> str:
    """A place in words: 支出决算表 2010101·基本支出."""
    if isinstance(place, FieldPlace):
        return f"{place.table} {place.label}"
    row = place.row_in(report)
    return f"{place.table} {row.get(CODE, place.row + 1)}·{place.column}"

"""Figures that follow from others by the official identities: an equation with one unknown gives it.

The rules of kind `=` and level error are solved again and again until nothing more follows. What is blank is unknown,
not zero, unless an assumption says so; every assumption used is told, and so is the rule of each derived figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from xltool.core.amounts import money
from xltool.core.model import Report
from xltool.core.places import FieldPlace, Place, RowPlace
from xltool.core.problems import Problem
from xltool.editions import Edition
from xltool.entry.addresses import address_of, label, short_names
from xltool.entry.assumptions import Assumption, chosen
from xltool.entry.contradictions import contradictions
from xltool.entry.givenrows import GivenRows
from xltool.entry.held import Held, Somewhere, held, still_open
from xltool.entry.ruleresults import RuleResults
from xltool.entry.skeleton import with_places, without_empty_rows
from xltool.rules.compile import Compiler
from xltool.rules.env import Env
from xltool.rules.load import RuleSet, further_rules, load_rules
from xltool.rules.lookup import Lookup
from xltool.rules.model import Result
from xltool.rules.scope import NoSuchTable
from xltool.rules.syntax import Call, ExpressionError, Logic, Node, parse
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


class Open(NamedTuple):
    """An identity of figures that cannot be solved: the addresses that are unknown; of which one it is the total."""

    unknown: frozenset[str]
    total: str
    bare: bool = False
    """No figure of it is known: it says only what follows from what."""


@dataclass
class Derived:
    """A report with what follows from it. `contradictions`: rules that what was given breaks."""

    report: Report
    steps: list[Step] = field(default_factory=list)
    assumed: list[Assumption] = field(default_factory=list)
    contradictions: list[Problem] = field(default_factory=list)
    labels: dict[Place, str] = field(default_factory=dict)
    """Every place that the steps name, in words: rows stood elsewhere before those without a figure went."""
    open: list[Open] = field(default_factory=list)
    held: list[Somewhere] = field(default_factory=list)


def derive(report: Report, edition: Edition, assume: Iterable[str] = ()) -> Derived:
    """Derive what the identities determine. The given report is not changed. Raises `InputError` for unknown names."""
    assumed = chosen(assume)
    short = load_rules(edition).tables
    more = {short[t]: c for entry in assumed for t, c in entry.places.items() if t in short}
    solver = _Solver(with_places(report, edition, more), edition, assumed)
    solver.solve()
    results = list(solver.rules.all())
    derived = {step.place for step in solver.steps}
    names = short_names(solver.scope.aliases)
    rules = {rule: entry.name for entry in assumed for rule in entry.rules}
    broken = contradictions(
        solver.report, results, derived, solver.known, solver.zeroed, names, rules
    )
    found, open_ = list(broken), list(solver.open(results, names))
    steps = [step for step in solver.steps if step.value]
    named = {place for step in steps for place in (step.place, *(p for p, _ in step.sources))}
    labels = {place: label(solver.report, place) for place in named}
    somewhere = list(still_open(solver.report, solver.held.values(), solver.known, names))
    without_empty_rows(solver.report)
    return Derived(solver.report, steps, assumed, found, labels, open_, somewhere)


class _Solver:
    def __init__(self, report: Report, edition: Edition, assumed: list[Assumption]) -> None:
        self.report, self.edition = report, edition
        base = load_rules(edition)
        more = {key: rule for entry in assumed for key, rule in entry.rules.items()}
        self.rule_sets: list[RuleSet] = [base, further_rules(more, base.scope, "assumptions.yaml")]
        self.known: dict[Place, Decimal] = {}
        """What is known beside what is given: derived, or zero by assumption."""
        self.zeroed: dict[Place, str] = {}
        """What is zero by assumption, with the name of it."""
        self.steps: list[Step] = []
        self.held: dict[tuple[str, str], Held] = {}
        """Amounts that a total says are in a column, by table and column, and nothing says in which row."""
        self.assumed, self.scope = assumed, base.scope
        self.rules = RuleResults(self.rule_sets, report, edition)

    def solve(self) -> None:
        """Solve what is given; then take for zero, one after the other, what is assumed to be and is still open."""
        for table in self.report.no_data:
            paths = self.edition.specs[table].fields
            self._know(dict.fromkeys((FieldPlace(table, 0, path) for path in paths), Decimal(0)))
        given = GivenRows(self.report, self.edition, self.scope.aliases)
        untouched = {at for entry in self.assumed for at in given.untouched(entry.filled)}
        for entry in self.assumed:
            for text in entry.typed:
                self._zero(given.blank_columns(text), entry)
        self._pass_over()
        for entry in self.assumed:
            for text in entry.zero:
                open_ = (p for p in self._open_cells(text) if _list_of(p) not in untouched)
                if self._zero(open_, entry):
                    self._pass_over()

    def _zero(self, places: Iterable[Place], entry: Assumption) -> bool:
        """Take places for zero; whether there were any. Of what a total says is not zero, none is taken."""
        open_ = list(places)
        somewhere = held(self.report, self.edition, open_, self.known)
        kept = {place for one in somewhere for place in one.places}
        self.held |= {(one.places[0].table, one.places[0].column): one for one in somewhere}
        found = {place: entry.name for place in open_ if place not in kept}
        self.zeroed |= found
        self._know(dict.fromkeys(found, Decimal(0)))
        return bool(found)

    def _know(self, found: Mapping[Place, Decimal]) -> None:
        self.known |= found
        self.rules.known(found)

    def _open_cells(self, text: str) -> list[Place]:
        """The cells of an expression of which nothing is known."""
        lookup = self._lookup()
        try:
            quantity = Compiler(self.scope).scalar(parse(text))(Env(lookup))
        except (NoSuchTable, ExpressionError):
            return []
        return [
            leaf.place
            for leaf in quantity.leaves
            if leaf.value is None and leaf.place not in self.known
        ]

    def _pass_over(self) -> None:
        """Pass over all rules until nothing new follows."""
        for _ in range(_PASSES):
            before = len(self.known)
            for result in self.rules.fresh():
                self._take(result)
            if len(self.known) == before:
                return

    def _lookup(self) -> Lookup:
        return Lookup(self.report, self.edition.specs, declared_empty=self.report.no_data)

    def _take(self, result: Result) -> None:
        if result.left is None or result.right is None:
            return
        if _finds_blanks(result.part.condition):
            return
        if result.operator == "=":
            self._solve(result, result.left, result.right)
        elif result.operator == "<=":
            self._nothing_below_nothing(result.left, result.right)

    def _solve(self, result: Result, left: Quantity, right: Quantity) -> None:
        terms = self._terms(left, right)
        unknown = self._unknown(terms)
        if len(unknown) != 1:
            return
        ((place, factor),) = unknown.items()
        if abs(factor) != 1:
            return
        rest = (left.value if not left.blank else Decimal(0)) - (
            right.value if not right.blank else Decimal(0)
        )
        sources = tuple((leaf.place, leaf.value) for leaf, _ in terms if leaf.value)
        self._put(result, place, -rest / factor, sources)

    def _terms(self, left: Quantity, right: Quantity) -> list[tuple[Leaf, int]]:
        """The cells of an identity, those of its right side taken away; none where it cannot be solved."""
        terms = [(leaf, leaf.sign) for leaf in left.leaves]
        terms += [(leaf, -leaf.sign) for leaf in right.leaves]
        if left.unlisted or right.unlisted:
            return []  # a level that nobody filled is no zero
        if any(sign == 0 or leaf.prior or self._stale(leaf) for leaf, sign in terms):
            return []
        return terms

    def _unknown(self, terms: Iterable[tuple[Leaf, int]]) -> dict[Place, int]:
        """The places of an identity that are blank and not known otherwise, with how often they count."""
        factors: Counter[Place] = Counter()
        for leaf, sign in terms:
            factors[leaf.place] += sign
        blank = {leaf.place for leaf, _ in terms if leaf.value is None}
        return {p: n for p, n in factors.items() if n and p in blank and p not in self.known}

    def _stale(self, leaf: Leaf) -> bool:
        """The figure was derived after the rule was evaluated: the next pass sees it."""
        return leaf.value is None and bool(self.known.get(leaf.place))

    def _nothing_below_nothing(self, left: Quantity, right: Quantity) -> None:
        """A part of what is zero is zero."""
        if (
            right.unlisted
            or len(left.leaves) != 1
            or any(leaf.prior or self._stale(leaf) for leaf in (*left.leaves, *right.leaves))
        ):
            return
        (leaf,) = left.leaves
        known = all(other.value is not None or other.place in self.known for other in right.leaves)
        if leaf.value is None and leaf.place not in self.known and known and right.value == 0:
            self._know({leaf.place: Decimal(0)})

    def _put(
        self,
        result: Result,
        place: Place,
        value: Decimal,
        sources: tuple[tuple[Place, Decimal], ...],
    ) -> None:
        self._know({place: value})
        if value == 0:
            return
        self.rules.put(place, value)
        self.steps.append(Step(place, value, result.rule.id, result.rule.name, sources))

    def open(self, results: Iterable[Result], names: Mapping[str, str]) -> Iterator[Open]:
        """The identities of more than one unknown figure."""
        for result in results:
            if result.operator != "=":
                continue
            if _finds_blanks(result.part.condition) or not (result.left and result.right):
                continue
            terms = self._terms(result.left, result.right)
            unknown = {p: n for p, n in self._unknown(terms).items() if "自评" not in p.table}
            if len(unknown) > 1:
                found = frozenset(address_of(self.report, place, names) for place in unknown)
                alone = len(result.left.leaves) == 1 and result.left.leaves[0].place in unknown
                total = result.left.leaves[0].place if alone else None
                of = address_of(self.report, total, names) if total else ""
                yield Open(found, of, not any(leaf.value for leaf, _ in terms))


def _list_of(place: Place) -> tuple[str, str] | None:
    return (place.table, place.list) if isinstance(place, RowPlace) else None


def _finds_blanks(node: Node | None) -> bool:
    """Whether a condition holds only where a figure is missing: its rule says so, not what the figure is."""
    if isinstance(node, Call) and node.function == "blank":
        return True
    return isinstance(node, Logic) and any(map(_finds_blanks, node.items))


def assumed(derived: Derived) -> list[str]:
    """Every assumption that was used, a line each."""
    return [f"前提：{entry.name}——{entry.words}" for entry in derived.assumed]


def told(derived: Derived) -> Iterator[str]:
    """Every assumption and every derived figure with its rule and sources, a line each."""
    yield from assumed(derived)
    for step in derived.steps:
        sources = "、".join(f"{derived.labels[p]} {money(v)}" for p, v in step.sources[:_SOURCES])
        more = "等" if len(step.sources) > _SOURCES else ""
        at = derived.labels[step.place]
        yield f"推算：{at} = {money(step.value)}（{step.rule}，由{sources}{more}）"

"""What is not there: a row that another table has, a figure that its totals lack too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal

from xltool.checks.diagnosis.equations import Equation, System
from xltool.checks.diagnosis.model import MissingFigure, MissingRow
from xltool.core.model import CODE, NAME, Report, TableSpec
from xltool.core.places import FieldPlace, ListPlace, Place, RowPlace, each_table
from xltool.rules.model import Result
from xltool.rules.values import ZERO

_CENT = Decimal("0.01")
_TRIED = 30
"""How many blank cells are looked at, each with the totals that would follow."""
_FOLLOWING = 16
"""How many totals may follow one figure."""


# ── rows ──


@dataclass(frozen=True, slots=True)
class _Offer:
    """A filled cell of a row at the deepest level."""

    place: Place
    value: Decimal
    code: str
    name: str


class _Rows:
    """The coded lists of a report, and the figures in them."""

    def __init__(self, report: Report, specs: Mapping[str, TableSpec]) -> None:
        self.codes: dict[ListPlace, dict[str, int]] = {}
        self.code_at: dict[tuple[ListPlace, int], str] = {}
        self.levels: dict[ListPlace, tuple[int, ...]] = {}
        self.totals: dict[tuple[str, int, str], ListPlace] = {}
        """By table, instance and block of the total."""
        self._offers: dict[tuple[Decimal, tuple[int, ...]], list[_Offer]] = defaultdict(list)
        for table, instance, found in each_table(report):
            for name, rows in found.lists.items():
                spec, at = specs[table].lists[name], ListPlace(table, instance, name)
                if spec.hierarchy and spec.codes is not None:
                    self._enter(at, rows, spec.codes.levels)
                    if spec.total:
                        self.totals[table, instance, spec.total] = at

    def _enter(
        self, key: ListPlace, rows: Sequence[Mapping[str, object]], levels: tuple[int, ...]
    ) -> None:
        self.levels[key] = levels
        self.codes[key] = {str(row.get(CODE, "")): n for n, row in enumerate(rows)}
        for n, row in enumerate(rows):
            code, name = str(row.get(CODE, "")), str(row.get(NAME, ""))
            self.code_at[key, n] = code
            for column, value in row.items():
                if len(code) == levels[-1] and isinstance(value, Decimal) and value > 0:
                    offer = _Offer(RowPlace(*key, n, column), value, code, name)
                    self._offers[round(value, 2), levels].append(offer)

    def offers(
        self, value: Decimal, tolerance: Decimal, levels: tuple[int, ...]
    ) -> Iterator[_Offer]:
        """The cells with this figure, in lists of the same kind of codes."""
        near = round(value, 2)
        for cents in dict.fromkeys((near, near - _CENT, near + _CENT)):
            for offer in self._offers.get((cents, levels), ()):
                if abs(offer.value - value) <= tolerance:
                    yield offer


def missing_rows(
    system: System, results: Sequence[Result], report: Report, specs: Mapping[str, TableSpec]
) -> list[MissingRow]:
    """Rows that lists lack and others have with exactly a difference, those that explain the most first."""
    rows = _Rows(report, specs)
    found: dict[tuple[ListPlace, str], dict[int, _Offer]] = defaultdict(dict)
    strong: set[tuple[ListPlace, str]] = set()
    for equation in system.equations:
        if equation.operator != "=" or results[equation.result].outcome != "不符":
            continue
        for key, terms in _by_list(equation, rows).items():
            for offer in _lacking(equation, key, terms, rows):
                found[key, offer.code].setdefault(equation.result, offer)
                if equation.weight > 1:
                    strong.add((key, offer.code))
    likely = [(key, code, by) for (key, code), by in found.items() if (key, code) in strong]
    likely.sort(key=lambda item: -len(item[2]))
    chosen: list[MissingRow] = []
    for key, code, by in likely:
        rivals = [other for _, c, other in likely if c != code and other.keys() >= by.keys()]
        if rivals or any(set(row.mends) & by.keys() for row in chosen):
            continue
        offer = next(iter(by.values()))
        mends = tuple(sorted(by))
        chosen.append(MissingRow(key[0], code, offer.name, offer.place, offer.value, mends))
    return chosen


def _by_list(equation: Equation, rows: _Rows) -> dict[ListPlace, dict[str, set[int]]]:
    """The terms of an equation in coded lists: the factors of each code ("": of the total), by list."""
    found: dict[ListPlace, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for place, factor in equation.terms.items():
        if isinstance(place, RowPlace):
            if code := rows.code_at.get((place.of_list, place.row)):
                found[place.of_list][code].add(factor)
        elif key := rows.totals.get((place.table, place.instance, place.path[0])):
            found[key][""].add(factor)
    return found


def _lacking(
    equation: Equation, key: ListPlace, factors: Mapping[str, Set[int]], rows: _Rows
) -> Iterator[_Offer]:
    """The rows of other tables that a list would have to have for an equation to hold."""
    for factor in {factor for found in factors.values() for factor in found}:
        value = -equation.stood / factor
        if value <= 0:
            continue
        for offer in rows.offers(value, equation.tolerance, rows.levels[key]):
            absent = offer.code not in rows.codes[key] and offer.place[:2] != key[:2]
            if absent and _factors_of(offer.code, factors, key, rows) == {factor}:
                yield offer


def _factors_of(
    code: str, factors: Mapping[str, Set[int]], key: ListPlace, rows: _Rows
) -> Set[int]:
    """With which factors a row with a code would enter an equation: as the rows beside it, or above it.

    An equation within one row has its total with one sign and the parts with the other.
    """
    known, levels = rows.codes[key], rows.levels[key]
    for length, above in zip(reversed(levels), [*reversed(levels[:-1]), 0], strict=True):
        own = code[:length]
        if own in factors:
            return factors[own]
        beside = {c for c in known if len(c) == length and c.startswith(code[:above])}
        if own not in known and beside & factors.keys():
            return _common(beside, factors)
    deepest = {c for c in known if len(c) == len(code)}
    return factors.get("") or _common(deepest, factors)


def _common(codes: Set[str], factors: Mapping[str, Set[int]]) -> Set[int]:
    """The factors of rows, if all of them are in the equation."""
    return set().union(*(factors.get(c, {0}) for c in codes))


# ── figures ──


def missing_figures(
    system: System, results: Sequence[Result], unexplained: Set[int]
) -> list[MissingFigure]:
    """Blank fields whose figure another table has, and which the totals of their own table lack as well."""
    spread = _Propagation(system, results)
    found: list[MissingFigure] = []
    tried: set[tuple[Place, Decimal]] = set()
    for equation in system.equations:
        if equation.result not in unexplained or equation.operator != "=" or equation.weight < 2:
            continue
        for place, factor in equation.terms.items():
            amount = -equation.stood / factor
            single = isinstance(place, FieldPlace)
            blank = single and not system.values[place] and system.may_be_wrong(place)
            if not blank or amount <= 0 or (place, amount) in tried or len(tried) >= _TRIED:
                continue
            tried.add((place, amount))
            there = _elsewhere(system, place, amount)
            mended = spread.of(place, amount) if there else None
            if there and mended:
                changes = {p: (system.values[p] or ZERO) + by for p, by in spread.changes.items()}
                found.append(MissingFigure(place, there, changes, tuple(sorted(mended))))
    return [f for f in found if not any(set(f.mends) & set(o.mends) for o in found if o is not f)]


def _elsewhere(system: System, place: Place, amount: Decimal) -> Place | None:
    """A field of another table that has an amount."""
    return next(
        (
            other
            for other, value in system.values.items()
            if value == amount and isinstance(other, FieldPlace) and other.table != place.table
        ),
        None,
    )


class _Propagation:
    """Which totals would have to go with a figure: each is the only cell on its side of an equality."""

    def __init__(self, system: System, results: Sequence[Result]) -> None:
        self._system, self._results = system, results
        self.changes: dict[Place, Decimal] = {}

    def of(self, place: Place, amount: Decimal) -> set[int] | None:
        """The failures that are mended when the totals follow; None when something else breaks."""
        self.changes = {place: amount}
        while len(self.changes) <= _FOLLOWING:
            broken = [e for e in self._touched() if not e.holds_alone(self._shift(e))]
            if not broken:
                mended = {e.result for e in self._touched() if self._failed(e)}
                return mended or None
            following = next((t for e in broken if (t := self._total(e, place))), None)
            if following is None:
                return None
            total, equation = following
            self.changes[total] = -(equation.stood + self._shift(equation)) / equation.terms[total]
        return None

    def _failed(self, equation: Equation) -> bool:
        return self._results[equation.result].outcome == "不符"

    def _touched(self) -> list[Equation]:
        found = {
            e.result: e for place in self.changes for e, _ in self._system.by_place.get(place, ())
        }
        return list(found.values())

    def _shift(self, equation: Equation) -> Decimal:
        return sum((f * self.changes.get(p, ZERO) for p, f in equation.terms.items()), ZERO)

    def _total(self, equation: Equation, origin: Place) -> tuple[Place, Equation] | None:
        """The total of the same table that an equality asks to follow."""
        result = self._results[equation.result]
        if equation.operator != "=":
            return None
        for side in (result.left, result.right):
            places = [leaf.place for leaf in side.leaves] if side else []
            if len(places) != 1 or places[0] not in equation.terms:
                continue
            (place,) = places
            fits = place[:2] == origin[:2] and self._system.may_be_wrong(place)
            if fits and place not in self.changes:
                return place, equation
        return None

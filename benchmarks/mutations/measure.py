"""What `validate` says of a book with slips in it, held against what it should have said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from benchmarks.mutations.books import Book, Values, contained, values_of
from xltool.checks import validate
from xltool.checks.context import Context
from xltool.checks.findings import Finding
from xltool.core.cellref import CellRef
from xltool.editions import find_edition
from xltool.reading import examine
from xltool.rules.model import Result
from xltool.rules.values import ZERO

_OF_CELLS = ("ALL-06", "F-06", "C-04")
"""Checks that speak of each cell, on whatever sheet what is wrong turns up."""


@dataclass(frozen=True)
class Expectation:
    """What should be said: the wrong cells, the rules of which one must speak, the name of the slip.

    Without `rules` the slip is one of figures. `changed`: the places whose value it changes (none: all that did).
    """

    kind: str
    cells: tuple[CellRef, ...]
    rules: tuple[str, ...] = ()
    words: str = ""
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Trial:
    """A slip in a book, judged.

    `covered`: an equality of the right book contains a place that changed, and moves by more than its tolerance;
    None for slips that are not of figures. `detected`: 不符, or 数据不足 where the check could not be made for
    want of the figure. `suspects`: the cells that findings of level error name, `right` of them wrong indeed,
    among them the `first` that is named. `named`: the hint there (or what is said of a whole table, or of a block)
    says the right slip. `alarms`: rules of level
    error that speak although nothing has changed in what they speak of.
    """

    kind: str
    style: str
    covered: bool | None
    detected: str
    rules: tuple[str, ...]
    alarms: tuple[str, ...]
    suspects: int
    right: int
    first: bool
    named: bool
    hint: str
    where: str


class Checked:
    """A book with slips, validated."""

    def __init__(self, book: Book, data: bytes) -> None:
        self.book = book
        self.validation = validate(data, find_edition(book.raw["版本"]), prior=book.prior)
        self.after = values_of(self.validation.context)
        self.changed = differing(book.values, self.after)

    def trial(self, expected: Expectation, wrong: tuple[CellRef, ...] = ()) -> Trial:
        """One slip, judged; `wrong` are all wrong cells, when there are other slips."""
        cells = wrong or expected.cells
        own = expected.changed or self.changed
        if expected.rules:
            covered = None
            hits = [f for f in self._fresh if f.rule in expected.rules]
        else:
            covered = self._covered(own)
            rules = {r.rule.id for r in self._open if self._touches(r, own)}
            fresh = [f for f in self._fresh if f.level == "error"]
            hits = [f for f in fresh if f.rule in rules or set(f.cells) & set(expected.cells)]
        outcomes = {f.outcome for f in hits}
        hints = self._hints
        said = [f.message for f in self._fresh if f.rule == "C-04"]
        said += [hint for cell, hint in hints.items() if cell in cells]
        said += [f.hint for f in self._fresh if f.group and f.suspect is None]
        right = [cell for cell in hints if cell in cells]
        return Trial(
            expected.kind,
            self.book.style,
            covered,
            "不符" if "不符" in outcomes else "数据不足" if outcomes else "",
            tuple(sorted({f.rule for f in hits})),
            tuple(self._alarms(expected)),
            len(hints),
            len(right),
            bool(right) and next(iter(hints)) in cells,
            bool(expected.words) and any(expected.words in text for text in said),
            next(iter(hints.values()), ""),
            f"{self.book.raw['版本']} {' '.join('!'.join(c) for c in expected.cells[:3])}",
        )

    @cached_property
    def _fresh(self) -> list[Finding]:
        """What was not said of the right book."""
        known = {(f.rule, f.level, f.message) for f in self.book.clean.findings}
        return [
            f
            for f in self.validation.findings
            if f.outcome in ("不符", "数据不足")
            and f.level != "info"
            and (f.rule, f.level, f.message) not in known
        ]

    @cached_property
    def _open(self) -> list[Result]:
        """Comparisons that must hold, and do not, or could not be made."""
        results = self.validation.context.results
        return [r for r in results if r.outcome in ("不符", "数据不足") and r.rule.level == "error"]

    @cached_property
    def _hints(self) -> dict[CellRef, str]:
        """The suspects, in the order of the findings, each with its hint."""
        found: dict[CellRef, str] = {}
        for finding in self._fresh:
            if finding.suspect is not None and finding.level == "error":
                found.setdefault(finding.suspect, finding.hint)
        return found

    def _labels(self, result: Result) -> frozenset[str]:
        return contained(self.validation.context, result)

    def _touches(self, result: Result, own: frozenset[str]) -> bool:
        """Whether a comparison contains one of these places, or did so in the right book: a row that holds
        nothing any more is no part of it."""
        labels = self._labels(result)
        if labels & own:
            return True
        before = self.book.labels.get(result.rule.id, ())
        return any(
            labels < full and (full - labels) & own and full - labels <= self.changed
            for full in before
        )

    def _covered(self, own: frozenset[str]) -> bool:
        """Whether an equality that contains one of these places moves by more than its tolerance."""
        for tolerance, terms in self.book.equalities:
            if own.isdisjoint(label for label, _ in terms):
                continue
            moves = [(label, factor) for label, factor in terms if label in self.changed]
            shift = sum((factor * self._change(label) for label, factor in moves), ZERO)
            if abs(shift) > tolerance and all(factor for _, factor in moves):
                return True
        return False

    def _change(self, label: str) -> Decimal:
        return _figure(self.after, label) - _figure(self.book.values, label)

    def _alarms(self, expected: Expectation) -> Iterator[str]:
        """Rules that speak of what no slip has touched.

        A row that came, went or got another code is missed by all comparisons of its table or of its 科目.
        """
        sheets = {sheet for sheet, _ in expected.cells}
        located = self.validation.context.located
        tables = {table for (table, _), found in located.items() if found.sheet.name in sheets}
        words = _subjects(self.changed)
        for result in self._open:
            labels = self._labels(result)
            if (
                result.left is None
                or result.outcome != "不符"
                or self._touches(result, self.changed)
            ):
                continue
            touched = any(label.startswith(table) for label in labels for table in tables)
            if not (expected.rules and (touched or _subjects(labels) & words)):
                yield result.rule.id
        rules = self.validation.context.rules.rules
        for f in self._fresh:
            of_sheet = rules[f.rule].check and f.rule not in _OF_CELLS and f.sheet
            if f.level == "error" and of_sheet and f.sheet not in sheets:
                yield f.rule


def _subjects(labels: Iterable[str]) -> set[str]:
    """The 科目 that labels speak of: codes and names, without tables and columns."""
    words = {word for label in labels for word in re.split("[ ·]", label)[1:]}
    return {word for word in words if word.isdigit() or word.endswith("支出")}


def changed_by(book: Book, data: bytes) -> frozenset[str]:
    """The places whose value another state of the book has otherwise."""
    reading = examine(data, find_edition(book.raw["版本"]))
    after = values_of(Context(reading, book.clean.context.rules))
    return differing(book.values, after)


def differing(before: Values, after: Values) -> frozenset[str]:
    """The places whose values differ."""
    keys = before.keys() | after.keys()
    return frozenset(key for key in keys if before.get(key) != after.get(key))


def _figure(values: Values, label: str) -> Decimal:
    value = values.get(label)
    return value if isinstance(value, Decimal) else ZERO

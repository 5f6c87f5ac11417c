"""Right workbooks to put slips into: generated documents, filled, validated once."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, NamedTuple

from tests.support.books import handed_in
from tests.support.documents import EDITIONS, make
from tests.support.editing import edited, recalculated_in_place, saved
from xltool.checks import Validation, validate
from xltool.checks.context import Context
from xltool.core.amounts import decimals, printed
from xltool.core.cellref import CellRef
from xltool.core.model import Value
from xltool.core.places import Place, places
from xltool.documents.load import from_raw
from xltool.editions import find_edition
from xltool.filling import filled_workbooks
from xltool.mapping.located import Located
from xltool.ooxml import Editor, split_ref
from xltool.rules.lookup import Lookup
from xltool.rules.model import Result

Raw = dict[str, Any]
Style = Literal["公式簿", "数值簿", "混合簿"]
"""公式簿: exact amounts, all totals are formulas. 数值簿: printed figures, no formula at all.
混合簿: printed figures as `fill --totals given` writes them, formulas where they give the same."""

Values = Mapping[str, Value]
"""The values of a report by the words for their places, which do not change when rows move."""

SIZES = (1, 2, 3, 5, 8, 12, 20, 35)
WEIGHTS = (2, 2, 4, 6, 6, 5, 3, 1)


class Spot(NamedTuple):
    """A filled amount cell."""

    place: Place
    cell: CellRef
    value: Decimal
    formula: bool


class Equality(NamedTuple):
    """An equality: the places whose sum, each with its factor (0: not simply added), is zero within a tolerance."""

    tolerance: Decimal
    terms: list[tuple[str, int]]


def values_of(context: Context) -> Values:
    """The values of a report by the words for their places."""
    return {context.where(place): value for place, value in places(context.report)}


def contained(context: Context, result: Result) -> frozenset[str]:
    """The words for the places of this year's report that a comparison contains."""
    sides = [side for side in (result.left, result.right) if side]
    return frozenset(
        context.where(leaf.place) for side in sides for leaf in side.leaves if not leaf.prior
    )


@dataclass
class Book:
    """A right workbook. `prior` is the report that it is compared with as last year's."""

    raw: Raw
    style: Style
    data: bytes
    prior: Lookup | None = None

    @cached_property
    def clean(self) -> Validation:
        """What validating it gives before any slip."""
        return validate(self.data, find_edition(self.raw["版本"]), prior=self.prior)

    @cached_property
    def values(self) -> Values:
        """Its values, by the words for their places."""
        return values_of(self.clean.context)

    @cached_property
    def labels(self) -> dict[str, list[frozenset[str]]]:
        """What the comparisons of each rule contain."""
        found: dict[str, list[frozenset[str]]] = defaultdict(list)
        for result in self.clean.context.results:
            found[result.rule.id].append(contained(self.clean.context, result))
        return found

    @cached_property
    def equalities(self) -> list[Equality]:
        """What must be equal, and is, within its tolerance."""
        where = self.clean.context.where
        found = []
        for result in self.clean.context.results:
            left, right = result.left, result.right
            if result.operator != "=" or result.rule.level != "error" or not left or not right:
                continue
            if result.outcome in ("通过", "尾差"):
                sides = ((left, 1), (right, -1))
                leaves = [(leaf, sign) for side, sign in sides for leaf in side.leaves]
                terms = [(where(leaf.place), s * leaf.sign) for leaf, s in leaves if not leaf.prior]
                found.append(Equality(result.tolerance, terms))
        return found

    @cached_property
    def spots(self) -> list[Spot]:
        """Every filled amount cell that is not zero, in the order of the book."""
        context = self.clean.context
        found = []
        for place, _, value in context.amounts():
            sheet, ref = self.clean.reading.places[place]
            formula = self.clean.reading.workbook.sheet(sheet).formula(ref) is not None
            if value:
                found.append(Spot(place, (sheet, ref), value, formula))
        return found

    @cached_property
    def inputs(self) -> list[Spot]:
        """The cells that a clerk types."""
        return [spot for spot in self.spots if not spot.formula]

    @cached_property
    def by_position(self) -> dict[tuple[str, int, int], Spot]:
        """The cells by sheet, row and column."""
        found = {}
        for spot in self.spots:
            sheet, ref = spot.cell
            row, column = split_ref(ref)
            found[sheet, row, column] = spot
        return found

    def located(self, table: str) -> Located | None:
        """Where a table stands in the book."""
        return self.clean.context.located.get((table, 0))

    def edited(self, edit: Callable[[Editor], object]) -> bytes:
        """The book after an edit, recalculated as Excel does it."""

        def all_of_it(editor: Editor) -> None:
            edit(editor)
            if self.style != "数值簿":
                recalculated_in_place(editor)

        return edited(self.data, all_of_it)


def draw(seed: int, number: int) -> tuple[Raw, random.Random]:
    """The document of a number, and a source of chance that goes with it."""
    rng = random.Random(f"{seed} {number}")
    edition = sorted(EDITIONS)[number % len(EDITIONS)]
    details = rng.choices(SIZES, WEIGHTS)[0]
    exact = number // len(EDITIONS) % 2 == 0
    raw = make(rng.randrange(10**9), edition, details=details, unit="万元", printed=not exact)
    return raw, rng


def books(raw: Raw, style: Style) -> list[Book]:
    """The workbooks of a document in one style."""
    report, edition = from_raw(raw)
    totals: Literal["formula", "given"] = "formula" if style == "公式簿" else "given"
    found = []
    for editor in filled_workbooks(report, edition, totals=totals):
        if style == "数值簿":
            without_formulas(editor)
        found.append(Book(raw, style, handed_in(saved(editor))))
    return found


def without_formulas(editor: Editor) -> None:
    """Every formula replaced by the value that it shows, as in figures that were published."""
    for name, sheet in editor.sheets().items():
        for ref in sheet.formulas():
            value = editor.sheet(name).value(ref)
            assert value is None or isinstance(value, (Decimal, str, bool))
            editor.set(
                name, ref, value or None if isinstance(value, str) else value, over_formula=True
            )


def with_prior(book: Book, rng: random.Random) -> Book:
    """The same book, to be compared with a report of last year whose amounts are others."""
    reading = validate(book.data, find_edition(book.raw["版本"]), only=["structure"]).reading
    report = reading.report
    for tables in report.tables.values():
        for table in tables:
            lists = [row for rows in table.lists.values() for row in rows]
            rows: list[dict[Any, Any]] = [table.fields, *lists]
            for row in rows:
                for key, value in row.items():
                    if isinstance(value, Decimal):
                        past = value * rng.choice((80, 90, 95, 105, 110, 125)) / 100
                        row[key] = past if decimals(value) > 2 else printed(past)
    before = replace(report, year=report.year - 1)
    lookup = Lookup(before, reading.edition.specs, prior=True)
    return Book(book.raw, book.style, book.data, lookup)

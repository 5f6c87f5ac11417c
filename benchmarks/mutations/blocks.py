"""Slips in several figures, and in totals."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from random import Random

from benchmarks.mutations.books import Book, Spot
from benchmarks.mutations.lists import codes_of, list_of
from benchmarks.mutations.slip import Slip
from xltool.core.model import CODE, NAME
from xltool.ooxml import Editor, split_ref
from xltool.ooxml.read.values import Value


def rows_swapped(book: Book, rng: Random) -> Slip | None:
    """The amounts of two 项 rows, each in the other's place."""
    chosen = list_of(book, rng, 4)
    if chosen is None:
        return None
    sheet, found, numbers = chosen
    deepest = [row for row, code in codes_of(book, sheet, found, numbers).items() if len(code) == 7]
    if len(deepest) < 2:
        return None
    one, other = rng.sample(deepest, 2)
    view = book.clean.reading.workbook.sheet(sheet)
    new: dict[str, Value] = {}
    for column in found.columns:
        if column not in (CODE, NAME):
            a, b = found.ref(one, column), found.ref(other, column)
            if (
                view.formula(a) is None
                and view.formula(b) is None
                and view.value(a) != view.value(b)
            ):
                new[a], new[b] = view.value(b), view.value(a)
    return _put(sheet, new)


def block_shifted(book: Book, rng: Random) -> Slip | None:
    """Some figures of one column, one below the other, all a row too low."""
    spots = [s for s in book.inputs if len(s.place) == 3]
    below = [s for s in spots if _next(book, s, 1) and _next(book, s, 2)]
    if not below:
        return None
    spot: Spot | None = rng.choice(below)
    run: list[Spot] = []
    while spot is not None and not spot.formula and len(run) < 6:
        run.append(spot)
        spot = _next(book, spot, 1)
    sheet = run[0].cell[0]
    new: dict[str, Value] = {run[0].cell[1]: None}
    for upper, lower in pairwise(run):
        new[lower.cell[1]] = upper.value
    return _put(
        sheet, {ref: value for ref, value in new.items() if value != _value(book, sheet, ref)}
    )


def _next(book: Book, spot: Spot, rows: int) -> Spot | None:
    sheet, ref = spot.cell
    row, column = split_ref(ref)
    other = book.by_position.get((sheet, row + rows, column))
    return other if other is not None and not other.formula else None


def _value(book: Book, sheet: str, ref: str) -> Value:
    return book.clean.reading.workbook.sheet(sheet).value(ref)


def _put(sheet: str, new: dict[str, Value]) -> Slip | None:
    if len(new) < 2:
        return None

    def edit(editor: Editor) -> None:
        for ref, value in new.items():
            assert value is None or isinstance(value, (Decimal, str))
            editor.set(sheet, ref, value)

    return Slip(edit, tuple((sheet, ref) for ref in new))


def table_in_yuan(book: Book, rng: Random) -> Slip | None:
    """A whole table typed in 元 on a form in 万元."""
    names = sorted({s.place[0] for s in book.inputs if len({t.place[0] for t in book.inputs}) > 1})
    if not names:
        return None
    table = rng.choice(names)
    spots = [s for s in book.inputs if s.place[0] == table]

    def edit(editor: Editor) -> None:
        for spot in spots:
            editor.set(*spot.cell, spot.value.scaleb(4).quantize(Decimal("0.01")))

    return Slip(edit, tuple(s.cell for s in spots))


def total_overwritten(book: Book, rng: Random) -> Slip | None:
    """A total typed over by hand, near to the right one: over its formula, where the book has formulas."""
    totals = [s for s in book.spots if s.formula or _is_total(s)]
    if not totals:
        return None
    spot = rng.choice(totals)
    wrong = spot.value + Decimal(rng.randint(100, 99999)) / 100
    return Slip(lambda e: e.set(*spot.cell, wrong, over_formula=True), (spot.cell,))


def _is_total(spot: Spot) -> bool:
    return any("合计" in str(part) or "总计" in str(part) for part in spot.place[2:])


def frozen_total(book: Book, rng: Random) -> Slip | None:
    """A total pasted as a value, then one of the figures above it is changed: the total does not follow."""
    workbook = book.clean.reading.workbook
    pairs = []
    for result in book.clean.context.results:
        if result.operator != "=" or result.left is None or result.right is None:
            continue
        if len(result.left.leaves) == 1 and len(result.right.leaves) > 1:
            total = book.clean.context.cell(result.left.leaves[0].place)
            parts = [
                s for leaf in result.right.leaves if leaf.value and (s := _spot(book, leaf.place))
            ]
            if total and workbook.sheet(total[0]).formula(total[1]) and parts:
                pairs += [(total, s) for s in parts if not s.formula]
    if not pairs:
        return None
    total, spot = rng.choice(pairs)
    stands = _value(book, *total)
    assert isinstance(stands, Decimal)

    def edit(editor: Editor) -> None:
        editor.set(*total, stands, over_formula=True)
        editor.set(*spot.cell, spot.value + Decimal(rng.randint(100, 99999)) / 100)

    return Slip(edit, (spot.cell, total))


def _spot(book: Book, place: object) -> Spot | None:
    return next((s for s in book.spots if s.place == place), None)

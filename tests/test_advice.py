"""Advice does no harm: following it never lets more rules fail, and its cost is bounded when all is wrong."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from random import Random

import pytest

from benchmarks.mutations.books import Book, Style, books, draw
from benchmarks.mutations.figures import FIGURES, LAST_YEAR, write
from tests.support.documents import make
from tests.support.editing import edited, recalculated_in_place
from xltool.checks import Validation, validate
from xltool.checks.diagnosis.equations import Equation
from xltool.core.cellref import CellRef
from xltool.ooxml import Editor

SLIPS = [slip for slip in FIGURES if slip.name != LAST_YEAR]
DOCUMENTS: list[tuple[int, Style]] = [(0, "公式簿"), (3, "数值簿"), (9, "混合簿"), (14, "数值簿")]
LIVE = ("公式簿", "混合簿")


def first_book(number: int, style: Style) -> Book:
    """The first workbook of a generated document."""
    return books(draw(1, number)[0], style)[0]


def blocking(validation: Validation) -> int:
    """How many places there are that must be right and are not, or could not be checked."""
    outcomes = ("不符", "数据不足", "未执行")
    return sum(f.level == "error" and f.outcome in outcomes for f in validation.findings)


def advice(validation: Validation) -> dict[CellRef, Decimal]:
    """The suspect cells and the figures that they should hold."""
    return {f.suspect: f.expected for f in validation.findings if f.suspect and f.expected}


def after(book: Book, data: bytes, cell: CellRef, value: Decimal) -> Validation:
    """The book as it is when one piece of advice was followed."""

    def follow(editor: Editor) -> None:
        editor.set(*cell, round(value, 6), over_formula=True)
        if book.style in LIVE:
            recalculated_in_place(editor)

    return validate(edited(data, follow))


@pytest.mark.parametrize(("number", "style"), DOCUMENTS)
def test_following_advice_never_breaks_a_rule(number: int, style: Style) -> None:
    book, followed = first_book(number, style), 0
    for slip in SLIPS:
        rng = Random(f"{number} {slip.name}")
        for spot in rng.sample(book.inputs, min(len(book.inputs), 3)):
            typed = slip.wrong(book, spot, rng)
            if typed is None:
                continue
            data = book.edited(lambda e, s=spot, t=typed: write(e, s, t))  # type: ignore[misc]
            broken = validate(data)
            for cell, value in advice(broken).items():
                followed += 1
                better = after(book, data, cell, value)
                assert blocking(better) < blocking(broken), (slip.name, spot, cell, value)
            break
    assert followed > len(SLIPS) / 3


def test_the_cost_grows_with_the_book_when_everything_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = 0
    ask = Equation._fits

    def counting(self: Equation, difference: Decimal) -> bool:
        nonlocal asked
        asked += 1
        return ask(self, difference)

    monkeypatch.setattr(Equation, "_fits", counting)
    costs = []
    for details in (15, 60):
        raw = make(2, "2023-national", details=details, unit="万元", printed=True)
        plain = books(raw, "数值簿")[0]
        wrong = plain.edited(partial(wreck, plain, Random(details)))
        asked = 0
        failed = blocking(validate(wrong))
        assert failed > 5 * details
        costs.append(asked / failed)
    assert 0 < costs[1] < 2 * costs[0]


def wreck(book: Book, rng: Random, editor: Editor) -> None:
    """Another figure in every cell."""
    for spot in book.inputs:
        editor.set(*spot.cell, spot.value + Decimal(rng.randint(1, 99999)) / 100)

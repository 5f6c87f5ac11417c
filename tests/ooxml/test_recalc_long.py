"""Recalculation of long lists: what is found by the order of a column is what looking through it finds."""

from __future__ import annotations

import random

import pytest

from tests.support.packages import one_sheet
from xltool.core.hierarchy import parent_formula
from xltool.ooxml import open_workbook
from xltool.ooxml.calc import calcinputs
from xltool.ooxml.calc.recalc import Recalculation, recalculate
from xltool.ooxml.calc.sheetcells import SheetCells
from xltool.ooxml.package.xmltext import escape

ROWS = 400
CODES = ("201", "20101", "2010101", "2010199", "20102", "208", "20805")
ODD = ("20101 ", "２０１０１", "abc", "ABC", "甲乙", "1,000", "0201", "201.0", "2O1", "", "Ä", "ä")
CRITERIA = (
    '"201??"', '"???"', '"201*"', "A{r}", 'A{r}&"??"', '"abc"', '"甲?"', "201", '"201"', '">100"', '"<>0"',
    '">-1E+300"', '""', '"<>"', '"ä"', '"~?"', "B{r}", '"=201"', "5", '"?"',
)  # fmt: skip


def _cell(ref: str, value: object) -> str:
    if isinstance(value, bool):
        return f'<c r="{ref}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'<c r="{ref}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{ref}"><v>{value}</v></c>'


def _formula(ref: str, text: str) -> str:
    return f'<c r="{ref}"><f>{escape(text)}</f></c>'


def _book(seed: int, *, odd: float) -> bytes:
    chance = random.Random(seed)
    rows = []
    for row in range(1, ROWS + 1):
        code: object = chance.choice(ODD if chance.random() < odd else CODES)
        if chance.random() < odd / 4:
            code = chance.choice((201, 20101, 5, True))
        amount: object = chance.randrange(-5000, 100_000) / 100
        if chance.random() < odd:
            amount = chance.choice(("x", "5", True, 0, 5))
        cells = [_cell(f"A{row}", code)]
        if row < ROWS - 5 and chance.random() < 0.2:
            cells.append(_formula(f"B{row}", parent_formula("A", "B", row, ROWS)))
        elif chance.random() < 0.9:
            cells.append(_cell(f"B{row}", amount))
        last = chance.choice((ROWS, ROWS, ROWS + 50, row + 150))
        one = chance.choice(CRITERIA).format(r=row)
        other = chance.choice(CRITERIA).format(r=row)
        column = chance.choice("BD")
        codes, amounts = f"$A{row}:$A${last}", f"{column}{row}:{column}${last}"
        text = chance.choice(
            (
                f"SUMIF({codes},{one},{amounts})",
                f"COUNTIF({chance.choice((codes, amounts))},{one})",
                f"COUNTIFS({codes},{one},{amounts},{other})",
                f"SUMIFS({amounts},{codes},{one},{amounts},{other})",
                f"SUM({amounts})",
                f"COUNTIF(A{row}:B{last},{one})",
            )
        )
        cells.append(_formula(f"C{row}", text))
        cells.append(_cell(f"D{row}", amount))
        rows.append(f'<row r="{row}">{"".join(cells)}</row>')
    return one_sheet("".join(rows))


def _recalculated(book: bytes) -> Recalculation:
    return recalculate({sheet.name: sheet for sheet in open_workbook(book).sheets})


@pytest.mark.parametrize("odd", [0.0, 0.02, 0.3])
@pytest.mark.parametrize("seed", range(6))
def test_order_finds_what_looking_finds(
    seed: int, odd: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = _book(seed, odd=odd)
    found = _recalculated(book)
    monkeypatch.setattr(SheetCells, "equal", lambda cells, area, wanted: None)
    monkeypatch.setattr(calcinputs, "SMALL", 1 << 30)
    looked = _recalculated(book)
    assert found.values == looked.values
    assert found.uncertain == looked.uncertain
    assert found.values

"""A cell that cannot be read is a fault of its own field and of no other."""

from __future__ import annotations

from decimal import Decimal

from tests.reporting.books import SGB, with_cells
from xltool.checks import validate
from xltool.reading import examine

SHEET = "一般公共预算财政拨款基本支出决算表"


def test_a_text_among_fixed_codes_makes_only_its_own_code_unreadable() -> None:
    located = examine(with_cells(SGB, {})).sightings
    codes = next(s.located for s in located if s.mapping.table == SHEET).codes["明细"]
    book = with_cells(SGB, {(SHEET, codes["30203"]): "三", (SHEET, codes["30204"]): Decimal("0.5")})
    reading = examine(book)
    rows = reading.report.tables[SHEET][0].lists["明细"]
    (fault,) = reading.faults
    assert rows[fault.place[3]]["科目编码"] == "30203"
    assert next(row for row in rows if row["科目编码"] == "30204")["金额"] == Decimal("0.5")
    told = [f for f in validate(book).findings if f.rule == "ALL-06"]
    assert [f.cells for f in told] == [((SHEET, codes["30203"]),)]
    assert "30203" in told[0].where

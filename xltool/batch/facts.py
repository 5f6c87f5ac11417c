"""A reading as facts: one row per filled value, with its full address and the cell that it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from xltool import model
from xltool.amounts import plain
from xltool.batch.schemas import fits
from xltool.model import Kind
from xltool.reading import Reading

KINDS: dict[Kind, str] = {
    "amount": "金额",
    "number": "数字",
    "ratio": "比率",
    "text": "文字",
    "code": "文字",
    "name": "文字",
}


class Fact(NamedTuple):
    """One value: the columns of `schemas.FACT` in their order. `instance` counts from 1.

    A number is in `value`, a text in `text`; a number that the column can't hold exactly (finer than
    18 decimals, or from 10^20 on) stands in `text` with all its digits and `value` is None.
    """

    table: str
    instance: int
    row: str
    code: str | None
    name: str | None
    column: str | None
    kind: str
    value: Decimal | None
    text: str | None
    sheet: str
    cell: str


def facts(reading: Reading) -> Iterator[Fact]:
    """Every filled value that was read, in the order of the form."""
    specs = reading.edition.specs
    cells = reading.places
    for place, fact in model.facts(reading.report, specs):
        spec = specs[place[0]]
        kind = (
            spec.fields[place[2]].kind
            if len(place) == 3
            else spec.lists[place[2]].columns[place[4]]
        )
        value, text = fact.value, fact.text
        if value is not None and not fits(value):
            text, value = plain(value), None
        sheet, cell = cells[place]
        yield Fact(
            place[0],
            place[1] + 1,
            fact.row,
            fact.code,
            fact.name,
            fact.column or None,
            KINDS[kind],
            value,
            text,
            sheet,
            cell,
        )

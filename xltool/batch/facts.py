"""A reading as facts: one row per filled value, with its full address and the cell that it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xltool.amounts import plain
from xltool.batch.schemas import fits
from xltool.model import CODE, NAME, FieldSpec, Kind, ListSpec, Path, Row, Value
from xltool.reading import Reading
from xltool.reading.model import Found

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
    for found in sorted(reading.found, key=_order(reading)):
        table = reading.report.tables[found.table][found.instance]
        spec = reading.edition.specs[found.table]
        if found.list:
            yield from _row_facts(found, table.lists[found.list], spec.lists[found.list])
        else:
            yield from _field_facts(found, table.fields, spec.fields)


def _order(reading: Reading) -> Callable[[Found], tuple[int, int, bool]]:
    """Tables as in the report, single cells before lists."""
    tables = {name: n for n, name in enumerate(reading.report.tables)}
    return lambda found: (tables[found.table], found.instance, bool(found.list))


def _field_facts(
    found: Found, values: Mapping[Path, Value], fields: Mapping[Path, FieldSpec]
) -> Iterator[Fact]:
    table, number, sheet = found.table, found.instance + 1, found.sheet
    for path, ref in found.fields.items():
        _, row, column, kind = fields[path]
        value, text = _cell(values[path])
        yield Fact(
            table, number, row, None, None, column or None, KINDS[kind], value, text, sheet, ref
        )


def _row_facts(found: Found, rows: list[Row], spec: ListSpec) -> Iterator[Fact]:
    table, number, sheet = found.table, found.instance + 1, found.sheet
    keyed = spec.codes is not None
    kinds = {column: KINDS[kind] for column, kind in spec.columns.items()}
    for n, (refs, row) in enumerate(zip(found.rows, rows, strict=True), 1):
        label = spec.name if keyed else f"{spec.name}#{n}"
        code, name = _text(row.get(CODE)), _text(row.get(NAME))
        for column, ref in refs.items():
            if keyed and column in (CODE, NAME):
                continue
            value, text = _cell(row[column])
            yield Fact(
                table, number, label, code, name, column, kinds[column], value, text, sheet, ref
            )


def _text(value: Value | None) -> str | None:
    return None if value is None else str(value)


def _cell(value: Value) -> tuple[Decimal | None, str | None]:
    """A value as number or text."""
    if not isinstance(value, Decimal):
        return None, value
    return (value, None) if fits(value) else (None, plain(value))

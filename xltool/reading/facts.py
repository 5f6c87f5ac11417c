"""A reading as facts: every filled value with its full address and the cell that it stands in."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import chain, repeat
from typing import NamedTuple, TypeVar

from xltool.core.amounts import fits, plain
from xltool.core.model import CODE, NAME, FieldSpec, Kind, ListSpec, Path, Row, Value
from xltool.reading.found import ValueCells
from xltool.reading.misprints import PrintedBook

T = TypeVar("T")

COLUMNS = (
    "表",
    "份",
    "行",
    "科目编码",
    "科目名称",
    "列",
    "类型",
    "值",
    "文本",
    "工作表",
    "单元格",
)
"""The columns of the table of facts, without those of its book."""

KINDS: dict[Kind, str] = {
    "amount": "金额",
    "number": "数字",
    "ratio": "比率",
    "text": "文字",
    "code": "文字",
    "name": "文字",
}


class FactBlock(NamedTuple):
    """So many values of one block of a table, all on one sheet. `instance` counts from 1."""

    table: str
    instance: int
    sheet: str
    size: int


class Facts(NamedTuple):
    """Values, block by block and column by column as in `COLUMNS`: every other list has an item for each.

    A number is in `value`, a text in `text`; a number that the column can't hold exactly (finer than
    18 decimals, or from 10^20 on) stands in `text` with all its digits and `value` is None.
    """

    blocks: list[FactBlock]
    row: list[str]
    code: list[str | None]
    name: list[str | None]
    column: list[str | None]
    kind: list[str]
    value: list[Decimal | None]
    text: list[str | None]
    cell: list[str]

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Value by value, as the table has them."""
        of_block = chain.from_iterable(repeat(block, block.size) for block in self.blocks)
        for block, (*values, cell) in zip(of_block, zip(*self[1:], strict=True), strict=True):
            yield block.table, block.instance, *values, block.sheet, cell


def no_facts() -> Facts:
    """Columns without anything in them."""
    return Facts([], [], [], [], [], [], [], [], [])


def facts(reading: PrintedBook) -> Facts:
    """Every filled value that was read, in the order of the form.

    None of a sheet whose money unit is unknown, nor of a cell that prints another figure than it stores.
    """
    made, values = no_facts(), list[Value]()
    unknown = {(s.mapping.table, s.instance) for s in reading.found_tables if s.unit_fault}
    misprinted = {(m.sheet, m.ref) for m in reading.misprints}
    for found in sorted(reading.found, key=_order(reading)):
        if (found.table, found.instance) in unknown:
            continue
        if misprinted:
            found = _without(found, misprinted)
        table = reading.report.tables[found.table][found.instance]
        spec = reading.edition.specs[found.table]
        before = len(values)
        if found.list:
            rows = table.lists[found.list][found.start : found.start + len(found.rows)]
            values += _row_facts(made, found, rows, spec.lists[found.list])
        else:
            values += _field_facts(made, found, table.fields, spec.fields)
        count = len(values) - before
        made.blocks.append(FactBlock(found.table, found.instance + 1, found.sheet, count))
    numbers = [v if isinstance(v, Decimal) and fits(v) else None for v in values]
    texts = [_text(v) if n is None else None for v, n in zip(values, numbers, strict=True)]
    return made._replace(value=numbers, text=texts)


def _without(found: ValueCells, cells: Container[tuple[str, str]]) -> ValueCells:
    """A block without some of its cells."""
    sheet = found.sheet
    rows = [{c: r for c, r in row.items() if (sheet, r) not in cells} for row in found.rows]
    fields = {p: r for p, r in found.fields.items() if (sheet, r) not in cells}
    return found._replace(fields=fields, rows=rows)


def _order(reading: PrintedBook) -> Callable[[ValueCells], tuple[int, int, bool]]:
    """Tables as in the report, single cells before lists."""
    tables = {name: n for n, name in enumerate(reading.report.tables)}
    return lambda found: (tables[found.table], found.instance, bool(found.list))


def _field_facts(
    made: Facts, found: ValueCells, values: Mapping[Path, Value], fields: Mapping[Path, FieldSpec]
) -> list[Value]:
    """Enter where the values of single cells belong; the values."""
    count = len(found.fields)
    for path in found.fields:
        _, row, column, kind = fields[path]
        made.row.append(row)
        made.column.append(column or None)
        made.kind.append(KINDS[kind])
    made.code.extend([None] * count)
    made.name.extend([None] * count)
    made.cell.extend(found.fields.values())
    return [values[path] for path in found.fields]


def _row_facts(made: Facts, found: ValueCells, rows: list[Row], spec: ListSpec) -> list[Value]:
    """As `_field_facts`, for the rows of a list: the code and the name of a row belong to its values."""
    keyed = spec.codes is not None
    kinds = {column: KINDS[kind] for column, kind in spec.columns.items()}
    key = (CODE, NAME) if keyed else ()
    columns: list[str] = []
    values: list[Value] = []
    counts = []
    for row, refs in zip(rows, found.rows, strict=True):
        before = len(columns)
        for column, ref in refs.items():
            if column not in key:
                columns.append(column)
                values.append(row[column])
                made.cell.append(ref)
        counts.append(len(columns) - before)
    numbers = range(found.start + 1, found.start + len(rows) + 1)
    labels = [spec.name if keyed else f"{spec.name}#{n}" for n in numbers]
    made.row.extend(_each(labels, counts))
    made.code.extend(_each([_key(row.get(CODE)) for row in rows], counts))
    made.name.extend(_each([_key(row.get(NAME)) for row in rows], counts))
    made.column.extend(columns)
    made.kind.extend(map(kinds.__getitem__, columns))
    return values


def _each(items: Iterable[T], counts: Iterable[int]) -> Iterator[T]:
    """Every item as often as its count says."""
    return chain.from_iterable(map(repeat, items, counts))


def _key(value: Value | None) -> str | None:
    return None if value is None else str(value)


def _text(value: Value) -> str:
    return plain(value) if isinstance(value, Decimal) else value

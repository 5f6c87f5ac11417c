"""The rows of a list whose cells are all what they should be, column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from xltool.core.model import Row, Value
from xltool.mapping.located import LocatedList
from xltool.ooxml import Value as CellValue
from xltool.ooxml import column_refs
from xltool.reading.cellvalues import plain_values


class ReadRow(NamedTuple):
    """A filled row: its number in the sheet, the values, and the address of each."""

    number: int
    values: Row
    refs: dict[str, str]


def plain_rows(found: LocatedList, value: Callable[[str], CellValue]) -> Iterator[ReadRow] | None:
    """The filled rows, or None when a cell has to be looked at by itself: one of another kind, a code in
    pieces, a group. Every formula must store a value."""
    numbers = tuple(found.rows)
    columns: dict[str, Sequence[Value | None]] = {}
    places: list[tuple[str, ...]] = []
    for column in found.block.columns:
        left, right = found.columns[column.name]
        refs = column_refs(left, numbers)
        values = (
            None
            if column.group or column.code == "named"
            else plain_values(list(map(value, refs)), column.kind)
        )
        if values is None:
            return None
        if column.kind == "code":
            pieces = (value(r) for c in range(left + 1, right + 1) for r in column_refs(c, numbers))
            if any(piece is not None for piece in pieces):
                return None
        columns[column.name] = values
        places.append(refs)
    return _filled(numbers, columns, places)


def _filled(
    numbers: Sequence[int],
    columns: dict[str, Sequence[Value | None]],
    places: Sequence[Sequence[str]],
) -> Iterator[ReadRow]:
    titles = list(columns)
    every = zip(
        numbers, zip(*columns.values(), strict=True), zip(*places, strict=True), strict=True
    )
    for number, values, refs in every:
        row = {t: value for t, value in zip(titles, values, strict=True) if value is not None}
        if row:
            at = {t: ref for t, ref in zip(titles, refs, strict=True) if t in row}
            yield ReadRow(number, row, at)

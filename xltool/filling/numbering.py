"""The numbers (序号) that a form prints beside the rows of a list: rows that are added go on counting."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.filling.rowplan import RowMoves
from xltool.mapping.located import LocatedList
from xltool.ooxml import Sheet, Value, make_ref, split_ref


def continued(
    sheet: Sheet, found: LocatedList, moves: RowMoves
) -> Iterator[tuple[str, str | Decimal]]:
    """Cells of added rows with their number. `sheet` and `found` are the blank form's, `moves` what it becomes."""
    added = {row: model for row, model in moves.added() if model in found.rows}
    rows = moves.list_rows(found.rows) if added else []
    for column, first in _counting(sheet, found) if added else ():
        as_text = isinstance(sheet.value(make_ref(found.rows[0], column)), str)
        for number, row in enumerate(rows, first):
            if row in added:
                yield make_ref(row, column), str(number) if as_text else Decimal(number)


def _counting(sheet: Sheet, found: LocatedList) -> Iterator[tuple[int, int]]:
    """The columns beside a list that count its rows, each with its first number."""
    columns = {split_ref(ref)[1] for ref, _ in sheet.items()} - found.taken
    for column in sorted(columns):
        cells = [make_ref(row, column) for row in found.rows]
        numbers = [_whole(sheet.value(ref)) for ref in cells]
        first = numbers[0]
        plain = not any(sheet.formula(ref) for ref in cells)
        if plain and first is not None and numbers == [*range(first, first + len(numbers))]:
            yield column, first


def _whole(value: Value) -> int | None:
    """The number that a cell prints and nothing else."""
    text = str(value).strip() if isinstance(value, (str, Decimal)) else ""
    return int(text) if text.isdecimal() and len(text) < 6 else None

"""Filled cells of a located sheet that are neither a bound field nor a text of the form."""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import chain

from xltool.core.caches import remembered
from xltool.core.texts import norm, visible
from xltool.mapping.blocks import Form
from xltool.mapping.formtexts import form_texts, is_form_text
from xltool.mapping.located import ColumnSpan, Located
from xltool.ooxml import Value, column_refs, make_ref, split_ref
from xltool.reading.counting import as_count, counting_on

_COUNTING = ("行次", "栏次")
_LAST = 1 << 14
"""Columns of a sheet, at most."""
_SHORT = 128
"""Up to so many rows the cells of a list are remembered."""


def leftovers(located: Located) -> Iterator[tuple[str, Value]]:
    """Address and value of each cell that reading passed over, row by row."""
    bound = {*bound_cells(located), *located.labels}
    printed = form_texts(located.mapping)
    cells = [(r, v) for r, v in located.sheet.items() if r not in bound]
    counted = _counting(located, cells)
    for ref, value in cells:
        if isinstance(value, str):
            if not visible(value).strip() or is_form_text(value, printed):
                continue
        elif ref in counted:
            continue
        yield ref, value


def counting(located: Located) -> set[str]:
    """Addresses of the numbers that only count rows and columns: 行次, 栏次."""
    bound = {*bound_cells(located), *located.labels}
    return _counting(located, [(r, v) for r, v in located.sheet.items() if r not in bound])


def bound_cells(located: Located) -> set[str]:
    """Addresses of the cells that reading takes values from, blank ones too."""
    refs = {*located.fields.values(), *located.heads.values()}
    for places in located.codes.values():
        refs.update(places.values())
    for rows in located.lists.values():
        of_list = _of_short_list if len(rows.rows) <= _SHORT else _of_list
        refs |= of_list(tuple(rows.columns.values()), tuple(rows.rows))
    return refs


def _of_list(columns: tuple[ColumnSpan, ...], rows: tuple[int, ...]) -> frozenset[str]:
    """The cells of the columns in these rows."""
    every = (column for spot in columns for column in spot.columns)
    return frozenset(chain.from_iterable(column_refs(column, rows) for column in every))


_of_short_list = remembered(256)(_of_list)
"""Lists of one form stand in the same columns and have few lengths, book after book."""


def _counting(located: Located, cells: list[tuple[str, Value]]) -> set[str]:
    """Cells of the 行次 columns and the 栏次 row: whole numbers below or beside those words that count on."""
    numbers = {split_ref(r): n for r, v in cells if (n := as_count(v)) is not None}
    if not numbers:
        return set()
    words = ((norm(v), split_ref(r)) for r, v in cells if isinstance(v, str))
    heads = [(word, place) for word, place in words if word in _COUNTING]
    heads += [("行次", split_ref(r)) for r, text in located.labels.items() if text == "行次"]
    rows = {row: column for word, (row, column) in sorted(heads, reverse=True) if word == "栏次"}
    columns: dict[int, list[int]] = {}
    for word, (row, column) in heads:
        if word == "行次":
            columns.setdefault(column, []).append(row)
    own: Container[int] = range(_LAST)
    if (found := located.mapping.numbers) is not None and located.mapping.area:
        # a recognised table says which cells count; of several on a sheet each has its own row
        rows, own = {found.row: 0}, found.columns
    elif found is not None and not rows:
        rows[located.moved(found.row)] = 0
    counted = {place for place, v in _ordinals(located).items() if numbers.get(place) == v}
    for column, above in columns.items():
        down = {r: v for (r, c), v in numbers.items() if c == column and r > min(above)}
        counted |= {(row, column) for row in counting_on(down, above)}
    for row, left in rows.items():
        along = {c: v for (r, c), v in numbers.items() if r == row and c > left and c in own}
        counted |= {(row, column) for column in counting_on(along, [left])}
    return {make_ref(*place) for place in counted}


def _ordinals(located: Located) -> dict[tuple[int, int], int]:
    """The 行次 that stand where the mapping has them, whatever their head is called."""
    forms = (block for block in located.mapping.blocks if isinstance(block, Form))
    columns = [form.ordinals for form in forms if form.ordinals] if located.as_planned else []
    return {
        (located.moved(row), each.column): each.first + row - each.top
        for each in columns
        for row in range(each.top, each.bottom + 1)
    }

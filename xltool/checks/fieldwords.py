"""Formulas in terms of the fields that they refer to, so that added rows and moved columns change none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from xltool.core.caches import remembered
from xltool.core.hierarchy import parent_formula
from xltool.core.model import CODE
from xltool.mapping.located import Located
from xltool.ooxml import column_letter, make_ref, split_ref
from xltool.ooxml.read.formula import MAX_LENGTH, corners, tokens
from xltool.ooxml.read.refs import column_number

Field: TypeAlias = tuple[str, ...]
"""A bound cell that may hold a formula: ("field", *path), ("code", block, code), ("row", list, column)."""


class _List(NamedTuple):
    """A list of a located table: columns with kind and place; `codes`: it adds up 类 and 款."""

    name: str
    first: int
    last: int
    rows: tuple[int, ...]
    columns: tuple[tuple[str, str, int], ...]
    codes: int | None


class _Key(NamedTuple):
    """All that the layout of a located table depends on: alike for many workbooks."""

    fields: tuple[tuple[tuple[str, ...], str], ...]
    codes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    lists: tuple[_List, ...]


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the bound cells of a located table are, both ways, and the rows of its lists."""

    cells: dict[Field, list[str]]
    names: dict[tuple[int, int], str]
    lists: dict[int, _List]
    """For each sheet row inside a list: the list."""


def layout(located: Located) -> Layout:
    """The layout of a located table; tables whose cells stand alike share one."""
    lists = []
    for name, found in located.lists.items():
        kinds = {column.name: column.kind for column in found.block.columns}
        columns = tuple((c, kinds[c], spot.left) for c, spot in found.columns.items())
        codes = found.columns[CODE].left if found.block.codes is not None else None
        rows = tuple(found.rows)
        if rows:
            lists.append(_List(name, rows[0], rows[-1], rows, columns, codes))
    fields = tuple(located.fields.items())
    codes_of = tuple((block, tuple(places.items())) for block, places in located.codes.items())
    return _layout(_Key(fields, codes_of, tuple(lists)))


@remembered(512)
def _layout(key: _Key) -> Layout:
    cells: dict[Field, list[str]] = {}
    names: dict[tuple[int, int], str] = {}
    lists: dict[int, _List] = {}
    for path, ref in key.fields:
        cells[_field(path)] = [ref]
        names[split_ref(ref)] = "·".join(path)
    for block, places in key.codes:
        for code, ref in places:
            cells["code", block, code] = [ref]
            names[split_ref(ref)] = f"{block}[{code}]"
    for found in key.lists:
        for row in found.rows:
            lists[row] = found
            for column, _, left in found.columns:
                names[row, left] = column
        for column, kind, left in found.columns:
            if kind not in ("code", "name"):
                cells["row", found.name, column] = [make_ref(row, left) for row in found.rows]
    return Layout(cells, names, lists)


def _field(path: tuple[str, ...]) -> Field:
    return ("field", *path)


@remembered(1 << 13)
def parent_text(place: Layout, ref: str) -> str | None:
    """The formula that `fill` writes for a 类 or 款: the sum of the rows one level below."""
    row, column = split_ref(ref)
    found = place.lists[row]
    if found.codes is None:
        return None
    code = column_letter(found.codes)
    return parent_formula(code, column_letter(column), row, found.last)


@remembered(1 << 14)
def in_words(place: Layout, formula: str, ref: str) -> str:
    """The formula of a cell in terms of fields: each reference by the name of the cell it means.

    One that is longer than Excel's limit stays as it is.
    """
    if len(formula) > MAX_LENGTH:
        return formula
    own = split_ref(ref)
    parts = []
    for token in tokens(formula):
        if token.kind == "space":
            continue
        if token.kind != "ref" or token.sheet:
            parts.append(token.text if token.kind == "string" else token.text.lower())
            continue
        ends = [
            _name(place, (corner.row, column_number(corner.letters)), own, end=n > 0)
            if corner.letters and corner.row
            else str(corner)
            for n, corner in enumerate(corners(token.area))
        ]
        parts.append(":".join(ends))
    return "".join(parts)


def _name(place: Layout, at: tuple[int, int], own: tuple[int, int], *, end: bool) -> str:
    """A reference by the field that it means; `end`: it ends a range, which in a list of one row is the last."""
    (row, column), (own_row, own_column) = at, own
    name = place.names.get(at)
    found = place.lists.get(row)
    if found is None:
        return name or f"[{row - own_row:+d},{column - own_column:+d}]"
    shown = name or f"[{column - own_column:+d}]"
    if place.lists.get(own_row) is found:
        if row == found.last and row != own_row + 1 and row != own_row:
            return f"末行·{shown}"
        return f"行{row - own_row:+d}·{shown}"
    if row == found.last and (end or row != found.first):
        return f"末行·{shown}"
    where = "首行" if row == found.first else f"第{row - found.first + 1}行"
    return f"{where}·{shown}"

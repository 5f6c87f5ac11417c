"""Formulas in terms of the fields that they refer to, on whatever sheet: added rows and moved columns change none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from xltool.core.caches import remembered
from xltool.core.hierarchy import parent_formula
from xltool.core.model import CODE
from xltool.core.places import instance_name
from xltool.mapping.located import Located
from xltool.ooxml import column_letter, make_ref, split_ref
from xltool.ooxml.read.formula import MAX_LENGTH, Token, corners, sheet_names, tokens
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

    def has(self, at: tuple[int, int]) -> bool:
        """Whether a cell, or all of its row, is of this table."""
        return at in self.names or at[0] in self.lists


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


@remembered(1 << 15)
def parent_text(place: Layout, ref: str) -> str | None:
    """The formula that `fill` writes for a 类 or 款: the sum of the rows one level below."""
    row, column = split_ref(ref)
    found = place.lists[row]
    if found.codes is None:
        return None
    code = column_letter(found.codes)
    return parent_formula(code, column_letter(column), row, found.last)


class Neighbour(NamedTuple):
    """A table of the workbook that a formula may refer to: its sheet, its name, where its cells are."""

    sheet: str
    name: str
    place: Layout


def neighbours(located: Mapping[tuple[str, int], Located]) -> tuple[Neighbour, ...]:
    """The tables of a workbook, by name and instance, as formulas see them."""
    return tuple(
        Neighbour(at.sheet.name, instance_name(*key), layout(at)) for key, at in located.items()
    )


def in_words(
    place: Layout, formula: str, ref: str, sheet: str, around: tuple[Neighbour, ...]
) -> str:
    """The formula of a cell in terms of fields: each reference by the name of the cell it means.

    `place` is of the table that the cell is in, on `sheet`; `around` are all tables of the workbook. A formula that is
    longer than Excel's limit stays as it is.
    """
    if len(formula) > MAX_LENGTH:
        return formula
    if "!" not in formula:
        around = tuple(n for n in around if n.sheet == sheet)
        if len(around) == 1:
            return _in_words(place, formula, ref, "", ())  # the same in many workbooks
    return _in_words(place, formula, ref, sheet, around)


@remembered(1 << 14)
def _in_words(
    place: Layout, formula: str, ref: str, sheet: str, around: tuple[Neighbour, ...]
) -> str:
    own = split_ref(ref)
    parts = []
    for token in tokens(formula):
        if token.kind == "ref":
            parts.append(_reference(token, place, own, sheet, around))
        elif token.kind != "space":
            parts.append(token.text if token.kind == "string" else token.text.lower())
    return "".join(parts)


def _reference(
    token: Token, place: Layout, own: tuple[int, int], sheet: str, around: tuple[Neighbour, ...]
) -> str:
    """A reference in terms of fields; one to a sheet that has no table as it stands."""
    named = sheet_names(token.sheet) if token.sheet else (sheet,)
    there = [n for n in around if named == (n.sheet,)]
    if token.sheet and not there:
        return token.text.lower()
    ends = []
    for n, corner in enumerate(corners(token.area)):
        at = (corner.row, column_number(corner.letters)) if corner.letters else (0, 0)
        if not all(at):
            ends.append(str(corner))
        elif named == (sheet,) and (place.has(at) or not _owner(there, at)):
            places = [n.place for n in there] or [place]
            ends.append(_name(place, at, own, places, end=n > 0))
        else:
            ends.append(_elsewhere(there, at, end=n > 0))
    return ":".join(ends)


def _owner(there: Iterable[Neighbour], at: tuple[int, int]) -> Neighbour | None:
    """The table that a cell belongs to."""
    return next((n for n in there if n.place.has(at)), None)


def _elsewhere(there: list[Neighbour], at: tuple[int, int], *, end: bool) -> str:
    """A reference to a cell that the formula's own table does not have, on a sheet with the tables `there`."""
    table = _owner(there, at) or there[0]
    places = [n.place for n in there]
    own = (0, 0) if table.place.has(at) else min(table.place.names, default=(0, 0))
    return f"《{table.name}》{_name(table.place, at, own, places, end=end)}"


def _settled(places: Iterable[Layout], row: int) -> int:
    """A row as it were if each list above it, or around it, had one row."""
    lists = {(found.first, found.last) for place in places for found in place.lists.values()}
    return row - sum(min(row, last) - first for first, last in lists if first <= row)


def _name(
    place: Layout, at: tuple[int, int], own: tuple[int, int], places: list[Layout], *, end: bool
) -> str:
    """A reference by the field that it means; one to no field by the way to it, however long lists are.

    `places` are all on the sheet. `end`: it ends a range, which in a list of one row is the last.
    """
    (row, column), (own_row, own_column) = at, own
    name = place.names.get(at)
    found = place.lists.get(row)
    if found is None and name:
        return name
    if found is None:
        down = _settled(places, row) - _settled(places, own_row)
        return f"[{down:+d},{column - own_column:+d}]"
    shown = name or f"[{column - own_column:+d}]"
    if place.lists.get(own_row) is found:
        if row == found.last and row != own_row + 1 and row != own_row:
            return f"末行·{shown}"
        return f"行{row - own_row:+d}·{shown}"
    if row == found.last and (end or row != found.first):
        return f"末行·{shown}"
    where = "首行" if row == found.first else f"第{row - found.first + 1}行"
    return f"{where}·{shown}"

"""A formula's range that is a whole column of a growing list, and what rules call the sum of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from xltool.core.codes import CODE_LEVELS, CodeList
from xltool.core.model import CODE
from xltool.core.places import Place, RowPlace
from xltool.forms.fieldcells import piece, sample_rows
from xltool.mapping.located import Located
from xltool.ooxml.calc.tree import SheetArea


class ListColumn(NamedTuple):
    """A column of a list: what rules call the list, the rows of the sheet that it has, its codes."""

    table: str
    list: str
    name: str
    head: str
    each: Mapping[str, str]
    sheet: str
    left: int
    rows: tuple[int, ...]
    codes: CodeList | None

    def level(self, pattern: str) -> int | None:
        """Which level of the codes a pattern such as ??? means, from 0; None when it is none of them."""
        lengths = self.codes.levels if self.codes is not None else ()
        only = pattern and set(pattern) == {"?"}
        return lengths.index(len(pattern)) if only and len(pattern) in lengths else None

    def sum_of(self, level: int | None = None) -> str:
        """The sum of all rows, or of those of a level, as rules write it."""
        wanted = f", {CODE_LEVELS[level]}" if level is not None else ""
        return f"sum(rows({self.head}.{self.list}{wanted}).{piece(self.name)})"

    def place(self, level: int | None = None) -> Place:
        """Where the sample report has what the official rules add up: all rows are as much as those of the 类."""
        return RowPlace(self.table, 0, self.list, level or 0, self.name)

    def places(self) -> Iterator[Place]:
        """The places of all rows of the sample report."""
        yield from map(self.place, range(len(sample_rows(self.codes is not None, ()))))


def list_columns(
    located: Mapping[str, Located], names: Mapping[str, str]
) -> dict[str, list[ListColumn]]:
    """The columns of all lists by their sheets; `names`: what rules call the tables."""
    found: dict[str, list[ListColumn]] = {}
    for table, at in located.items():
        found.setdefault(at.sheet.name, []).extend(_columns(table, at, names[table]))
    return found


def _columns(table: str, at: Located, short: str) -> Iterator[ListColumn]:
    each = {"表": f"tables({short})"} if at.mapping.many else {}
    head = "$表" if each else short
    for name, placed in at.lists.items():
        # a form may end with the total, its blank rows being nothing but borders
        first = max(placed.block.first, (placed.total or 0) + 1)
        rows = tuple(placed.rows) or (first,)
        for column, span in placed.columns.items():
            if piece(column) or column == CODE:
                codes, sheet = placed.block.codes, at.sheet.name
                yield ListColumn(table, name, column, head, each, sheet, span.left, rows, codes)


def covered_by(place: SheetArea, columns: Mapping[str, list[ListColumn]]) -> ListColumn | None:
    """The column of a list that a range has all rows of, and perhaps cells above and below."""
    area = place.area
    for column in columns.get(place.sheet, ()):
        inside = area.top <= column.rows[0] and area.bottom >= column.rows[-1]
        if inside and area.left <= column.left <= area.right:
            return column
    return None

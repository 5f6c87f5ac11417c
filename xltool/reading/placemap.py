"""Places of a report and cells of its workbook, both ways: made once for a reading, when it is over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from xltool.core.cellref import CellRef
from xltool.core.model import CODE, Report
from xltool.core.places import FieldPlace, ListPlace, Place, RowPlace
from xltool.mapping.located import Located
from xltool.ooxml import make_ref, split_ref
from xltool.reading.found import FoundTable, RowNumbers


class PlaceMap:
    """Where the places of a report stand, filled or not, and what stands in a cell."""

    def __init__(
        self,
        report: Report,
        found_tables: Iterable[FoundTable],
        places: Mapping[Place, CellRef],
        row_numbers: RowNumbers,
    ) -> None:
        self._report, self._places, self._row_numbers = report, places, row_numbers
        self._located = {(s.mapping.table, s.instance): s.located for s in found_tables}

    def cell(self, place: Place) -> CellRef | None:
        """The cell of a place; None when the workbook has no such cell."""
        if (known := self._places.get(place)) is not None:
            return known
        located = self._located.get((place.table, place.instance))
        if located is None:
            return None
        if isinstance(place, RowPlace) and (beside := self._in_a_rest(place)) is not None:
            return beside
        ref = self._blank(located, place)
        return CellRef(located.sheet.name, ref) if ref else None

    def _in_a_rest(self, place: RowPlace) -> CellRef | None:
        """The cell of a row on another sheet than the one that its list begins on: it has the same columns."""
        rows = self._located[place.of_list.copy].lists.get(place.list)
        if rows is None or place.row < len(self._row_numbers.get(place.of_list, [])):
            return None
        columns = rows.columns
        beside = (self._places.get(place._replace(column=column)) for column in columns)
        filled = next(filter(None, beside), None)
        if filled is None or place.column not in columns:
            return None
        return CellRef(filled.sheet, rows.ref(split_ref(filled.ref)[0], place.column))

    def place(self, cell: tuple[str, str]) -> Place | None:
        """The place that a cell is bound to; None for any other cell."""
        return self.filled(cell) or self._bound.get(cell)

    def filled(self, cell: tuple[str, str]) -> Place | None:
        """As `place`, of cells that hold a value."""
        return self._filled.get(cell)

    def _blank(self, located: Located, place: Place) -> str | None:
        if isinstance(place, FieldPlace):
            return located.fields.get(place.path)
        table, instance, name, row, column = place
        if name in located.codes:
            rows = self._report.tables[table][instance].lists[name]
            return located.codes[name].get(str(rows[row][CODE])) if row < len(rows) else None
        numbers = self._row_numbers.get(place.of_list, [])
        found = located.lists.get(name)
        if found is None or row >= len(numbers) or column not in found.columns:
            return None
        return make_ref(numbers[row], found.columns[column].left)

    @cached_property
    def _filled(self) -> Mapping[tuple[str, str], Place]:
        return {cell: place for place, cell in self._places.items()}

    def in_row(self, sheet: str, row: int) -> Mapping[int, Place]:
        """By column, the places of a row of a sheet that hold a value."""
        return self._rows.get((sheet, row), {})

    @cached_property
    def _rows(self) -> Mapping[tuple[str, int], Mapping[int, Place]]:
        found: dict[tuple[str, int], dict[int, Place]] = defaultdict(dict)
        for place, (sheet, ref) in self._places.items():
            row, column = split_ref(ref)
            found[sheet, row][column] = place
        return found

    @cached_property
    def _bound(self) -> Mapping[tuple[str, str], Place]:
        return {cell: place for place, cell in self.bound()}

    def bound(self) -> Iterator[tuple[Place, CellRef]]:
        """Single cells, and the rows of lists that were read, blank ones too."""
        for table, instance in self._located:
            yield from self.bound_in(table, instance)

    def bound_in(self, table: str, instance: int) -> Iterator[tuple[Place, CellRef]]:
        """As `bound`, of one table."""
        located = self._located[table, instance]
        sheet, numbers = located.sheet.name, self._row_numbers
        for path, ref in located.fields.items():
            yield FieldPlace(table, instance, path), CellRef(sheet, ref)
        for name, rows in located.lists.items():
            for row, number in enumerate(numbers.get(ListPlace(table, instance, name), [])):
                for column in rows.columns:
                    place = RowPlace(table, instance, name, row, column)
                    yield place, CellRef(sheet, rows.ref(number, column))

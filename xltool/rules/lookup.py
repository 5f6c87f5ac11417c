"""Reading a Report as rules see it: cells, rows of lists by code and level, what is blank and what is unknown.

A blank is zero only where the form shows that nothing was meant: in a table that has data, or that says 本表无数据.
Where a whole level of a list, or a whole table, is not filled, a figure is missing, and that is not zero. Only where
a list has rows of its lowest level alone, as some forms print, are the levels above known: by their sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from xltool.core.amounts import convert
from xltool.core.model import CODE, Path, Report, Row, Table, TableSpec, block_column
from xltool.core.places import FieldPlace, Place
from xltool.core.texts import norm
from xltool.rules.index import ListIndex
from xltool.rules.keys import Outside, RowKey, TableKey, TableUnread, Wanting
from xltool.rules.values import ZERO, Leaf, Quantity, half_of


class Lookup:
    """One report, indexed for rules.

    `declared_empty`: tables that carry their 本表无数据 line. `unread`: tables that could not be located for
    certain. `outside`: tables that the workbook need not have and has not. `faulty`: cells whose content is
    no figure; what stands there is missing. `unplaced`: totals that the form has no place for; the sum of the
    rows stands for them. `beside`: tables that stand in another workbook of the unit, with its name. `wanting`:
    tables that cannot be had, with the reason. `printed_in`: the money unit of tables that have not the report's.
    """

    def __init__(
        self,
        report: Report,
        specs: Mapping[str, TableSpec],
        *,
        prior: bool = False,
        declared_empty: Iterable[str] = (),
        unread: Iterable[str] = (),
        outside: Iterable[str] = (),
        faulty: Iterable[Place] = (),
        unplaced: Iterable[tuple[str, int, Path]] = (),
        beside: Mapping[str, str] | None = None,
        wanting: Mapping[str, str] | None = None,
        printed_in: Mapping[str, str] | None = None,
    ) -> None:
        self.report, self.specs, self.prior = report, specs, prior
        self.declared_empty = frozenset(declared_empty)
        self.unread = frozenset(unread)
        self.outside = frozenset(outside)
        self.faulty = frozenset(faulty)
        self.unplaced = frozenset(unplaced)
        self.beside, self.wanting = beside or {}, wanting or {}
        self.printed_in = printed_in or {}
        self._lists: dict[tuple[str, int, str], ListIndex] = {}
        self._filled: dict[tuple[str, int], set[tuple[str, str]]] = {}
        # a cell stands in the sum of its row, of its parent and in other tables
        self._fields: dict[tuple[str, int, Path], Quantity] = {}
        self._cells: dict[tuple[RowKey, str], Quantity] = {}
        self._of_length: dict[tuple[str, int, str, int | None], list[RowKey]] = {}

    def instances(self, table: str) -> list[TableKey]:
        """Every instance of a table."""
        return [
            TableKey(self.prior, table, n) for n in range(len(self.report.tables.get(table, [])))
        ]

    def table(self, table: str, instance: int) -> Table | None:
        """A table instance, or None. Raises `Wanting`, `TableUnread`, `Outside`."""
        if table in self.wanting:
            raise Wanting(self.wanting[table])
        if table in self.unread:
            raise TableUnread(table)
        if table in self.outside:
            raise Outside(table)
        instances = self.report.tables.get(table, [])
        return instances[instance] if instance < len(instances) else None

    def unknown(self, table: str, instance: int) -> bool:
        """Nothing is filled in a table, and it does not say that there is nothing to fill."""
        found = self.table(table, instance)
        return table not in self.declared_empty and (found is None or found.empty)

    def field(self, table: str, instance: int, path: Path) -> Quantity:
        """A single cell."""
        key = table, instance, path
        known = self._fields.get(key)
        if known is None:
            known = self._fields[key] = self._field(table, instance, path)
        return known

    def _field(self, table: str, instance: int, path: Path) -> Quantity:
        found = self.table(table, instance)
        value = found.fields.get(path) if found else None
        number = value if isinstance(value, Decimal) else None
        leaf = self._leaf(FieldPlace(table, instance, path), number)
        if number is None and self._is_unplaced(table, instance, path):
            rows = self._sum_of_rows(table, instance, path)
            if rows.leaves:
                return rows
        if number is None:
            missing = leaf.place in self.faulty or self.unknown(table, instance)
            return Quantity(ZERO, True, missing, (leaf,))
        return Quantity(number, False, False, (leaf,))

    def _leaf(self, place: Place, number: Decimal | None) -> Leaf:
        elsewhere = place.table in self.beside
        half = None
        if number and (unit := self.printed_in.get(place.table)) is not None:
            own = self.report.unit
            half = half_of(convert(number, own, unit), unit, own)
        return Leaf(self.prior or elsewhere, place, number, external=elsewhere, half=half)

    def exists(self, table: str) -> bool:
        """Whether the workbook, or one beside it, has a sheet of a table."""
        return table in self.report.tables or table in self.beside

    def _is_unplaced(self, table: str, instance: int, path: Path) -> bool:
        spec = self.specs.get(table)
        own = spec is not None and path in spec.unplaced
        return own or (table, instance, path) in self.unplaced

    def _sum_of_rows(self, table: str, instance: int, path: Path) -> Quantity:
        """What a total would be: the sum of the highest rows of its list."""
        column = path[-1]
        rows = self.specs[table].list_of_total(path)
        highest = rows.codes.levels[0] if rows.codes else None
        total = _summed(self.level_cells(table, instance, rows.name, highest, column)[0])
        total.absent = total.absent or self.unknown(table, instance)
        return total

    def level_cells(
        self, table: str, instance: int, name: str, length: int | None, column: str
    ) -> tuple[list[Quantity], bool]:
        """A column of a list, of all rows or those with codes of one length; whether that level is known."""
        found = self.index(table, instance, name)
        items = None if length is None else found.items_of(length)
        if items is not None:
            return [self._sum(found, rows, column) for rows in items.values()], True
        keys = self.list_rows(table, instance, name, length)
        known = self._holds_level(table, found, length)
        return [self.cell(key, column) for key in keys], known

    def flat_level(self, table: str, instance: int, name: str) -> int | None:
        """The lowest level, where a list has rows of it alone."""
        return self.index(table, instance, name).flat_level

    def coded_cell(
        self, table: str, instance: int, name: str, code: str, column: str
    ) -> tuple[Quantity, bool]:
        """The cell of the row with a code; whether rows of its level are known."""
        found = self.index(table, instance, name)
        if (row := found.by_code.get(code)) is not None:
            return self.cell(found.keys[row], column), True
        items = found.items_of(len(code))
        if items is not None:
            return self._sum(found, items.get(code, ()), column), True
        known = self._holds_level(table, found, len(code))
        return Quantity(ZERO, True, not known, unlisted=not known), known

    def _sum(self, listed: ListIndex, rows: Iterable[int], column: str) -> Quantity:
        """What rows of a list add up to in a column."""
        return _summed([self.cell(listed.keys[row], column) for row in rows])

    def text(self, place: Place) -> str | None:
        """The text (or number, as text) at a place."""
        if self.table(place.table, place.instance) is None:
            return None
        value = place.value_in(self.report)
        return None if value is None else str(value)

    def cell(self, row: RowKey, column: str) -> Quantity:
        """A cell of a list's row."""
        key = row, column
        known = self._cells.get(key)
        if known is None:
            known = self._cells[key] = self._cell(row, column)
        return known

    def _cell(self, row: RowKey, column: str) -> Quantity:
        value = self.rows(row)[row.position].get(column)
        number = value if isinstance(value, Decimal) else None
        place = row.place(column)
        leaf = self._leaf(place, number)
        return Quantity(number or ZERO, number is None, place in self.faulty, (leaf,))

    def rows(self, key: RowKey) -> Sequence[Row]:
        """The rows of the list that a row belongs to."""
        return self.index(key.table, key.instance, key.list).rows

    def code(self, row: RowKey) -> str:
        """The 科目编码 of a row, or ""."""
        return self.index(row.table, row.instance, row.list).row_codes[row.position]

    def index(self, table: str, instance: int, name: str) -> ListIndex:
        """A list of a table."""
        key = (table, instance, name)
        known = self._lists.get(key)
        if known is None:
            found = self.table(table, instance)
            rows = found.lists.get(name, []) if found else []
            spec = self.specs.get(table)
            codes = spec.lists[name].codes if spec and name in spec.lists else None
            keys = [RowKey(self.prior, *key, n) for n in range(len(rows))]
            known = self._lists[key] = ListIndex(keys, rows, codes, self.faulty)
        return known

    def list_rows(
        self, table: str, instance: int, name: str, length: int | None = None
    ) -> list[RowKey]:
        """The rows of a list, or those with codes of one length."""
        key = table, instance, name, length
        known = self._of_length.get(key)
        if known is None:
            found = self.index(table, instance, name)
            known = self._of_length[key] = [
                key
                for key, row in zip(found.keys, found.rows, strict=True)
                if length is None or len(str(row.get(CODE, ""))) == length
            ]
        return known

    def level_known(self, table: str, instance: int, name: str, length: int | None) -> bool:
        """Whether a list has rows of a level at all: if not, its figures are missing, not zero."""
        return self._holds_level(table, self.index(table, instance, name), length)

    def _holds_level(self, table: str, listed: ListIndex, length: int | None) -> bool:
        if table in self.declared_empty:
            return True
        return bool(listed.rows) and (length is None or length in listed.lengths)

    def children(self, row: RowKey) -> tuple[list[RowKey], bool]:
        """The rows one level below a row; whether that level is filled anywhere in the list."""
        found = self.index(row.table, row.instance, row.list)
        below, known = found.below(self.code(row))
        return [found.keys[index] for index in below], known

    def parent(self, row: RowKey) -> RowKey | None:
        """The row one level above a row, if the list has it."""
        found = self.index(row.table, row.instance, row.list)
        index = found.above(self.code(row))
        return None if index is None else found.keys[index]

    def parents(self, table: str, instance: int, name: str) -> list[RowKey]:
        """The rows above the deepest level: each should be the sum of its children."""
        return self.index(table, instance, name).parents

    def by_code(self, table: str, instance: int, name: str, code: str) -> RowKey | None:
        """The row with a code."""
        found = self.index(table, instance, name)
        index = found.by_code.get(code)
        return None if index is None else found.keys[index]

    def by_text(self, table: str, instance: int, name: str, text: str) -> RowKey | None:
        """The first row that holds a text in any column, spaces and widths aside."""
        wanted = norm(text)
        found = self.index(table, instance, name)
        for key, row in zip(found.keys, found.rows, strict=True):
            if any(isinstance(value, str) and norm(value) == wanted for value in row.values()):
                return key
        return None

    def column_filled(self, table: str, instance: int, block: str, column: str) -> bool:
        """Whether a column of a block (or of the list whose total row it is) has any figure."""
        key = (table, instance)
        if key not in self._filled:
            self._filled[key] = set(self._columns(table, instance))
        return (block, column) in self._filled[key]

    def _columns(self, table: str, instance: int) -> Iterator[tuple[str, str]]:
        found = self.table(table, instance)
        if found is None:
            return
        for path, value in found.fields.items():
            if (at := block_column(path)) and isinstance(value, Decimal):
                yield at
        for name, spec in self.specs[table].lists.items():
            for column in self.index(table, instance, name).columns:
                yield name, column
                if spec.total:
                    yield spec.total, column


def _summed(cells: Sequence[Quantity]) -> Quantity:
    """The sum of cells; blank where all are."""
    return Quantity(
        sum((cell.value for cell in cells), ZERO),
        all(cell.blank for cell in cells),
        any(cell.missing for cell in cells),
        tuple(leaf for cell in cells for leaf in cell.leaves),
    )

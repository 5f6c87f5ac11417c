"""The address of a value in a report, and the one walk over all values that a report holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias, TypeVar

from xltool.core.model import CODE, NAME, Kind, Path, Report, Row, Table, TableSpec, Value


class FieldPlace(NamedTuple):
    """Where a single value stands in a report; `instance` counts the instances of its table from 0."""

    table: str
    instance: int
    path: Path

    @property
    def label(self) -> str:
        """The field in words."""
        return "·".join(self.path)

    @property
    def is_code(self) -> bool:
        """Whether a 科目编码 stands there: never in a single cell."""
        return False

    def value_in(self, report: Report) -> Value | None:
        """What the report holds there, None for a blank. Raises KeyError, IndexError without the table."""
        return report.tables[self.table][self.instance].fields.get(self.path)

    def put(self, report: Report, value: Value | None) -> None:
        """Enter a value there, None: a blank. Raises as `value_in`."""
        self.put_in(report.tables[self.table][self.instance], value)

    def put_in(self, table: Table, value: Value | None) -> None:
        """As `put`, in the table itself."""
        _put(table.fields, self.path, value)

    def kind_in(self, spec: TableSpec) -> Kind:
        """What the table holds there. Raises KeyError for a field that it has not."""
        return spec.fields[self.path].kind


class TableCopy(NamedTuple):
    """An instance of a table; `instance` counts from 0."""

    table: str
    instance: int


class ListPlace(NamedTuple):
    """Where a list stands in a report."""

    table: str
    instance: int
    list: str

    @property
    def copy(self) -> TableCopy:
        """The instance of the table that it is in."""
        return TableCopy(self.table, self.instance)


class RowPlace(NamedTuple):
    """Where a value in a row of a list stands in a report; `row` counts the rows of the list from 0."""

    table: str
    instance: int
    list: str
    row: int
    column: str

    @property
    def label(self) -> str:
        """List, row and column in words."""
        return f"{self.list}第{self.row + 1}行·{self.column}"

    @property
    def is_code(self) -> bool:
        """Whether a 科目编码 stands there."""
        return self.column == CODE

    @property
    def of_list(self) -> ListPlace:
        """The list that it is in."""
        return ListPlace(self.table, self.instance, self.list)

    def row_in(self, report: Report) -> Row:
        """The row that it stands in. Raises KeyError, IndexError without it."""
        return report.tables[self.table][self.instance].lists[self.list][self.row]

    def value_in(self, report: Report) -> Value | None:
        """What the report holds there, None for a blank. Raises as `row_in`."""
        return self.row_in(report).get(self.column)

    def put(self, report: Report, value: Value | None) -> None:
        """Enter a value there, None: a blank. Raises as `row_in`."""
        self.put_in(report.tables[self.table][self.instance], value)

    def put_in(self, table: Table, value: Value | None) -> None:
        """As `put`, in the table itself."""
        _put(table.lists[self.list][self.row], self.column, value)

    def kind_in(self, spec: TableSpec) -> Kind:
        """What the table holds there. Raises KeyError for a column that it has not."""
        return spec.lists[self.list].columns[self.column]


_Key = TypeVar("_Key")


def _put(values: dict[_Key, Value], key: _Key, value: Value | None) -> None:
    if value is None:
        values.pop(key, None)
    else:
        values[key] = value


Place: TypeAlias = FieldPlace | RowPlace
"""Where a value stands in a report."""


class Fact(NamedTuple):
    """One value with its full address inside a report; numbers in `value`, texts in `text`.

    `table` is suffixed `#2`, `#3` … for further instances; `row` is the list's name for list rows,
    with `#n` for lists without codes.
    """

    table: str
    row: str
    code: str | None
    name: str | None
    column: str
    value: Decimal | None
    text: str | None


def instance_name(table: str, instance: int) -> str:
    """The name of the n-th (0-based) instance of a table in facts and messages."""
    return table if instance == 0 else f"{table}#{instance + 1}"


def each_table(report: Report) -> Iterator[tuple[str, int, Table]]:
    """Every table of a report, in document order: its name, which instance of it (from 0), its values."""
    for name, instances in report.tables.items():
        for instance, table in enumerate(instances):
            yield name, instance, table


def places_in(name: str, instance: int, table: Table) -> Iterator[tuple[Place, Value]]:
    """Every filled value of one table with its place, in document order."""
    for path, value in table.fields.items():
        yield FieldPlace(name, instance, path), value
    for list_name, rows in table.lists.items():
        for n, row in enumerate(rows):
            for column, value in row.items():
                yield RowPlace(name, instance, list_name, n, column), value


def places(report: Report) -> Iterator[tuple[Place, Value]]:
    """Every filled value of a report with its place, in document order."""
    for name, instance, table in each_table(report):
        yield from places_in(name, instance, table)


def facts(report: Report, specs: Mapping[str, TableSpec]) -> Iterator[tuple[Place, Fact]]:
    """Every filled value of a report as a fact, with its place. 科目编码 and 科目名称 are no facts."""
    for name, instance, table in each_table(report):
        spec, shown = specs[name], instance_name(name, instance)
        for place, value in places_in(name, instance, table):
            if isinstance(place, FieldPlace):
                at = spec.fields[place.path]
                yield place, _fact(shown, at.row, None, None, at.column, value)
                continue
            keyed = spec.lists[place.list].codes is not None
            if keyed and place.column in (CODE, NAME):
                continue
            row = table.lists[place.list][place.row]
            label = place.list if keyed else f"{place.list}#{place.row + 1}"
            code, title = _text(row.get(CODE)), _text(row.get(NAME))
            yield place, _fact(shown, label, code, title, place.column, value)


def _text(value: Value | None) -> str | None:
    return None if value is None else str(value)


def _fact(
    table: str, row: str, code: str | None, name: str | None, column: str, value: Value
) -> Fact:
    if isinstance(value, Decimal):
        return Fact(table, row, code, name, column, value, None)
    return Fact(table, row, code, name, column, None, value)

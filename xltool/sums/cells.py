"""The figures of a report that can be added: a flat view of its tables, by place and 科目编码.

What may be added follows from the mapping alone. A table is added when every row of it can be told by a label
or a 科目编码; forms with one sheet per project or with rows known only by their order (绩效自评表) are not. In
such a table amounts and numbers (人数, 车辆数) are added, rates and texts never.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xltool.core.model import CODE, NAME, Kind, Path, Report, Row, Table, TableSpec
from xltool.core.places import FieldPlace, Place, places, places_in
from xltool.core.problems import Problem, raise_if

ADDED: frozenset[Kind] = frozenset({"amount", "number"})


class CellKey(NamedTuple):
    """One cell of a report. In a list the path is (list, 科目编码, column), whatever row the code stands in."""

    table: str
    path: Path


Cells = dict[CellKey, Decimal]
Names = dict[tuple[str, str, str], str]
"""科目名称 by table, list and code."""


def additive(spec: TableSpec) -> bool:
    """Whether the tables of this shape can be added up row by row."""
    return not spec.many and all(rows.codes is not None for rows in spec.lists.values())


def kind_of(spec: TableSpec, path: Path) -> Kind:
    """The kind of the cell at `path`."""
    if path[0] in spec.lists:
        return spec.lists[path[0]].columns[path[2]]
    return spec.fields[path].kind


def listed(spec: TableSpec, path: Path) -> bool:
    """Whether `path` leads into a list."""
    return path[0] in spec.lists


def cells_of(report: Report, specs: Mapping[str, TableSpec], where: str) -> tuple[Cells, Names]:
    """Every figure of `report` that is to be added, and the names of its codes.

    Raises `InputError` when a 科目编码 stands twice in one list: nobody knows which of the two is meant.
    """
    cells: Cells = {}
    names: Names = {}
    problems: list[Problem] = []
    for table_name, instances in report.tables.items():
        spec = specs[table_name]
        if not additive(spec) or not instances:
            continue
        for place, value in places_in(table_name, 0, instances[0]):
            path = _path(place, report)
            if path and place.kind_in(spec) in ADDED and isinstance(value, Decimal):
                cells[CellKey(table_name, path)] = value
        for code, list_name, row in _rows(instances[0]):
            if (table_name, list_name, code) in names:
                message = f"科目编码 {code} 在“{list_name}”里有两行，不知道以哪行为准"
                problems.append(
                    Problem(
                        f"{where} {table_name}", message, "先更正这个单位的表", code="not-alike"
                    )
                )
            names[table_name, list_name, code] = str(row.get(NAME, ""))
    raise_if(problems)
    return cells, names


def _path(place: Place, report: Report) -> Path | None:
    """What tells a cell from the others of its table in every unit's report; None in a row without a code."""
    if isinstance(place, FieldPlace):
        return place.path
    row = place.row_in(report)
    return (place.list, str(row[CODE]), place.column) if CODE in row else None


def _rows(table: Table) -> Iterator[tuple[str, str, Row]]:
    for list_name, rows in table.lists.items():
        for row in rows:
            if CODE in row:
                yield str(row[CODE]), list_name, row


def left_out(report: Report, specs: Mapping[str, TableSpec]) -> Iterator[tuple[str, str]]:
    """Filled cells of added tables that are no figures to add: table, and the field or column."""
    for place, _ in places(report):
        spec = specs[place.table]
        if not additive(spec) or place.kind_in(spec) in ADDED:
            continue
        if isinstance(place, FieldPlace):
            yield place.table, place.label
        elif place.kind_in(spec) not in ("code", "name") and CODE in place.row_in(report):
            yield place.table, place.column


def words(spot: CellKey, names: Names, specs: Mapping[str, TableSpec]) -> str:
    """A cell in the words of its form, without its table: 总计·合计, 2010101 行政运行·基本支出."""
    if not listed(specs[spot.table], spot.path):
        return "·".join(spot.path)
    list_name, code, column = spot.path
    title = names.get((spot.table, list_name, code), "")
    return f"{f'{code} {title}'.strip()}·{column}"


def order(specs: Mapping[str, TableSpec]) -> _Order:
    """A sort key that puts cells in the order of the forms."""
    return _Order(specs)


class _Order:
    def __init__(self, specs: Mapping[str, TableSpec]) -> None:
        self._specs = specs
        self._tables = {name: n for n, name in enumerate(specs)}
        self._fields = {
            (name, path): n for name, spec in specs.items() for n, path in enumerate(spec.fields)
        }

    def __call__(self, spot: CellKey) -> tuple[int, int, int, str, int]:
        spec = self._specs[spot.table]
        table = self._tables[spot.table]
        if not listed(spec, spot.path):
            return table, 0, self._fields[spot.table, spot.path], "", 0
        rows = spec.lists[spot.path[0]]
        place = rows.listed.index(spot.path[1]) if spot.path[1] in rows.listed else 0
        return table, 1, place, spot.path[1], list(rows.columns).index(spot.path[2])

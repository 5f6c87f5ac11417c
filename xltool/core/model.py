"""What every room speaks: a Report (the figures of one filled set) and the shape it must have.

A Report knows nothing of workbooks. Its shape (`TableSpec`) is produced from mapping files; with it,
documents are checked and every value gets the address (行, 列, 科目编码) that facts and long tables use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple, TypeAlias

from xltool.core.codes import CodeList
from xltool.core.texts import did_you_mean, norm

Value = Decimal | str
"""A filled value. A blank is an absent key or None, never a Decimal and never ""."""

Path = tuple[str, ...]
"""Where a value stands in a table of the data document: ("收入", "总计"), ("支出", "总计", "合计")."""


class BlockColumn(NamedTuple):
    """A column of a block that has several: what fields of one path share, whatever row they are of."""

    block: str
    column: str


def block_column(path: Path) -> BlockColumn | None:
    """The column of a field whose path is block, row and column; None of a block with one column."""
    return BlockColumn(path[0], path[2]) if len(path) == 3 else None


class RowField(NamedTuple):
    """A field of a row: its list, the row's number or code, its column."""

    list: str
    row: int | str
    column: str


FieldKey: TypeAlias = tuple[str | int, ...]
"""A field of a table as programs name it: its path in the document, or list, row (from 0) and column."""

Row = dict[str, Value]
"""One row of a list: column name -> value; blank columns are absent."""

Kind = Literal["amount", "number", "ratio", "text", "code", "name"]
"""amount: money, scaled with the unit; number, ratio: plain numbers; code, name: 科目编码, 科目名称."""

NUMERIC: frozenset[str] = frozenset({"amount", "number", "ratio"})

_QUOTES = re.compile("[“”\"‘’']")

CODE, NAME = "科目编码", "科目名称"

HEADS = ("单位编码", "单位类型", "单位负责人", "财务负责人", "填报人", "联系电话", "填报日期")
"""Optional heads of a document, beside 版本, 单位名称, 年度 and 金额单位."""


@dataclass(slots=True, repr=False)
class Table:
    """The values of one table. `fields` holds single cells by path, `lists` the rows of each list.

    `table["明细"]` are the rows of a list, to be changed in place; `table["收入"]` is what the data document has
    under that name, as a new dict: blanks are not in it. `table["收入", "总计"]` is the value of one field, which
    can be set (None: made blank).
    """

    fields: dict[Path, Value] = field(default_factory=dict)
    lists: dict[str, list[Row]] = field(default_factory=dict)

    def __getitem__(self, name: str | Path) -> Any:
        if isinstance(name, str) and name in self.lists:
            return self.lists[name]
        path = (name,) if isinstance(name, str) else tuple(name)
        if path in self.fields:
            return self.fields[path]
        found: dict[str, Any] = {}
        for known, value in self.fields.items():
            if known[: len(path)] == path:
                *heads, last = known[len(path) :]
                inner = found
                for head in heads:
                    inner = inner.setdefault(head, {})
                inner[last] = value
        if not found:
            raise KeyError(name)
        return found

    def __setitem__(self, name: str | Path, value: Value | int | None) -> None:
        path = (name,) if isinstance(name, str) else tuple(name)
        if isinstance(value, float):
            raise TypeError("金额不用 float：给 Decimal、int 或文字")
        if value is None:
            self.fields.pop(path, None)
        else:
            self.fields[path] = Decimal(value) if isinstance(value, int) else value

    def __contains__(self, name: object) -> bool:
        try:
            self[name]  # type: ignore[index]  # whatever it is
        except (KeyError, TypeError):
            return False
        return True

    def __iter__(self) -> Iterator[str]:
        """The names in the order of the document."""
        return iter(dict.fromkeys([*(path[0] for path in self.fields), *self.lists]))

    def __repr__(self) -> str:
        lists = "".join(f"，{name} {len(rows)} 行" for name, rows in self.lists.items())
        return f"<Table {len(self.fields)} 个单格的值{lists}>"

    @property
    def empty(self) -> bool:
        """Nothing is filled in."""
        return not self.fields and not any(self.lists.values())

    @property
    def has_figures(self) -> bool:
        """It holds a figure other than zero."""
        values = [*self.fields.values()]
        values += [v for rows in self.lists.values() for row in rows for v in row.values()]
        return any(isinstance(value, Decimal) and value != 0 for value in values)


def titled(row: Row) -> str:
    """Code and name of a row, 2010101 行政运行; as much of them as it has."""
    return f"{row.get(CODE) or ''} {row.get(NAME) or ''}".strip()


class Unread(NamedTuple):
    """A table of a workbook that was not read, and why. `table` is its title where its name is not known.

    `known`: its title is that of an official table, and not said to be another version of it.
    `rest_of`: the tables that it may be the rest of, which goes on under a title of its own.
    """

    sheet: str
    table: str
    reason: str
    known: bool = True
    rest_of: tuple[str, ...] = ()


RECOGNISED = "识别"
"""The form of a workbook whose tables were found by their words and not by an edition's addresses."""


@dataclass(slots=True, repr=False)
class Report:
    """One filled set: the heads, and by table name its instances (one, or one per project).

    `report["支出决算表"]` is the first instance of a table. `form` is `RECOGNISED` for a workbook that is no
    edition's form, else "".
    """

    edition: str
    unit_name: str
    year: int
    unit: str
    heads: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[Table]] = field(default_factory=dict)
    form: str = ""
    unread: list[Unread] = field(default_factory=list)
    likely: set[str] = field(default_factory=set)
    """The tables whose layout no source gives (`TableSpec.likely`)."""
    no_data: list[str] = field(default_factory=list)
    """Tables of which the statement 本表无数据 is made."""

    def __getitem__(self, name: str) -> Table:
        table = self.table(name)
        if table is None:
            raise KeyError("".join((name, "：没有这张表。", did_you_mean(name, self.tables))))
        return table

    def __contains__(self, name: object) -> bool:
        return name in self.tables

    def __iter__(self) -> Iterator[str]:
        """The names of the tables."""
        return iter(self.tables)

    def __repr__(self) -> str:
        heads = (self.edition, self.unit_name, self.term, self.unit, f"{len(self.tables)} 张表")
        return f"<Report {' '.join(filter(None, heads))}>"

    @property
    def term(self) -> str:
        """The year as headings say it; "" when it is not known."""
        return f"{self.year}年度" if self.year else ""

    def table(self, name: str) -> Table | None:
        """The first instance of table `name`, or None when the report does not have it."""
        instances = self.tables.get(name)
        return instances[0] if instances else None


class FieldSpec(NamedTuple):
    """A single cell of a table: its path in the document, its address as a fact, its kind."""

    path: Path
    row: str
    column: str
    kind: Kind


class ListSpec(NamedTuple):
    """A list of a table. With `codes` its rows are keyed by 科目编码, otherwise by their order."""

    name: str
    columns: Mapping[str, Kind]
    codes: CodeList | None = None
    hierarchy: bool = False
    """Rows form 类/款/项 and parents may be supplied (lists); fixed forms (`codes`) have none to add."""
    listed: tuple[str, ...] = ()
    """The only codes the form has a place for; empty: any code of the list."""
    total: str | None = None
    """The path head under which the total row of the list stands, e.g. 合计."""


class TableSpec(NamedTuple):
    """The shape of one table: which fields and lists it may have."""

    name: str
    fields: Mapping[Path, FieldSpec]
    lists: Mapping[str, ListSpec]
    many: bool
    synonyms: Mapping[Path, Path]
    """Other spellings of a path (printed labels), to the path meant."""
    likely: bool = False
    """Its layout is the likeliest one, which no source gives: documents have it under 附表."""
    also: tuple[str, ...] = ()
    """What people call it too: the number that it prints (公开01表), the name of its sheet."""
    unplaced: frozenset[Path] = frozenset()
    """Totals that the form has no place for: the sums of the rows stand for them."""

    def list_of_total(self, path: Path) -> ListSpec:
        """The list of whose rows a field is the total."""
        return next(rows for rows in self.lists.values() if rows.total == path[0])

    def kind(self, key: FieldKey) -> Kind:
        """What a field holds, by its path, or by its `RowField`."""
        if isinstance(key, RowField):
            return self.lists[key.list].columns[key.column]
        return self.fields[tuple(map(str, key))].kind


def table_names(specs: Mapping[str, TableSpec]) -> dict[str, str]:
    """The tables by all that they are called, in the spelling of `table_key`."""
    others = {table_key(also): name for name, spec in specs.items() for also in spec.also}
    return others | {table_key(name): name for name in specs}


def table_key(name: str) -> str:
    """A name of a table for looking it up: differences of width, spaces and quotes do not matter."""
    return _QUOTES.sub("", norm(name))

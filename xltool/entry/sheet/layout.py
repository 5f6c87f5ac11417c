"""What stands on a 填数表: mappings/entry/sheet.yaml, applied to an edition and the tables that were chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from xltool.core.caches import remembered
from xltool.core.codes import CodeList
from xltool.core.model import Kind, Path, Report
from xltool.core.problems import raise_if
from xltool.core.resources import MAPPINGS
from xltool.core.schemas import schema_problems
from xltool.editions import Edition
from xltool.entry.sheet.keys import of_copy
from xltool.mapping.files import read_yaml
from xltool.ooxml import open_workbook
from xltool.rules.load import load_rules

FILE = MAPPINGS / "entry" / "sheet.yaml"
SCHEMA = MAPPINGS / "entry" / "sheet.schema.json"
_TEXT_ROWS = 20
"""So many rows has a list without 科目编码."""


class ColumnGroup(NamedTuple):
    """Columns of one table's list that stand beside each other. `address`: 支出表.明细; `total`: head of their sum."""

    title: str
    short: str
    table: str
    list: str
    columns: tuple[str, ...]
    total: str


class Listed(NamedTuple):
    """A block with a row for each 科目. `fixed`: its codes, where they are printed; else `rows` are left open."""

    title: str
    codes: CodeList
    rows: int
    fixed: tuple[str, ...]
    groups: tuple[ColumnGroup, ...]
    within: tuple[tuple[str, str], ...]


class EntryCell(NamedTuple):
    """A single figure: its address in short names, its table and path, its kind."""

    address: str
    table: str
    path: Path
    kind: Kind
    copy: int = 1
    """Of a table that may stand several times (项目支出绩效自评表), which one."""


class Fields(NamedTuple):
    """A block with one figure a line."""

    title: str
    cells: tuple[EntryCell, ...]


class TextRows(NamedTuple):
    """A list whose rows have no code: tasks, indicators."""

    table: str
    list: str
    columns: tuple[tuple[str, Kind], ...]
    rows: int = _TEXT_ROWS
    copy: int = 1


class LiveRelation(NamedTuple):
    """A relation that is worked out while typing. `most`: left is not more than right.

    `when`: only under this assumption; `needs`: only once something stands in this column.
    """

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    most: bool
    when: str
    needs: str


@dataclass(frozen=True)
class EntryLayout:
    """A whole sheet. `tables`: what was chosen; `statements`: those of them that may say 本表无数据."""

    edition: Edition
    tables: tuple[str, ...]
    lists: tuple[Listed, ...]
    fields: tuple[Fields, ...]
    texts: tuple[TextRows, ...]
    checks: tuple[LiveRelation, ...]
    statements: tuple[str, ...]


@remembered(1)
def _raw() -> dict[str, Any]:
    raw: dict[str, Any] = read_yaml(FILE)
    raise_if(schema_problems(raw, SCHEMA, FILE.name))
    return raw


def layout(
    edition: Edition,
    tables: Iterable[str] = (),
    given: Report | None = None,
    copies: int = 1,
) -> EntryLayout:
    """The sheet for these tables of an edition (full names); by default those of figures, without 自评表.

    It also has a cell for every single figure of `given`. `copies`: how often a table stands that may stand
    several times.
    """
    return _Planner(edition, tuple(tables), copies).plan(given)


def titled(table: str, copy: int, copies: int) -> str:
    """The title of one of several copies of a table."""
    return f"{table}（第{copy}份）" if copies > 1 else table


class _Planner:
    def __init__(self, edition: Edition, tables: tuple[str, ...], copies: int) -> None:
        self.edition, self.copies = edition, copies
        known = load_rules(edition).tables
        numeric = tuple(n for n in edition.specs if n in known.values() and "自评" not in n)
        self.tables = tables or numeric or tuple(edition.specs)
        self.known = frozenset(known)
        self.short = {short: table for short, table in known.items() if table in self.tables}
        self.alias = {table: short for short, table in self.short.items()}
        self.placed: set[tuple[str, Path]] = set()

    def plan(self, given: Report | None) -> EntryLayout:
        raw = _raw()
        lists = list(filter(None, map(self._listed, raw["lists"])))
        fields = list(filter(None, map(self._fields, raw["fields"])))
        fields += self._rest(raw["rest"])
        if given is not None:
            cells = tuple(self._others(given))
            fields += [Fields("已有的合计（与明细核对）", cells)] if cells else []
        texts = tuple(self._texts())
        terms = set(self._terms(lists, fields))
        checks = [found for entry in raw["checks"] if (found := self._check(entry, terms))]
        mappings = self.edition.tables
        stating = tuple(name for name in self.tables if mappings[name].empty is not None)
        blocks = (tuple(lists), tuple(fields), texts)
        return EntryLayout(self.edition, self.tables, *blocks, tuple(checks), stating)

    def _listed(self, entry: dict[str, Any]) -> Listed | None:
        groups = tuple(g for raw in entry["groups"] if (g := self._group(raw)))
        if not groups:
            return None
        first = self.edition.specs[groups[0].table].lists[groups[0].list]
        assert first.codes is not None
        fixed: tuple[str, ...] = ()
        if "rows" not in entry:
            lowest = first.codes.levels[-1]
            fixed = tuple(code for code in first.listed if len(code) == lowest)
        columns = {f"{g.short}.{column}" for g in groups for column in g.columns}
        within = tuple((a, b) for a, b in entry.get("within", ()) if {a, b} <= columns)
        rows = len(fixed) or entry.get("rows", _TEXT_ROWS)
        return Listed(entry["title"], first.codes, rows, fixed, groups, within)

    def _group(self, raw: dict[str, Any]) -> ColumnGroup | None:
        table = self.short.get(raw["table"])
        if table is None:
            return None
        lists = self.edition.specs[table].lists
        name = next((name for name, spec in lists.items() if spec.codes is not None), None)
        columns = tuple(c for c in raw["columns"] if name and c in lists[name].columns)
        if name is None or not columns:
            return None
        return ColumnGroup(raw["title"], raw["table"], table, name, columns, raw.get("sum", ""))

    def _fields(self, entry: dict[str, Any]) -> Fields | None:
        cells = []
        for address in entry["paths"]:
            short, *path = address.split(".")
            table = self.short.get(short)
            spec = self.edition.specs[table].fields.get(tuple(path)) if table else None
            if table and spec:
                cells.append(EntryCell(address, table, spec.path, spec.kind))
                self.placed.add((table, spec.path))
        return Fields(entry["title"], tuple(cells)) if cells else None

    def _rest(self, follows: dict[str, list[str]]) -> Iterator[Fields]:
        """The fields of tables that do not follow from others here."""
        for table in self.tables:
            sources = follows.get(self.alias.get(table, ""))
            if sources and all(source in self.short for source in sources):
                continue
            cells = tuple(self._open(table))
            for copy in self._copies(table) if cells else ():
                own = (c._replace(address=of_copy(c.address, copy), copy=copy) for c in cells)
                yield Fields(titled(table, copy, self.copies), tuple(own))

    def _copies(self, table: str) -> range:
        return range(1, 1 + (self.copies if self.edition.specs[table].many else 1))

    def _open(self, table: str) -> Iterator[EntryCell]:
        """The fields of a table that are no formulas in the blank form and stand nowhere else."""
        refs = self.edition.cells(table)
        book = next(b for b in self.edition.workbooks if self.edition.tables[table] in b.tables)
        workbook = open_workbook(book.template)
        for path, field in self.edition.specs[table].fields.items():
            at = refs.get(path)
            formula = at is not None and workbook.sheet(at.sheet).formula(at.ref) is not None
            if not formula and (table, path) not in self.placed:
                name = self.alias.get(table, table)
                self.placed.add((table, path))
                yield EntryCell(".".join((name, *path)), table, path, field.kind)

    def _others(self, given: Report) -> Iterator[EntryCell]:
        """The figures of a report that the sheet would not ask for: totals."""
        for name, (table, *_) in given.tables.items():
            for path in table.fields:
                if (name, path) not in self.placed:
                    kind = self.edition.specs[name].fields[path].kind
                    address = ".".join((self.alias.get(name, name), *path))
                    yield EntryCell(address, name, path, kind)

    def _texts(self) -> Iterator[TextRows]:
        for table in self.tables:
            for name, spec in self.edition.specs[table].lists.items():
                if spec.codes is None:
                    for copy in self._copies(table):
                        yield TextRows(table, name, tuple(spec.columns.items()), copy=copy)

    @staticmethod
    def _terms(lists: list[Listed], fields: list[Fields]) -> Iterator[str]:
        for block in lists:
            for group in block.groups:
                yield group.short
                yield from (f"{group.short}.{column}" for column in group.columns)
        for part in fields:
            yield from (cell.address for cell in part.cells)

    def _check(self, entry: dict[str, Any], terms: set[str]) -> LiveRelation | None:
        """A check whose sides are whole: every table of theirs that the edition has was chosen."""
        most = entry.get("most", False)
        needed = entry["right"] if most else [*entry["left"], *entry["right"]]
        whole = all(t.split(".")[0] in self.short for t in needed if t.split(".")[0] in self.known)
        left, right = (tuple(t for t in entry[side] if t in terms) for side in ("left", "right"))
        if not whole or not left or not right:
            return None
        return LiveRelation(
            entry["name"], left, right, most, entry.get("when", ""), entry.get("needs", "")
        )

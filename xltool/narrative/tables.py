"""The figures of the tables that a text speaks of, in 元, with the cells that they stand in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from xltool.core.amounts import convert
from xltool.core.cellref import CellRef
from xltool.core.codes import CodeList
from xltool.core.model import CODE, NAME, Report
from xltool.core.places import Place
from xltool.narrative.words import plain
from xltool.rules.compile import Compiler
from xltool.rules.env import Env, NoPrior, Scalar
from xltool.rules.keys import Outside, RowKey, TableUnread
from xltool.rules.load import RuleSet
from xltool.rules.lookup import Lookup
from xltool.rules.scope import NameScope, NoSuchTable
from xltool.rules.syntax import ExpressionError, parse
from xltool.rules.values import Quantity

_MAY_BE_BLANK = ("三公", "基金", "国资")
"""Tables that are left blank where a unit has nothing of the kind: a blank one is then a statement."""
MAIN_COLUMNS = ("合计", "本年支出合计", "本年支出", "金额", "本年收入合计")
"""The column that a text means when it names a 科目 without more, as the tables call it."""


class Figure(NamedTuple):
    """A figure of the tables. `value` is in 元; None: the table is not filled. `blank`: the cell is."""

    value: Decimal | None
    blank: bool
    cells: tuple[CellRef, ...]
    table: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table's list: its 科目编码 and name, and the names of the levels above it."""

    code: str
    name: str
    path: tuple[str, ...]
    key: RowKey


@dataclass
class Tables:
    """The tables of one report, asked by expressions of the rule language."""

    report: Report
    rules: RuleSet
    this: Lookup
    prior: Lookup | None
    cell_of: Callable[[Place], CellRef | None]

    def figure(self, expressions: Sequence[str], *, prior: bool = False) -> Figure | None:
        """The first of the expressions that the edition has and the report fills; None: it has none."""
        best: Figure | None = None
        for text in expressions:
            found = self._one(text, prior)
            if found is not None and found.value is not None:
                return found
            best = best or found
        return best

    def _one(self, text: str, prior: bool) -> Figure | None:
        lookup = self.prior if prior else self.this
        scalar = self._compiled(text)
        if scalar is None or lookup is None:
            return None
        try:
            quantity = scalar(Env(lookup, self.prior, self.report.heads))
        except (TableUnread, Outside, NoPrior):
            return None
        return self._figure(quantity, lookup)

    def _figure(self, quantity: Quantity, lookup: Lookup) -> Figure:
        cells = tuple(
            cell
            for leaf in quantity.leaves
            if not leaf.prior and (cell := self.cell_of(leaf.place)) is not None
        )
        table = quantity.leaves[0].place.table if quantity.leaves else ""
        if quantity.missing:
            nothing = table in self._may_be_blank and self._blank(table, lookup)
            return Figure(Decimal(0) if nothing else None, True, cells, table)
        value = convert(quantity.value, lookup.report.unit, "元")
        return Figure(value, quantity.blank, cells, table)

    @cached_property
    def _may_be_blank(self) -> frozenset[str | None]:
        return frozenset(map(self.name_of, _MAY_BE_BLANK))

    def _blank(self, table: str, lookup: Lookup) -> bool:
        """Whether nothing at all is filled in: what could not be read is not blank."""
        found = lookup.table(table, 0)
        faulty = any(place.table == table for place in lookup.faulty)
        return not faulty and (found is None or found.empty)

    def _compiled(self, text: str) -> Scalar | None:
        if text not in self._known:
            try:
                self._known[text] = Compiler(self.scope).scalar(parse(text))
            except (NoSuchTable, ExpressionError):
                self._known[text] = None
        return self._known[text]

    @cached_property
    def _known(self) -> dict[str, Scalar | None]:
        return {}

    @property
    def scope(self) -> NameScope:
        return self.rules.scope

    def name_of(self, alias: str) -> str | None:
        """The edition's table behind a short name, or None."""
        return self.rules.tables.get(alias)

    def code_lists(self, alias: str) -> list[CodeList]:
        """The lists of 科目 that the rows of a table come from."""
        table = self.name_of(alias)
        lists = self.scope.specs[table].lists.values() if table else ()
        return [spec.codes for spec in lists if spec.codes]

    def rows(self, alias: str) -> list[TableRow]:
        """The rows with codes of the first list of a table."""
        if alias not in self._rows:
            self._rows[alias] = list(self._read_rows(alias))
        return self._rows[alias]

    @cached_property
    def _rows(self) -> dict[str, list[TableRow]]:
        return {}

    def _read_rows(self, alias: str) -> list[TableRow]:
        table = self.name_of(alias)
        if table is None:
            return []
        found: list[TableRow] = []
        names: dict[str, str] = {}
        for list_name, spec in self.scope.specs[table].lists.items():
            try:
                keys = self.this.list_rows(table, 0, list_name)
            except (TableUnread, Outside):
                return []
            for key in keys:
                row = self.this.rows(key)[key.position]
                code = str(row.get(CODE, ""))
                official = spec.codes.name(code) if spec.codes else None
                names[code] = str(row.get(NAME) or official or "")
                above = spec.codes.ancestors(code) if spec.codes and code else []
                path = tuple(
                    names.get(a) or (spec.codes.name(a) if spec.codes else "") or "" for a in above
                )
                found.append(TableRow(code, names[code], path, key))
        return found

    def of_row(self, row: TableRow, column: str = "", *, prior: bool = False) -> Figure | None:
        """A figure of a row: the column of that name, else the one that a text means without more."""
        spec = self.scope.specs[row.key.table].lists[row.key.list]
        names = [column] if column else [name for name in MAIN_COLUMNS if name in spec.columns]
        if not names or names[0] not in spec.columns:
            return None
        if not prior:
            return self._figure(self.this.cell(row.key, names[0]), self.this)
        key = self._prior_row(row)
        return (
            None
            if key is None or self.prior is None
            else self._figure(self.prior.cell(key, names[0]), self.prior)
        )

    def _prior_row(self, row: TableRow) -> RowKey | None:
        """The row of the same 科目编码 in last year's table."""
        if self.prior is None or not row.code:
            return None
        try:
            return self.prior.by_code(row.key.table, 0, row.key.list, row.code)
        except (TableUnread, Outside):
            return None


def by_name(rows: Sequence[TableRow]) -> Mapping[str, list[TableRow]]:
    """Rows by their names as texts write them: with and without the last 支出."""
    found: dict[str, list[TableRow]] = {}
    for row in rows:
        name = plain(row.name)
        for key in {name, name.removesuffix("支出"), name.replace("的", "")}:
            if key:
                found.setdefault(key, []).append(row)
    return found

"""Tables of the bureau's own as rules see them: `外部.批复数.年初预算`, `外部.批复数[2010301].年初预算`.

What a table does not say of a unit is missing, never zero: the rule ends 数据不足 and says what is wanting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xltool.core.amounts import convert
from xltool.core.model import Report
from xltool.core.places import FieldPlace
from xltool.core.texts import norm, quoted
from xltool.rules.keys import Wanting
from xltool.rules.scope import EXTERNAL
from xltool.rules.values import Leaf, Quantity, half_of

if TYPE_CHECKING:
    from xltool.documents.keyedtable import KeyedRow, KeyedTable


class AbsentValue(Wanting):
    """It has no such row, or nothing in the cell."""


class NoExternal(Exception):
    """A rule asks for an external table that was not given; `str()` is its name."""


class UnknownUnit(Exception):
    """The workbook's figures are in no known money unit: nothing can be held against them."""


@dataclass(frozen=True, slots=True, eq=False)
class ExternalTables:
    """The tables that were given. `unit`: the money unit of those that print none."""

    tables: Mapping[str, KeyedTable]
    unit: str | None = None

    def of(self, report: Report) -> UnitTables:
        """What they say of the unit of a report, in its money unit."""
        code = str(report.heads.get("单位编码", ""))
        return UnitTables(self, code, report.unit_name, report.unit)


@dataclass(slots=True, eq=False)
class UnitTables:
    """The rows of one unit in all tables."""

    given: ExternalTables
    code: str
    name: str
    unit: str

    def number(self, table: str, column: str, subject: str | None) -> Quantity:
        """The figure of the unit, in the unit of its report. Raises `NoExternal`, `Wanting`, `UnknownUnit`."""
        from xltool.documents.keyedtable import NoFigure

        known, row = self._row(table, column, subject)
        where = known.where(row, column)
        try:
            value, unit = known.figure(row, column, self.given.unit)
        except NoFigure as error:
            raise Wanting(f"{where} {error}") from None
        if value is None:
            raise AbsentValue(f"{where} 空着")
        if unit and not self.unit:
            raise UnknownUnit
        amount = convert(value, unit, self.unit) if unit else value
        place = FieldPlace(f"{EXTERNAL}.{table}", 0, (subject or "", column))
        half = half_of(value, unit, self.unit) if unit else None
        leaf = Leaf(True, place, amount, external=True, half=half)
        return Quantity(amount, False, False, (leaf,))

    def text(self, table: str, column: str, subject: str | None) -> str:
        """The words in a cell. Raises `NoExternal`, `Wanting`."""
        known, row = self._row(table, column, subject)
        value = row.cells.get(column)
        if value is None:
            raise AbsentValue(f"{known.where(row, column)} 空着")
        return str(value).strip()

    def _row(self, table: str, column: str, subject: str | None) -> tuple[KeyedTable, KeyedRow]:
        from xltool.documents.keyedtable import UncertainUnit

        known = self.given.tables.get(table)
        if known is None:
            raise NoExternal(table)
        if column not in known.columns:
            raise Wanting(f"外部表“{table}”没有“{column}”一栏")
        try:
            rows = known.rows_of(self.code, self.name)
        except UncertainUnit as error:
            raise Wanting(f"外部表“{table}”里{error}") from None
        if not rows:
            who = " ".join(filter(None, (self.code, self.name))) or "没有写名称的单位"
            raise AbsentValue(f"外部表“{table}”里没有“{who}”")
        wanted = norm(subject or "")
        found = [row for row in rows if norm(row.subject) == wanted]
        if not found:
            told = f"科目 {subject}" if subject else "不分科目的一行"
            raise AbsentValue(f"外部表“{table}”里“{self.name}”没有{told}")
        if len(found) > 1:
            told = f"外部表“{table}”里{quoted(self.name)}有几行，不知道用哪一行"
            raise Wanting(told)
        return known, found[0]

"""What stands on a 填数表 before anybody types: figures that were imported, what last year left, its rows."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.core.hierarchy import with_parents
from xltool.core.model import CODE, Report, Row, Table, Value
from xltool.core.problems import Problem
from xltool.editions import Edition
from xltool.entry.rollover import Opening
from xltool.entry.sheet.layout import EntryCell, EntryLayout, Listed


class Content:
    """`prior`: last year's report; `given`: figures of this year. Either may be missing."""

    def __init__(self, edition: Edition, prior: Report | None, given: Report | None) -> None:
        self.prior, self.given = prior, given
        self.opening = opening = Opening(prior, edition)
        self.year, self.name, self.unit = opening.year, opening.unit_name, opening.unit
        if given is not None:
            self.year = given.year or opening.year
            self.name, self.unit = given.unit_name, given.unit or "元"

    def last(self, table: str) -> Table | None:
        """Last year's table."""
        return self.opening.last(table)

    def field(self, cell: EntryCell) -> Value | None:
        """What is typed into a single cell."""
        if cell.copy > 1:
            return None
        table = self._given(cell.table)
        if table is not None and cell.path in table.fields:
            return table.fields[cell.path]
        return self.opening.field(cell.table, cell.path)

    def cell(self, table: str, list_name: str, code: str, column: str) -> Value | None:
        """What is typed into a row's column."""
        row = next((r for r in self._rows(self._given(table), list_name) if r[CODE] == code), {})
        return row.get(column, self.opening.cell(table, list_name, code, column))

    def rows(self, block: Listed) -> list[Row]:
        """The rows of a block: codes and names of what is given, and of last year's lowest level."""
        found: dict[str, Row] = {}
        for group in block.groups:
            found |= {str(r[CODE]): r for r in self._rows(self._given(group.table), group.list)}
        last: dict[str, Row] = {}
        for group in block.groups:
            last |= {str(r[CODE]): r for r in self._rows(self.last(group.table), group.list)}
        above = {a for code in last for a in block.codes.ancestors(code)}
        found |= {code: row for code, row in last.items() if code not in above | found.keys()}
        return [found[code] for code in with_parents(found, block.codes) if code in found]

    def _given(self, name: str) -> Table | None:
        return self.given.table(name) if self.given is not None else None

    @staticmethod
    def _rows(table: Table | None, name: str) -> list[Row]:
        rows = table.lists.get(name, []) if table is not None else []
        return [row for row in rows if row.get(CODE)]


def homeless(plan: EntryLayout, given: Report) -> Iterator[Problem]:
    """Figures that the sheet has no cell for: they would be lost on the way."""
    columns = {
        (group.table, column): group
        for block in plan.lists
        for group in block.groups
        for column in group.columns
    }
    placed = {(cell.table, cell.path) for part in plan.fields for cell in part.cells}
    for name, (table, *_) in given.tables.items():
        for path in table.fields:
            if (name, path) not in placed:
                yield _homeless(f"{name} {'·'.join(path)}")
        for rows in table.lists.values():
            for row in rows:
                for column in row.keys() - {CODE, "科目名称"}:
                    if (name, column) not in columns:
                        yield _homeless(f"{name} {row.get(CODE, '')}·{column}")


def _homeless(where: str) -> Problem:
    return Problem(where, "填数表上没有这一格", "写成数据文档：-o 数据.json", code="no-place")

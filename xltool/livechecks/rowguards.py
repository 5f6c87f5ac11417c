"""Rows that were added to a list after the sheet was made have no lines of their own: a line that says so."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.checks.context import Context
from xltool.core.model import CODE
from xltool.core.places import ListPlace, instance_name
from xltool.livechecks.areas import quoted
from xltool.livechecks.book import ReadBook
from xltool.livechecks.formulas import LEFT, RIGHT, ROW
from xltool.livechecks.lines import AuditLine
from xltool.livechecks.locations import ListRow
from xltool.livechecks.terms import Untranslatable
from xltool.livechecks.variables import mark
from xltool.ooxml import Formula

RowGuard = tuple[str, Formula | None, Formula | None, Formula | str]


class RowGuards:
    """Notes which rows have lines, and makes a guard for each list that rules go through row by row."""

    def __init__(self, context: Context, book: ReadBook) -> None:
        self.context, self.book = context, book
        self._covered: dict[ListPlace, set[ListRow]] = {}

    def mark(self, line: AuditLine) -> Formula | None:
        """What the first line of a row bears: the name of its list while the row is filled."""
        for row in line.rows:
            covered = self._covered.setdefault(row.place, set())
            if row.number and row not in covered:
                covered.add(row)
                return self._marked(row, _name(row.place))
        return None

    def _marked(self, row: ListRow, name: str) -> Formula | None:
        shown = name if self.book.filled(row) else ""
        try:
            return Formula(f'IF(IFERROR({mark(row, self.book)},FALSE),{quoted(name)},"")', shown)
        except Untranslatable:
            return None

    def lines(self, first: int, last: int) -> Iterator[RowGuard]:
        """Where, how many rows there are, how many have lines, the outcome; `\x01` stands for the row."""
        for place, covered in self._covered.items():
            if not covered:
                continue
            rows = self.book.rows(place)
            filled = [row for row in rows if self.book.filled(row)]
            without = sum(row not in covered for row in filled)
            name = _name(place)
            try:
                now = self._rows_now(place)
            except Untranslatable as error:
                yield f"{name}：{error}", None, None, "未执行"
                continue
            counted = f"COUNTIF(${ROW}${first}:${ROW}${last},{quoted(name)})"
            if without:
                counted += f"+{without}"
            number = Decimal(len(filled))
            yield (
                f"{name}：现有的行数，本表审核到的行数",
                Formula(now, number),
                Formula(counted, number),
                Formula(f'IF({LEFT}\x01<={RIGHT}\x01,"通过","未执行")', "通过"),
            )

    def _rows_now(self, place: ListPlace) -> str:
        spec = self.book.specs[place.table].lists[place.list]
        key = self.book.key(place)
        if CODE in spec.columns and spec.codes is not None:
            lengths = "+".join(f"(LEN({key})={length})" for length in spec.codes.levels)
            return f"SUMPRODUCT({lengths})"
        return f"SUMPRODUCT(--(LEN({key})>0))"


def _name(place: ListPlace) -> str:
    return f"{instance_name(*place.copy)}·{place.list}"

"""What a filled workbook holds beside what was given: supplied rows, names, totals, statements; in short lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from xltool.core.model import CODE, NAME, Row
from xltool.ooxml import Editor, column_letter, split_ref


@dataclass
class Account:
    """What was supplied to one table."""

    table: str
    sheet: str
    rows: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    stated: bool = False
    sums: list[str] = field(default_factory=list)
    """The columns whose totals are the sums of the rows, for the form has no formula there."""
    totals: list[str] = field(default_factory=list)
    """Cells of formulas that make a figure nobody gave."""

    def take_rows(self, given: Iterable[Row], written: Iterable[Row]) -> None:
        """Note the rows and names that a list was completed with."""
        known = {str(row.get(CODE)): row for row in given}
        for row in written:
            code = str(row.get(CODE))
            if code not in known:
                self.rows.append(f"{code}{row.get(NAME, '')}")
            elif known[code].get(NAME) is None and row.get(NAME):
                self.names.append(f"{code}{row[NAME]}")

    def take_totals(self, editor: Editor, given: Iterable[tuple[str, str]]) -> None:
        """Note the formulas of the sheet that make a figure nobody gave."""
        view = editor.sheet(self.sheet)
        named = {ref for sheet, ref in given if sheet == self.sheet}
        for ref in sorted(view.formulas(), key=split_ref):
            value = view.value(ref)
            if ref not in named and isinstance(value, Decimal) and value:
                self.totals.append(ref)

    def lines(self) -> Iterator[str]:
        """The account in words; nothing when nothing was supplied."""
        if self.rows:
            yield f"{self.table}：上级科目{len(self.rows)}行（{'、'.join(self.rows)}）"
        if self.names:
            yield f"{self.table}：科目名称{len(self.names)}个（{'、'.join(self.names)}）"
        if self.sums:
            columns = "、".join(self.sums)
            yield f"{self.table}：表样没有公式的合计{len(self.sums)}格，照明细加（{columns}）"
        if self.totals:
            cells = "、".join(_stretches(self.totals))
            yield f"{self.table}：公式算出的合计{len(self.totals)}格（{cells}）"
        if self.stated:
            yield f"{self.table}：说明“本表无数据”"


def _stretches(refs: Iterable[str]) -> Iterator[str]:
    """Cells in the order of rows, neighbours of a row together: D8:I8, C12."""
    start = end = (0, 0)
    for row, column in map(split_ref, refs):
        if (row, column - 1) == end:
            end = (row, column)
            continue
        if start[0]:
            yield _stretch(start, end)
        start = end = (row, column)
    if start[0]:
        yield _stretch(start, end)


def _stretch(start: tuple[int, int], end: tuple[int, int]) -> str:
    first, last = (f"{column_letter(column)}{row}" for row, column in (start, end))
    return first if first == last else f"{first}:{last}"

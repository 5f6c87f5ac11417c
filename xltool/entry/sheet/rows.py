"""The blocks of a 填数表 that have a row for each 科目, and what all blocks are drawn with."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import count, zip_longest

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from xltool.core.model import CODE, NAME, NUMERIC, Row, Value
from xltool.entry.sheet import keys
from xltool.entry.sheet.content import Content
from xltool.entry.sheet.formulas import CODE_CHOICE, NUMBERS, Live
from xltool.entry.sheet.layout import ColumnGroup, EntryLayout, Listed
from xltool.entry.sheet.style import LABEL_ROOM, LINE, EntryStyles
from xltool.ooxml.edit.measure import lines

_SPARE = 10
"""So many rows are left open below those that are there."""


class Blocks:
    """A sheet that is being drawn, row after row."""

    def __init__(self, book: xlsxwriter.Workbook, plan: EntryLayout, content: Content) -> None:
        self.plan, self.content = plan, content
        self.sheet = book.add_worksheet(keys.SHEET)
        self.codes = book.add_worksheet(keys.CODES)
        self.style = EntryStyles(book)
        self.live = Live()
        self.rows = count(0)
        self.at: dict[str, str] = {}
        """Where what a check asks for stands: totals of columns and groups, single figures, assumptions."""
        self.unit = ""
        self.verdicts: list[str] = []
        """Ranges of cells that say what is wrong; blank where nothing is."""
        self.width = keys.FIRST + max((sum(map(_columns, b.groups)) for b in plan.lists), default=3)

    # ── small things ──

    def key(self, row: int, kind: str, what: str = "") -> None:
        """The key of a line, in the hidden first column."""
        self.sheet.write_string(row, 0, keys.key(kind, what))

    def caption(self, text: str) -> None:
        """The title of a block, below a blank line."""
        next(self.rows)
        self.sheet.write_string(next(self.rows), 1, text, self.style.caption)

    def label(self, row: int, text: str) -> None:
        """A text over the first two columns; programs give a row no room for what wraps in merged cells."""
        if (wrapped := lines(text, LABEL_ROOM)) > 1:
            self.sheet.set_row(row, LINE * wrapped)
        self.sheet.merge_range(row, 1, row, 2, text, self.style.label)

    def write(self, row: int, column: int, value: Value | None) -> None:
        """One of last year's values."""
        if isinstance(value, Decimal):
            self.sheet.write_number(row, column, float(value), self.style.last)
        elif value is not None:
            self.sheet.write_string(row, column, str(value), self.style.last)

    def numbers(self, top: int, left: int, bottom: int, right: int) -> None:
        """Only figures may be typed here."""
        self.sheet.data_validation(top, left, bottom, right, NUMBERS)

    # ── rows of 科目 ──

    def _block_heads(self, key_row: int, head_row: int, total_row: int) -> None:
        """What stands before the groups of a block: the key of its columns, 科目, 名称, 合计."""
        self.key(key_row, keys.COLUMNS, "科目")
        self.sheet.set_row(key_row, None, None, {"hidden": True})
        self.sheet.write_string(key_row, 1, CODE)
        self.sheet.write_string(head_row, 1, "科目", self.style.head)
        self.sheet.write_string(head_row, 2, "名称", self.style.head)
        self.sheet.write_string(total_row, 2, "合计", self.style.head)

    def listed(self, block: Listed) -> None:
        """A block with a row for each 科目."""
        self.caption(block.title)
        last = self.content.rows(block)
        rows = max(block.rows, len(last) + _SPARE) if not block.fixed else block.rows
        key_row, group_row, head_row, total_row = (next(self.rows) for _ in range(4))
        first = next(self.rows)
        for _ in range(rows - 1):
            next(self.rows)
        self._block_heads(key_row, head_row, total_row)
        area = range(first, first + rows)
        listed = [*block.fixed] or [str(row.get(CODE, "")) for row in last]
        column, typed = 3, []
        where: dict[str, int] = {}
        for group in block.groups:
            typed.append((column, column + len(group.columns) - 1))
            where |= {f"{group.short}.{name}": column + n for n, name in enumerate(group.columns)}
            self._group(group, column, (key_row, group_row, head_row, total_row), area, listed)
            column += _columns(group)
        self.sheet.write_string(head_row, column, "要改的", self.style.head)
        for n, row in enumerate(area):
            self.key(row, keys.ROW)
            self._code(row, block, listed[n] if n < len(listed) else "", last)
            says = self.live.row_says(row, area, typed, where, block, self.unit)
            self.sheet.write_formula(row, column, says, self.style.says, "")
        name = xl_col_to_name(column)
        verdict = f"${name}${first + 1}:${name}${first + rows}"
        self.verdicts.append(verdict)
        self.sheet.conditional_format(
            first, 1, first + rows - 1, column, self.style.wrong(name, first)
        )
        if self.content.prior is not None:
            self._beside(
                block,
                column + 2,
                (key_row, group_row, head_row),
                list(zip(area, listed, strict=False)),
            )

    def _group(
        self, group: ColumnGroup, left: int, heads: tuple[int, int, int, int], area: range,
        listed: Sequence[str],
    ) -> None:  # fmt: skip
        key_row, group_row, head_row, total_row = heads
        right = left + len(group.columns) - 1
        if right > left or group.total:
            end = right + bool(group.total)
            self.sheet.merge_range(group_row, left, group_row, end, group.title, self.style.head)
        else:
            self.sheet.write_string(group_row, left, group.title, self.style.head)
        spec = self.plan.edition.specs[group.table].lists[group.list]
        for column, name in enumerate(group.columns, left):
            self.sheet.write_string(key_row, column, f"{group.short}.{group.list}.{name}")
            self.sheet.write_string(head_row, column, name, self.style.head)
            typing = self.style.amount if spec.columns[name] in NUMERIC else self.style.text
            for row, code in zip_longest(area, listed, fillvalue=""):
                value = self.content.cell(group.table, group.list, str(code), name)
                given = float(value) if isinstance(value, Decimal) else None
                self.sheet.write(int(row), column, given, typing)
            self.numbers(area[0], column, area[-1], column)
            self.at[f"{group.short}.{name}"] = self._column_total(total_row, column, area)
        if group.total:
            self.sheet.write_string(head_row, right + 1, group.total, self.style.head)
            for row in area:
                cells = f"{xl_rowcol_to_cell(row, left)}:{xl_rowcol_to_cell(row, right)}"
                formula = self.live.total([cells])
                self.sheet.write_formula(row, right + 1, formula, self.style.sum, "")
            self.at[group.short] = self._column_total(total_row, right + 1, area)

    def _column_total(self, total_row: int, column: int, area: range) -> str:
        cells = f"{xl_rowcol_to_cell(area[0], column)}:{xl_rowcol_to_cell(area[-1], column)}"
        formula = self.live.total([cells])
        self.sheet.write_formula(total_row, column, formula, self.style.sum, "")
        return fixed(total_row, column)

    def _code(self, row: int, block: Listed, code: str, last: Sequence[Row]) -> None:
        if block.fixed:
            self.sheet.write_string(row, 1, code, self.style.locked)
            self.sheet.write_string(row, 2, block.codes.name(code) or "", self.style.locked)
            return
        own = next((str(r[NAME]) for r in last if r.get(CODE) == code and r.get(NAME)), "")
        text = f"{code} {block.codes.name(code) or own}".strip()
        self.sheet.write(row, 1, text or None, self.style.text)
        self.sheet.write_formula(row, 2, self.live.name(row), self.style.locked, "")
        self.sheet.data_validation(row, 1, row, 1, CODE_CHOICE)

    def _beside(
        self, block: Listed, column: int, heads: tuple[int, int, int],
        placed: list[tuple[int, str]],
    ) -> None:  # fmt: skip
        """Last year's figures to the right, for comparison."""
        for group in block.groups:
            title = f"上年{group.title}（{self.content.opening.unit}）"
            self.sheet.write_string(heads[1], column, title, self.style.plain)
            table = self.content.last(group.table)
            rows = table.lists.get(group.list, []) if table is not None else []
            by_code = {str(row.get(CODE)): row for row in rows}
            for name in group.columns:
                self.sheet.write_string(heads[0], column, keys.LAST)
                self.sheet.write_string(heads[2], column, f"上年{name}", self.style.head)
                for at, code in placed:
                    self.write(at, column, by_code.get(code, {}).get(name))
                column += 1


def fixed(row: int, column: int) -> str:
    """$D$5, from row and column that count from 0."""
    return str(xl_rowcol_to_cell(row, column, True, True))


def _columns(group: ColumnGroup) -> int:
    return len(group.columns) + bool(group.total)

"""Spreadsheets as grids of values: XLSX, XLS, CSV, every sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from xltool.core.amounts import filled_up, parse_amount
from xltool.core.csvfile import csv_rows
from xltool.core.problems import InputError, Problem
from xltool.core.texts import visible
from xltool.documents.longrows import without_date
from xltool.ooxml import (
    CellError,
    Range,
    Sheet,
    WorkbookError,
    column_letter,
    make_ref,
    open_workbook,
    split_ref,
)
from xltool.ooxml.package.errors import workbook_problem

Cell = Decimal | str
_AS_TEXT = re.compile(r'^="([^"]*)"$')
_PLAIN = ("General", "@", "")
_NONE = frozenset(("/", "／", "\\", "无"))
"""What people put where there is no amount, beside dashes."""


class NumberedRow(str):
    """A row of a sheet in words that still knows which one: the words before its number, and the number from 1."""

    sheet: str
    row: int

    @classmethod
    def of(cls, sheet: str, row: int) -> NumberedRow:
        """The words: 决算数.xlsx 支出!第5行."""
        words = cls(f"{sheet}第{row}行")
        words.sheet, words.row = sheet, row
        return words


class SourceGrid(NamedTuple):
    """One sheet: its filled cells by row and column (from 1), and the name by which messages call it."""

    file: str
    sheet: str
    cells: dict[int, dict[int, Cell]]
    merges: tuple[Range, ...] = ()
    hidden: frozenset[int] = frozenset()
    """Rows that do not show."""
    hidden_columns: frozenset[int] = frozenset()
    concealed: bool = False
    """The whole sheet does not show."""
    formats: Mapping[tuple[int, int], str] = {}  # never changed
    """Number formats of cells (row, column) with a number, where they have one of their own."""
    unseen: frozenset[tuple[int, int]] = frozenset()
    """Cells with a number that nobody can read: struck out, of the colour of their ground."""

    turned: int = 0
    """Rows and columns are exchanged: row 4 is column A of the sheet where this is 3. 0: they are not."""

    def ref(self, row: int, column: int) -> str:
        """The cell of the sheet."""
        if self.turned and row > self.turned:
            return make_ref(column, row - self.turned)
        return make_ref(row, column)

    def letter(self, column: int) -> str:
        """By what people call a column: its letter; in a sheet that was turned, the number of the row that it was."""
        return str(column) if self.turned else column_letter(column)

    def shown(self, row: int, column: int) -> Cell | None:
        """What a cell shows: of merged cells that is what the first holds."""
        value = self.cells.get(row, {}).get(column)
        if value is not None:
            return value
        merge = next((m for m in self.merges if m.holds(row, column)), None)
        return self.cells.get(merge.top, {}).get(merge.left) if merge is not None else None

    @property
    def label(self) -> str:
        """File and sheet."""
        return f"{self.file} {self.sheet}".strip()

    def where(self, row: int, column: int | None = None) -> str:
        """A place in words: 决算数.xlsx 2024年支出明细!C3."""
        sheet = f"{self.file} {self.sheet}!" if self.sheet else f"{self.file} "
        if column:
            return f"{sheet}{self.ref(row, column)}"
        if self.turned and row > self.turned:
            return f"{sheet}{column_letter(row - self.turned)}列"
        return NumberedRow.of(sheet, row)


def grids(path: Path) -> list[SourceGrid]:
    """Every sheet of a file that holds anything. Raises `InputError`."""
    if not path.is_file():
        raise InputError(Problem(str(path), "没有这个文件", code="missing"))
    found = list(_csv(path) if path.suffix.lower() in (".csv", ".tsv", ".txt") else _book(path))
    if not found:
        raise InputError(Problem(str(path), "表里什么也没有", code="nothing-to-do"))
    return found


def _csv(path: Path) -> Iterator[SourceGrid]:
    cells = {
        r: {
            c: seen for c, value in enumerate(row, 1) if (seen := visible(_unquoted(value))).strip()
        }
        for r, (_, row) in enumerate(csv_rows(path), 1)
    }
    yield SourceGrid(path.name, "", {r: dict(row) for r, row in cells.items() if row})


def _unquoted(value: str) -> str:
    """A text that a program exported as ="2012601", so that Excel keeps it as text."""
    match = _AS_TEXT.match(value)
    return match[1] if match else value


def _book(path: Path) -> Iterator[SourceGrid]:
    try:
        for sheet in open_workbook(path).sheets:
            grid = _sheet(path, sheet)
            if uncached := sheet.uncached():
                ref = min(uncached, key=split_ref)
                message = "公式没有存储值，不知道是多少"
                where = f"{path.name} {sheet.name}!{ref}"
                raise InputError(
                    Problem(where, message, "用 Excel 或 WPS 打开，保存一次再试", code="unreadable")
                )
            if grid.cells:
                yield grid
    except WorkbookError as error:
        raise InputError(workbook_problem(error, str(path))) from error


def _sheet(path: Path, sheet: Sheet) -> SourceGrid:
    cells: dict[int, dict[int, Cell]] = {}
    formats: dict[tuple[int, int], str] = {}
    unseen: set[tuple[int, int]] = set()
    for ref, stored in sheet.items():
        row, column = split_ref(ref)
        value = without_date(sheet, ref, stored)
        value = visible(value) if isinstance(value, str) else value
        if isinstance(value, CellError):
            cells.setdefault(row, {})[column] = str(value)
        elif isinstance(value, Decimal) or (isinstance(value, str) and value.strip()):
            if (code := sheet.number_format(ref)) not in _PLAIN:
                formats[row, column] = code
            whole = filled_up(value, code) if isinstance(value, Decimal) else ""
            cells.setdefault(row, {})[column] = whole or value
            if sheet.unseen(ref):
                unseen.add((row, column))
    return SourceGrid(
        path.name,
        sheet.name,
        cells,
        tuple(sheet.merges),
        sheet.hidden_rows,
        sheet.hidden_cols,
        sheet.state != "visible",
        formats,
        frozenset(unseen),
    )


def amount(value: Cell, unit: str = "") -> Decimal | None:
    """The amount in a cell; None for a blank, a dash, a stroke. `unit`: what may stand behind it, 元 or 万元.

    Raises ValueError for what is none.
    """
    if not isinstance(value, str):
        return parse_amount(value)
    if value.strip() in _NONE:
        return None
    return parse_amount(value, unit if unit and value.rstrip().endswith("元") else None)

"""A workbook as people see it, texts, figures and merged cells, to be changed as people change it, and saved anew."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from openpyxl.worksheet.cell_range import CellRange

from tests.support.compare import contents

Value = str | float | int | bool
Cell = tuple[int, int]
"""Row and column, from 1."""
Merge = tuple[int, int, int, int]
"""Top, left, bottom, right."""


@dataclass
class Page:
    """One sheet."""

    name: str
    cells: dict[Cell, Value] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)

    def at(self, text: str, nth: int = 0) -> Cell:
        """Where the nth cell with this very text stands, in reading order."""
        return [cell for cell, value in sorted(self.cells.items()) if value == text][nth]

    def row(self, text: str) -> int:
        return self.at(text)[0]

    def column(self, text: str) -> int:
        return self.at(text)[1]

    def write(self, row: int, column: int, value: Value | None) -> None:
        """Set a cell, or clear it."""
        self.cells.pop((row, column), None)
        if value is not None:
            self.cells[row, column] = value

    def reword(self, old: str, new: str) -> None:
        """Another text in the place of the first `old`."""
        self.cells[self.at(old)] = new

    def map_texts(self, change: Callable[[str], str]) -> None:
        """Change every text."""
        for cell, value in self.cells.items():
            if isinstance(value, str):
                self.cells[cell] = change(value)

    def insert_rows(self, row: int, count: int = 1) -> None:
        """Blank rows above `row`; merged cells that it cuts grow."""
        self._shift(0, row, count)

    def insert_columns(self, column: int, count: int = 1) -> None:
        """Blank columns left of `column`; merged cells that it cuts grow."""
        self._shift(1, column, count)

    def delete_rows(self, row: int, count: int = 1) -> None:
        self._remove(0, row, count)

    def delete_columns(self, column: int, count: int = 1) -> None:
        self._remove(1, column, count)

    def move_row(self, source: int, target: int) -> None:
        """Cut a row and insert it above `target` (both as numbered before)."""
        self.insert_rows(target)
        source += source >= target
        held = {c: v for (r, c), v in self.cells.items() if r == source}
        merged = [(left, right) for t, left, b, right in self.merges if t == b == source]
        self.delete_rows(source)
        target -= source < target
        self.cells |= {(target, c): v for c, v in held.items()}
        self.merges += [(target, left, target, right) for left, right in merged]

    def swap_columns(self, one: int, other: int) -> None:
        """Exchange two columns; merges that hold only one of them go along."""
        trade = {one: other, other: one}
        self.cells = {(r, trade.get(c, c)): v for (r, c), v in self.cells.items()}
        self.merges = [
            (t, trade.get(left, left), b, trade.get(right, right))
            if left == right
            else (t, left, b, right)
            for t, left, b, right in self.merges
        ]

    def _shift(self, axis: int, start: int, count: int) -> None:
        def moved(at: int) -> int:
            return at + count if at >= start else at

        def cell(at: Cell) -> Cell:
            return (moved(at[0]), at[1]) if axis == 0 else (at[0], moved(at[1]))

        self.cells = {cell(at): value for at, value in self.cells.items()}
        self.merges = [(*cell(m[:2]), *cell(m[2:])) for m in self.merges]

    def _remove(self, axis: int, start: int, count: int) -> None:
        end = start + count

        def moved(at: int, *, last: bool = False) -> int:
            return at - count if at >= end else (start - last if at >= start else at)

        self.cells = {
            (moved(r), c) if axis == 0 else (r, moved(c)): value
            for (r, c), value in self.cells.items()
            if not start <= (r, c)[axis] < end
        }
        kept: list[Merge] = []
        for top, left, bottom, right in self.merges:
            if axis == 0:
                top, bottom = moved(top), moved(bottom, last=True)
            else:
                left, right = moved(left), moved(right, last=True)
            if top <= bottom and left <= right and (top, left) != (bottom, right):
                kept.append((top, left, bottom, right))
        self.merges = kept


class Paper:
    """A workbook's pages by table: the sheet of a table is the one that bears its title."""

    def __init__(self, pages: list[Page]) -> None:
        self.pages = pages

    def __iter__(self) -> Iterator[Page]:
        return iter(self.pages)

    def __getitem__(self, title: str) -> Page:
        return next(page for page in self.pages if title in page.cells.values())

    def save(self, path: Path) -> Path:
        """As .xlsx, .xlsm (without macros) or .xls, by the suffix."""
        if path.suffix == ".xls":
            self._save_xls(path)
            return path
        book = openpyxl.Workbook()
        book.remove(book.active)
        for page in self.pages:
            sheet = book.create_sheet(page.name)
            for (row, column), value in page.cells.items():
                cell = sheet.cell(row, column, value)
                if isinstance(value, str) and not value.startswith("#"):
                    cell.data_type = "s"
            for top, left, bottom, right in page.merges:
                sheet.merged_cells.add(CellRange(None, left, top, right, bottom))
        book.save(path)
        if path.suffix == ".xlsm":
            _macro_enabled(path)
        return path

    def _save_xls(self, path: Path) -> None:
        import xlwt

        book = xlwt.Workbook(encoding="utf-8")
        for page in self.pages:
            sheet = book.add_sheet(page.name)
            covered = dict(page.cells)
            for top, left, bottom, right in page.merges:
                value = covered.pop((top, left), "")
                sheet.write_merge(top - 1, bottom - 1, left - 1, right - 1, value)
            for (row, column), value in covered.items():
                sheet.write(row - 1, column - 1, value)
        book.save(str(path))


def _macro_enabled(path: Path) -> None:
    """Declare a saved workbook to be one that may hold macros."""
    parts = contents(path.read_bytes())
    types = parts["[Content_Types].xml"].replace(
        b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
        b"vnd.ms-excel.sheet.macroEnabled.main",
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in {**parts, "[Content_Types].xml": types}.items():
            package.writestr(name, data)


def paper_of(book: Path) -> Paper:
    """A filled workbook, formulas as their stored values."""
    pages = []
    for sheet in openpyxl.load_workbook(book, data_only=True):
        cells = {
            (cell.row, cell.column): cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value not in (None, "")
        }
        merges = [m.bounds for m in sheet.merged_cells.ranges]
        pages.append(Page(sheet.title, cells, [(t, left, b, r) for left, t, r, b in merges]))
    return Paper(pages)

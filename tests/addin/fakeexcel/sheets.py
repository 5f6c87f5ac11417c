"""Worksheets: added, copied, deleted, protected, hidden."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import TYPE_CHECKING, Any

from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.protection import SheetProtection
from openpyxl.worksheet.worksheet import Worksheet
from xlwings import base_classes as base

from .journal import ComError, recorded
from .ranges import LAST_COLUMN, LAST_ROW, Range

if TYPE_CHECKING:
    from .books import Book

_STATES = {"visible": -1, "hidden": 0, "veryHidden": 2}


class Sheets(base.Sheets):
    def __init__(self, book: Book) -> None:
        self.book, self.journal = book, book.journal

    @property
    def active(self) -> Sheet:
        active = self.book.formulas.active
        assert active is not None
        return Sheet(self.book, active.title)

    def __call__(self, key: int | str) -> Sheet:
        self.journal.note("sheet", key)
        if isinstance(key, int):
            return Sheet(self.book, self.book.formulas.worksheets[key - 1].title)
        for sheet in self.book.formulas.worksheets:
            if sheet.title.lower() == key.lower():
                return Sheet(self.book, sheet.title)
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self.book.formulas.worksheets)

    def __iter__(self) -> Iterator[Sheet]:
        for sheet in self.book.formulas.worksheets:
            self.journal.note("sheet", sheet.title)
            yield Sheet(self.book, sheet.title)


_RIGHTS = {
    "AllowFormattingCells": "formatCells",
    "AllowFormattingColumns": "formatColumns",
    "AllowFormattingRows": "formatRows",
    "AllowInsertingColumns": "insertColumns",
    "AllowInsertingRows": "insertRows",
    "AllowInsertingHyperlinks": "insertHyperlinks",
    "AllowDeletingColumns": "deleteColumns",
    "AllowDeletingRows": "deleteRows",
    "AllowSorting": "sort",
    "AllowFiltering": "autoFilter",
    "AllowUsingPivotTables": "pivotTables",
}
"""In the order of Protect's arguments; the file says what is forbidden."""

_NO_RESTRICTIONS, _UNLOCKED_CELLS, _NO_SELECTION = 0, 1, -4142


class _Protection:
    def __init__(self, sheet: Worksheet) -> None:
        for right, name in _RIGHTS.items():
            setattr(self, right, not getattr(sheet.protection, name))


class SheetApi:
    """What the add-in asks of the Worksheet object itself."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self.journal = sheet, sheet.journal

    @property
    def ProtectContents(self) -> bool:  # noqa: N802
        self.journal.note("ProtectContents")
        return bool(self._sheet.formulas.protection.sheet)

    @property
    def ProtectDrawingObjects(self) -> bool:  # noqa: N802
        self.journal.note("ProtectDrawingObjects")
        protection = self._sheet.formulas.protection
        return bool(protection.sheet and protection.objects)

    @property
    def ProtectScenarios(self) -> bool:  # noqa: N802
        self.journal.note("ProtectScenarios")
        protection = self._sheet.formulas.protection
        return bool(protection.sheet and protection.scenarios)

    @property
    def ProtectionMode(self) -> bool:  # noqa: N802
        self.journal.note("ProtectionMode")
        return False

    @property
    def EnableSelection(self) -> int:  # noqa: N802
        self.journal.note("EnableSelection")
        protection = self._sheet.formulas.protection
        if protection.selectUnlockedCells:
            return _NO_SELECTION
        return _UNLOCKED_CELLS if protection.selectLockedCells else _NO_RESTRICTIONS

    @EnableSelection.setter
    def EnableSelection(self, wanted: int) -> None:  # noqa: N802
        self.journal.note("set EnableSelection")
        protection = self._sheet.formulas.protection
        protection.selectUnlockedCells = wanted == _NO_SELECTION
        protection.selectLockedCells = wanted != _NO_RESTRICTIONS

    @recorded("unprotect_sheet")
    def Unprotect(self, password: str) -> None:  # noqa: N802
        """Without a password in the call, Excel would ask the person."""
        if self._sheet.formulas.protection.password:
            raise ComError("您提供的密码不正确")
        self._sheet.formulas.protection = SheetProtection()

    @recorded("protect_sheet")
    def Protect(  # noqa: N802
        self,
        password: str,
        drawings: bool,
        contents: bool,
        scenarios: bool,
        by_macro: bool,
        *rights: bool,
    ) -> None:
        assert password == "" and not by_macro and len(rights) == len(_RIGHTS)
        forbidden = {
            name: not allowed for name, allowed in zip(_RIGHTS.values(), rights, strict=True)
        }
        self._sheet.formulas.protection = SheetProtection(
            sheet=contents, objects=drawings, scenarios=scenarios, **forbidden
        )

    @property
    def Protection(self) -> _Protection:  # noqa: N802
        self.journal.note("Protection")
        return _Protection(self._sheet.formulas)


class Sheet(base.Sheet):
    book: Any = None
    api: Any = None

    def __init__(self, book: Book, title: str) -> None:
        self.book, self.title, self.journal = book, title, book.journal
        self.api = SheetApi(self)

    @property
    def formulas(self) -> Worksheet:
        return self.book.formulas[self.title]

    @property
    def values(self) -> Worksheet:
        return self.book.values[self.title]

    @property
    def name(self) -> str:
        self.journal.note("sheet_name")
        return self.title

    @property
    def index(self) -> int:
        return int(self.book.formulas.index(self.formulas)) + 1

    @property
    def visible(self) -> int:
        self.journal.note("sheet_visible")
        return _STATES[self.formulas.sheet_state]

    @property
    def names(self) -> Names:
        return Names(self)

    @property
    def used_range(self) -> Range:
        sheet = self.formulas
        return Range(self, [(sheet.min_row, sheet.min_column, sheet.max_row, sheet.max_column)])

    @property
    def cells(self) -> Range:
        return Range(self, [(1, 1, LAST_ROW, LAST_COLUMN)])

    def range(self, first: Any, second: Any = None) -> Range:
        self.journal.note("range", first)
        return Range.of(self, first, second)

    @recorded("activate_sheet")
    def activate(self) -> None:
        if self.formulas.sheet_state != "visible":
            raise ComError("隐藏的工作表不能激活")
        self.book.formulas.active = self.index - 1

    @recorded("delete_sheet")
    def delete(self) -> None:
        if self.book.structure_locked:
            raise ComError("工作簿结构受保护")
        for book in (self.book.formulas, self.book.values):
            del book[self.title]

    @recorded("copy_sheet")
    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        assert before is None and after is not None
        target = after.book
        if target.structure_locked:
            raise ComError("工作簿结构受保护")
        title = self._free_title(target)
        for source, book in ((self.formulas, target.formulas), (self.values, target.values)):
            _copy(source, book.create_sheet(title, after.index))
        for name in self.formulas.defined_names.values():
            made = DefinedName(name.name, attr_text=name.attr_text, hidden=name.hidden)
            target.formulas[title].defined_names[name.name] = made
        target.formulas.active = after.index
        target.app.books.current = target

    def _free_title(self, target: Book) -> str:
        taken = {sheet.title.lower() for sheet in target.formulas.worksheets}
        titles = (self.title, *(f"{self.title} ({n})" for n in range(2, 99)))
        return next(title for title in titles if title.lower() not in taken)


def _copy(source: Worksheet, made: Worksheet) -> None:
    """What Excel takes along when it copies a sheet to another workbook."""
    known: dict[tuple[int, ...], Any] = {}
    for row in source.iter_rows():
        for cell in row:
            there = made.cell(cell.row, cell.column)
            there.value = cell.value
            if cell.data_type == "s":
                there.data_type = "s"  # a text stays text whatever it begins with
            if cell.has_style:
                _copy_style(cell, there, known)
            if cell.hyperlink:
                there.hyperlink = copy(cell.hyperlink)
    for area in source.merged_cells.ranges:
        made.merged_cells.add(str(area))
    for letter, column in source.column_dimensions.items():
        made.column_dimensions[letter].width = column.width
    made.protection = copy(source.protection)
    made.auto_filter.ref = source.auto_filter.ref
    made.freeze_panes = source.freeze_panes


def _copy_style(cell: Any, there: Any, known: dict[tuple[int, ...], Any]) -> None:
    key = tuple(cell._style)
    if key in known:
        there._style = copy(known[key])
        return
    there.font, there.fill, there.border = copy(cell.font), copy(cell.fill), copy(cell.border)
    there.alignment, there.protection = copy(cell.alignment), copy(cell.protection)
    there.number_format = cell.number_format
    known[key] = there._style


class Names(base.Names):
    """The names of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self.journal = sheet, sheet.journal

    def __len__(self) -> int:
        self.journal.note("names_count")
        return len(self._sheet.formulas.defined_names)

    def __call__(self, index: int) -> Name:
        self.journal.note("name", index)
        title = self._sheet.title
        return Name(f"'{title}'!{list(self._sheet.formulas.defined_names)[index - 1]}")

    @recorded("add_name")
    def add(self, name: str, refers_to: str) -> Name:
        made = DefinedName(name, attr_text=refers_to.removeprefix("="))
        self._sheet.formulas.defined_names[name] = made
        return Name(name)


class Name(base.Name):
    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def name(self) -> str:
        return self._name

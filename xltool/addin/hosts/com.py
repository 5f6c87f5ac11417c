"""Calls into Excel's own objects, for what xlwings has no words for. Windows only.

Everything that goes past xlwings' interface is here, so that what could not be tried without Excel
is one page to read. Names and arguments are those of the Excel object model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xltool.addin.hosts.contract import Kind

if TYPE_CHECKING:
    import xlwings as xw

_RIGHTS = (
    "AllowFormattingCells",
    "AllowFormattingColumns",
    "AllowFormattingRows",
    "AllowInsertingColumns",
    "AllowInsertingRows",
    "AllowInsertingHyperlinks",
    "AllowDeletingColumns",
    "AllowDeletingRows",
    "AllowSorting",
    "AllowFiltering",
    "AllowUsingPivotTables",
)
"""What protection may allow, in the order of the arguments of `Worksheet.Protect`."""

_MACROS_AS_SET = 2
"""msoAutomationSecurityByUI."""


def reason(error: Exception) -> str:
    """What went wrong: in Excel's own words where it has some."""
    told = getattr(error, "excepinfo", None)
    return str(told[2]) if told and told[2] else f"{type(error).__name__}：{error}"


def save_copy(book: xw.Book, target: Path) -> None:
    """Write the workbook as it stands in memory to `target`; the workbook itself stays as it is."""
    book.api.SaveCopyAs(str(target))


def never_saved(book: xw.Book) -> bool:
    """True when the workbook has no file yet."""
    return not book.api.Path


def full_name(book: xw.Book) -> str:
    """Where the workbook's file is: a path, or an address in the cloud, which xlwings would try to translate."""
    return str(book.api.FullName)


def open_book(app: xw.App, path: Path) -> xw.Book:
    """Open a workbook, its macros as the person's own settings have them.

    A workbook that a program opens runs its macros unasked, unless Excel is told otherwise at that moment.
    """
    api = app.api
    before = api.AutomationSecurity
    api.AutomationSecurity = _MACROS_AS_SET
    try:
        return app.books.open(str(path))
    finally:
        api.AutomationSecurity = before


def visible(sheet: xw.Sheet) -> bool:
    """True for a sheet that can be shown: xlSheetVisible is -1, very hidden 2, and xlwings gives what Excel gives."""
    return sheet.visible in (True, -1)


def sheet_protected(sheet: xw.Sheet) -> bool:
    """True when anything on the sheet is protected."""
    api = sheet.api
    return bool(api.ProtectContents or api.ProtectDrawingObjects or api.ProtectScenarios)


def unprotect_sheet(sheet: xw.Sheet) -> Callable[[], None]:
    """Take the protection off a sheet that has no password; what it returns puts it on again as it was.

    The empty password keeps Excel from asking the person for one: where there is one after all, this raises.
    """
    api = sheet.api
    parts = (api.ProtectDrawingObjects, api.ProtectContents, api.ProtectScenarios)
    rights, by_macro = api.Protection, api.ProtectionMode
    allowed = [bool(getattr(rights, name)) for name in _RIGHTS]
    selection = api.EnableSelection
    api.Unprotect("")

    def protect() -> None:
        api.Protect("", *map(bool, parts), bool(by_macro), *allowed)
        api.EnableSelection = selection

    return protect


def unprotect_structure(book: xw.Book) -> Callable[[], None]:
    """As `unprotect_sheet`, for the structure (and the windows) of the workbook."""
    api = book.api
    windows = bool(api.ProtectWindows)
    api.Unprotect("")
    return lambda: api.Protect("", True, windows)


def read_only(book: xw.Book) -> bool:
    """True when the workbook cannot be saved under its own name."""
    return bool(book.api.ReadOnly)


def structure_locked(book: xw.Book) -> bool:
    """True when sheets can be neither added nor removed."""
    return bool(book.api.ProtectStructure)


def takes_formats(sheet: xw.Sheet) -> bool:
    """True when conditional formats can be added and removed."""
    api = sheet.api
    return not api.ProtectContents or bool(api.Protection.AllowFormattingCells)


def takes_notes(sheet: xw.Sheet) -> bool:
    """True when notes can be added and removed."""
    return not sheet.api.ProtectDrawingObjects


def takes_links(sheet: xw.Sheet) -> bool:
    """True when links can be removed."""
    return not sheet.api.ProtectContents


def clear_links(sheet: xw.Sheet, area: str) -> None:
    """Remove the links of cells; their formats stay, which `Hyperlink.Delete` would reset."""
    sheet.range(area).api.ClearHyperlinks()


def active_cell(app: xw.App) -> Any:
    """The cell in the selection that typing goes to; None on a chart sheet."""
    return app.api.ActiveCell


def activate_cell(cell: Any) -> None:
    """Make a cell of the selection the one that typing goes to."""
    cell.Activate()


def fit_note(note: xw.Note, width: float, height: float) -> None:
    """Give the box of a note a size in points."""
    shape = note.api.Shape
    shape.Width, shape.Height = width, height


def choose_file(app: xw.App, title: str, kinds: Sequence[Kind]) -> Path | None:
    """Excel's dialog for opening a file; it opens nothing."""
    found = app.api.GetOpenFilename(_filters(kinds), 1, title)
    return Path(found) if isinstance(found, str) else None


def choose_target(app: xw.App, title: str, name: str, kinds: Sequence[Kind]) -> Path | None:
    """Excel's dialog for saving under a name; it saves nothing."""
    found = app.api.GetSaveAsFilename(name, _filters(kinds), 1, title)
    return Path(found) if isinstance(found, str) else None


def _filters(kinds: Sequence[Kind]) -> str:
    parts = []
    for kind in kinds:
        patterns = ";".join(f"*{suffix}" for suffix in kind.suffixes)
        # a comma separates name and pattern
        parts += [f"{kind.name.replace(',', '，')} ({patterns})", patterns]
    return ",".join(parts)

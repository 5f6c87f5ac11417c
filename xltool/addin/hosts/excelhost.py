"""The workbook that is open in Excel, through xlwings. Windows; see docs/addin.md for its limits.

It is read as the file that Excel would save now (`SaveCopyAs` into a private folder, removed at
once): one call, every value, formula and format as they are in memory, and the same reader as for a
file. What the button finds is thus what `xltool validate` finds. Where Excel refuses the copy
(rights management) the workbook is not checked, and the message says so.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.addin.hosts import com
from xltool.addin.hosts.contract import Cleared, Kind, MarkResult
from xltool.addin.hosts.excelmarks import MOST_NOTES, put_marks, take_marks
from xltool.addin.hosts.excelreplace import replaced, replacing_obstacle
from xltool.addin.hosts.excelresult import obstacle, put_result, take_result
from xltool.addin.hosts.excelstate import undisturbed
from xltool.checks import Validation
from xltool.core.cellref import CellRef
from xltool.core.printable import harmless
from xltool.core.problems import InputError, Problem
from xltool.mapping.ownsheets import result_sheet
from xltool.ooxml import Workbook, WorkbookError, open_workbook
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading import Reading, examine
from xltool.reporting.workbook.cellmarks import cell_marks

if TYPE_CHECKING:
    import xlwings as xw

TITLE = "决算工具"


class ExcelHost:
    """An open workbook and the person who works on it."""

    def __init__(self, book: xw.Book) -> None:
        self.book = book
        self.app = book.app

    @property
    def name(self) -> str:
        """The workbook's name, with the suffix that it will have when it was never saved."""
        name = str(self.book.name)
        return f"{name}.xlsx" if com.never_saved(self.book) else name

    @contextmanager
    def snapshot(self) -> Iterator[Path]:
        """A copy in a private folder, gone afterwards."""
        folder = Path(tempfile.mkdtemp(prefix="xltool-"))
        try:
            path = folder / self.name
            try:
                com.save_copy(self.book, path)
            except Exception as error:  # Excel's errors have no common class of their own
                hint = "工作簿受权限管理（IRM）或敏感度标签限制时会这样；另存为普通工作簿后再试"
                told = Problem(
                    self.name,
                    f"Excel 不让另存副本，没有读取（{com.reason(error)}）",
                    hint,
                    code="host",
                )
                raise InputError(told) from error
            yield path
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def read(self) -> Reading:
        """As `xltool validate` would read the file, if it were saved now."""
        with self.snapshot() as path:
            return examine(path)

    def mark(self, validation: Validation) -> MarkResult:
        """Show the findings in the open workbook."""
        workbook = validation.reading.workbook
        limits = list(self._take_off(workbook).limits)
        marks = cell_marks(validation)
        refused = put_marks(self.book, workbook, marks)
        if refused:
            limits.append(f"{_listed(refused)}受保护，没有标记")
        if (
            sum(bool(mark.texts) for cells in marks.values() for mark in cells.values())
            > MOST_NOTES
        ):
            limits.append(f"批注最多加 {MOST_NOTES} 个，其余看“校验结果”表，或点“下一处问题”")
        reason = obstacle(self.book, workbook)
        result = None if reason else put_result(self.book, validation)
        limits += [reason] if reason else []
        return MarkResult(result, tuple(dict.fromkeys(limits)))

    def clear(self) -> Cleared:
        """Take everything of ours off the open workbook."""
        with self.snapshot() as path:
            return self._take_off(_opened(path))

    def _take_off(self, workbook: Workbook) -> Cleared:
        gone, refused = take_marks(self.book, workbook)
        limits = []
        sheet = result_sheet(workbook)
        if sheet is not None:
            reason = obstacle(self.book, workbook)
            if reason:
                limits.append(reason)
            else:
                refused += take_result(self.book, workbook, sheet.name)
        if refused:
            names = _listed(list(dict.fromkeys(refused)))
            advice = "可以撤销保护后再清除，或用 xltool clean 清除"
            limits.insert(0, f"{names}受保护，原有的标记、批注和链接没有清除（{advice}）")
        return Cleared(bool(gone or refused or sheet), tuple(limits))

    def obstacle(self) -> str:
        """A workbook without a file of its own on this computer cannot be replaced."""
        return replacing_obstacle(self.book)

    def replace(self, content: Path) -> None:
        """Close, write, open."""
        self.book = replaced(self.book, content)

    def report(self, text: str, *, serious: bool = False) -> None:
        """A message box."""
        self.app.alert(harmless(text), TITLE, mode="critical" if serious else "info")

    def ask(self, question: str) -> bool:
        """A message box with yes and no."""
        return self.app.alert(harmless(question), TITLE, buttons="yes_no", mode="info") == "yes"

    def choose(self, title: str, kinds: Sequence[Kind]) -> Path | None:
        """Excel's dialog for opening."""
        return com.choose_file(self.app, title, kinds)

    def choose_target(self, title: str, name: str, kinds: Sequence[Kind]) -> Path | None:
        """Excel's dialog for saving; the open workbook itself is refused."""
        target = com.choose_target(self.app, title, name, kinds)
        if target is not None and str(target).casefold() == com.full_name(self.book).casefold():
            raise InputError(
                Problem(
                    str(target),
                    "这是打开的工作簿，不能写在它上面",
                    "换一个文件名",
                    code="input-as-output",
                )
            )
        return target

    def open(self, path: Path) -> None:
        """Open another workbook; it comes to the front."""
        com.open_book(self.app, path).activate()

    def here(self) -> CellRef | None:
        """The active cell, when this workbook is in front."""
        book = self.app.books.active
        cell = com.active_cell(self.app) if book.name == self.book.name else None
        if cell is None:
            return None
        return CellRef(str(book.sheets.active.name), str(cell.Address).replace("$", ""))

    def goto(self, cell: CellRef) -> bool:
        """Select a cell of a visible sheet."""
        name, ref = cell
        sheet = self.book.sheets[name]
        if not com.visible(sheet):
            return False
        self.book.activate()
        sheet.activate()
        sheet.range(ref).select()
        return True

    def working(self, text: str) -> AbstractContextManager[None]:
        """Quiet work with `text` in the status bar."""
        return undisturbed(self.book, text)


def _opened(path: Path) -> Workbook:
    """A workbook of whatever kind, for what stands in it. Raises `InputError`."""
    try:
        return open_workbook(path)
    except WorkbookError as error:
        raise InputError(workbook_problem(error)) from error


def _listed(names: Sequence[str]) -> str:
    return "工作表" + "、".join(f"“{name}”" for name in names)

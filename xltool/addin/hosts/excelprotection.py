"""Protection that anyone may take off is off for the moment in which something of ours comes or goes.

The official forms protect every sheet, without a password. Where there is one, the sheet is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xltool.addin.hosts import com
from xltool.core.problems import InputError, Problem
from xltool.ooxml import Workbook

if TYPE_CHECKING:
    import xlwings as xw


@contextmanager
def opened(book: xw.Book, snapshot: Workbook, name: str) -> Iterator[xw.Sheet]:
    """A sheet, without its protection where no password keeps it; afterwards it is as before.

    What the sheet still refuses, its protection has to be asked for (`com.takes_formats` and the like).
    """
    sheet = book.sheets[name]
    free = snapshot.sheet(name).has_password or not com.sheet_protected(sheet)
    with _without(f"工作表“{name}”", None if free else lambda: com.unprotect_sheet(sheet)):
        yield sheet


@contextmanager
def structure_opened(book: xw.Book, snapshot: Workbook) -> Iterator[None]:
    """The workbook, without the protection of its structure where no password keeps it."""
    free = snapshot.has_password or not com.structure_locked(book)
    with _without("工作簿结构", None if free else lambda: com.unprotect_structure(book)):
        yield


@contextmanager
def _without(what: str, lift: Callable[[], Callable[[], None]] | None) -> Iterator[None]:
    restore: Callable[[], None] | None = None
    if lift is not None:
        try:
            restore = lift()
        except Exception:  # Excel keeps it for a reason of its own: the workbook is shared, say
            restore = None
    try:
        yield
    finally:
        if restore is not None:
            _again(what, restore)


def _again(what: str, restore: Callable[[], None]) -> None:
    try:
        restore()
    except Exception as error:
        message = f"保护没有恢复（{com.reason(error)}）"
        raise InputError(
            Problem(what, message, "请在“审阅”里重新保护，不设密码", code="host")
        ) from error

"""An open workbook written anew in its place: closed, its file replaced, opened again.

Excel is asked for nothing but closing and opening, so that rows, merges, print settings and macros of the
new content are to the byte what was written; cells that are typed into one by one would not promise that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.addin.hosts import com
from xltool.core.problems import InputError, Problem
from xltool.ooxml import WorkbookError
from xltool.ooxml.edit.save import write_file
from xltool.ooxml.package.errors import workbook_problem

if TYPE_CHECKING:
    import xlwings as xw


def replacing_obstacle(book: xw.Book) -> str:
    """Why the workbook cannot be written anew in its place; "" when it can."""
    if com.never_saved(book):
        return "工作簿还没有保存过"
    if not Path(com.full_name(book)).is_file():
        return "工作簿不在本机的文件夹里"
    if com.read_only(book):
        return "工作簿是只读的"
    return ""


def replaced(book: xw.Book, content: Path) -> xw.Book:
    """Close the workbook without saving, write `content` over its file and open it; the book that is open then.

    `content` is written beside the file before anything is closed, for unsaved changes live on only there.
    Raises `InputError`: nothing has changed when there is no room beside or the workbook does not close; when
    the file itself cannot be written, what is beside it stays and is opened, and the hint names it.
    """
    app, path, sheet = book.app, Path(com.full_name(book)), str(book.sheets.active.name)
    data, aside = content.read_bytes(), _free(path)
    try:
        write_file(aside, [data], overwrite=False)
    except WorkbookError as error:
        raise InputError(workbook_problem(error, str(aside))) from error
    _close(book, path, aside)
    try:
        write_file(path, [data], overwrite=True)
    except WorkbookError as error:
        raise _left_aside(app, path, aside, error) from error
    with suppress(OSError):  # a second copy of what is in its place now
        aside.unlink()
    return _reopened(app, path, sheet)


def _close(book: xw.Book, path: Path, aside: Path) -> None:
    """Close without saving. Events are off, for a macro of the workbook could refuse.

    Raises `InputError` unless the workbook is seen to be closed. `aside`, where its unsaved changes are,
    goes only when the workbook is seen to be open still.
    """
    app, trouble = book.app, ""
    try:
        with _without_events(app):
            book.close()
    except Exception as error:
        trouble = f"（{com.reason(error)}）"
    still = _is_open(app, path)
    if still is False:
        return
    if still:
        aside.unlink()
        told = Problem(
            path.name,
            f"Excel 没有关闭它{trouble}",
            "工作簿没有改动，结束正在做的操作再试",
            code="host",
        )
        raise InputError(told)
    message = f"不知道 Excel 关闭了它没有{trouble}"
    raise InputError(
        Problem(path.name, message, f"没保存的改动和做好的内容都在另存的 {aside} 里", code="host")
    )


def _is_open(app: xw.App, path: Path) -> bool | None:
    """Whether a workbook of this name is open; None when Excel does not say."""
    try:
        return path.name.casefold() in {one.name.casefold() for one in app.books}
    except Exception:  # Excel is busy, say
        return None


@contextmanager
def _without_events(app: xw.App) -> Iterator[None]:
    events = app.enable_events
    app.enable_events = False
    try:
        yield
    finally:
        with suppress(Exception):  # a setting that does not come back must not hide what was done
            app.enable_events = events


def _left_aside(app: xw.App, path: Path, aside: Path, error: WorkbookError) -> InputError:
    """Open what is there again, and what could not be put in its place; what to tell the person."""
    hint = f"内容在另存的 {aside} 里"
    try:
        com.open_book(app, path)
        com.open_book(app, aside).activate()
    except Exception as refused:
        hint = f"{hint}，Excel 没有打开它（{com.reason(refused)}）"
    return InputError(Problem(path.name, str(error), hint, code="host"))


def _reopened(app: xw.App, path: Path, sheet: str) -> xw.Book:
    try:
        made = com.open_book(app, path)
        made.activate()
        if sheet in made.sheet_names and com.visible(made.sheets[sheet]):
            made.sheets[sheet].activate()
    except Exception as error:
        told = f"已经写好，重新打开时 Excel 报错（{com.reason(error)}）"
        raise InputError(
            Problem(path.name, told, f"没有打开时，请自己打开 {path}", code="host")
        ) from error
    return made


def _free(path: Path) -> Path:
    """A name beside the file that nothing has."""
    names = (path.with_name(f"{path.stem}.另存{n or ''}{path.suffix}") for n in range(1000))
    return next(name for name in names if not name.exists())

"""An open workbook written anew in its place: closed, its file replaced, opened again.

Excel is asked for nothing but closing and opening, so that rows, merges, print settings and macros of the
new content are to the byte what was written; cells that are typed into one by one would not promise that.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xltool.hosts import com
from xltool.ooxml import WorkbookError
from xltool.ooxml.save import write_file
from xltool.problems import InputError, Problem

if TYPE_CHECKING:
    import xlwings as xw


def replacing_obstacle(book: xw.Book) -> str:
    """Why the workbook cannot be written anew in its place; "" when it can."""
    if com.never_saved(book):
        return "工作簿还没有保存过"
    if not Path(str(book.fullname)).is_file():
        return "工作簿不在本机的文件夹里"
    if com.read_only(book):
        return "工作簿是只读的"
    return ""


def replaced(book: xw.Book, content: Path) -> xw.Book:
    """Close the workbook without saving, write `content` over its file and open it; the book that is open then.

    When the file cannot be written, `content` goes beside it under another name and is opened instead; raises
    `InputError`, whose hint names it.
    """
    app, path, sheet = book.app, Path(str(book.fullname)), str(book.sheets.active.name)
    data = content.read_bytes()
    book.close()
    try:
        write_file(path, [data], overwrite=True)
    except WorkbookError as error:
        aside = _free(path)
        write_file(aside, [data], overwrite=False)
        app.books.open(str(path))
        app.books.open(str(aside)).activate()
        raise InputError(Problem(path.name, str(error), f"内容在另存的 {aside} 里")) from error
    made = app.books.open(str(path))
    made.activate()
    if sheet in made.sheet_names and made.sheets[sheet].visible in (True, -1):
        made.sheets[sheet].activate()
    return made


def _free(path: Path) -> Path:
    """A name beside the file that nothing has."""
    names = (path.with_name(f"{path.stem}.另存{n or ''}{path.suffix}") for n in range(1000))
    return next(name for name in names if not name.exists())

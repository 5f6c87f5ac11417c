"""How a clerk changes a book."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.editing import saved
from tests.unearned.drafts import Draft, NeedsWorkbook

Edit = Callable[[Any], object]
"""What is done to an openpyxl workbook, or to a `Draft` of one."""
Values = Mapping[str, Any]


def changed(book: bytes, edit: Edit) -> bytes:
    """`book` after `edit`, saved as openpyxl does: without the stored values of formulas."""
    draft = Draft(_resaved(book))
    try:
        edit(draft)
        return draft.saved()
    except NeedsWorkbook:
        loaded = opened(book)
        edit(loaded)
        return saved(loaded)


@lru_cache(maxsize=8)
def _resaved(book: bytes) -> bytes:
    return saved(opened(book))


def opened(book: bytes) -> Any:
    """`book` as an openpyxl workbook of one's own."""
    return openpyxl.load_workbook(io.BytesIO(book))


def put(sheet: str, cells: Values) -> Edit:
    """Write values into the cells of a sheet."""

    def edit(book: Workbook) -> None:
        for ref, value in cells.items():
            free(book[sheet], place(book, sheet, ref)).value = value

    return edit


def free(sheet: Worksheet, ref: str) -> Any:
    """The cell of an address, taken out of the merged cells that it is in."""
    for merged in list(sheet.merged_cells.ranges):
        if ref in merged and merged.start_cell.coordinate != ref:
            sheet.unmerge_cells(merged.coord)
    return sheet[ref]


def place(book: Workbook, sheet: str, ref: str) -> str:
    """The address of `F@2010302`: column F of the row of that code; F12 stays F12."""
    column, _, code = ref.partition("@")
    if not code:
        return ref
    return next(f"{column}{cell.row}" for cell in book[sheet]["A"] if str(cell.value) == code)


def formatted(sheet: str, code: str, *refs: str) -> Edit:
    """Give cells another number format."""

    def edit(book: Workbook) -> None:
        for ref in refs:
            book[sheet][place(book, sheet, ref)].number_format = code

    return edit


def extra(
    name: str, rows: list[list[Any]], then: Callable[[Worksheet], object] | None = None
) -> Edit:
    """Add a sheet with these rows."""

    def edit(book: Workbook) -> None:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if then is not None:
            then(sheet)

    return edit


def copied(sheet: str, title: str, name: str, **cells: object) -> Edit:
    """A second version of a table, with another title and some other figures."""

    def edit(book: Workbook) -> None:
        second = book.copy_worksheet(book[sheet])
        second.title = name
        second["A1"] = title
        for ref, value in cells.items():
            second[ref] = value

    return edit


def removed(*sheets: str) -> Edit:
    """Take sheets out of the book."""

    def edit(book: Workbook) -> None:
        for name in sheets:
            del book[name]

    return edit


def both(*edits: Edit) -> Edit:
    """Make several edits."""

    def edit(book: Workbook) -> None:
        for one in edits:
            one(book)

    return edit


def parts(
    book: bytes, edits: Mapping[str, Callable[[str], str]], new: Mapping[str, str] | None = None
) -> bytes:
    """`book` with some parts of the package rewritten and others added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as to,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name in edits:
                text = content.decode("utf-8")
                after = edits[name](text)
                assert after != text, f"{name} is as before"
                content = after.encode("utf-8")
            to.writestr(name, content)
        for name, text in (new or {}).items():
            to.writestr(name, text)
    return target.getvalue()


def part_of(book: bytes, sheet: str) -> str:
    """The part of the package that holds a sheet."""
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        workbook = package.read("xl/workbook.xml").decode("utf-8")
        links = package.read("xl/_rels/workbook.xml.rels").decode("utf-8")
    name = re.search(rf'<sheet [^>]*name="{re.escape(sheet)}"[^>]*?r:id="([^"]+)"', workbook)
    assert name is not None, sheet
    link = next(
        one for one in re.findall(r"<Relationship [^>]+>", links) if f'Id="{name[1]}"' in one
    )
    target = re.search(r'Target="([^"]+)"', link)
    assert target is not None
    return "xl/" + target[1].removeprefix("/xl/")

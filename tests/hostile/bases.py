"""Good workbooks to be spoilt: filled by the program from documents of the generator, all editions."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache

import xlwt

from tests.support.documents import EDITIONS, make
from xltool.documents.load import from_raw
from xltool.filling import filled_workbooks
from xltool.ooxml import CellError, open_workbook
from xltool.ooxml.read.refs import split_ref

UNIT = "安民县财政局（本级）"
"""The name of the unit in every book."""


@lru_cache(maxsize=64)
def filled(
    edition: str = "2023-national", seed: int = 1, *, details: int = 3, unit_name: str = UNIT
) -> tuple[bytes, ...]:
    """The workbooks of one filled document, the main one first."""
    raw = make(seed, edition, details=details, unit="万元")
    raw["单位名称"] = unit_name
    report, found = from_raw(raw)
    books = []
    for editor in filled_workbooks(report, found, totals="given"):
        target = io.BytesIO()
        editor.save(target)
        books.append(target.getvalue())
    return tuple(books)


@lru_cache(maxsize=8)
def as_xls(book: bytes) -> bytes:
    """The values and merges of a workbook as Excel 97 keeps them."""
    target = xlwt.Workbook(encoding="utf-8")
    for sheet in open_workbook(book).sheets:
        page = target.add_sheet(sheet.name)
        covered = {ref for merge in sheet.merges for ref in merge.cells()[1:]}
        for ref, value in sheet.items():
            row, column = split_ref(ref)
            if isinstance(value, CellError):
                page.row(row - 1).set_cell_error(column - 1, value.code)
            elif ref not in covered and value != "":
                shown = value if isinstance(value, (str, bool)) else float(value or 0)
                page.write(row - 1, column - 1, shown)
        for merge in sheet.merges:
            page.merged_ranges.append(
                (merge.top - 1, merge.bottom - 1, merge.left - 1, merge.right - 1)
            )
    written = io.BytesIO()
    target.save(written)
    return written.getvalue()


@lru_cache(maxsize=1)
def pool() -> Sequence[bytes]:
    """Books of every edition, some with review forms, some as .xls. The same in every process."""
    books = []
    for edition in EDITIONS:
        for seed in range(2):
            books += filled(edition, seed, details=2 + 5 * seed)
    books += [as_xls(filled(edition, 0, details=2)[0]) for edition in EDITIONS]
    return books

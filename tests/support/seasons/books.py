"""The workbooks of a planned season: one filled book per edition, its faults, and a name put in afterwards."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl

import xltool
from tests.hostile.bases import as_xls
from tests.support.books import handed_in
from tests.support.documents import make
from tests.support.editing import edited, saved
from tests.support.seasons.plan import Book, PlannedUnit
from xltool.documents.load import from_raw
from xltool.filling import filled_workbooks
from xltool.ooxml import Editor, open_workbook

Key = tuple[str, str, str]
"""A finding: rule, table, place."""

NAME, CODE = "占位单位名称", "990099"
_SEED, _LEAST = 1, Decimal(1)
_REVIEWS = ("项目支出绩效自评表", "部门整体绩效自评表")


@cache
def base(edition: str, *, coded: bool) -> bytes:
    """The filled book without a fault; with `coded` it prints the unit's code."""
    raw = make(_SEED, edition, details=3, unit="万元", printed=True)
    raw["单位名称"] = NAME
    for table in _REVIEWS:
        raw["表"].pop(table, None)
    report, found = from_raw(raw)
    book = handed_in(saved(next(iter(filled_workbooks(report, found, totals="given")))))
    if not coded:
        return book

    def print_code(editor: Editor) -> None:
        sheet = editor.workbook.sheets[0]
        editor.set(sheet.name, "H3", f"单位编码：{CODE}")

    return edited(book, print_code)


def year(edition: str) -> int:
    """The year of the books of an edition."""
    return int(make(_SEED, edition, details=3)["年度"])


Site = tuple[str, str]
"""A cell: sheet and reference."""


@cache
def sites(edition: str) -> dict[str, Site]:
    """A cell for each fault, on sheets of their own, such that no finding of one is that of another."""
    found: dict[str, Site] = {}
    taken: set[Key] = set()
    for sheet in list(open_workbook(base(edition, coded=False)).sheets)[::-1]:
        for ref, value in sheet.items():
            if not isinstance(value, Decimal) or value <= _LEAST or len(found) == 3:
                continue
            keys = truth(_changed(base(edition, coded=False), [(sheet.name, ref)]))
            figures = not any(rule.startswith("S-") for rule, *_ in keys)
            if keys and figures and taken.isdisjoint(keys):
                found["bac"[len(found)]] = sheet.name, ref
                taken |= keys
                break
    assert len(found) == 3, (edition, found)
    return found


def truth(book: bytes) -> frozenset[Key]:
    """What `validate` says of a book: failures that are no mere hints."""
    done = xltool.validate(book)
    return frozenset(
        (f.rule, f.table or "", f.where)
        for f in done.findings
        if f.outcome == "不符" and f.level in ("error", "warning")
    )


def fault_keys(edition: str, fault: str) -> frozenset[Key]:
    """The findings that a fault makes."""
    return truth(variant(edition, fault, "", coded=False))


def _changed(book: bytes, cells: Iterable[Site], by: int = 7) -> bytes:
    def change(editor: Editor) -> None:
        for sheet, ref in cells:
            value = editor.workbook.sheet(sheet).value(ref)
            assert isinstance(value, Decimal)
            editor.set(sheet, ref, value + by, over_formula=True)

    return edited(book, change)


@cache
def variant(edition: str, faults: str, options: str, *, coded: bool) -> bytes:
    """A book with faults and options (see `plan`), its name not yet put in."""
    if "e" in options:
        edition = "2023-national"
    book = base(edition, coded=coded)
    places = [sites(edition)[fault] for fault in faults]
    book = _changed(book, places, 8 if "+" in options else 7)
    if "g" in options:
        sheet = sites(edition)["b"][0]
        book = edited(book, lambda editor: editor.remove_sheet(sheet))
    return book


def content(unit: PlannedUnit, book: Book, number: int) -> bytes:
    """The bytes that the unit hands in."""
    if "u" in book.options:
        return b"PK\x03\x04 broken"
    made = variant(unit.edition, book.faults, book.options, coded=bool(unit.printed_code))
    words = {NAME: unit.name_in(number), CODE: unit.printed_code}
    if "y" in book.options:
        words |= {f"{year(unit.edition)}年": f"{_other(year(unit.edition))}年"}
    if "+" in book.options:
        words |= {"公开01表": "公开 01 表"}
    made = _renamed(made, words)
    return as_xls(made) if "x" in book.options else made


def _other(right: int) -> int:
    return {2020: 2021, 2021: 2020, 2023: 2024, 2024: 2025, 2025: 2024}[right]


def _renamed(book: bytes, words: dict[str, str]) -> bytes:
    """The book with other words in its texts."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            part = old.read(info)
            if info.filename.endswith(".xml") and "/theme" not in info.filename:
                text = part.decode("utf-8")
                for word, other in words.items():
                    text = text.replace(word, other)
                part = text.encode("utf-8")
            # without the time of today: the same book has the same bytes in every round
            new.writestr(zipfile.ZipInfo(info.filename), part, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def write_round(folder: Path, units: Iterable[PlannedUnit], number: int) -> int:
    """The files of a round; how many there are."""
    archived: list[tuple[str, bytes]] = []
    files = 0
    for unit in units:
        for book in unit.books(number):
            files += 1
            data = content(unit, book, number)
            if "z" in book.options:
                archived.append((book.path, data))
                continue
            path = folder / book.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            written = datetime(2025, number, 1 + book.order, 9).timestamp()
            os.utime(path, (written, written))
    if archived:
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(folder / "报送.zip", "w") as archive:
            for name, data in archived:
                archive.writestr(name, data)
    return files


def write_list(path: Path, units: Iterable[PlannedUnit]) -> None:
    """The list of units, as a bureau keeps it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2024年度决算单位清单"])
    sheet.append(["序号", "单位编码", "单位名称", "主管部门", "年度", "版本"])
    for n, unit in enumerate((unit for unit in units if unit.case.listed), 1):
        sheet.append([n, unit.code, unit.name, unit.department, year(unit.edition), unit.edition])
    book.save(path)

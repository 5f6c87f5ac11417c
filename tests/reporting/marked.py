"""Marked copies for tests: of a sample with slips, and of a book with every feature that must survive."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlwt

from tests.reporting.books import SGB, filled, with_cells
from tests.support.editing import edited
from tests.support.feature_book import CODES, DETAIL, FORM, SETTINGS
from tests.support.feature_book import package as feature_package
from xltool.checks import Validation, validate
from xltool.checks.findings import Finding
from xltool.core.cellref import CellRef
from xltool.mapping.ownsheets import result_sheet
from xltool.ooxml import (
    CellError,
    Editor,
    Formula,
    NewSheet,
    Range,
    Sheet,
    open_workbook,
    split_ref,
)
from xltool.reporting.workbook.annotate import annotate, clean

SUMMARY = "收入支出决算总表"
TOTAL = (SUMMARY, "D33")
STRAY = (SUMMARY, "F20")
SLIPS: dict[CellRef, Decimal | str | None] = {TOTAL: Decimal("308.82"), STRAY: Decimal("12.5")}
"""A wrong total (of level error) and a figure that belongs to no field (a warning)."""

HEAD_ROW = 6


@lru_cache(maxsize=1)
def slipped() -> bytes:
    """A filled sample with those two slips."""
    return with_cells(SGB, SLIPS)


@lru_cache(maxsize=1)
def slipped_and_marked() -> bytes:
    """Its marked copy."""
    return marked(slipped())


def marked(book: bytes | Validation, suffix: str = ".xlsx") -> bytes:
    """The marked copy of a workbook."""
    validation = validate(book) if isinstance(book, bytes) else book
    return _written(lambda target: annotate(validation, target), suffix)


def cleaned(book: bytes, suffix: str = ".xlsx") -> bytes:
    """A marked copy without its marks."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / f"标注{suffix}"
        source.write_bytes(book)
        return _written(lambda target: clean(source, target), suffix)


def _written(write: Callable[[Path], None], suffix: str) -> bytes:
    with TemporaryDirectory() as folder:
        target = Path(folder) / f"写出{suffix}"
        write(target)
        return target.read_bytes()


def result_of(book: bytes) -> Sheet:
    """The result sheet of a marked copy."""
    sheet = result_sheet(open_workbook(book))
    assert sheet is not None, "no result sheet"
    return sheet


def lines_of(book: bytes) -> list[dict[str, Any]]:
    """The findings in a result sheet by the names of their columns, with `row`, their sheet row."""
    sheet = result_of(book)
    heads = {letter: sheet.value(f"{letter}{HEAD_ROW}") for letter in "ABCDEFGHIJKLMNOP"}
    found = []
    for row in range(HEAD_ROW + 1, sheet.last_row + 1):
        if not sheet.value(f"C{row}"):
            break
        line: dict[str, Any] = {"row": row}
        line |= {str(name): sheet.value(f"{letter}{row}") for letter, name in heads.items()}
        found.append(line)
    return found


def explained(book: bytes, rule: str, text: str | None) -> bytes:
    """A marked copy with a text in the 说明 of the first finding of a rule."""
    row = next(line["row"] for line in lines_of(book) if line["规则"] == rule)
    name = result_of(book).name
    return edited(book, lambda editor: editor.set(name, f"P{row}", text, unlocked_only=True))


def explanation_of(book: bytes, rule: str) -> str | None:
    """What stands in the 说明 of the first finding of a rule."""
    return next(line["说明"] for line in lines_of(book) if line["规则"] == rule)


# --- every feature --------------------------------------------------------------------------------

ODD_NAME = "表" * 29 + "'&"
"""A name of 31 characters that needs quotes and escapes."""
CLERKS_NOTE = "此数已电话核实"


@lru_cache(maxsize=1)
def featured() -> bytes:
    """The feature book (macros, controls, notes, threads, protection) with the sample's forms in it."""
    forms = open_workbook(filled(SGB)).sheets

    def add(editor: Editor) -> None:
        for sheet in forms:
            editor.add_sheet(sheet.name, _copied(sheet))
        editor.set(*TOTAL, SLIPS[TOTAL], over_formula=True)
        editor.add_notes(SUMMARY, {"D33": CLERKS_NOTE}, "财政局")
        editor.rename_sheet(forms[1].name, ODD_NAME)

    return edited(feature_package(), add)


def _copied(sheet: Sheet) -> NewSheet:
    """A protected worksheet of the same contents and merges."""
    copy = NewSheet(merges=[str(area) for area in sheet.merges], protected=True)
    for ref, value in sheet.items():
        assert not isinstance(value, CellError)
        formula = sheet.formula(ref)
        copy.put(ref, Formula(formula, value) if formula else value)
    return copy


ON_OTHER_SHEETS: tuple[CellRef, ...] = (
    (FORM, "C6"),
    (ODD_NAME, "A1"),
    (FORM, "B1"),
    (FORM, "E5"),
    (DETAIL, "C5"),
    (CODES, "A2"),
    (SETTINGS, "A1"),
)
"""A cell with a note, one inside a merge, plain ones, ones of a hidden and of a very hidden sheet."""


@lru_cache(maxsize=1)
def featured_validation() -> Validation:
    """That book validated, with findings also on its sheets that are no forms. Not to be changed."""
    validation = validate(featured())
    more = [
        Finding("ALL-06", "error", "不符", f"=1+1 写在 {c[1]}", " ".join(c), sheet=c[0], cells=(c,))
        for c in ON_OTHER_SHEETS
    ]
    return replace(validation, findings=[*validation.findings, *more])


@lru_cache(maxsize=1)
def featured_and_marked() -> bytes:
    """Its marked copy."""
    return marked(featured_validation(), ".xlsm")


def as_xls(book: bytes) -> bytes:
    """The values and merges of a workbook as an old .xls file."""
    old = xlwt.Workbook(encoding="utf-8")
    for sheet in open_workbook(book).sheets:
        page = old.add_sheet(sheet.name)
        merges = {area.anchor: area for area in sheet.merges}
        for ref, value in sheet.items():
            row, column = split_ref(ref)
            area = merges.get(ref) or Range(row, column, row, column)
            shown = float(value) if isinstance(value, Decimal) else str(value)
            page.write_merge(area.top - 1, area.bottom - 1, area.left - 1, area.right - 1, shown)
    target = io.BytesIO()
    old.save(target)
    return target.getvalue()

"""Workbooks for the tests of the add-in: broken samples, protected or not, with what clerks have in theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill

from tests.addin.fakeexcel.saving import write_copy
from tests.reporting.books import SGB, filled
from tests.support.editing import edited, recalculated_in_place
from xltool.ooxml import Editor

TOTALS, INCOME = "收入支出决算总表", "收入决算表"
SLIPS: Mapping[tuple[str, str], Decimal | str | None] = {
    (TOTALS, "D33"): Decimal("308.82"),
    (INCOME, "D17"): "二点二二",
    (TOTALS, "F20"): Decimal("12.5"),
    ("一般公共预算财政拨款基本支出决算表", "C11"): Decimal("-4.64"),
}
NOTED, COLOURED = "F20", "B8"
"""A cell that has a note of the clerk's, and one that has a fill of theirs."""


def _unprotect(editor: Editor) -> None:
    for view in editor.views():
        text = editor.text_of(view.part)
        text.set_shell(re.sub(r"<sheetProtection[^>]*/>", "", text.shell))
        view.forget(formulas=False)


def _spoil(editor: Editor, slips: Mapping[tuple[str, str], Decimal | str | None]) -> None:
    for (sheet, ref), value in slips.items():
        editor.set(sheet, ref, value, over_formula=True)
    recalculated_in_place(editor)


@lru_cache(maxsize=4)
def _broken(protected: bool, slips: tuple[tuple[str, str], ...]) -> bytes:
    def edit(editor: Editor) -> None:
        if not protected:
            _unprotect(editor)
        _spoil(editor, {cell: SLIPS[cell] for cell in slips})

    return edited(filled(SGB), edit)


@lru_cache(maxsize=2)
def sound() -> bytes:
    """A sample that nothing is wrong in."""
    return edited(filled(SGB), _unprotect)


def locked_away(path: Path) -> Path:
    """Every sheet of a workbook protected with a password."""
    book, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    for sheet in book.worksheets:
        sheet.protection.set_password("机密")
        sheet.protection.objects = True
    write_copy(book, values, path)
    return path


def broken_book(
    path: Path, *, protected: bool = False, slips: Iterable[tuple[str, str]] = tuple(SLIPS)
) -> Path:
    """A sample with slips, all or some of them."""
    path.write_bytes(_broken(protected, tuple(slips)))
    return path


def clerks_book(path: Path) -> Path:
    """The same with a note, a fill, a conditional format, a filter and a hidden sheet of the clerk's."""
    draft = broken_book(path.with_name(f"draft-{path.name}"))
    book, values = openpyxl.load_workbook(draft), openpyxl.load_workbook(draft, data_only=True)
    sheet = book[TOTALS]
    sheet[NOTED].comment = Comment("问过李主任", "王会计")
    sheet[COLOURED].fill = PatternFill("solid", fgColor="92D050")
    rule = CellIsRule(operator="lessThan", formula=["0"], fill=PatternFill(bgColor="FFC7CE"))
    sheet.conditional_formatting.add("B8:F40", rule)
    income = book[INCOME]
    income.auto_filter.ref = "A8:H17"
    income.row_dimensions[17].hidden = True
    book["一般公共预算财政拨款基本支出决算表"].sheet_state = "hidden"
    write_copy(book, values, path)
    draft.unlink()
    return path

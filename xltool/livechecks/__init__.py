"""The live 审核表: every rule as formulas that Excel, WPS and LibreOffice calculate by themselves."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from xltool.checks.context import Context
from xltool.editions import Edition
from xltool.livechecks.numbers import numbers_only
from xltool.livechecks.page import checks_page
from xltool.mapping.ownsheets import CHECKS_SHEET, remove_checks_sheet
from xltool.ooxml import Editor, Formula, NewSheet, Workbook, make_ref
from xltool.reading import Reading, examine
from xltool.rules.load import load_rules

__all__ = ["ChecksSheet", "add_checks_sheet", "checks_content"]


class ChecksSheet(NamedTuple):
    """A 审核表 for a host that writes cells itself.

    `formulas` by address, without "="; `constants` the texts and numbers of the other cells; `page` is the whole
    description with formats and widths.
    """

    name: str
    formulas: dict[str, str]
    constants: dict[str, object]
    page: NewSheet


def checks_content(
    reading: Reading, *, rules: tuple[Path, ...] = (), name: str = CHECKS_SHEET
) -> ChecksSheet:
    """The 审核表 of a workbook that was read, to be called `name`. Raises `InputError` for bad rule files."""
    context = Context(numbers_only(reading), load_rules(reading.edition, rules))
    page = checks_page(context, name)
    formulas: dict[str, str] = {}
    constants: dict[str, object] = {}
    for (row, column), (content, _) in page.cells.items():
        if isinstance(content, Formula):
            formulas[make_ref(row, column)] = content.text
        elif content is not None:
            constants[make_ref(row, column)] = content
    return ChecksSheet(name, formulas, constants, page)


def add_checks_sheet(
    editor: Editor,
    reading: Reading | None = None,
    *,
    edition: Edition | None = None,
    rules: tuple[Path, ...] = (),
) -> str:
    """Put the 审核表 behind the last sheet, in place of one that is there; the name of the sheet.

    `reading` is what `examine` gives for the workbook as the editor shows it: sheets, rows and figures must be
    the same. Without it the workbook is read here, as one of `edition`. What the formulas show until they are
    calculated are the values of the reading. Raises `EditError`, and `InputError` for bad rule files and for a
    workbook of no known edition.
    """
    remove_checks_sheet(editor)
    if reading is None:
        buffer = BytesIO()
        editor.save(buffer)
        reading = examine(buffer.getvalue(), edition)
    name = _free_name(editor.workbook)
    editor.add_sheet(name, checks_content(reading, rules=rules, name=name).page)
    return name


def _free_name(workbook: Workbook) -> str:
    """审核表, or with a number when the clerk has a sheet of that name."""
    taken = {sheet.name.casefold() for sheet in workbook.sheets}
    names = (CHECKS_SHEET, *(f"{CHECKS_SHEET}({n})" for n in range(2, len(taken) + 3)))
    return next(name for name in names if name.casefold() not in taken)

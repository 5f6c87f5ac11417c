"""The sheets that xltool adds to a workbook: how they are told from the clerk's own.

校验结果 is in the annotated copy; 审核表 has the rules as formulas.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xltool.core.model import Report
from xltool.ooxml import Sheet, Workbook

if TYPE_CHECKING:
    from xltool.ooxml import Editor

RESULT_SHEET = "校验结果"
OWNER = "A2"
"""The cell of the sheet that says whose report was checked."""
_MARKER = "_xltool_result"
CHECKS_SHEET = "审核表"
_CHECKS_MARKER = "_xltool_checks"
_OF_EDITION = re.compile(r"版本 (\S+)")


def marker(opening: str) -> dict[str, str]:
    """The hidden name that marks the sheet. It keeps how the workbook opened before."""
    return {_MARKER: f'"{opening}"'}


def result_sheet(workbook: Workbook) -> Sheet | None:
    """The result sheet of a workbook, whatever it is called; None when there is none."""
    name = next((n.sheet for n in workbook.defined_names if n.name == _MARKER and n.sheet), None)
    return workbook.sheet(name) if name else None


def owner(report: Report) -> str:
    """Whose report was checked, and by which edition."""
    words = (report.unit_name, report.term, f"版本 {report.edition}", report.unit)
    return "　".join(filter(None, words))


def opening_before(workbook: Workbook) -> str:
    """How the workbook opened before it got its result sheet; "" when nobody knows."""
    texts = (n.text for n in workbook.defined_names if n.name == _MARKER)
    return next(texts, "").strip('"')


def checks_marker(edition: str) -> dict[str, str]:
    """The hidden name that marks the 审核表. It keeps the edition that its rules are of."""
    return {_CHECKS_MARKER: f'"{edition}"'}


def checks_sheet(workbook: Workbook) -> Sheet | None:
    """The 审核表 of a workbook, whatever it is called; None when there is none."""
    names = (n.sheet for n in workbook.defined_names if n.name == _CHECKS_MARKER)
    name = next((name for name in names if name), None)
    return workbook.sheet(name) if name else None


def named_edition(workbook: Workbook) -> str:
    """The id of the edition that the sheets which xltool added say the workbook is of; "" where none says one."""
    ids = (n.text.strip('"') for n in workbook.defined_names if n.name == _CHECKS_MARKER)
    if id_ := next(ids, ""):
        return id_
    sheet = result_sheet(workbook)
    said = _OF_EDITION.search(str(sheet.value(OWNER) or "")) if sheet is not None else None
    return said[1] if said else ""


def remove_checks_sheet(editor: Editor) -> bool:
    """Take the 审核表 off a workbook; whether there was one. Raises `EditError`."""
    found = False
    while (sheet := checks_sheet(editor.workbook)) is not None:
        editor.remove_sheet(sheet.name)
        found = True
    return found


def own_sheets(workbook: Workbook) -> frozenset[str]:
    """The names of the sheets that xltool added: no part of the form, and nobody's stray figures."""
    markers = (_MARKER, _CHECKS_MARKER)
    return frozenset(n.sheet for n in workbook.defined_names if n.name in markers and n.sheet)

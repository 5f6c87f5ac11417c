"""The sheet 校验结果 that the annotated copy of a workbook has: how it is told from a sheet of the clerk's."""

from __future__ import annotations

from xltool.ooxml import Sheet, Workbook

RESULT_SHEET = "校验结果"
_MARKER = "_xltool_result"


def marker(opening: str) -> dict[str, str]:
    """The hidden name that marks the sheet. It keeps how the workbook opened before."""
    return {_MARKER: f'"{opening}"'}


def result_sheet(workbook: Workbook) -> Sheet | None:
    """The result sheet of a workbook, whatever it is called; None when there is none."""
    name = next((n.sheet for n in workbook.defined_names if n.name == _MARKER and n.sheet), None)
    return workbook.sheet(name) if name else None


def opening_before(workbook: Workbook) -> str:
    """How the workbook opened before it got its result sheet; "" when nobody knows."""
    texts = (n.text for n in workbook.defined_names if n.name == _MARKER)
    return next(texts, "").strip('"')

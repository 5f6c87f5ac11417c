"""Checking what a host has read."""

from __future__ import annotations

from xltool.checks import Validation, settle_explained, validate_reading
from xltool.explanations import Explanation, explain, mark_void, sheet_explanations
from xltool.reading import Reading
from xltool.resultsheet import result_sheet


def written_explanations(reading: Reading) -> list[Explanation]:
    """The 说明 that the clerk has written into the workbook's own result sheet."""
    sheet = result_sheet(reading.workbook)
    return [] if sheet is None else sheet_explanations(sheet, reading.file)


def check(reading: Reading) -> Validation:
    """What `xltool validate BOOK` finds; with a result sheet in it, `--explanations BOOK` too."""
    validation = validate_reading(reading)
    written = written_explanations(reading)
    if written:
        for n, finding in mark_void(validation.findings, written).items():
            validation.findings[n] = finding
        settle_explained(validation, explain(validation.findings, written))
    return validation

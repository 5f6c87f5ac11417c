"""Last year's report, for the rules that compare with it: a workbook or a data document."""

from __future__ import annotations

import io
from pathlib import Path

from xltool.editions import Edition
from xltool.filling import filled_workbooks
from xltool.intake import load
from xltool.model import Report
from xltool.reading import examine
from xltool.reading.units import to_unit
from xltool.rules.lookup import Lookup

_DOCUMENTS = (".json", ".yaml", ".yml", ".csv")


def load_prior(path: Path, unit: str) -> Lookup:
    """Last year's report in `unit`. A document's totals are those that its form computes.

    Raises `InputError` when the file cannot be read.
    """
    if path.suffix.lower() in _DOCUMENTS:
        report, edition = load(path)
        report = with_totals(report, edition)
    else:
        reading = examine(path)
        report, edition = reading.report, reading.edition
    to_unit(report, unit, edition.specs)
    return Lookup(report, edition.specs, prior=True)


def with_totals(report: Report, edition: Edition) -> Report:
    """The report as its filled form reads: parents and totals supplied."""
    first: Report | None = None
    for editor in filled_workbooks(report, edition, totals="given"):
        buffer = io.BytesIO()
        editor.save(buffer)
        found = examine(buffer.getvalue(), edition).report
        if first is None:
            first = found
        else:
            first.tables |= found.tables
    return first or report

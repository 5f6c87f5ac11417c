"""Last year's report, for the rules that compare with it: a workbook or a data document."""

from __future__ import annotations

import io
from pathlib import Path

from xltool.core.model import Report
from xltool.core.problems import InputError, Problem
from xltool.documents.load import load
from xltool.editions import Edition
from xltool.filling import filled_workbooks
from xltool.reading import examine, read
from xltool.reading.units import to_unit
from xltool.rules.lookup import Lookup

_DOCUMENTS = (".json", ".yaml", ".yml", ".csv")


def load_prior(path: Path, report: Report) -> Lookup:
    """The report of the year before `report`, in its unit. A document's totals are those that its form computes.

    Raises `InputError` when the file cannot be read completely, or is of another year.
    """
    if path.suffix.lower() in _DOCUMENTS:
        prior, edition = load(path)
        prior = with_totals(prior, edition)
    else:
        reading = read(path)
        prior, edition = reading.report, reading.edition
    if report.year and prior.year != report.year - 1:
        message = f"是{prior.year}年度的，{report.year}年度的上年应是{report.year - 1}年度"
        raise InputError(Problem(path.name, message, "换成上年的工作簿或数据文档"))
    if report.unit:
        to_unit(prior, report.unit, edition.specs)
    return Lookup(prior, edition.specs, prior=True)


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

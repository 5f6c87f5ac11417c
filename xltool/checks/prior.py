"""Last year's report, for the rules that compare with it: a workbook or a data document."""

from __future__ import annotations

import io
from copy import deepcopy
from pathlib import Path
from typing import TypeAlias

from xltool.core.model import Report
from xltool.core.paths import AnyPath
from xltool.core.problems import InputError, Problem
from xltool.documents.load import load
from xltool.editions import Edition, find_edition
from xltool.filling import filled_workbooks
from xltool.reading import Reading, examine, read
from xltool.reading.units import to_unit
from xltool.rules.lookup import Lookup

_DOCUMENTS = (".json", ".yaml", ".yml", ".csv")


Prior: TypeAlias = AnyPath | bytes | Report | Reading | Lookup
"""Last year's report, or the workbook or data document that it is in."""


def load_prior(source: AnyPath | bytes | Report | Reading, report: Report) -> Lookup:
    """The report of the year before `report`, in its unit. A document's totals are those that its form computes.

    Raises `InputError` when the file cannot be read completely, or is of another year.
    """
    prior, edition, name = _prior(source)
    if report.year and prior.year != report.year - 1:
        message = f"是{prior.year}年度的，{report.year}年度的上年应是{report.year - 1}年度"
        raise InputError(Problem(name, message, "换成上年的工作簿或数据文档", code="wrong-year"))
    if report.unit:
        to_unit(prior, report.unit, edition.specs)
    return Lookup(prior, edition.specs, prior=True)


def _prior(source: AnyPath | bytes | Report | Reading) -> tuple[Report, Edition, str]:
    """Last year's report, for us alone; its edition and the name to speak of it."""
    if isinstance(source, Report):
        edition = find_edition(source.edition)
        return deepcopy(source), edition, "上年的报表"
    if isinstance(source, Reading):
        return deepcopy(source.report), source.edition, source.file
    if not isinstance(source, bytes):
        path = Path(source)
        if path.suffix.lower() in _DOCUMENTS:
            prior, edition = load(path)
            return with_totals(prior, edition), edition, path.name
    reading = read(source)
    return reading.report, reading.edition, reading.file


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

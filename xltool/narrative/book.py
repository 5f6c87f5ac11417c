"""The workbook that a text explains: validated once, its figures asked by rule expressions."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xltool.checks import Validation, validate
from xltool.core.model import Report
from xltool.documents.load import load
from xltool.editions import Edition
from xltool.filling import filled_workbooks
from xltool.narrative.tables import Tables

if TYPE_CHECKING:
    from xltool.checks.prior import Prior

_DOCUMENTS = {".json", ".yaml", ".yml"}


def validated(
    book: Path,
    edition: str | None = None,
    *,
    prior: Prior | None = None,
    explanations: Path | None = None,
) -> Validation:
    """Validate the workbook, or the one that a data document fills. Raises `InputError`."""
    if book.suffix.lower() in _DOCUMENTS:
        report, found = load(book, edition)
        return validated_report(report, found, prior=prior, explanations=explanations)
    return validate(book, edition, prior=prior, explanations=explanations)


def validated_report(report: Report, edition: Edition, **options: Any) -> Validation:
    """Validate the workbook that a report fills; `options` are those of `validate`."""
    editor = filled_workbooks(report, edition, totals="given")[0]
    data = io.BytesIO()
    editor.save(data)
    return validate(data.getvalue(), edition, **options)


def tables_of(validation: Validation) -> Tables:
    """The figures of a validated workbook, with their cells."""
    context = validation.context
    return Tables(context.report, context.rules, context.lookup, context.prior, context.cell)

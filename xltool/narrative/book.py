"""The workbook that a text explains: validated once, its figures asked by rule expressions."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from xltool.checks import Validation, validate
from xltool.documents.load import load
from xltool.filling import filled_workbooks
from xltool.narrative.tables import Tables

_DOCUMENTS = {".json", ".yaml", ".yml"}


def validated(
    book: Path,
    edition: str | None = None,
    *,
    prior: Path | None = None,
    explanations: Path | None = None,
    rules: Iterable[Path] = (),
) -> Validation:
    """Validate the workbook, or the one that a data document fills. Raises `InputError`."""
    options = {"prior": prior, "explanations": explanations, "rules": tuple(rules)}
    if book.suffix.lower() not in _DOCUMENTS:
        return validate(book, edition, **options)  # type: ignore[arg-type]  # as validate takes them
    report, found = load(book, edition)
    editor = filled_workbooks(report, found, totals="given")[0]
    data = io.BytesIO()
    editor.save(data)
    return validate(data.getvalue(), found, **options)  # type: ignore[arg-type]


def tables_of(validation: Validation) -> Tables:
    """The figures of a validated workbook, with their cells."""
    context = validation.context
    return Tables(context.report, context.rules, context.lookup, context.prior, context.cell)

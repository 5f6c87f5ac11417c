"""In the worker: the HTML report and the marked copy of one book, as whole files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from xltool.batch.source import Source
from xltool.batch.task import Beside
from xltool.checks import Validation
from xltool.core.problems import InputError
from xltool.reading import Reading
from xltool.reporting.html import render
from xltool.reporting.workbook.annotate import annotate
from xltool.review.sheetnames import joined
from xltool.review.texts import judged, packed

REPORT, MARKED, UNMARKED, TEXT, SHEETS = "report", "marked", "unmarked", "text", "sheets"
"""Kinds of attachment: a page; a workbook; why there is no marked copy; what a text of the unit gave; the names of
the sheets.
"""


def attachments(
    source: Source,
    reading: Reading,
    validation: Validation | None,
    beside: Beside,
    *,
    marked: bool,
    everything: bool,
) -> Iterator[tuple[str, bytes]]:
    """The report of a book with findings (or with `everything` of any), and with `marked` its marked copy."""
    if validation is None:
        return
    yield SHEETS, joined(sheet.name for sheet in reading.workbook.sheets).encode()
    for text in beside.texts:
        yield TEXT, packed(judged(text, validation))
    if not (everything or _notable(validation)):
        return
    yield REPORT, render(validation, file=source.name).encode()
    if not marked:
        return
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"book{source.shown.suffix.lower()}"
        try:
            annotate(validation, _suited(target, reading))
        except InputError as error:
            yield UNMARKED, "；".join(problem.message for problem in error.problems).encode()
            return
        for path in Path(folder).iterdir():
            yield f"{MARKED}{path.suffix}", path.read_bytes()


def _suited(target: Path, reading: Reading) -> Path:
    """A target with the suffix of what the workbook really is, whatever it was called."""
    return target.with_suffix(f".{reading.workbook.kind}")


def _notable(validation: Validation) -> bool:
    """Whether there is anything to read about a book besides residues."""
    return validation.verdict != "合格" or any(f.outcome == "不符" for f in validation.findings)

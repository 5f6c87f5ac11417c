"""The department's workbook: the edition's form with the sum in it, and whether it keeps the rules.

Printed figures of N units carry the rounding of each: an identity that holds in every unit may miss in their
sum by N times what one workbook is allowed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from xltool.checks import validate
from xltool.checks.findings import Finding, Verdict
from xltool.core.model import CODE, Report
from xltool.core.places import FieldPlace, Place
from xltool.editions import Edition, WorkbookSpec, find_edition
from xltool.filling import fill
from xltool.mapping.titles import Titles
from xltool.ooxml import Editor, open_workbook
from xltool.reading import examine
from xltool.rules.env import Roundings
from xltool.sums.addition import Addition
from xltool.sums.cells import CellKey, additive


@dataclass(slots=True)
class SumCheck:
    """The verdict on the sum, residuals of as many roundings as units were added, and what stands in its way.

    `printed`: how many of the units gave printed 万元 figures; `unaudited`: blocking rules that lack figures.
    """

    verdict: Verdict
    printed: int
    residual: list[Finding] = field(default_factory=list)
    failed: list[Finding] = field(default_factory=list)
    unaudited: list[str] = field(default_factory=list)


def write(result: Addition, name: str, output: Path, *, force: bool) -> list[Path]:
    """Fill the department's workbook with every figure as it was added. Raises `InputError`.

    Sheets of tables that are not added (绩效自评表) are left out where the form allows it.
    """
    edition = _with_form(result.edition)
    with _template(edition) as template:
        report = result.report(name)
        filled = fill(report, edition, output, template=template, totals="given", force=force)
    return filled.files


def check_sum(result: Addition, name: str, written: Sequence[Path] = ()) -> SumCheck:
    """Validate the department's workbook: the first of `written`, or one filled for the purpose.

    Raises `InputError` when it cannot be filled.
    """
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "部门.xlsx"
        first, *_ = written or write(result, name, book, force=False)
        reading = examine(first.read_bytes(), _with_form(result.edition))
    found = validate(reading, roundings=_roundings(result, reading.report))
    printed = sum(addend.printed(result.unit) for addend in result.addends)
    # two is the least with which validate takes a book for a sum
    check = SumCheck(found.verdict, max(2, printed) if printed else 1)
    check.residual = [finding for finding in found.findings if finding.outcome == "尾差"]
    check.failed = [f for f in found.findings if f.failed and f.level == "error"]
    check.unaudited = [line.rule.id for line in found.ledger.unevaluated]
    return check


def _roundings(result: Addition, report: Report) -> Roundings:
    """Which addends of a cell of the department's `report` were rounded by themselves."""

    @cache
    def of(place: Place) -> tuple[tuple[int, bool], ...]:
        if isinstance(place, FieldPlace):
            spot = CellKey(place.table, place.path)
        else:
            code = str(place.row_in(report).get(CODE, ""))
            spot = CellKey(place.table, (place.list, code, place.column))
        return tuple(
            (number, addend.cells[spot] == 0)
            for number, addend in enumerate(result.addends)
            if addend.rounded(spot, result.unit)
        )

    return of


def _with_form(edition: Edition) -> Edition:
    """The edition that has a form to fill: where all tables were recognised, the one that they are nearest to."""
    every = all(book.recognised for book in edition.workbooks)
    return find_edition(edition.id) if every else edition


def left_out(edition: Edition) -> list[str]:
    """The tables whose sheets the department's workbook does not have."""
    spec = _book(_with_form(edition))
    return [t.table for t in spec.tables if t.optional and not additive(t.spec)]


def _book(edition: Edition) -> WorkbookSpec:
    return next(b for b in edition.workbooks if any(additive(t.spec) for t in b.tables))


@contextmanager
def _template(edition: Edition) -> Iterator[Path | None]:
    """The form without the sheets in `left_out`; None where there are none."""
    names, spec = left_out(edition), _book(edition)
    if not names:
        yield None
        return
    editor = Editor(open_workbook(spec.template))
    titles = Titles(editor.workbook)
    for mapping in spec.tables:
        for sheet, _ in titles.find(mapping) if mapping.table in names else ():
            editor.remove_sheet(sheet.name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / spec.template.name
        editor.save(path)
        yield path

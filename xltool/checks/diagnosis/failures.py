"""What is behind the failures of a workbook: the simplest cause of each, where there is one that does no harm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from xltool.checks.context import Context
from xltool.checks.diagnosis.computed import BookCells
from xltool.checks.diagnosis.emptylists import empty_lists
from xltool.checks.diagnosis.equations import System
from xltool.checks.diagnosis.missing import missing_figures, missing_rows
from xltool.checks.diagnosis.model import Cause
from xltool.checks.diagnosis.moved import moved_figures
from xltool.checks.diagnosis.proof import proved
from xltool.checks.diagnosis.wrongcell import wrong_cells
from xltool.rules.model import Result


def find_causes(
    context: Context, results: Sequence[Result], cells: BookCells, tables: Mapping[str, str]
) -> list[Cause]:
    """The causes of failures, those that explain the most first; each failure has one cause at most.

    What is missing comes before wrong figures: where a row is missing, no figure is wrong. `tables` are the
    short names that the rules have for tables.
    """
    found: list[Cause] = [*empty_lists(results, context.report, tables)]
    open_ = {n for n, result in enumerate(results) if result.outcome == "不符"}
    open_ -= {n for cause in found for n in cause.mends}
    system = System(results, cells)
    for block in moved_figures(context, system, results, cells.last_year):
        if set(block.mends) & open_:
            found.append(replace(block, mends=tuple(sorted(set(block.mends) & open_))))
            open_ -= set(block.mends)
    cells_ = wrong_cells(system, results, open_)
    for row in missing_rows(system, results, context.report, context.reading.edition.specs):
        if not set(row.mends) <= open_:
            continue
        if any(set(cell.mends) > set(row.mends) for cell in cells_):
            continue
        cells_ = [cell for cell in cells_ if not set(cell.mends) & set(row.mends)]
        found.append(row)
    good = proved(cells_, context.results, system, context.report, context.judged)
    found += good
    open_ -= {n for cause in found for n in cause.mends}
    blanks = missing_figures(system, results, open_)
    found += proved(blanks, context.results, system, context.report, context.judged)
    return sorted(found, key=lambda cause: -len(cause.mends))

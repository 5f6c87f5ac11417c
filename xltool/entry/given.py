"""What the clerk gives to be filled in: a data document, a long table, or a typed 填数表."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from xltool.core.amounts import is_whole_fen, money
from xltool.core.model import Report
from xltool.core.places import places
from xltool.core.problems import Problem
from xltool.documents.load import from_raw, load
from xltool.editions import Edition, EditionLike
from xltool.entry.derive import label
from xltool.entry.sheet.take import is_entry_sheet, take

KEEP = "改成整分；确实如此，加 --keep-fractions 照写"


@dataclass(frozen=True)
class GivenReport:
    """A report and its edition. `derive`: it is meant to be completed, under the assumptions of `assume`."""

    report: Report
    edition: Edition
    derive: bool = False
    assume: tuple[str, ...] = ()


def given(
    file: Path,
    edition: EditionLike | None,
    remark: Callable[[str], None],
    *,
    any_table: bool = False,
) -> GivenReport:
    """Read what is to be filled in. Raises `InputError`. For the arguments see `documents.load.load`."""
    if not is_entry_sheet(file):
        return GivenReport(*load(file, edition, remark, any_table=any_table))
    taken = take(file, edition)
    report, found = from_raw(taken.raw, taken.edition, any_table=any_table)
    return GivenReport(report, found, derive=True, assume=taken.assume)


def broken_fen(report: Report, edition: Edition) -> list[Problem]:
    """Amounts with a fraction of a 分, each with its place: nobody paid that, so somebody has to say what is meant."""
    unit, told = report.unit, []
    for place, value in places(report):
        spec = edition.specs.get(place.table)
        if spec is None or not isinstance(value, Decimal) or place.kind_in(spec) != "amount":
            continue
        if not is_whole_fen(value, unit):
            message = f"{money(value)}{unit}有不到一分的零头"
            told.append(Problem(label(report, place), message, KEEP, code="bad-value"))
    return told

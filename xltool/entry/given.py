"""What the clerk gives to be filled in: a data document, a long table, or a typed 填数表."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from xltool.core.amounts import is_whole_fen, money
from xltool.core.hints import Hint
from xltool.core.model import CODE, Report, Table
from xltool.core.places import FieldPlace, Place, RowPlace, places
from xltool.core.problems import InputError, Problem, raise_if
from xltool.documents.load import from_raw, load
from xltool.editions import Edition, EditionLike
from xltool.entry.addresses import label, parse_setting
from xltool.entry.sheet.take import is_entry_sheet, take

KEEP = Hint("改成整分；确实如此，加 --keep-fractions 照写", "改成整分")


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


def with_figures(report: Report, edition: Edition, settings: Iterable[str]) -> Report:
    """A report with further figures, `支出表.明细[2010101].基本支出=5`. Raises `InputError` for all that are wrong."""
    made = deepcopy(report)
    problems: list[Problem] = []
    for text in settings:
        try:
            setting = parse_setting(text, edition, lambda _: report.unit)
        except InputError as error:
            problems += error.problems
            continue
        table = made.tables.setdefault(setting.table, [Table()])[0]
        if not setting.list:
            place: Place = FieldPlace(setting.table, 0, setting.path)
        else:
            rows = table.lists.setdefault(setting.list, [])
            codes = [row.get(CODE) for row in rows]
            if setting.key not in codes:
                known = edition.specs[setting.table].lists[setting.list].codes
                if known is not None and not known.well_formed(setting.key):
                    problems.append(_no_code(setting.address, setting.key))
                    continue
                codes.append(setting.key)
                rows.append({CODE: setting.key})
            position = codes.index(setting.key)
            place = RowPlace(setting.table, 0, setting.list, position, setting.path[0])
        place.put(made, setting.value)
    raise_if(problems)
    return made


def _no_code(address: str, text: str) -> Problem:
    return Problem(address, f"“{text}”不是科目编码", "方括号里写科目编码", code="bad-value")


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

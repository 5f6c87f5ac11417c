"""What a 审核表 says, line by line, beside what `validate` finds."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from xltool.checks.context import Context
from xltool.livechecks.layout import HEAD_ROW
from xltool.mapping.ownsheets import checks_sheet
from xltool.ooxml import Sheet, Value
from xltool.ooxml.read.refs import split_ref
from xltool.reading import Source, examine
from xltool.rules.load import load_rules
from xltool.rules.model import Result

_STEP = Decimal("1e-7")
SETTLED = ("通过", "不符", "尾差", "数据不足")


class Told(NamedTuple):
    """One comparison: the rule, both sides, the tolerance, the outcome. Blank sides are None."""

    rule: str
    left: Decimal | None
    right: Decimal | None
    tolerance: Decimal | None
    outcome: str


def rows(sheet: Sheet) -> list[dict[str, Value]]:
    """The lines of a 审核表 by column."""
    found: dict[int, dict[str, Value]] = {}
    for ref, value in sheet.items():
        row, _ = split_ref(ref)
        found.setdefault(row, {})[ref.rstrip("0123456789")] = value
    return [cells for row, cells in sorted(found.items()) if row > HEAD_ROW and cells.get("J")]


def told(sheet: Sheet) -> Counter[Told]:
    """Every line that was decided."""
    return Counter(
        Told(
            str(cells["A"]),
            _number(cells.get("E")),
            _number(cells.get("G")),
            _number(cells.get("I")),
            str(cells["J"]),
        )
        for cells in rows(sheet)
        if cells["J"] in SETTLED and cells["A"] != "清单"
    )


def found(book: Source) -> Counter[Told]:
    """Every comparison of `validate` that was decided, as the sheet would tell it."""
    reading = examine(book)
    context = Context(reading, load_rules(reading.edition))
    return Counter(
        _told(result)
        for result in context.results
        if result.outcome in SETTLED and not result.rule.confirm
    )


def _told(result: Result) -> Told:
    left, right = result.left, result.right
    compared = (
        left is not None
        and right is not None
        and not (left.missing or right.missing)
        and not (left.blank and right.blank)
    )
    return Told(
        result.rule.id,
        None if left is None or left.blank else _number(left.value),
        None if right is None or right.blank else _number(right.value),
        _number(result.tolerance) if compared else None,
        result.outcome,
    )


def _number(value: Value) -> Decimal | None:
    return value.quantize(_STEP) if isinstance(value, Decimal) else None


def live(book: Source) -> Sheet:
    """The 审核表 of a workbook."""
    reading = examine(book)
    sheet = checks_sheet(reading.workbook)
    assert sheet is not None
    return sheet

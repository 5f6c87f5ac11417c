"""The outcome of one comparison, and how far its sides may differ."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from xltool.core.amounts import convert, decimals
from xltool.rules.env import Env, Roundings
from xltool.rules.model import Outcome, Tolerance
from xltool.rules.values import HALF_CENT, PRINTED_DECIMALS, ZERO, Quantity, holds

HIDDEN_ZEROS = 2
CELL_PRECISION = Decimal("1E-14")
FINEST_DECIMALS = 10
"""More than any amount has: what differs below is a quotient."""


def tolerated(left: Quantity, right: Quantity, tolerance: Tolerance, env: Env) -> Decimal:
    """The allowance of one comparison; in a sum of printed figures every unit's rounding is contained."""
    unit = env.this.report.unit
    if tolerance != "rounding":
        return allowance(left, right, tolerance, unit)
    if env.roundings is not None:
        return _of_addends(left, right, env.roundings, unit)
    return allowance(left, right, tolerance, unit, sums=env.summed > 1) * env.summed


def _of_addends(left: Quantity, right: Quantity, roundings: Roundings, unit: str) -> Decimal:
    """As `allowance`, of each addend by itself: an exact one has no part in it, whatever the sum looks like."""
    figures: Counter[int] = Counter()
    zeros: Counter[int] = Counter()
    for leaf in (*left.leaves, *right.leaves):
        for addend, zero in () if leaf.prior else roundings(leaf.place):
            (zeros if zero else figures)[addend] += 1
    blank = left.blank + right.blank
    halves = sum(n + min(zeros[addend] + blank, HIDDEN_ZEROS) for addend, n in figures.items())
    return convert(HALF_CENT * halves, "万元", unit)


def judge(left: Quantity, operator: str, right: Quantity, tolerance: Decimal) -> Outcome:
    """The outcome of `left operator right`. What is missing is never taken for zero.

    A missing side against a zero cell is no contradiction, against the number 0 in a rule nothing has been
    checked; against a figure, the data are not sufficient.
    """
    if left.blank and right.blank:
        return "不适用"
    if left.missing or right.missing:
        known = right if left.missing else left
        if known.missing or known.value != 0:
            return "数据不足"
        return "通过" if known.leaves else "不适用"
    difference = left.value - right.value
    if difference and is_noise(difference, left.value, right.value):
        difference = ZERO
    if holds(operator, difference):
        return "通过"
    close = abs(difference) <= tolerance and operator != "<>"
    return "尾差" if close else "不符"


def is_noise(difference: Decimal, left: Decimal, right: Decimal) -> bool:
    """Whether two quotients are the same number as far as a cell can hold it: 15 digits, the last one rounded."""
    if decimals(difference) <= FINEST_DECIMALS:
        return False
    return abs(difference) <= max(abs(left), abs(right)) * CELL_PRECISION


def allowance(
    left: Quantity, right: Quantity, tolerance: Tolerance, unit: str, *, sums: bool = False
) -> Decimal:
    """How far the sides may differ: half a cent for each figure that may have been rounded by itself.

    Blanks count for nothing beside other figures; a whole side that is blank is one printed zero. Of these,
    two count at the most: a form full of 0.00 hides no more. A cell
    with more than two decimals holds an exact amount. With `exact`, rounding is allowed only between a
    rounded and an exact cell. In 元 nothing is rounded. With `sums` a cell with more decimals may be the sum of
    rounded and exact ones.
    """
    if isinstance(tolerance, Decimal):
        return tolerance
    leaves = (*left.leaves, *right.leaves)
    others = sum((leaf.half for leaf in leaves if leaf.half is not None), ZERO)
    if unit == "元":
        return others
    rounded, exact = 0, any(leaf.half is not None for leaf in leaves)
    zeros = left.blank + right.blank
    for leaf in leaves:
        value = leaf.value
        if value is None or leaf.half is not None:
            continue
        if not value:
            zeros += 1
        elif decimals(value) > PRINTED_DECIMALS and not sums:
            exact = True
        else:
            rounded += 1
    if tolerance == "exact":
        return HALF_CENT * rounded if exact and rounded else ZERO
    return HALF_CENT * (rounded + min(zeros, HIDDEN_ZEROS)) if rounded else ZERO

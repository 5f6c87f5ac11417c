"""Quotients of printed figures: what a percentage may be when the figures behind it are rounded."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from xltool.narrative.statements import Statement

HUNDRED = Decimal(100)
_LAST = Decimal("0.01")
"""A last share is forced so that the sum is 100.00, and some cut off instead of rounding."""

Judgement = Literal["通过", "尾差", "不符"]


def judge_ratio(
    stated: Statement,
    part: Decimal,
    whole: Decimal,
    part_grain: Decimal = Decimal(0),
    whole_grain: Decimal = Decimal(0),
) -> Judgement:
    """Whether a stated percentage is `part / whole`; the grains say how much either may have been rounded."""
    exact = part / whole * HUNDRED
    difference = abs(stated.value - exact)
    if difference <= stated.grain:
        return "通过"
    # nothing is nothing: it is hardly a few yuan that were rounded away
    low, high = _range(part, whole, part_grain if part else Decimal(0), whole_grain)
    if low - stated.grain <= stated.value <= high + stated.grain:
        return "尾差"
    return "尾差" if difference <= max(_LAST, 2 * stated.grain) + Decimal("0.0001") else "不符"


def _range(part: Decimal, whole: Decimal, pg: Decimal, wg: Decimal) -> tuple[Decimal, Decimal]:
    """The least and the greatest quotient that the unrounded figures can have."""
    wholes = [w for w in (whole - wg, whole + wg) if w * whole > 0] or [whole]
    ends = [p / w * HUNDRED for p in (part - pg, part + pg) for w in wholes]
    return min(ends), max(ends)

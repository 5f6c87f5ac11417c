"""科目编码 as forms print them: whole, in pieces (类 | 款 | 项), or with the name in one cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from xltool.mapping.located import Spot
from xltool.mapping.model import CodeStyle


def code_texts(
    code: str, name: str, style: CodeStyle, levels: Sequence[int], spot: Spot
) -> dict[int, str]:
    """What stands in which column for a code.

    `levels`: how many digits a code has by level. With fewer columns than levels, the first column takes the
    upper ones together: 类款 | 项.
    """
    if style == "named":
        return {spot.left: f"{code} {name}".rstrip()}
    if style == "whole":
        return {spot.left: code}
    columns = range(spot.left, spot.right + 1)
    cuts = [0, *levels[-len(columns) :]]
    pieces = [code[start:end] for start, end in pairwise(cuts)]
    filled = {at: piece for at, piece in zip(columns, pieces, strict=False) if piece}
    if style == "own" and len(columns) >= len(levels):
        last = max(filled)
        return {last: filled[last]}
    return filled

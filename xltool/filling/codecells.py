"""科目编码 as forms print them: whole, in pieces (类 | 款 | 项), or with the name in one cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from xltool.core.model import CODE
from xltool.mapping.blocks import CodeStyle
from xltool.mapping.located import ColumnSpan, LocatedList
from xltool.ooxml import Sheet, make_ref


def style_here(sheet: Sheet, found: LocatedList) -> CodeStyle:
    """How the form itself has the codes of a list, by its merged cells and sample rows.

    Editions say whole for codes over several columns: in their template those are merged.
    """
    style, spot = found.block.by_name[CODE].code, found.columns[CODE]
    if style == "named" or spot.left == spot.right or not found.rows:
        return style
    merge = sheet.merge_of(make_ref(found.rows[0], spot.left))
    if merge is not None and merge.right > spot.left:
        return "whole"
    columns = spot.columns
    filled = [
        [sheet.value(make_ref(row, column)) not in (None, "") for column in columns]
        for row in found.rows
    ]
    if style == "own" or any(any(cells[1:]) and not cells[0] for cells in filled):
        return "own"
    return "parts"


def code_texts(
    code: str, name: str, style: CodeStyle, levels: Sequence[int], spot: ColumnSpan
) -> dict[int, str]:
    """What stands in which column for a code.

    `levels`: how many digits a code has by level. With fewer columns than levels, the first column takes the
    upper ones together: 类款 | 项.
    """
    if style == "named":
        return {spot.left: f"{code} {name}".rstrip()}
    if style == "unprinted":
        return {}
    if style == "whole":
        return {spot.left: code}
    columns = spot.columns
    cuts = [0, *levels[-len(columns) :]]
    pieces = [code[start:end] for start, end in pairwise(cuts)]
    filled = {at: piece for at, piece in zip(columns, pieces, strict=False) if piece}
    if style == "own" and len(columns) >= len(levels):
        last = max(filled)
        return {last: filled[last]}
    return filled

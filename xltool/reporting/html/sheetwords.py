"""What stands above the picture of a sheet in the HTML report: its tables, and what a reader must know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from xltool.core.places import instance_name
from xltool.ooxml import Sheet
from xltool.reading import FoundTable


def title(sheet: Sheet, on_sheet: Sequence[FoundTable]) -> str:
    """The tables of a sheet, those of one kind counted; its name when it has none."""
    if len(on_sheet) == 1:
        return instance_name(on_sheet[0].mapping.table, on_sheet[0].instance)
    count = Counter(one.mapping.table for one in on_sheet)
    return "、".join(t if n == 1 else f"{t}（{n}张）" for t, n in count.items()) or sheet.name


def remarks_on(sheet: Sheet, on_sheet: Sequence[FoundTable]) -> list[str]:
    """What a reader of a sheet must know of it."""
    told = {
        "工作表是隐藏的": sheet.state != "visible",
        "不是表样里的表，没有参加审核": not on_sheet,
        "不知道金额单位，没有参加审核": any(one.unit_fault for one in on_sheet),
        "对不上表样，没有参加审核": any(
            one.located.problems and not one.unit_fault for one in on_sheet
        ),
    }
    return [remark for remark, holds in told.items() if holds]

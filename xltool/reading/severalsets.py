"""A workbook that holds the tables of several units, or of several years."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from xltool.core.problems import Problem
from xltool.ooxml import Workbook
from xltool.reading.heads import printed_heads

if TYPE_CHECKING:
    from xltool.mapping.recognition.workbook import Recognition


def several_sets(workbook: Workbook, found: Recognition) -> Problem | None:
    """That most tables stand there once for each of several units, or years; None when they do not."""
    if len(found.several) <= len(found.tables):
        return None
    for head, kind, apart in (
        ("单位名称", "单位", "一个单位"),
        ("年度", "年度", "一个年度"),
    ):
        sheets: dict[str, list[str]] = {}
        for table in chain.from_iterable(found.several):
            if named := printed_heads(table.mapping, table.located()).get(head):
                sheets.setdefault(named, []).append(table.mapping.sheet)
        if len(sheets) > 1:
            shown = "、".join(
                f"{name}（“{own[0]}”等{len(own)}张表）" for name, own in sheets.items()
            )
            told = f"里面有几个{kind}的表：{shown}"
            return Problem(workbook.title, told, f"{apart}存成一个工作簿", code="several-tables")
    return None  # copies of one unit's tables

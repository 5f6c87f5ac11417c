"""Sheets that give one figure differently: months or departments to be added up, running totals, or a slip."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xltool.core.hints import ADD_SHEETS, Hint, Way
from xltool.core.problems import Problem
from xltool.entry.importing.answers import ADDED, FINAL, LATEST, SAY_FINAL, SHEETS, choices
from xltool.entry.importing.collected import Collected, Target

_PERIOD = re.compile(r"\d月|[一二三四五六七八九十]月|季度")
"""A sheet or a file of a part of the year."""
_SHOWN = 3
USE_LATEST = Way(f"加 --answer {SHEETS}={LATEST}", f"在“要改的”里写 {SHEETS}={LATEST}")


def disagreements(found: Collected) -> Iterator[Problem]:
    """Figures that sheets give differently, or as months do: adding them up would be a guess, taking one too.

    Figures of the same sheets in the same doubt are one question.
    """
    kept: dict[tuple[str, Hint, str, tuple[str, ...]], list[Target]] = {}
    for target in found.figures:
        sheets = tuple(found.by_sheet(target))
        doubt = _doubt(found, target, sheets) if len(sheets) > 1 else None
        if doubt is not None:
            kept.setdefault((*doubt, sheets), []).append(target)
    for (message, hint, answer, sheets), targets in kept.items():
        sums = found.by_sheet(targets[0])
        said = "；".join(f"{sheet} 是{sums[sheet]:f}" for sheet in sheets[:_SHOWN])
        more = f"……共{len(sheets)}处" if len(sheets) > _SHOWN else ""
        where = "·".join(targets[0]) + (f" 等{len(targets)}个数" if len(targets) > 1 else "")
        told, answers = f"{message}：{said}{more}", choices(SHEETS, answer)
        yield Problem(where, told, hint, code="contradiction", answers=answers)
    yield from _months(found, settled=bool(kept))


def _doubt(
    found: Collected, target: Target, sheets: tuple[str, ...]
) -> tuple[str, Hint, str] | None:
    """What is not known of a figure that several sheets or blocks give, what to do, and the answer."""
    differ = len(set(found.by_sheet(target).values())) > 1
    periods = all(_PERIOD.search(sheet) for sheet in sheets)
    if periods and differ and target in found.running:
        hint = USE_LATEST.within("只要最后一个月的，{}；几个文件的，只导入最后一个月的")
        return "各月的表里是累计数，不能相加", hint, LATEST
    if found.added:
        return None
    if differ:
        hint = ADD_SHEETS.within("是各月、各股室的数要相加的，{}；否则留下对的一处，另一处删去")
        return "几张表里的数不同", hint, ADDED
    if periods:
        hint = ADD_SHEETS.within("各月的数要相加的，{}；是同一个累计数的，只导入一张")
        return "几个月的表里的数相同", hint, ADDED
    if len({source.grid.label for source in found.figures[target]}) < len(sheets):
        hint = ADD_SHEETS.within("是两个股室要相加的，{}；写了两遍的，删去一处")
        return "一张表里有两处，数相同", hint, ADDED
    return None


def _months(found: Collected, *, settled: bool) -> Iterator[Problem]:
    """Sheets of single months: added up they make a whole year, else each is no year's; asked once.

    `settled`: a question about their figures is asked already.
    """
    months = {sheet.month for sheet in found.monthly}
    if found.added and months:
        if len(months) < 12 and not settled:
            missing = "、".join(f"{m}月" for m in range(1, 13) if m not in months)
            hint = SAY_FINAL.within("补上缺的月份；这几个月就是全年的，{}")
            where = found.monthly[0].grid.file
            message, answers = f"各月的表没有{missing}的", choices(FINAL)
            yield Problem(where, message, hint, code="contradiction", answers=answers)
    elif not (settled and len(months) > 1):
        yield from (sheet.question for sheet in found.monthly if sheet.question)

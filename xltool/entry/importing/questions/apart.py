"""Sheets that give one figure differently: months or departments to be added up, running totals, or a slip."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from xltool.core.hints import ADD_SHEETS, Way
from xltool.core.problems import Problem
from xltool.entry.importing.collected import Collected, Target
from xltool.entry.importing.questions.answers import (
    ADDED,
    FINAL,
    LATEST,
    SAY_FINAL,
    SHEETS,
    choices,
)

_PERIOD = re.compile(r"\d+月|[一二三四五六七八九十]+月|[一二三四\d]?季度")
"""A part of the year in the name of a sheet or a file."""
_SHOWN = 3
_LEAST = 2
"""A total adds up so many sheets or more."""
USE_LATEST = Way(f"加 --answer {SHEETS}={LATEST}", f"在“要改的”里写 {SHEETS}={LATEST}")


def disagreements(found: Collected) -> Iterator[Problem]:
    """Figures that sheets give differently, or as months do: adding them up would be a guess, taking one too.

    Figures of the same sheets in the same doubt are one question.
    """
    kept: dict[tuple[str, str, str, tuple[str, ...]], list[Target]] = {}
    for target in found.figures:
        sums = found.by_sheet(target)
        open_ = len(sums) > 1 and not found.of_funds(target)
        doubt = _doubt(found, target, sums) if open_ else None
        if doubt is not None:
            kept.setdefault((*doubt, tuple(sums)), []).append(target)
    for (message, hint, answer, sheets), targets in kept.items():
        sums = found.by_sheet(targets[0])
        said = "；".join(f"{sheet} 是{sums[sheet]:f}" for sheet in sheets[:_SHOWN])
        more = f"……共{len(sheets)}处" if len(sheets) > _SHOWN else ""
        where = "·".join(targets[0]) + (f" 等{len(targets)}个数" if len(targets) > 1 else "")
        answers = choices(SHEETS, answer) if answer else ()
        yield Problem(
            where, f"{message}：{said}{more}", hint, code="contradiction", answers=answers
        )
    yield from _wholes(found)
    yield from _months(found, settled=bool(kept))


def _wholes(found: Collected) -> Iterator[Problem]:
    """A sheet whose figures are those of two others or more together is their total: added to them it counts twice."""
    whole: dict[str, bool] = {}
    for target in found.figures:
        sums = found.by_sheet(target)
        total = sum(sums.values(), Decimal(0))
        for sheet, own in sums.items() if len(sums) > _LEAST and total else ():
            whole[sheet] = whole.get(sheet, True) and own + own == total
    for sheet in (sheet for sheet, adds_up in whole.items() if adds_up):
        sources = (source for own in found.figures.values() for source in own)
        grid = next(s.grid for s in sources if sheet in (s.block_name, s.grid.label))
        answers = choices(grid.sheet, "不要") if grid.sheet else ()
        hint = f"是合计表的，回答 {answers[0]}" if answers else "是合计表的，不要导入"
        message = "数正好是别的几张表之和，加在一起就重复了"
        yield Problem(sheet, message, hint, code="contradiction", answers=answers)


def _doubt(
    found: Collected, target: Target, sums: Mapping[str, Decimal]
) -> tuple[str, str, str] | None:
    """What is not known of a figure that several sheets or blocks give, what to do, and the answer if there is one."""
    differ = len(set(sums.values())) > 1
    periods = {tuple(_PERIOD.findall(sheet)) for sheet in sums}
    labels = {source.grid.label for source in found.figures[target]}
    titled = {sheet.month for sheet in found.monthly if sheet.grid.label in labels}
    months = len(titled) > 1 or (len(periods) > 1 and () not in periods)
    if months and target in found.running and (differ or found.added):
        message = "各月的表里是累计数，不能相加"
        if len({source.grid.sheet for source in found.figures[target]}) == 1:
            return message, "只导入最后一个月的文件", ""
        hint = USE_LATEST.within("只要最后一个月的，{}；几个文件的，只导入最后一个月的")
        return message, hint, LATEST
    if found.added:
        return None
    if differ:
        hint = ADD_SHEETS.within("是各月、各股室的数要相加的，{}；否则留下对的一处，另一处删去")
        return "几张表里的数不同", hint, ADDED
    if () not in periods:
        whose, what = ("各月", "几个月的") if months else ("各股室", "几张")
        hint = ADD_SHEETS.within(f"{whose}的数要相加的，{{}}；是同一个数的，只导入一张")
        return f"{what}表里的数相同", hint, ADDED
    if len(labels) < len(sums):
        hint = ADD_SHEETS.within("是两个股室要相加的，{}；写了两遍的，删去一处")
        return "一张表里有两处，数相同", hint, ADDED
    return None


def _months(found: Collected, *, settled: bool) -> Iterator[Problem]:
    """Sheets of different months: added up they make a whole year, else each is no year's; asked once.

    `settled`: a question about their figures is asked already.
    """
    months = {sheet.month for sheet in found.monthly if sheet.question}
    if found.added and len(months) > 1:
        if len(months) < 12 and not settled:
            missing = "、".join(f"{m}月" for m in range(1, 13) if m not in months)
            hint = SAY_FINAL.within("补上缺的月份；这几个月就是全年的，{}")
            where = found.monthly[0].grid.file
            message, answers = f"各月的表没有{missing}的", choices(FINAL)
            yield Problem(where, message, hint, code="contradiction", answers=answers)
    elif not (settled and len({sheet.month for sheet in found.monthly}) > 1):
        yield from (sheet.question for sheet in found.monthly if sheet.question)

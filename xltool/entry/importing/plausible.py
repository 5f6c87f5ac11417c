"""Questions about what was collected: figures out of proportion for their unit, rows that are in one doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from xltool.core.problems import Problem
from xltool.entry.importing.collected import Collected

_ROW = re.compile(r"^(?P<sheet>.*)第(?P<row>\d+)行$")
_SHOWN = 12
_HUGE = Decimal(1_000_000)
"""In 万元: a hundred times a hundred million 元 for one line."""
_TINY = Decimal(10_000)
"""In 元: less than this for the largest line of a whole year."""


def doubtful_unit(collected: Collected, unit: str) -> Iterator[Problem]:
    """Ask where the largest figure is out of all proportion for the unit that the files state."""
    values = {target: collected.value(target) for target in collected.figures}
    if not values:
        return
    target = max(values, key=lambda t: abs(values[t]))
    largest, source = abs(values[target]), collected.figures[target][0]
    broken = any(value != value.to_integral_value() for value in values.values())
    other = ""
    if unit == "万元" and largest >= _HUGE:
        other = "元"
    elif unit == "元" and largest < _TINY and broken:
        other = "万元"
    if other:
        where = source.grid.where(source.row, source.column)
        message = f"表里写的单位是{unit}，最大的数是{largest:f}{unit}，像是{other}的"
        hint = (
            f"写错了的，把表里的单位改成{other}；没有错的，加 --unit {unit}（回答 金额单位={unit}）"
        )
        yield Problem(where, message, hint, code="odd-unit")


def grouped(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Rows of a sheet with one and the same question are one question: 第5、6、9行."""
    kept: dict[object, list[Problem]] = {}
    for number, problem in enumerate(problems):
        row = _ROW.match(problem.where)
        key = (row["sheet"], problem.message, problem.hint) if row else number
        kept.setdefault(key, []).append(problem)
    for alike in kept.values():
        rows = [found["row"] for p in alike if (found := _ROW.match(p.where))]
        if len(rows) < 2:
            yield from alike
            continue
        shown = "、".join(rows[:_SHOWN]) + ("…" if len(rows) > _SHOWN else "")
        count = f"（共{len(rows)}行）" if len(rows) > _SHOWN else ""
        sheet = alike[0].where[: -len(f"第{rows[0]}行")]
        yield replace(alike[0], where=f"{sheet}第{shown}行{count}")

"""Departments (主管部门) as a level: how far their units are, which are worst, which rules fail most.

A unit is 合格 when all that it handed in and that counts is, and nothing is missing that the list asks for; nor
anything that failed before and could not be looked at again (`status_rows`).
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from xltool.review.extra import ExtraTable
from xltool.review.sheets import SheetColumn, numbers
from xltool.season.coverage import status_rows
from xltool.season.model import STATES, TO_DO

NONE = "未分部门"
"""Units without a department."""

COUNTS = (
    *("单位数", "应报", "已报", "未报", "没能读取", "缺文件"),
    *("合格", "不合格", "未完成审核"),
)
_WORST_UNITS, _WORST_RULES = 3, 3


@dataclass(slots=True)
class DepartmentLine:
    """A department: counts by the names of `COUNTS`, findings by state, worst units and rules with their numbers."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    worst: list[tuple[int, str]] = field(default_factory=list)
    """The worst units: how many findings, less than 0; name."""
    rules: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> str:
        """合格率: of the units that have to hand in, else of all. A text, for 0 % is to be seen too."""
        whole = self.counts["应报"] or self.counts["单位数"]
        return f"{Decimal(100 * self.counts['合格']) / whole:.1f}%" if whole else ""

    def row(self) -> tuple[object, ...]:
        """The values of the table's columns."""
        return (
            self.name,
            *(self.counts[name] for name in COUNTS),
            self.share,
            *(self.states[state] for state in STATES),
            "、".join(f"{name}（{-count} 处）" for count, name in self.worst),
            "、".join(f"{name}（{count} 个单位）" for name, count in _most(self.rules)),
        )


def _most(found: Counter[str]) -> list[tuple[str, int]]:
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_WORST_RULES]


def departments(db: sqlite3.Connection) -> list[DepartmentLine]:
    """All departments in the order of their names, units without one last; none when no unit has one."""
    sql = "SELECT DISTINCT 主管部门 FROM 单位 ORDER BY 主管部门 = '', 主管部门"
    names = [name or NONE for (name,) in db.execute(sql)]
    found = {name: DepartmentLine(name) for name in names}
    for row, verdict in status_rows(db):
        line = found[row["主管部门"] or NONE]
        line.counts["单位数"] += 1
        for flag in ("应报", "已报", "未报", "没能读取"):
            line.counts[flag] += row[flag]
        lacking = bool(row["缺的文件"]) and bool(row["已报"])
        line.counts["缺文件"] += lacking
        if verdict and not (lacking and verdict == "合格"):
            line.counts[verdict] += 1
    _findings(db, found)
    return [] if set(found) <= {NONE} else list(found.values())


def _findings(db: sqlite3.Connection, found: Mapping[str, DepartmentLine]) -> None:
    """Of one unit after the other: of all others only the worst are kept."""
    sql = (
        "SELECT q.单位, u.单位名称, u.主管部门, q.规则, q.状态, count(*) AS 处 FROM 问题 q JOIN 单位 u USING (单位)"
        " GROUP BY q.单位, q.规则, q.状态 ORDER BY q.单位"
    )
    for _, of_unit in groupby(db.execute(sql), key=itemgetter("单位")):
        rows = list(of_unit)
        line = found[rows[0]["主管部门"] or NONE]
        for row in rows:
            line.states[row["状态"]] += row["处"]
        to_do = [row for row in rows if row["状态"] in TO_DO]
        line.rules.update({row["规则"] for row in to_do})
        if to_do:
            whole = sum(row["处"] for row in to_do)
            line.worst = sorted([*line.worst, (-whole, rows[0]["单位名称"])])[:_WORST_UNITS]


_SHEET = (
    SheetColumn("主管部门", 24, "long"),
    *numbers(*COUNTS, "合格率", *STATES),
    SheetColumn("最差的单位", 44, "long"),
    SheetColumn("错得最多的规则", 36, "long"),
)


def table(db: sqlite3.Connection) -> ExtraTable:
    """The departments for page and workbook; no rows when no unit has one."""
    found = departments(db)
    passed = sum(line.counts["合格"] for line in found)
    units = sum(line.counts["应报"] or line.counts["单位数"] for line in found)
    named = sum(line.name != NONE for line in found)
    note = f"{named} 个部门，{units} 个单位，合格 {passed}" if found else ""
    return ExtraTable("部门情况", note, _SHEET, [line.row() for line in found], {})

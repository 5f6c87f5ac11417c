"""A season as tables for page and workbook: who has handed in what, which submission counts, what is in doubt."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from xltool.core.texts import in_one_cell, names_in
from xltool.review.extra import ExtraTable
from xltool.review.sheets import SheetColumn, numbers
from xltool.review.shelf import Shelf
from xltool.season.model import DISMISSED, OPEN, STATES, TO_DO
from xltool.season.schema import has_column

FLAGS = ("应报", "已报", "未报", "没能读取", "重复", "多报", "年度不符", "版本不符")
"""The columns of the view 报送情况 that are 0 or 1."""

_UNITS = (
    SheetColumn("单位编码", 14),
    SheetColumn("单位名称", 26, "long"),
    SheetColumn("主管部门", 20, "long"),
    SheetColumn("报送情况", 26, "long"),
    SheetColumn("结论", 12),
    *numbers(*STATES),
    SheetColumn("有效的工作簿", 40, "long"),
)
_FILES = (
    SheetColumn("单位编码", 14),
    SheetColumn("单位名称", 26, "long"),
    SheetColumn("种类", 20, "long"),
    *numbers("轮次"),
    SheetColumn("有效", 9),
    SheetColumn("为什么", 50, "long"),
    SheetColumn("文件", 44, "long"),
)
_REMARKS = (
    SheetColumn("类别", 16),
    SheetColumn("文件", 44, "long"),
    SheetColumn("内容", 70, "long"),
)
_LOOKS = {
    "不合格": "red",
    "未完成审核": "ochre",
    "合格": "green",
    "未报": "red",
    "已报": "green",
    "不是报送": "ochre",
    "有效": "green",
    "已被取代": "ochre",
    "待认定": "red",
    "年度不符": "red",
}
_UNCHECKED = "未完成审核"
_VERDICTS = ("不合格", _UNCHECKED, "合格")
_BLOCKING = (
    "SELECT DISTINCT 单位 FROM 问题 q JOIN 发现 f USING (发现)"
    f" WHERE f.级别 = '必须相符' AND q.状态 IN ({', '.join('?' * len(TO_DO))})"
)
_URGENCY = 5
"""How many things the order of units depends on."""


def tables(db: sqlite3.Connection, run: int) -> list[ExtraTable]:
    """What a review shows of the season: all units; the submissions of this round that do not count; doubts."""
    return [unit_table(db), *doubts(db, run)]


def doubts(db: sqlite3.Connection, run: int) -> list[ExtraTable]:
    """What a single review has to show of its own submissions: those that do not count, and doubts."""
    return [table for table in (_not_counted(db, run), _remarks(db, run)) if table.rows]


def unit_table(db: sqlite3.Connection) -> ExtraTable:
    """Every unit with what it has handed in and how its findings stand."""
    found = Shelf[Sequence[object]](_URGENCY)
    for row in _unit_rows(db):
        found.put(row, *_urgent(row))
    return ExtraTable("单位情况", totals(db), _UNITS, found, _LOOKS)


def _urgent(row: Sequence[object]) -> tuple[object, ...]:
    """First who has handed in nothing, or nothing that can be read; then by verdict and open findings."""
    _, name, _, told, verdict, *numbers, _ = row
    left = sum(n for n, s in zip(numbers, STATES, strict=True) if s in OPEN and isinstance(n, int))
    rank = _VERDICTS.index(str(verdict)) if verdict else -1
    return (told not in ("未报", "没能读取"), rank, -left, row[0], name)


def totals(db: sqlite3.Connection) -> str:
    """How many units have to hand in, have done so, have not …"""
    sums = ", ".join(f"coalesce(sum({flag}), 0) AS {flag}" for flag in FLAGS)
    row = db.execute(
        f"SELECT {sums}, count(*) AS 单位,"
        " coalesce(sum(已报 AND 应报), 0) AS 应报已报,"
        " coalesce(sum(缺的文件 <> ''), 0) AS 缺文件, coalesce(sum(多的文件 <> ''), 0) AS 多文件 FROM 报送情况"
    ).fetchone()
    doubtful, _ = nobodys(db)
    overlooked = _overlooked(db)
    counted = {flag: row[flag] for flag in (*FLAGS, "缺文件", "多文件")}
    if counted["应报"]:  # of those that have to; the others are 多报
        counted["已报"] = row["应报已报"]
    words = [f"{flag} {count}" for flag, count in counted.items() if count]
    if not row["应报"]:
        words = [f"单位 {row['单位']}", *words]
    if doubtful:
        words.append(f"不知道是谁的 {doubtful} 份")
    if overlooked:
        words.append(f"又交了而没有给上年的数或外部表、没有核对的 {overlooked} 处（状态照旧）")
    return "，".join(words)


def _overlooked(db: sqlite3.Connection) -> int:
    """How many findings are not settled that were handed in again, and nobody looked at."""
    if not has_column(db, "问题", "未核自"):
        return 0
    return int(db.execute("SELECT count(未核自) FROM 问题").fetchone()[0])


def nobodys(db: sqlite3.Connection) -> tuple[int, int]:
    """How many contents are nobody's: in doubt; dismissed."""
    sql = (
        "SELECT count(DISTINCT coalesce(sha256, 文件)) FILTER (WHERE 归属 = ''),"
        " count(DISTINCT coalesce(sha256, 文件)) FILTER (WHERE 归属 <> '') FROM 报送 WHERE 单位 IS NULL"
    )
    doubtful, dismissed = db.execute(sql).fetchone()
    return doubtful, dismissed


def status_rows(db: sqlite3.Connection) -> Iterator[tuple[sqlite3.Row, str]]:
    """Every unit (a row of 报送情况, in the order of their numbers), and the worst verdict of what counts of it.

    A book may be 合格 by what this round could check, while a blocking rule failed before that it could not: then
    the unit is not.
    """
    sql = "SELECT 单位, 结论 FROM 报送 WHERE 有效 AND 单位 IS NOT NULL AND 结论 IS NOT NULL ORDER BY 单位"
    verdicts = _By(db.execute(sql))
    left = {row["单位"] for row in db.execute(_BLOCKING, TO_DO)}
    for row in db.execute("SELECT * FROM 报送情况 ORDER BY 单位"):
        found = {verdict for _, verdict in verdicts.of(row["单位"])}
        if found and row["单位"] in left:
            found.add(_UNCHECKED)
        yield row, next((verdict for verdict in _VERDICTS if verdict in found), "")


class _By:
    """Rows in the order of their units (the first column), taken unit by unit."""

    def __init__(self, rows: Iterable[sqlite3.Row]) -> None:
        self._groups = groupby(map(tuple, rows), key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, unit: int) -> list[tuple[Any, ...]]:
        """Those of a unit; units must be asked for in their order, and all of them."""
        if self._next is None or self._next[0] != unit:
            return []
        found = list(self._next[1])
        self._next = next(self._groups, None)
        return found


def _unit_rows(db: sqlite3.Connection) -> Iterator[Sequence[object]]:
    sql = "SELECT 单位, 状态, count(*) FROM 问题 GROUP BY 单位, 状态 ORDER BY 单位"
    states = _By(db.execute(sql))
    sql = "SELECT 单位, 文件 FROM 报送 WHERE 有效 AND 单位 IS NOT NULL ORDER BY 单位, 文件"
    valid = _By(db.execute(sql))
    for row, verdict in status_rows(db):
        counts = {state: count for _, state, count in states.of(row["单位"])}
        yield (
            row["单位编码"],
            row["单位名称"],
            row["主管部门"],
            _told(row),
            verdict,
            *(counts.get(state, 0) for state in STATES),
            in_one_cell(file for _, file in valid.of(row["单位"])),
        )


def _told(row: sqlite3.Row) -> str:
    words = [flag for flag in FLAGS[1:] if row[flag]]
    if row["缺的文件"] and not row["未报"]:
        words.append(f"缺{'、'.join(names_in(row['缺的文件']))}")
    if row["多的文件"]:
        words.append(f"清单没有要的：{row['多的文件'].replace(',', '、')}")
    return "，".join(words)


def _not_counted(db: sqlite3.Connection, run: int) -> ExtraTable:
    sql = (
        "SELECT b.*, u.单位编码, u.单位名称, b.归年度 <> u.应报年度 AS 别年 FROM 报送 b LEFT JOIN 单位 u USING (单位)"
        " WHERE b.轮次 = ?1 AND NOT b.有效 AND (b.读取 <> '失败' OR b.归属 = ?2)"
        " ORDER BY u.单位编码, u.单位名称, b.文件"
    )
    found = Shelf[Sequence[object]]()
    for row in db.execute(sql, (run, DISMISSED)):
        found.put(
            (
                row["单位编码"] or "",
                row["单位名称"] or row["表上名称"],
                row["种类"],
                row["轮次"],
                _why_not(row),
                row["说法"],
                row["文件"],
            )
        )
    note = f"{len(found)} 份没有算进去" if found else ""
    return ExtraTable("不算数的报送", note, _FILES, found, _LOOKS)


def _why_not(row: sqlite3.Row) -> str:
    if row["单位"] is None:
        return row["归属"] or "待认定"
    return "年度不符" if row["别年"] else "已被取代"


def _remarks(db: sqlite3.Connection, run: int) -> ExtraTable:
    sql = "SELECT 类别, 文件, 内容 FROM 提醒 WHERE 轮次 = ? ORDER BY 类别, 文件"
    found = Shelf[Sequence[object]]()
    for row in db.execute(sql, (run,)):
        found.put(tuple(row))
    note = f"{len(found)} 条，不猜，请逐条看"
    return ExtraTable("需要认定的", note, _REMARKS, found, _LOOKS)

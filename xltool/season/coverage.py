"""A season as tables for page and workbook: who has handed in what, which submission counts, what is in doubt."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from xltool.review.extra import ExtraTable
from xltool.review.sheets import SheetColumn, numbers
from xltool.season.model import OPEN, STATES

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
    "有效": "green",
    "已被取代": "ochre",
    "待认定": "red",
}
_VERDICTS = ("不合格", "未完成审核", "合格")


def tables(db: sqlite3.Connection, run: int) -> list[ExtraTable]:
    """What a review shows of the season: all units; the submissions of this round that do not count; doubts."""
    return [unit_table(db), *doubts(db, run)]


def doubts(db: sqlite3.Connection, run: int) -> list[ExtraTable]:
    """What a single review has to show of its own submissions: those that do not count, and doubts."""
    return [table for table in (_not_counted(db, run), _remarks(db, run)) if table.rows]


def unit_table(db: sqlite3.Connection) -> ExtraTable:
    """Every unit with what it has handed in and how its findings stand."""
    found = sorted(_unit_rows(db), key=_urgent)
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
    doubtful = db.execute(
        "SELECT count(DISTINCT coalesce(sha256, 文件)) FROM 报送 WHERE 单位 IS NULL"
    ).fetchone()[0]
    counted = {flag: row[flag] for flag in (*FLAGS, "缺文件", "多文件")}
    if counted["应报"]:  # of those that have to; the others are 多报
        counted["已报"] = row["应报已报"]
    words = [f"{flag} {count}" for flag, count in counted.items() if count]
    if not row["应报"]:
        words = [f"单位 {row['单位']}", *words]
    if doubtful:
        words.append(f"不知道是谁的 {doubtful} 份")
    return "，".join(words)


def verdicts(db: sqlite3.Connection) -> Mapping[int, str]:
    """The worst verdict of what counts, by unit."""
    found: dict[int, set[str]] = {}
    for row in db.execute("SELECT 单位, 结论 FROM 报送 WHERE 有效 AND 结论 IS NOT NULL"):
        found.setdefault(row["单位"], set()).add(row["结论"])
    return {unit: next(v for v in _VERDICTS if v in of_unit) for unit, of_unit in found.items()}


def _unit_rows(db: sqlite3.Connection) -> Iterator[Sequence[object]]:
    counts: dict[int, Counter[str]] = {}
    for row in db.execute("SELECT 单位, 状态, count(*) AS 处 FROM 问题 GROUP BY 单位, 状态"):
        counts.setdefault(row["单位"], Counter())[row["状态"]] = row["处"]
    valid: dict[int, list[str]] = {}
    for row in db.execute("SELECT 单位, 文件 FROM 报送 WHERE 有效 ORDER BY 文件"):
        valid.setdefault(row["单位"], []).append(row["文件"])
    worst = verdicts(db)
    for row in db.execute("SELECT * FROM 报送情况 ORDER BY 单位编码, 单位名称, 单位"):
        states = counts.get(row["单位"], Counter())
        yield (
            row["单位编码"],
            row["单位名称"],
            row["主管部门"],
            _told(row),
            worst.get(row["单位"], ""),
            *(states[state] for state in STATES),
            "；".join(valid.get(row["单位"], ())),
        )


def _told(row: sqlite3.Row) -> str:
    words = [flag for flag in FLAGS[1:] if row[flag]]
    if row["缺的文件"] and not row["未报"]:
        words.append(f"缺{row['缺的文件'].replace('；', '、')}")
    if row["多的文件"]:
        words.append(f"清单没有要的：{row['多的文件'].replace(',', '、')}")
    return "，".join(words)


def _not_counted(db: sqlite3.Connection, run: int) -> ExtraTable:
    sql = (
        "SELECT b.*, u.单位编码, u.单位名称 FROM 报送 b LEFT JOIN 单位 u USING (单位)"
        " WHERE b.轮次 = ? AND NOT b.有效 AND b.读取 <> '失败' ORDER BY u.单位编码, u.单位名称, b.文件"
    )
    found = [
        (
            row["单位编码"] or "",
            row["单位名称"] or row["表上名称"],
            row["种类"],
            row["轮次"],
            "待认定" if row["单位"] is None else "已被取代",
            row["说法"],
            row["文件"],
        )
        for row in db.execute(sql, (run,))
    ]
    note = f"{len(found)} 份读到了而没有算进去" if found else ""
    return ExtraTable("不算数的报送", note, _FILES, found, _LOOKS)


def _remarks(db: sqlite3.Connection, run: int) -> ExtraTable:
    sql = "SELECT 类别, 文件, 内容 FROM 提醒 WHERE 轮次 = ? ORDER BY 类别, 文件"
    found = [tuple(row) for row in db.execute(sql, (run,))]
    note = f"{len(found)} 条，不猜，请逐条看"
    return ExtraTable("需要认定的", note, _REMARKS, found, _LOOKS)

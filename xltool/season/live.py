"""A season as reviewers look at it together: all units, one unit with all about it, the log; notes and waivers."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

from xltool.batch.generated import DATABASE
from xltool.core.problems import InputError, Problem
from xltool.season import coverage, store, waiving
from xltool.season.model import STATES
from xltool.season.registry import DOUBT

Raw = dict[str, Any]
_LOG = 500
_FILES = ("报告", "标注本")


def stamp(folder: Path) -> str:
    """Changes whenever the season does."""
    found = (folder / store.SEASON).stat()
    return f"{found.st_mtime_ns}-{found.st_size}"


def overview(db: sqlite3.Connection) -> Raw:
    """All units with what they have handed in and how their findings stand, and the rounds."""
    counts: dict[int, Counter[str]] = {}
    for row in db.execute("SELECT 单位, 状态, count(*) AS 处 FROM 问题 GROUP BY 单位, 状态"):
        counts.setdefault(row["单位"], Counter())[row["状态"]] = row["处"]
    units = []
    for row, verdict in coverage.status_rows(db):
        states = counts.get(row["单位"], Counter())
        flags = [flag for flag in coverage.FLAGS[1:] if row[flag]]
        units.append(
            {
                "unit": row["单位"],
                "code": row["单位编码"],
                "name": row["单位名称"],
                "department": row["主管部门"],
                "flags": flags,
                "verdict": verdict,
                "states": [states[state] for state in STATES],
            }
        )
    units.sort(key=lambda unit: (unit["code"], unit["name"], unit["unit"]))
    runs = _rows(db, "SELECT 轮次, 时间, 工作簿, 审核文件夹 FROM 轮次 ORDER BY 轮次")
    about = {"told": coverage.totals(db), "states": STATES, "unassigned": coverage.nobodys(db)}
    return {"units": units, "runs": runs, **about}


def unassigned(db: sqlite3.Connection) -> list[Raw]:
    """What is nobody's, each content as it came last: in doubt, with what the doubt is; then what was dismissed."""
    return _rows(
        db,
        "SELECT b.报送, max(b.轮次) AS 轮次, b.文件, b.读取, b.原因, b.表上名称, b.表上编码, b.年度, b.归属, b.说法,"
        " (SELECT 内容 FROM 提醒 t WHERE (t.轮次, t.文件, t.类别) = (b.轮次, b.文件, ?)) AS 内容"
        " FROM 报送 b WHERE b.单位 IS NULL GROUP BY coalesce(b.sha256, b.文件) ORDER BY b.归属 <> '', b.文件",
        DOUBT,
    )


def one_unit(db: sqlite3.Connection, unit: int) -> Raw:
    """All about a unit. Raises `InputError` when there is none of that number."""
    found = store.units(db).get(unit)
    if found is None:
        raise InputError(Problem("单位", "审核季里没有这个单位", code="unknown-name"))
    submissions = _rows(
        db,
        "SELECT 报送, 轮次, 种类, 文件, 读取, 原因, 结论, 有效, 说法, 修改时间 FROM 报送"
        " WHERE 单位 = ? ORDER BY 轮次 DESC, 文件",
        unit,
    )
    findings = _rows(
        db,
        "SELECT * FROM 问题清单 WHERE 单位 = ? ORDER BY 种类, 规则, 表, 位置, 序",
        unit,
    )
    notes = _rows(db, "SELECT * FROM 批注 WHERE 单位 = ? ORDER BY 批注 DESC", unit)
    waivers = _rows(db, "SELECT * FROM 豁免 WHERE 单位 = ? ORDER BY 豁免 DESC", unit)
    about = {"unit": unit, "name": found.shown, "department": found.department}
    return {
        **about,
        "contact": found.contact,
        "submissions": submissions,
        "findings": findings,
        "notes": notes,
        "waivers": waivers,
    }


def log_rows(db: sqlite3.Connection) -> list[Raw]:
    """What was done to the season, the latest first."""
    return _rows(db, "SELECT * FROM 日志 ORDER BY 日志 DESC LIMIT ?", _LOG)


def note(db: sqlite3.Connection, unit: int, finding: int | None, text: str, who: str) -> None:
    """Write a remark about a unit, or about one of its findings. Raises `InputError`."""
    about = _unit(db, unit)
    place = _finding(db, unit, finding) if finding is not None else None
    where = [place[key] if place else "" for key in ("规则", "表", "位置")]
    db.execute(
        "INSERT INTO 批注 (单位, 规则, 表, 位置, 内容, 何人, 何时) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (unit, *where, text, who, store.now()),
    )
    store.log(db, "批注", f"{about}{' '.join(('', *filter(None, where)))}：{text}", who)


def waive(db: sqlite3.Connection, unit: int, finding: int, why: str, until: str, who: str) -> None:
    """Let a finding pass while its figures stay as they are, until a date or without end. Raises `InputError`."""
    row = _finding(db, unit, finding)
    waiving.grant(db, store.units(db)[unit], [row], why, until, who)


def take_back(db: sqlite3.Connection, waiver: int, who: str) -> None:
    """End a waiver. Raises `InputError` when there is none that stands."""
    waiving.undo(db, waiver, who)


def file_of(db: sqlite3.Connection, submission: int, kind: str) -> Path:
    """The report or the annotated copy of a submission, as its review wrote it. Raises `InputError`."""
    import duckdb

    sql = "SELECT b.文件, r.审核文件夹 FROM 报送 b JOIN 轮次 r USING (轮次) WHERE 报送 = ?"
    row = db.execute(sql, (submission,)).fetchone()
    if row is None or kind not in _FILES:
        raise InputError(Problem("报送", "没有这份报送", code="unknown-name"))
    folder = Path(row["审核文件夹"])
    try:
        with duckdb.connect(str(folder / DATABASE), read_only=True) as review:
            sql = f"SELECT {kind} FROM attached WHERE 文件 = ?"
            found = review.execute(sql, [row["文件"]]).fetchone()
    except duckdb.Error:
        told = "审核文件夹不在原处，或已损坏"
        raise InputError(Problem(str(folder), told, "放回原处", code="unreadable")) from None
    if not found or not found[0]:
        raise InputError(Problem(row["文件"], f"没有{kind}", "合格的没有报告", code="unknown-name"))
    path: Path = (folder / found[0]).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise InputError(Problem(str(folder), f"{kind}不在原处", "放回原处", code="unreadable"))
    return path


def _unit(db: sqlite3.Connection, unit: int) -> str:
    found = store.units(db).get(unit)
    if found is None:
        raise InputError(Problem("单位", "审核季里没有这个单位", code="unknown-name"))
    return found.shown


def _finding(db: sqlite3.Connection, unit: int, finding: int) -> sqlite3.Row:
    sql = "SELECT * FROM 问题清单 WHERE 问题 = ? AND 单位 = ?"
    row: sqlite3.Row | None = db.execute(sql, (finding, unit)).fetchone()
    if row is None:
        raise InputError(Problem("问题", "这个单位没有这处问题", code="unknown-name"))
    return row


def _rows(db: sqlite3.Connection, sql: str, *values: object) -> list[Raw]:
    return [dict(row) for row in db.execute(sql, values)]

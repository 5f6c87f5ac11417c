"""What the reviewer says about a submission: whose it is, and that it is the one that counts."""

from __future__ import annotations

import sqlite3

from xltool.core.problems import InputError, Problem
from xltool.core.texts import did_you_mean
from xltool.season import store
from xltool.season.deriving import derive
from xltool.season.entering import assign


def use(db: sqlite3.Connection, file: str, who: str = "") -> str:
    """Let a submission count from now on, until a newer one comes. Raises `InputError`; says what was done."""
    row = _submission(db, file)
    if row["单位"] is None:
        told = "还不知道是哪个单位的"
        raise InputError(Problem(file, told, "先加 --unit 单位编码", code="unknown-name"))
    _decide(db, row, row["单位"] if row["归属"] == "审核人" else None, True, who)
    derive(db, {row["单位"]})
    told = f"{store.units(db)[row['单位']].shown} 以 {row['文件']}（第{row['轮次']}轮）为准"
    store.log(db, "指定有效", told, who)
    return told


def belongs(
    db: sqlite3.Connection, file: str, unit: str, who: str = "", *, new: bool = False
) -> str:
    """Say whose a submission is: a unit by code or name, or (`new`) one that nobody had. Raises `InputError`.

    One that cannot be read may be somebody's, too: its letter then goes to the unit.
    """
    row = _submission(db, file, readable=False)
    if row["sha256"] is None:
        told = "当时没有读到内容（锁住、找不到），记不下是谁的"
        raise InputError(Problem(file, told, "能打开以后再审一遍", code="unknown-name"))
    key = _new(db, row, unit) if new else store.find_unit(db, unit).key
    _decide(db, row, key, False, who)
    sql = "SELECT DISTINCT 单位 FROM 报送 WHERE sha256 = ? AND 单位 IS NOT NULL"
    before = {found["单位"] for found in db.execute(sql, (row["sha256"],))}
    db.execute(
        "UPDATE 报送 SET 单位 = NULL, 有效 = 0, 说法 = '' WHERE sha256 = ?", (row["sha256"],)
    )
    derive(db, before | assign(db))
    told = f"{row['文件']} 是 {store.units(db)[key].shown} 的"
    store.log(db, "认定单位", told, who)
    return told


def _submission(db: sqlite3.Connection, file: str, *, readable: bool = True) -> sqlite3.Row:
    """The last submission of that name, as the season shows it. Raises `InputError`."""
    name = file.replace("\\", "/")
    kinds = "读取 <> '失败'" if readable else "1"
    sql = f"SELECT * FROM 报送 WHERE 文件 = ? AND {kinds} ORDER BY 轮次 DESC"
    found: sqlite3.Row | None = db.execute(sql, (name,)).fetchone()
    if found is None:
        every = [row["文件"] for row in db.execute(f"SELECT DISTINCT 文件 FROM 报送 WHERE {kinds}")]
        hint = did_you_mean(name, every) or "照审核页上的写法，连同文件夹"
        told = "审核季里没有这份读得了的工作簿" if readable else "审核季里没有这份工作簿"
        raise InputError(Problem(file, told, hint, code="unknown-name"))
    return found


def _decide(
    db: sqlite3.Connection, row: sqlite3.Row, unit: int | None, valid: bool, who: str
) -> None:
    run = db.execute("SELECT max(轮次) FROM 轮次").fetchone()[0]
    values = (row["sha256"], run, row["文件"], unit, valid, who or store.system_user(), store.now())
    db.execute("INSERT OR REPLACE INTO 认定 VALUES (?, ?, ?, ?, ?, ?, ?)", values)


def _new(db: sqlite3.Connection, row: sqlite3.Row, name: str) -> int:
    folder = row["文件"].rpartition("/")[0]
    sql = "INSERT INTO 单位 (单位名称, 文件夹) VALUES (?, ?)"
    return int(db.execute(sql, (name or row["表上名称"] or row["文件"], folder)).lastrowid or 0)

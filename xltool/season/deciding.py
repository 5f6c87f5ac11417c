"""What the reviewer says about a submission: whose it is, that it is the one that counts, or that it is none."""

from __future__ import annotations

import sqlite3

from xltool.core.problems import InputError, Problem
from xltool.core.texts import did_you_mean
from xltool.season import store
from xltool.season.deriving import derive
from xltool.season.entering import assign, forget_units
from xltool.season.model import AS_BEFORE, BY_FILE, DISMISSED, REVIEWER


def use(db: sqlite3.Connection, row: sqlite3.Row, who: str = "") -> str:
    """Let a submission count from now on, until a newer one comes. Raises `InputError`; says what was done."""
    if row["单位"] is None:
        told = "还不知道是哪个单位的" if row["归属"] != DISMISSED else "认定过不是报送"
        raise InputError(Problem(row["文件"], told, "先加 --unit 单位编码", code="unknown-name"))
    if row["读取"] == "失败":
        told = "没能读取，不能算数"
        raise InputError(Problem(row["文件"], told, "请单位重新报送", code="unknown-name"))
    _decide(db, row, who, unit=row["单位"] if row["归属"] == REVIEWER else None, valid=True)
    derive(db, {row["单位"]})
    told = f"{store.units(db)[row['单位']].shown} 以 {row['文件']}（第{row['轮次']}轮）为准"
    store.log(db, "指定有效", told, who)
    return told


def belongs(
    db: sqlite3.Connection, row: sqlite3.Row, unit: str, who: str = "", *, new: bool = False
) -> str:
    """Say whose a submission is: a unit by code or name, or (`new`) one that nobody had. Raises `InputError`.

    One that cannot be read may be somebody's, too: its letter then goes to the unit.
    """
    _refuse_unseen(row)
    key = _new(db, row, unit) if new else store.find_unit(db, unit).key
    _decide(db, row, who, unit=key)
    _settle(db, row)
    told = f"{row['文件']} 是 {store.units(db)[key].shown} 的"
    store.log(db, "认定单位", told, who)
    return told


def dismiss(db: sqlite3.Connection, row: sqlite3.Row, why: str, who: str) -> str:
    """Say that a file is no submission, as long as its content is the same. Raises `InputError`."""
    if missing := [word for word, text in (("谁认定的", who), ("理由", why)) if not text.strip()]:
        told, hint = f"没有写{'、'.join(missing)}", "加 --by 姓名 --why 理由"
        raise InputError(Problem(row["文件"], told, hint, code="missing-value"))
    _refuse_unseen(row)
    _decide(db, row, who.strip(), why=why.strip())
    _settle(db, row)
    told = f"{row['文件']} 不是报送：{why.strip()}"
    store.log(db, DISMISSED, told, who.strip())
    return told


def readmit(db: sqlite3.Connection, row: sqlite3.Row, who: str = "") -> str:
    """Take back that a file is no submission. Raises `InputError` when nobody said so."""
    if row["归属"] != DISMISSED:
        raise InputError(Problem(row["文件"], "没有人说过它不是报送", code="unknown-name"))
    db.execute("DELETE FROM 认定 WHERE sha256 = ?", (row["sha256"],))
    _settle(db, row)
    told = f"{row['文件']} 又算报送"
    store.log(db, "撤回不是报送", told, who)
    return told


def submission(
    db: sqlite3.Connection, file: str, run: int | None = None, *, readable: bool = False
) -> sqlite3.Row:
    """The last submission of that name, as the season shows it, or that of a round. Raises `InputError`."""
    kinds = "读取 <> '失败'" if readable else "1"
    of_round = "" if run is None else "AND 轮次 = ?2"
    sql = f"SELECT * FROM 报送 WHERE 文件 = ?1 AND {kinds} {of_round} ORDER BY 轮次 DESC"
    values = (file.replace("\\", "/"), *(() if run is None else (run,)))
    found: sqlite3.Row | None = db.execute(sql, values).fetchone()
    if found is None:
        every = [row["文件"] for row in db.execute(f"SELECT DISTINCT 文件 FROM 报送 WHERE {kinds}")]
        where = "审核季" if run is None else f"第{run}轮"
        hint = did_you_mean(values[0], every) or "照审核页上的写法，连同文件夹"
        told = f"{where}里没有这份{'读得了的' if readable else ''}工作簿"
        raise InputError(Problem(file, told, hint, code="unknown-name"))
    return found


def numbered(db: sqlite3.Connection, number: int) -> sqlite3.Row:
    """The submission of a number. Raises `InputError`."""
    sql = "SELECT * FROM 报送 WHERE 报送 = ?"
    found: sqlite3.Row | None = db.execute(sql, (number,)).fetchone()
    if found is None:
        raise InputError(Problem("报送", "没有这份报送", code="unknown-name"))
    return found


def _refuse_unseen(row: sqlite3.Row) -> None:
    """Raise `InputError` where there is no content by which a decision could be remembered."""
    if row["sha256"] is None:
        told, hint = "当时没有读到内容（锁住、找不到），认定了也记不住", "能打开以后再审一遍"
        raise InputError(Problem(row["文件"], told, hint, code="unknown-name"))


def _decide(
    db: sqlite3.Connection,
    row: sqlite3.Row,
    who: str,
    *,
    unit: int | None = None,
    valid: bool = False,
    why: str = "",
) -> None:
    """Remember what was said of a content; with a reason (`why`): that it is no submission."""
    run = db.execute("SELECT max(轮次) FROM 轮次").fetchone()[0]
    head = (row["sha256"], run, row["文件"], unit, valid, who or store.system_user(), store.now())
    sql = (
        "INSERT OR REPLACE INTO 认定 (sha256, 轮次, 文件, 单位, 有效, 何人, 何时, 不是报送, 理由)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    db.execute(sql, (*head, bool(why), why))


def _settle(db: sqlite3.Connection, row: sqlite3.Row) -> None:
    """Ask anew whose this content is, and whose those are that went where it had been said to belong."""
    alike = (AS_BEFORE, row["表上名称"], row["表上编码"], BY_FILE, row["文件"])
    meant = "(sha256 = ?1 OR (归属, norm(表上名称), 表上编码) = (?2, norm(?3), ?4) OR (归属, 文件) = (?5, ?6))"
    values = (row["sha256"], *alike)
    sql = f"SELECT DISTINCT 单位 FROM 报送 WHERE 单位 IS NOT NULL AND {meant}"
    before = {found["单位"] for found in db.execute(sql, values)}
    sql = f"UPDATE 报送 SET 单位 = NULL, 归属 = '', 有效 = 0, 说法 = '' WHERE {meant}"
    db.execute(sql, values)
    derive(db, before | assign(db))
    forget_units(db)


def _new(db: sqlite3.Connection, row: sqlite3.Row, name: str) -> int:
    folder = row["文件"].rpartition("/")[0]
    sql = "INSERT INTO 单位 (单位名称, 文件夹) VALUES (?, ?)"
    return int(db.execute(sql, (name or row["表上名称"] or row["文件"], folder)).lastrowid or 0)

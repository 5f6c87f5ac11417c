"""A review becomes a run of a season: its books are entered, given to their units, and what follows is worked out."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from xltool.core.problems import InputError, Problem
from xltool.core.texts import norm
from xltool.review.rounds import ReviewedBook, read_round
from xltool.season import rows, store
from xltool.season.deriving import derive
from xltool.season.kinds import BookKind, kind_of, replaced
from xltool.season.registry import DOUBT, Known, Owner, Registry, Remark
from xltool.season.unitlist import ListedUnit


def enter(
    db: sqlite3.Connection,
    database: Path,
    out: Path,
    times: Mapping[str, str],
    listed: Sequence[ListedUnit] = (),
) -> int:
    """Enter what stands in the database of a review that will be called `out`; the number of its run.

    `times` is when each file was written. A review that takes the place of the last run's is that run anew.
    Raises `InputError` when it would take the place of an older one.
    """
    mark = rows.fingerprint(database)
    touched = enter_list(db, listed) if listed else set()
    run, there = _number(db, out, mark)
    if not there:
        touched |= _remove(db, run)
        _insert(db, run, database, out, mark, times)
        touched |= rows.insert_answers(db, run, database)
    touched |= assign(db)
    derive(db, touched)
    return run


def _insert(
    db: sqlite3.Connection, run: int, database: Path, out: Path, mark: str, times: Mapping[str, str]
) -> None:
    """The run and its books, which are held no longer than this."""
    books = read_round(database, whole=True)
    head = (run, store.now(), str(out.absolute()), mark, len(books.books), store.system_user())
    db.execute("INSERT INTO 轮次 VALUES (?, ?, ?, ?, ?, ?)", head)
    rows.insert_books(db, run, database, books, times)
    store.log(db, "审核", f"第{run}轮：{out.absolute()}，{len(books.books)} 份")


def _number(db: sqlite3.Connection, out: Path, mark: str) -> tuple[int, bool]:
    """The number of a run for this folder, and whether the very same review is there already."""
    runs = db.execute("SELECT 轮次, 审核文件夹, 指纹 FROM 轮次 ORDER BY 轮次").fetchall()
    last = runs[-1]["轮次"] if runs else 0
    for row in runs:
        if row["审核文件夹"] != str(out.absolute()):
            continue
        if row["指纹"] == mark:
            return row["轮次"], True
        refuse_older(db, out)
        return last, False
    return last + 1, False


def refuse_older(db: sqlite3.Connection, out: Path) -> None:
    """Raise `InputError` when a folder is that of a round after which there are others."""
    last = db.execute("SELECT max(轮次) FROM 轮次").fetchone()[0]
    sql = "SELECT 轮次 FROM 轮次 WHERE 审核文件夹 = ? AND 轮次 < ?"
    if (row := db.execute(sql, (str(out.absolute()), last)).fetchone()) is not None:
        told = f"是审核季的第{row['轮次']}轮，后面已经有第{last}轮，不能换掉"
        raise InputError(Problem(str(out), told, "写到一个新文件夹", code="exists"))


def _remove(db: sqlite3.Connection, run: int) -> set[int]:
    """Take a run out; the units that had something in it. Units that nothing else speaks of go with it."""
    sql = "SELECT DISTINCT 单位 FROM 报送 WHERE 轮次 = ? AND 单位 IS NOT NULL"
    touched = {row["单位"] for row in db.execute(sql, (run,))}
    for unit in touched:
        db.execute(
            "DELETE FROM 状态史 WHERE 问题 IN (SELECT 问题 FROM 问题 WHERE 单位 = ?)", (unit,)
        )
        db.execute("DELETE FROM 问题 WHERE 单位 = ?", (unit,))
    db.execute("DELETE FROM 提醒 WHERE 轮次 = ?", (run,))
    db.execute("DELETE FROM 轮次 WHERE 轮次 = ?", (run,))
    others = " UNION ".join(
        f"SELECT 单位 FROM {table} WHERE 单位 IS NOT NULL"
        for table in ("报送", "豁免", "批注", "认定")
    )
    db.execute(f"DELETE FROM 单位 WHERE 在清单 = 0 AND 单位 NOT IN ({others})")
    return touched & store.units(db).keys()


def enter_list(db: sqlite3.Connection, listed: Sequence[ListedUnit]) -> set[int]:
    """Make this the list of units; the units that it now says something else of."""
    before = store.units(db)
    db.execute("UPDATE 单位 SET 在清单 = 0")
    codes = {unit.code: key for key, unit in before.items() if unit.code}
    names: dict[str, list[int]] = defaultdict(list)
    for key, unit in before.items():
        if not unit.code:
            names[norm(unit.name)].append(key)
    twice = Counter(norm(line.name) for line in listed)
    for line in listed:
        same = names[norm(line.name)]
        only = same[0] if len(same) == 1 and twice[norm(line.name)] == 1 else None
        _enter_line(db, line, codes.get(line.code, only))
    after = store.units(db)
    db.execute("DELETE FROM 应报")
    wanted = [
        (key, document) for key, unit in after.items() if unit.listed for document in unit.documents
    ]
    db.executemany("INSERT OR IGNORE INTO 应报 VALUES (?, ?)", wanted)
    return {key for key, unit in after.items() if before.get(key) != unit}


def _enter_line(db: sqlite3.Connection, line: ListedUnit, key: int | None) -> None:
    values = (
        line.code,
        line.name,
        line.department,
        line.contact,
        line.year,
        line.edition,
        "；".join(line.documents),
    )
    if key is None:
        db.execute(
            "INSERT INTO 单位 (单位编码, 单位名称, 主管部门, 联系人, 应报年度, 应报版本, 应报文件, 在清单)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
            values,
        )
    else:
        db.execute(
            "UPDATE 单位 SET 单位编码 = ?, 单位名称 = ?, 主管部门 = ?, 联系人 = ?, 应报年度 = ?, 应报版本 = ?,"
            " 应报文件 = ?, 在清单 = 1 WHERE 单位 = ?",
            (*values, key),
        )


def assign(db: sqlite3.Connection) -> set[int]:
    """Give every submission that is nobody's yet to its unit, round by round; the units that got some."""
    sql = "SELECT DISTINCT 轮次 FROM 报送 WHERE 单位 IS NULL ORDER BY 轮次"
    touched: set[int] = set()
    for row in db.execute(sql).fetchall():
        touched |= _assign(db, row["轮次"])
    return touched


def _assign(db: sqlite3.Connection, run: int) -> set[int]:
    sql = "SELECT * FROM 报送 WHERE 轮次 = ? AND 单位 IS NULL ORDER BY 文件"
    # a row has much that is not needed here: none is kept
    books: dict[str, ReviewedBook] = {}
    found: list[tuple[int, str, str | None]] = []
    for row in db.execute(sql, (run,)):
        books[row["文件"]] = rows.reviewed(row)
        found.append((row["报送"], row["文件"], row["sha256"]))
    decisions = {
        row["sha256"]: row["单位"]
        for row in db.execute("SELECT sha256, 单位 FROM 认定 WHERE 单位 IS NOT NULL")
    }
    decided = {file: decisions[sha] for _, file, sha in found if sha in decisions}
    same = _contents(db, run)
    before = {file: same[sha] for _, file, sha in found if sha in same}
    registry = Registry(_known(db))
    owners = registry.owners(list(books.values()), decided, before)
    units = _settled(db, books, owners)
    db.execute("DELETE FROM 提醒 WHERE 轮次 = ? AND 类别 = ?", (run, DOUBT))
    _remind(db, run, registry.remarks)
    known = store.units(db)
    for number, file, _ in found:
        unit = units.get(file)
        if unit is not None:
            book, kinds = books[file], _kinds(db, unit)
            kind = kind_of(book, kinds, known[unit].year)
            for part in replaced(book, kinds, kind):
                sql = "UPDATE 报送 SET 种类 = ? WHERE 单位 = ? AND 归年度 = ? AND 种类 = ?"
                db.execute(sql, (kind.name, unit, *part))
            sql = "UPDATE 报送 SET 单位 = ?, 归属 = ?, 归年度 = ?, 种类 = ? WHERE 报送 = ?"
            db.execute(sql, (unit, owners[file].by, *kind, number))
    return set(units.values())


def _contents(db: sqlite3.Connection, run: int) -> Mapping[str | None, int]:
    """Whose each content of earlier rounds was, where it was of one unit only."""
    sql = (
        "SELECT sha256, min(单位) AS 单位 FROM 报送 WHERE 单位 IS NOT NULL AND sha256 IS NOT NULL AND 轮次 < ?"
        " GROUP BY sha256 HAVING count(DISTINCT 单位) = 1"
    )
    return {row["sha256"]: row["单位"] for row in db.execute(sql, (run,))}


def _known(db: sqlite3.Connection) -> Iterable[Known]:
    """All units with what their submissions say of them."""
    known = {key: Known(unit) for key, unit in store.units(db).items()}
    for row in db.execute("SELECT 单位, 文件, 表上名称, 归属 FROM 报送 WHERE 单位 IS NOT NULL"):
        entry = known[row["单位"]]
        if row["表上名称"]:
            entry.names.add(norm(row["表上名称"]))
        entry.folders.add(row["文件"].rpartition("/")[0])
        entry.files.add(row["文件"])
    return known.values()


def _settled(
    db: sqlite3.Connection, books: Mapping[str, ReviewedBook], owners: Mapping[str, Owner]
) -> dict[str, int]:
    """The unit of each file that has one; units that were never seen are made, codes that were not known noted."""
    units: dict[str, int] = {}
    fresh: dict[tuple[str, str], int] = {}
    for file, owner in owners.items():
        book = books[file]
        if owner.fresh:
            key = (norm(book.unit), owner.apart)
            if key not in fresh:
                sql = "INSERT INTO 单位 (单位名称, 文件夹) VALUES (?, ?)"
                cursor = db.execute(sql, (book.unit, owner.apart))
                fresh[key] = int(cursor.lastrowid or 0)
            units[file] = fresh[key]
        elif owner.unit is not None:
            units[file] = owner.unit
        if file in units and book.read and book.code and owner.by != "审核人":
            sql = "UPDATE 单位 SET 单位编码 = ?, 文件夹 = '' WHERE 单位 = ? AND 单位编码 = ''"
            db.execute(sql, (book.code, units[file]))
        if owner.by == "编码":
            sql = "UPDATE 单位 SET 单位名称 = ? WHERE 单位 = ? AND 在清单 = 0"
            db.execute(sql, (book.unit, units[file]))
    return units


def _kinds(db: sqlite3.Connection, unit: int) -> dict[BookKind, list[ReviewedBook]]:
    """The kinds of a unit so far, with the books of each."""
    kinds: dict[BookKind, list[ReviewedBook]] = defaultdict(list)
    sql = "SELECT * FROM 报送 WHERE 单位 = ? AND 种类 <> '' ORDER BY 报送"
    for row in db.execute(sql, (unit,)):
        kinds[BookKind(row["归年度"], row["种类"])].append(rows.reviewed(row))
    return kinds


def _remind(db: sqlite3.Connection, run: int, remarks: Iterable[Remark]) -> None:
    sql = "INSERT INTO 提醒 (轮次, 类别, 单位, 文件, 内容) VALUES (?, ?, ?, ?, ?)"
    db.executemany(sql, [(run, r.kind, r.unit, r.file, r.text) for r in remarks])

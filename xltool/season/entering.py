"""A review becomes a run of a season: its books are entered, given to their units, and what follows is worked out."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from xltool.batch.bounded import kept_open
from xltool.core.problems import InputError, Problem
from xltool.core.texts import in_one_cell, norm
from xltool.review.rounds import ReviewedBook
from xltool.season import rows, store
from xltool.season.deriving import derive
from xltool.season.kinds import BookKind, kind_of, replaced
from xltool.season.model import AS_BEFORE, DISMISSED, REVIEWER
from xltool.season.registry import DOUBT, Registry, Remark
from xltool.season.roll import calling
from xltool.season.temporary import temporary
from xltool.season.unitlist import ListedUnit

_UNDECIDED = """
SELECT b.*, CASE WHEN 读取 = '失败' THEN '' ELSE norm(表上名称) END AS 称 FROM 报送 b
WHERE b.轮次 = ? AND b.单位 IS NULL AND b.归属 = ''
      AND NOT EXISTS (SELECT 1 FROM 认定 a WHERE a.sha256 = b.sha256 AND a.单位 IS NOT NULL)
"""
"""The books of a round that are nobody's, and about which nobody decided; 称: the unit's name, normed."""
_NONE = """
UPDATE 报送 SET 归属 = ?1, 说法 = a.理由 || '（' || a.何人 || '，' || a.何时 || '）' FROM 认定 a
WHERE 报送.轮次 = ?2 AND 报送.单位 IS NULL AND a.sha256 = 报送.sha256 AND a.不是报送
"""
"""What the reviewer dismissed stays so, in whichever round it comes again."""
_OWNERS = {
    "归属": "报送 INTEGER PRIMARY KEY, 归 INTEGER, 凭 TEXT, 新 INTEGER, 分 TEXT",
    "新单位": "称 TEXT, 分 TEXT, 单位 INTEGER, PRIMARY KEY (称, 分)",
}
"""Whose the books of a round are, and the units that are made for them."""


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
    with kept_open(database, read_only=True):
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
    """The run and its books."""
    head = (run, store.now(), str(out.absolute()), mark, 0, store.system_user())
    db.execute("INSERT INTO 轮次 VALUES (?, ?, ?, ?, ?, ?)", head)
    count = rows.insert_books(db, run, database, times)
    db.execute("UPDATE 轮次 SET 工作簿 = ? WHERE 轮次 = ?", (count, run))
    store.log(db, "审核", f"第{run}轮：{out.absolute()}，{count} 份")


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
    forget_units(db)
    return touched & store.units(db).keys()


def forget_units(db: sqlite3.Connection) -> None:
    """Let go of units that no list has and that nothing speaks of any more."""
    others = " UNION ".join(
        f"SELECT 单位 FROM {table} WHERE 单位 IS NOT NULL"
        for table in ("报送", "豁免", "批注", "认定")
    )
    db.execute(f"DELETE FROM 单位 WHERE 在清单 = 0 AND 单位 NOT IN ({others})")
    db.execute("DELETE FROM 提醒 WHERE 单位 NOT IN (SELECT 单位 FROM 单位)")


def enter_list(db: sqlite3.Connection, listed: Sequence[ListedUnit]) -> set[int]:
    """Make this the list of units; the units that it now says something else of.

    A unit of the old list whose code the new one does not have, while it has its name once, has got another code.
    """
    before = store.units(db)
    db.execute("UPDATE 单位 SET 在清单 = 0")
    codes = {unit.code: key for key, unit in before.items() if unit.code}
    stay = {line.code for line in listed}
    names: dict[str, list[int]] = defaultdict(list)
    for key, unit in before.items():
        if not unit.code or (unit.listed and unit.code not in stay):
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
        in_one_cell(line.documents),
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
    """Give every submission that is nobody's yet to its unit, round by round; the units that got some.

    Once more where some got theirs: a later round tells whose a file of that name was that could not be read, or whose
    the same content is.
    """
    sql = "SELECT DISTINCT 轮次 FROM 报送 WHERE 单位 IS NULL AND 归属 = '' ORDER BY 轮次"
    touched: set[int] = set()
    while given := set[int]().union(*(_assign(db, run) for (run,) in db.execute(sql).fetchall())):
        touched |= given
    return touched


def _assign(db: sqlite3.Connection, run: int) -> set[int]:
    """Of a round. Whose its books are is told first, as the season was before; none of them is held."""
    db.execute(_NONE, (DISMISSED, run))
    with temporary(db, _OWNERS):
        with calling(db) as roll:
            registry = Registry(roll, _shared(db, run))
            db.executemany("INSERT INTO 归属 VALUES (?, ?, ?, ?, ?)", _owners(db, run, registry))
        db.execute("DELETE FROM 提醒 WHERE 轮次 = ? AND 类别 = ?", (run, DOUBT))
        _remind(db, run, registry.remarks)
        sql = (
            "SELECT b.*, o.归, o.凭, o.新, o.分 FROM temp.归属 o JOIN 报送 b USING (报送)"
            " ORDER BY b.文件"
        )
        return {unit for row in db.execute(sql) if (unit := _give(db, row)) is not None}


def _shared(db: sqlite3.Connection, run: int) -> Mapping[str, int]:
    """The codes that books of several names print in a round, and how many names."""
    sql = (
        f"SELECT 表上编码, count(DISTINCT 称) AS 几个 FROM ({_UNDECIDED}) WHERE 称 <> '' AND 表上编码 <> ''"
        " GROUP BY 表上编码 HAVING 几个 > 1"
    )
    return dict(map(tuple, db.execute(sql, (run,))))


def _owners(
    db: sqlite3.Connection, run: int, registry: Registry
) -> Iterator[tuple[int, int | None, str, bool, str]]:
    """Whose each book is that is nobody's yet: rows of 归属."""
    sql = (
        "SELECT 报送, a.单位 FROM 报送 b JOIN 认定 a USING (sha256)"
        " WHERE b.轮次 = ? AND b.单位 IS NULL AND a.单位 IS NOT NULL"
    )
    yield from ((number, unit, REVIEWER, False, "") for number, unit in db.execute(sql, (run,)))
    found = db.execute(f"{_UNDECIDED} ORDER BY 称, 文件", (run,))
    for name, of_name in groupby(found, key=itemgetter("称")):
        if not name:
            for row in of_name:
                owner = registry.owner_by_file(rows.reviewed(row), row["sha256"])
                yield row["报送"], owner.unit, owner.by, owner.fresh, owner.apart
            continue
        same = {row["文件"]: row for row in of_name}
        contents = {file: row["sha256"] for file, row in same.items()}
        for file, owner in registry.owners([*map(rows.reviewed, same.values())], contents).items():
            yield same[file]["报送"], owner.unit, owner.by, owner.fresh, owner.apart


def _give(db: sqlite3.Connection, row: sqlite3.Row) -> int | None:
    """Give a book (of 报送, with its 归属) to its unit, which is made when it was never seen."""
    book = rows.reviewed(row)
    unit: int | None = _fresh(db, book, row["分"]) if row["新"] else row["归"]
    if unit is None:
        return None
    if book.read and book.code and row["凭"] not in (REVIEWER, AS_BEFORE):
        sql = (
            "UPDATE 单位 SET 单位编码 = ?1, 文件夹 = '' WHERE 单位 = ?2 AND 单位编码 = ''"
            " AND NOT EXISTS (SELECT 1 FROM 单位 WHERE 单位编码 = ?1)"
        )
        db.execute(sql, (book.code, unit))
    if row["凭"] == "编码":
        sql = "UPDATE 单位 SET 单位名称 = ? WHERE 单位 = ? AND 在清单 = 0"
        db.execute(sql, (book.unit, unit))
    expected = db.execute("SELECT 应报年度 FROM 单位 WHERE 单位 = ?", (unit,)).fetchone()[0]
    kinds = _kinds(db, unit)
    kind = kind_of(book, kinds, expected)
    for part in replaced(book, kinds, kind):
        sql = "UPDATE 报送 SET 种类 = ? WHERE 单位 = ? AND 归年度 = ? AND 种类 = ?"
        db.execute(sql, (kind.name, unit, *part))
    sql = "UPDATE 报送 SET 单位 = ?, 归属 = ?, 归年度 = ?, 种类 = ? WHERE 报送 = ?"
    db.execute(sql, (unit, row["凭"], *kind, row["报送"]))
    return unit


def _fresh(db: sqlite3.Connection, book: ReviewedBook, apart: str) -> int:
    """The unit of a book whose unit was never seen before this round."""
    key = (norm(book.unit), apart)
    made = db.execute("SELECT 单位 FROM temp.新单位 WHERE (称, 分) = (?, ?)", key).fetchone()
    if made is not None:
        return int(made["单位"])
    cursor = db.execute("INSERT INTO 单位 (单位名称, 文件夹) VALUES (?, ?)", (book.unit, apart))
    db.execute("INSERT INTO temp.新单位 VALUES (?, ?, ?)", (*key, cursor.lastrowid))
    return int(cursor.lastrowid or 0)


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

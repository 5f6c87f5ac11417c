"""Workbooks and their findings between the database of a review, that of a season, and the fold over rounds."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from xltool.batch.bounded import bounded
from xltool.batch.schemas import FINDING
from xltool.core.texts import in_one_cell, names_in, norm
from xltool.review.answered import ANSWER, answer_rows
from xltool.review.rounds import NOT_GIVEN, OUTCOME, PROJECT, FindingKey, ReviewedBook, compared
from xltool.review.sheetnames import ATTACHED, SHEETS, has_sheets, parted
from xltool.season.states import Seen
from xltool.season.temporary import temporary

_COUNTS = ("结论", "不符", "待确认", "需核实")
_BOOK = ("文件", "sha256", "状态", "原因", "单位名称", *_COUNTS)
_MORE = ("单位编码", "年度", "版本", "表")
_TOLD = ("不符", "数据不足")
EXACT = ("左值", "右值", "差额", "容差", "应为")
_NULL = frozenset({*EXACT, "同因"})
"""Columns of 发现 that may be NULL; texts are then ''."""

_MANY = 2000
_NUMBER = "(SELECT 报送 FROM 编号 WHERE 文件 = ?1)"
"""Which of 报送 a file of the review is that is being entered."""


def book_rows(database: Path, *more: str) -> Iterator[dict[str, Any]]:
    """The books of a review, in the order of files."""
    names = (*_BOOK, *more)
    sql = f"SELECT {', '.join(names)} FROM books ORDER BY 文件"
    return (dict(zip(names, row, strict=True)) for row in _rows(database, sql))


def _rows(database: Path, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
    """Rows in the order in which they are stored where nothing else is asked for: a sort would hold all of them."""
    with bounded(database, read_only=True) as db:
        answer = db.execute(sql, list(values))
        while rows := answer.fetchmany(_MANY):
            yield from rows


def finding_rows(database: Path) -> Iterator[tuple[str, list[object]]]:
    """What failed, or could not be checked: the file, and the columns of `FINDING`, amounts as exact text."""
    names = ", ".join(f"{n}::VARCHAR AS {n}" if n in EXACT else n for n in FINDING.names)
    marks = ", ".join("?" * len(_TOLD))
    sql = f"SELECT 文件, {names} FROM findings WHERE 结论 IN ({marks})"
    for file, *values in _rows(database, sql, *_TOLD):
        yield file, list(map(_kept, FINDING.names, values))


def _kept(name: str, value: Any) -> object:
    """A value as 发现 keeps it."""
    if name in EXACT:
        return _short(value)
    return int(value) if isinstance(value, bool) else value if name in _NULL else value or ""


def _short(value: str | None) -> str | None:
    """An amount without the zeros that its column adds."""
    return value.rstrip("0").rstrip(".") if value and "." in value else value


def fingerprint(database: Path) -> str:
    """What a review found, in short: the same review made again has the same."""
    digest = hashlib.sha256()
    for row in book_rows(database):
        digest.update(repr(row).encode())
    for found in finding_rows(database):
        digest.update(repr(found).encode())
    for answer in answer_rows(database):
        digest.update(repr(answer).encode())
    return digest.hexdigest()


def insert_books(db: sqlite3.Connection, run: int, database: Path, times: Mapping[str, str]) -> int:
    """Enter the books of a review and their findings as those of a run; how many books. `times`: when each file
    was written.
    """
    with temporary(db, {"编号": "文件 TEXT PRIMARY KEY, 报送 INTEGER NOT NULL"}):
        for row in book_rows(database, *_MORE):
            number = _insert_book(db, run, row, times.get(row["文件"], ""))
            db.execute("INSERT INTO 编号 VALUES (?, ?)", (row["文件"], number))
        _insert_sheets(db, database)
        _insert_projects(db, database)
        _insert_checked(db, database)
        _insert_findings(db, database)
        return int(db.execute("SELECT count(*) FROM 编号").fetchone()[0])


def _insert_book(db: sqlite3.Connection, run: int, row: Mapping[str, Any], time: str) -> int | None:
    """Enter one book of a run; its number."""
    cursor = db.execute(
        "INSERT INTO 报送 (轮次, 文件, sha256, 读取, 原因, 版本, 表上名称, 表上编码, 年度, 表, 结论,"
        " 不符, 待确认, 需核实, 修改时间) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            run,
            row["文件"],
            row["sha256"],
            row["状态"],
            row["原因"],
            row["版本"] or "",
            row["单位名称"] or "",
            row["单位编码"] or "",
            row["年度"],
            in_one_cell(sorted({*names_in(row["表"])})),
            *(row[name] for name in _COUNTS),
            time,
        ),
    )
    return cursor.lastrowid


def _insert_sheets(db: sqlite3.Connection, database: Path) -> None:
    """Say of each book what its sheets are called."""
    with bounded(database, read_only=True) as review:
        if not has_sheets(review):
            return
    _say(db, "工作表", _rows(database, f"SELECT 文件, {SHEETS} FROM {ATTACHED}"))


def _insert_projects(db: sqlite3.Connection, database: Path) -> None:
    """Say of each book which projects it is about."""
    found = _rows(database, "SELECT 文件, 文本 FROM facts WHERE 行 = ?", PROJECT)
    projects = (
        (file, in_one_cell(sorted({norm(text or "") for _, text in of_book})))
        for file, of_book in groupby(found, key=itemgetter(0))
    )
    _say(db, "项目", projects)


def _insert_checked(db: sqlite3.Connection, database: Path) -> None:
    """Say of each book which rules were compared everywhere in it, and which only wanted what stands in no book."""
    none = _rule_set(db, frozenset())
    sql = "UPDATE 报送 SET 规则集 = ?1, 缺簿外 = ?1 WHERE 报送 IN (SELECT 报送 FROM 编号)"
    db.execute(sql, (none,))
    with bounded(database, read_only=True) as review:
        known = NOT_GIVEN in {name for name, *_ in review.execute("DESCRIBE outcomes").fetchall()}
    sql = f"SELECT {', '.join(OUTCOME)}, {NOT_GIVEN if known else False} FROM outcomes"
    found = (dict(zip((*OUTCOME, NOT_GIVEN), row, strict=True)) for row in _rows(database, sql))
    number = cache(partial(_rule_set, db))
    told = f"UPDATE 报送 SET 规则集 = ?2, 缺簿外 = ?3 WHERE 报送 = {_NUMBER}"
    for file, of_book in groupby(found, key=itemgetter("文件")):
        lines = list(of_book)
        checked = frozenset(row["规则"] for row in lines if compared(row))
        not_given = frozenset(row["规则"] for row in lines if row[NOT_GIVEN])
        db.execute(told, (file, number(checked), number(not_given)))


def _insert_findings(db: sqlite3.Connection, database: Path) -> None:
    columns = ("报送", *FINDING.names)
    marks = (_NUMBER, *"?" * len(FINDING.names))
    db.executemany(
        f"INSERT INTO 发现 ({', '.join(columns)}) VALUES ({', '.join(marks)})",
        ((file, *values) for file, values in finding_rows(database)),
    )


def _say(db: sqlite3.Connection, column: str, told: Iterable[tuple[Any, ...]]) -> None:
    """Fill a column of 报送; `told`: the file and what is said of it."""
    db.executemany(f"UPDATE 报送 SET {column} = ?2 WHERE 报送 = {_NUMBER}", told)


def _rule_set(db: sqlite3.Connection, rules: frozenset[str]) -> int:
    """The number of a set of rules: books of one edition mostly have the same."""
    text = in_one_cell(sorted(rules))
    db.execute("INSERT OR IGNORE INTO 规则集 (规则) VALUES (?)", (text,))
    found = db.execute("SELECT 规则集 FROM 规则集 WHERE 规则 = ?", (text,)).fetchone()
    return int(found[0])


def reviewed(row: sqlite3.Row, checked: str = "", not_given: str = "") -> ReviewedBook:
    """A row of 报送 as a book; `checked`, `not_given`: its 规则集 and 缺簿外 as text."""
    return ReviewedBook(
        row["文件"],
        row["表上名称"] or row["文件"],
        row["年度"],
        row["版本"],
        row["读取"] != "失败",
        frozenset(names_in(row["表"])),
        frozenset(names_in(row["项目"])),
        checked=frozenset(names_in(checked)),
        not_given=frozenset(names_in(not_given)),
        code=row["表上编码"],
        sheets=parted(row["工作表"]),
    )


def seen(db: sqlite3.Connection, submission: int) -> list[Seen]:
    """The failures of a submission that count, in the order in which they were told."""
    sql = (
        "SELECT * FROM 发现 WHERE 报送 = ? AND 结论 = '不符' AND 级别 IN ('必须相符', '需核实')"
        " ORDER BY 发现"
    )
    return [
        Seen(
            row["发现"],
            FindingKey(row["规则"], row["表"], row["位置"]),
            bool(row["说明"]),
            (row["左值"], row["右值"]),
            row["标识"],
            answer["轮次"] if (answer := answer_to(db, row)) is not None else None,
        )
        for row in db.execute(sql, (submission,)).fetchall()
    ]


def answer_to(db: sqlite3.Connection, finding: sqlite3.Row) -> sqlite3.Row | None:
    """The first answer of the unit to a finding with these figures, where an answer settles it."""
    if not finding["可说明"] or not finding["标识"]:
        return None
    answers = db.execute(
        "SELECT r.*, b.表上名称, b.表上编码 FROM 回复 r JOIN 报送 b ON b.报送 = ?"
        " WHERE r.标识 = ? ORDER BY r.轮次, r.回复",
        (finding["报送"], finding["标识"]),
    )
    for row in answers:
        codes = {row["单位编码"], row["表上编码"]} - {""}
        if norm(row["单位名称"]) == norm(row["表上名称"]) and len(codes) < 2:
            found: sqlite3.Row = row
            return found
    return None


def insert_answers(db: sqlite3.Connection, run: int, database: Path) -> set[int]:
    """Enter what units answered in letters of a review as of a run; the units that may be meant."""
    answers = answer_rows(database)
    marks = ", ".join("?" * (1 + len(ANSWER)))
    db.executemany(
        f"INSERT INTO 回复 (轮次, {', '.join(ANSWER)}) VALUES ({marks})",
        [(run, *row) for row in answers],
    )
    names = {norm(row[0]) for row in answers}
    sql = "SELECT DISTINCT 单位, 表上名称 FROM 报送 WHERE 单位 IS NOT NULL"
    return {row["单位"] for row in db.execute(sql) if norm(row["表上名称"]) in names}

"""All units with what they were ever called and where their books lay, looked up one by one: none is held.

What is looked up are tables of the connection itself, made when a round is given to its units and gone after it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from xltool.core.texts import norm
from xltool.season import store
from xltool.season.model import REVIEWER, Unit
from xltool.season.temporary import temporary

_CALLED = """
INSERT OR IGNORE INTO temp.称呼 SELECT norm(单位名称), 单位, 1 FROM 单位;
INSERT OR IGNORE INTO temp.称呼 SELECT norm(表上名称), 单位, 0 FROM 报送 WHERE 单位 IS NOT NULL AND 表上名称 <> '';
INSERT OR IGNORE INTO temp.放处 SELECT 文件, 单位 FROM 报送 WHERE 单位 IS NOT NULL;
INSERT INTO temp.编码 SELECT norm(单位编码), 单位 FROM 单位 WHERE 单位编码 <> ''
"""
_SAME = """
INSERT INTO temp.内容 SELECT sha256, min(单位) FROM 报送
WHERE 单位 IS NOT NULL AND sha256 IS NOT NULL GROUP BY sha256 HAVING count(DISTINCT 单位) = 1
"""
_DECIDED = """
INSERT OR IGNORE INTO temp.认过
SELECT norm(表上名称), 表上编码, CASE 表上编码 WHEN '' THEN folder(文件) ELSE '' END, 单位 FROM 报送
WHERE 归属 = ? AND 单位 IS NOT NULL AND 表上名称 <> ''
"""
_TABLES = {
    "称呼": "称 TEXT, 单位 INTEGER, 现名 INTEGER, PRIMARY KEY (称, 单位)",
    "放处": "文件 TEXT, 单位 INTEGER, PRIMARY KEY (文件, 单位)",
    "编码": "码 TEXT, 单位 INTEGER, PRIMARY KEY (码, 单位)",
    "内容": "sha256 TEXT PRIMARY KEY, 单位 INTEGER",
    "认过": "称 TEXT, 码 TEXT, 夹 TEXT, 单位 INTEGER, PRIMARY KEY (称, 码, 夹, 单位)",
}


@contextmanager
def calling(db: sqlite3.Connection) -> Iterator[Roll]:
    """The units as they are before the books of a round get theirs."""
    db.create_function("folder", 1, _folder, deterministic=True)
    with temporary(db, _TABLES):
        for statement in _CALLED.split(";"):
            db.execute(statement)
        db.execute(_SAME)
        db.execute(_DECIDED, (REVIEWER,))
        yield Roll(db)


def _folder(file: str) -> str:
    return file.rpartition("/")[0]


class Roll:
    """The units of a season."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.listed = db.execute("SELECT 1 FROM 单位 WHERE 在清单").fetchone() is not None
        found = db.execute("SELECT DISTINCT 主管部门 FROM 单位 WHERE 主管部门 <> ''")
        self.departments = {norm(name) for (name,) in found}
        """What departments are called, normed."""
        longest = (
            "SELECT max(length(称)) FROM temp.称呼 UNION SELECT max(length(码)) FROM temp.编码"
        )
        self._longest = max((length or 0 for (length,) in db.execute(longest)), default=0)

    def coded(self, code: str) -> Unit | None:
        """The unit with a 单位编码."""
        return next(self._units("单位编码 = ? AND 单位编码 <> ''", code), None)

    def named(self, name: str) -> list[Unit]:
        """The units that were ever called so (normed), the oldest first."""
        return list(self._units("单位 IN (SELECT 单位 FROM temp.称呼 WHERE 称 = ?)", name))

    def is_called(self, unit: Unit, name: str) -> bool:
        """Whether a unit was ever called so (normed)."""
        sql = "SELECT 1 FROM temp.称呼 WHERE 称 = ? AND 单位 = ?"
        return self._db.execute(sql, (name, unit.key)).fetchone() is not None

    def folders(self, unit: Unit) -> set[str]:
        """The folders in which its books were."""
        sql = "SELECT 文件 FROM 报送 WHERE 单位 = ?"
        return {_folder(file) for (file,) in self._db.execute(sql, (unit.key,))}

    def filed(self, file: str) -> list[Unit]:
        """The units of which a book was called so."""
        return list(self._units("单位 IN (SELECT 单位 FROM temp.放处 WHERE 文件 = ?)", file))

    def within(self, stem: str) -> list[Unit]:
        """The units whose present name, or whose code, is in a text (normed)."""
        ends = range(1, len(stem) + 1)
        pieces = {
            stem[start:end] for end in ends for start in range(max(0, end - self._longest), end)
        }
        now = "SELECT 单位 FROM temp.称呼 WHERE 称 = ?1 AND 现名"
        where = f"单位 IN ({now} UNION SELECT 单位 FROM temp.编码 WHERE 码 = ?1)"
        found = {unit.key: unit for piece in pieces for unit in self._units(where, piece)}
        return [found[key] for key in sorted(found)]

    def near(self, name: str) -> list[Unit]:
        """Listed units whose present name is in this one (normed), or the other way round."""
        how = "(instr(?1, 称) OR instr(称, ?1))"
        sql = f"在清单 AND 单位 IN (SELECT 单位 FROM temp.称呼 WHERE 现名 AND {how})"
        return list(self._units(sql, name))

    def owner_of_content(self, sha256: str | None) -> int | None:
        """Whose the same content is, in whichever round, where it is of one unit only."""
        row = self._db.execute("SELECT 单位 FROM temp.内容 WHERE sha256 = ?", (sha256,)).fetchone()
        return None if row is None else int(row[0])

    def owner_as_before(self, name: str, code: str, folder: str) -> int | None:
        """To whom the reviewer gave books that print this name (normed) and code; without one, those in the folder."""
        where = (name, code, "" if code else folder)
        sql = "SELECT 单位 FROM temp.认过 WHERE (称, 码, 夹) = (?, ?, ?)"
        found = self._db.execute(sql, where).fetchall()
        return int(found[0][0]) if len(found) == 1 else None

    def _units(self, where: str, *values: object) -> Iterator[Unit]:
        sql = f"SELECT * FROM 单位 WHERE {where} ORDER BY 单位"
        return map(store.unit_of, self._db.execute(sql, values).fetchall())

"""The database of a review learns whose its books are, which of them count, and how the findings stand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from xltool.batch.bounded import bounded
from xltool.season import waiving
from xltool.season.coverage import FLAGS, status_rows

if TYPE_CHECKING:
    import duckdb

_SUBMISSIONS = (
    "文件",
    "单位编码",
    "单位名称",
    "主管部门",
    "种类",
    "归年度",
    "有效",
    "说法",
    "归属",
)
_FINDING = ("规则", "表", "位置", "序", "状态", "首见", "自", "未核自", "文件", "内容")
_STATES = ("单位编码", "单位名称", "主管部门", "种类", "年度", *_FINDING)
_UNITS = ("单位编码", "单位名称", "主管部门", *FLAGS, "缺的文件", "多的文件", "结论")
_TYPES = {"归年度": "SMALLINT", "年度": "SMALLINT", "有效": "BOOLEAN"} | dict.fromkeys(
    FLAGS, "BOOLEAN"
)
_TYPES |= dict.fromkeys(("序", "首见", "自", "未核自", "号"), "INTEGER")
_MANY = 10_000
"""Rows that are held at once."""
_VIEWS = {
    "有效工作簿": ("books", "算数的工作簿：每个单位、年度、种类一份（submissions 的“有效”）"),
    "有效事实": ("facts", "算数的工作簿里的数，列同 facts"),
    "有效金额": ("amounts", "算数的工作簿里的金额，统一成万元，列同 amounts"),
}
_EACH_UNIT = "分析_每单位"
_EACH_UNIT_QUERY = """
SELECT b.文件, b.单位名称, s.单位编码,
       coalesce(nullif(s.单位编码, ''), regexp_extract(b.文件, '^(.*)/[^/]*$', 1)) AS 何处, b.年度, b.版本, b.表
FROM books b JOIN submissions s USING (文件)
WHERE s.有效 AND b.单位名称 IS NOT NULL
"""
"""What the views for analysis stand on: of several submissions the one that counts."""


def add_tables(season: sqlite3.Connection, run: int, database: Path, *, lasting: bool) -> None:
    """Add `submissions` and the views of what counts; of a lasting season `units` and `states` too."""
    with bounded(database) as db:
        sql = (
            "SELECT b.文件, coalesce(u.单位编码, ''), coalesce(u.单位名称, b.表上名称), coalesce(u.主管部门, ''),"
            " b.种类, b.归年度, b.有效, b.说法, b.归属"
            " FROM 报送 b LEFT JOIN 单位 u USING (单位) WHERE b.轮次 = ? ORDER BY b.文件"
        )
        found = season.execute(sql, (run,))
        _table(db, "submissions", _SUBMISSIONS, found, "每份工作簿是谁的、算不算数、为什么")
        for view, (table, comment) in _VIEWS.items():
            db.execute(
                f"CREATE VIEW {view} AS SELECT * FROM {table}"
                " WHERE 文件 IN (SELECT 文件 FROM submissions WHERE 有效)"
            )
            db.execute(f"COMMENT ON VIEW {view} IS '{comment}'")
        db.execute(f"CREATE OR REPLACE VIEW {_EACH_UNIT} AS {_EACH_UNIT_QUERY}")
        db.execute(f"COMMENT ON VIEW {_EACH_UNIT} IS '每个单位、年度、每种工作簿算数的一份'")
        if lasting or season.execute("SELECT 1 FROM 单位 WHERE 在清单").fetchone():
            told = "每个单位一行：应报、已报、未报、重复、多报、年度和版本不符、最差的结论"
            _table(db, "units", _UNITS, _units(season), told)
        if lasting:
            found = season.execute(f"SELECT {', '.join(_STATES)} FROM 问题清单 ORDER BY 问题")
            _table(db, "states", _STATES, found, "审核季里每处问题的下落，各轮的都在")
            waivers = waiving.table(season, date.today())
            columns = tuple(column.title for column in waivers.columns)
            _table(db, "waivers", columns, waivers.rows, "豁免：谁准的、为什么、现在还算不算")


def _units(season: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    for row, verdict in status_rows(season):
        yield (*(row[name] for name in _UNITS[:-1]), verdict)


def _table(
    db: duckdb.DuckDBPyConnection,
    name: str,
    columns: tuple[str, ...],
    found: Iterable[Sequence[object]],
    comment: str,
) -> None:
    typed = ", ".join(f"{column} {_TYPES.get(column, 'VARCHAR')}" for column in columns)
    db.execute(f"CREATE TABLE {name} ({typed})")
    db.execute(f"COMMENT ON TABLE {name} IS '{comment}'")
    left = iter(found)
    while portion := list(islice(left, _MANY)):
        rows = pa.table(dict(zip(columns, zip(*portion, strict=True), strict=True)))
        db.register("rows", rows)
        db.execute(f"INSERT INTO {name} SELECT * FROM rows")
        db.unregister("rows")

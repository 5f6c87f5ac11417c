"""What an exported season looks like on disk: one writer for each kind, and whether something is such an export."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from xltool.batch.bounded import bounded
from xltool.batch.replaceable import WORDS, has_mark, names_in_duckdb
from xltool.batch.sinks.sqlitefile import WORDS_TABLE, sqlite_columns, sqlite_rows
from xltool.season.exporttables import FACTS, VIEWS, SeasonTable, season_words, words_of
from xltool.season.schema import schema_statements

_APPLICATION = 0x786C7433
"""Marks a SQLite file as an exported season ("xlt3")."""
_AMOUNTS = "有效金额"
_MONEY = f"""CREATE VIEW {_AMOUNTS} AS SELECT * EXCLUDE (类型, 值, 文本),
(值::DECIMAL(34, 12) * CASE 金额单位 WHEN '元' THEN 0.0001 WHEN '万元' THEN 1.0000 END)::DECIMAL(26, 6) AS 万元
FROM {FACTS} WHERE 类型 = '金额' AND 值 IS NOT NULL"""
_CENTS = f"""CREATE VIEW {_AMOUNTS} AS SELECT 报送, 文件, 单位名称, 年度, 金额单位, 表, 份, 行, 科目编码, 科目名称, 列,
分, 分 / 1000000.0 AS 万元, 工作表, 单元格 FROM {FACTS} WHERE 类型 = '金额' AND 分 IS NOT NULL"""
_MONEY_WORDS = "算数的报送里的金额，统一成万元（小数6位，即到分）"


def write_parquet(draft: Path, tables: Iterable[SeasonTable]) -> None:
    """A folder with a file per table; what the columns hold is in the metadata of the fields (说明)."""
    draft.mkdir()
    for table in tables:
        words = dict(words_of(table.schema, table.name))
        fields = [f.with_metadata({"说明": words[f.name]}) for f in table.schema]
        schema = pa.schema(fields, {"说明": season_words()[table.name][0]})
        with pq.ParquetWriter(draft / f"{table.name}.parquet", schema, compression="zstd") as file:
            for portion in table.portions():
                file.write_table(pa.Table.from_batches([portion]).cast(schema))


def write_duckdb(draft: Path, tables: Iterable[SeasonTable]) -> None:
    """A database with comments on tables and columns; what counts are views."""
    with bounded(draft) as db:
        for table in tables:
            if table.name in VIEWS:
                db.execute(f"CREATE VIEW {table.name} AS {VIEWS[table.name]}")
                count = db.execute(f"SELECT count(*) FROM {table.name}").fetchone()
                table.rows = count[0] if count else 0
            else:
                reader = pa.RecordBatchReader.from_batches(table.schema, table.portions())
                db.register("portions", reader)
                db.execute(f"CREATE TABLE {table.name} AS SELECT * FROM portions")
                db.unregister("portions")
            _comment(db.execute, table)
        db.execute(_MONEY)
        db.execute(f"COMMENT ON VIEW {_AMOUNTS} IS '{_MONEY_WORDS}'")


def _comment(execute: Callable[[str], object], table: SeasonTable) -> None:
    what = "VIEW" if table.name in VIEWS else "TABLE"
    execute(f"COMMENT ON {what} {table.name} IS '{season_words()[table.name][0]}'")
    for column, words in words_of(table.schema, table.name):
        execute(f"COMMENT ON COLUMN {table.name}.{column} IS '{words}'")


def write_sqlite(draft: Path, tables: Iterable[SeasonTable]) -> None:
    """A database with the season's own tables, keys and views, for datasette; amounts are exact texts."""
    with closing(sqlite3.connect(draft, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute(f"PRAGMA application_id = {_APPLICATION}")
        db.execute("BEGIN")
        for statement in schema_statements():
            db.execute(statement)
        columns = ["报送 INTEGER REFERENCES 报送 (报送)"]
        columns += [f"{name} {kind}" for name, kind in sqlite_columns("facts")]
        db.execute(f"CREATE TABLE {FACTS} ({', '.join(columns)})")
        for name, query in VIEWS.items():
            db.execute(f"CREATE VIEW {name} AS {query}")
        db.execute(_CENTS)
        db.execute(WORDS_TABLE)
        known = {
            name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
        }
        for table in tables:
            told = [(table.name, *pair) for pair in words_of(table.schema, table.name)]
            db.executemany(f"INSERT INTO {WORDS} VALUES (?, ?, ?)", told)
            for portion in table.portions():
                if table.name not in known:
                    _insert(db, table, pa.Table.from_batches([portion]))
        db.execute(f"CREATE INDEX 有效事实的报送 ON {FACTS} (报送)")
        db.execute(f"CREATE INDEX 有效事实的位置 ON {FACTS} (表, 行, 列)")
        db.execute("COMMIT")


def _insert(db: sqlite3.Connection, table: SeasonTable, portion: pa.Table) -> None:
    rows = sqlite_rows("facts" if table.name == FACTS else table.name, portion)
    marks = ", ".join("?" * (len(table.schema) + (table.name == FACTS)))
    names = "" if table.name == FACTS else f" ({', '.join(table.schema.names)})"
    db.executemany(f"INSERT INTO {table.name}{names} VALUES ({marks})", rows)


WRITERS: Mapping[str, Callable[[Path, Iterable[SeasonTable]], None]] = {
    "duckdb": write_duckdb,
    "parquet": write_parquet,
    "sqlite": write_sqlite,
}


def is_exported(path: Path) -> bool:
    """Whether a file or a folder is an exported season and holds nothing else."""
    try:
        if path.is_dir():
            return {file.name for file in path.iterdir()} == {
                f"{t}.parquet" for t in season_words()
            }
        if has_mark(path, _APPLICATION):
            return True
    except OSError:
        return False
    return names_in_duckdb(path) == {*season_words(), _AMOUNTS}

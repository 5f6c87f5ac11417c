"""One DuckDB file: the tables, and a view of the amounts in one unit."""

from __future__ import annotations

import glob
import shutil
from pathlib import Path

import duckdb
import pyarrow as pa

from xltool.batch.bounded import bounded
from xltool.batch.columns import column_words
from xltool.batch.parts import Batch
from xltool.batch.sinks.parquet import ParquetSink
from xltool.batch.views import analysis_views
from xltool.core.problems import InputError, Problem

_VIEWS = (
    # Units that report in 元 and in 万元 can only be compared in one of them.
    """CREATE VIEW amounts AS
       SELECT f.* EXCLUDE (类型, 值, 文本),
              (f.值::DECIMAL(34, 12) * CASE f.金额单位 WHEN '元' THEN 0.0001 WHEN '万元' THEN 1.0000 END)
              ::DECIMAL(26, 6) AS 万元
       FROM facts f WHERE f.类型 = '金额' AND f.值 IS NOT NULL""",
)
_COMMENTS = {
    "TABLE books": "每个工作簿一行，读不了的也有，原因在“原因”列",
    "TABLE facts": "每个填了的单元格一行；数字在“值”，文字在“文本”",
    "TABLE problems": "读的时候遇到的问题：与表样有出入、错值、没有对应字段的单元格",
    "TABLE findings": "校验发现（加 --validate 才有）",
    "TABLE outcomes": "每个工作簿每条规则的结论（加 --validate 才有）",
    "VIEW amounts": "所有金额，统一成万元（小数6位，即到分）",
}


class DuckDbSink:
    """See `Sink`. All five tables are always there; without validation two are empty.

    The rows go to Parquet files in the work folder first and from there into DuckDB table by table: so the
    memory that is needed does not grow with the number of books.
    """

    def __init__(self, draft: Path, *, validated: bool) -> None:
        self._draft = draft
        self._folder = draft.with_name(f"{draft.name}.tables")
        if self._folder.exists():
            shutil.rmtree(self._folder)
        self._tables = ParquetSink(self._folder, validated=True)

    def write(self, batch: Batch) -> None:
        """See `Sink`."""
        self._tables.write(batch)

    def finish(self) -> None:
        """See `Sink`."""
        self._tables.finish()
        # what Arrow has freed it keeps: 90 MB that DuckDB would be asked to live beside
        pa.default_memory_pool().release_unused()
        try:
            with bounded(self._draft) as db:
                self._fill(db)
        except duckdb.Error as error:
            raise InputError(
                Problem(self._draft.name, f"DuckDB 写不了：{error}", code="unwritable")
            ) from error

    def _fill(self, db: duckdb.DuckDBPyConnection) -> None:
        for path in sorted(self._folder.iterdir()):
            # DuckDB reads them by itself: what goes through Arrow takes twice the memory
            file = glob.escape(str(path)).replace("'", "''")
            db.execute(f"CREATE TABLE {path.stem} AS SELECT * FROM read_parquet('{file}')")
        # one statement at a time, each would wait for the disk
        db.begin()
        for view in _VIEWS:
            db.execute(view)
        for what, text in _COMMENTS.items():
            db.execute(f"COMMENT ON {what} IS '{text}'")
        for found in analysis_views():
            db.execute(f"CREATE VIEW {found.name} AS {found.query}")
            db.execute(f"COMMENT ON VIEW {found.name} IS '{found.words}'")
        _comment_columns(db)
        db.commit()

    def abandon(self) -> None:
        """See `Sink`."""
        self._tables.abandon()
        shutil.rmtree(self._folder, ignore_errors=True)


def _comment_columns(db: duckdb.DuckDBPyConnection) -> None:
    columns = db.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
    ).fetchall()
    words = {table: dict(column_words(table)) for table, _ in columns}
    for table, column in columns:
        if column in words[table]:
            db.execute(f"COMMENT ON COLUMN {table}.{column} IS '{words[table][column]}'")

"""One DuckDB file: the tables, and a view of the amounts in one unit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa

from xltool.batch.parts import Batch
from xltool.batch.schemas import BOOK, DETAILS, full
from xltool.batch.sinks.rows import Portions
from xltool.problems import InputError, Problem

_PORTION = 1 << 17
_MEMORY = "512MB"

_VIEWS = (
    # Units that report in 元 and in 万元 can only be compared in one of them.
    """CREATE VIEW amounts AS
       SELECT f.* EXCLUDE (类型, 值, 文本),
              (f.值::DECIMAL(34, 12) * CASE f.金额单位 WHEN '元' THEN 0.0001 ELSE 1.0000 END)
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
    """See `Sink`. All five tables are always there; without validation two are empty."""

    def __init__(self, draft: Path, *, validated: bool) -> None:
        self._draft = draft
        self._db: duckdb.DuckDBPyConnection | None = duckdb.connect(str(draft))
        self._db.execute(f"SET memory_limit = '{_MEMORY}'")
        self._db.execute("BEGIN")
        self._portions: dict[str, Portions] = {}
        for name in ("books", *DETAILS):
            schema = BOOK if name == "books" else full(DETAILS[name])
            self._run(f"CREATE TABLE {name} AS SELECT * FROM rows", schema.empty_table())
            self._portions[name] = Portions(_PORTION, self._inserter(name))

    def _inserter(self, name: str) -> Callable[[pa.Table], None]:
        return lambda table: self._run(f"INSERT INTO {name} SELECT * FROM rows", table)

    def _run(self, sql: str, rows: pa.Table) -> None:
        assert self._db is not None
        try:
            self._db.register("rows", rows)
            self._db.execute(sql)
            self._db.unregister("rows")
        except duckdb.Error as error:
            raise InputError(Problem(self._draft.name, f"DuckDB 写不了：{error}")) from error

    def write(self, batch: Batch) -> None:
        """See `Sink`."""
        for name, portions in self._portions.items():
            portions.add(batch.books if name == "books" else batch.detail(name))

    def finish(self) -> None:
        """See `Sink`."""
        for portions in self._portions.values():
            portions.flush()
        assert self._db is not None
        for view in _VIEWS:
            self._db.execute(view)
        for what, text in _COMMENTS.items():
            self._db.execute(f"COMMENT ON {what} IS '{text}'")
        self._db.execute("COMMIT")
        self._db.execute("CHECKPOINT")
        self.abandon()

    def abandon(self) -> None:
        """See `Sink`."""
        if self._db is not None:
            self._db.close()
            self._db = None

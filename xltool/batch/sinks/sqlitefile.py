"""One SQLite file: the tables with keys and indexes, for programs that know SQLite (datasette, DB Browser, Excel).

SQLite has no decimals: numbers are exact texts in 值, and amounts besides whole 分 that add up exactly.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from xltool.batch.columns import column_words
from xltool.batch.replaceable import APPLICATION, WORDS
from xltool.batch.schemas import schema_of
from xltool.batch.sinks import tables
from xltool.batch.sinks.rows import PortionedSink, Portions, digits
from xltool.core.problems import InputError, Problem

CENTS = "分"
_PORTION = 1 << 14
_PER_UNIT = {"元": Decimal(100), "万元": Decimal(1_000_000)}
_LARGEST = Decimal(2**63 - 1)
_INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "facts": (("表", "行", "列"), ("科目编码",)),
    "findings": (("规则",),),
    "outcomes": (("规则", "结论"),),
}
_VIEW = f"""CREATE VIEW amounts AS
SELECT 文件, sha256, 版本, 单位名称, 年度, 金额单位, 表, 份, 行, 科目编码, 科目名称, 列, {CENTS},
       {CENTS} / 1000000.0 AS 万元, 工作表, 单元格
FROM facts WHERE 类型 = '金额' AND {CENTS} IS NOT NULL"""

WORDS_TABLE = f"CREATE TABLE {WORDS} (表 TEXT, 列 TEXT, 说明 TEXT, PRIMARY KEY (表, 列))"


class SqliteSink(PortionedSink):
    """See `Sink`. All rows are written in one transaction: the file is thrown away when it is not finished."""

    def __init__(self, draft: Path, *, validated: bool) -> None:
        self._draft = draft
        self._db = sqlite3.connect(draft, isolation_level=None)
        # the file takes its name only when it is whole: no journal is needed for that
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(f"PRAGMA application_id = {APPLICATION}")
        self._db.execute("BEGIN")
        self._portions: dict[str, Portions] = {}
        self._names = ("books", *tables(validated=validated))
        for name in self._names:
            self._db.execute(_table(name))
            self._portions[name] = Portions(_PORTION, self._put(name))

    def _put(self, name: str) -> Callable[[pa.Table], None]:
        columns = len(sqlite_columns(name))
        sql = f"INSERT INTO {name} VALUES ({', '.join('?' * columns)})"

        def put(table: pa.Table) -> None:
            try:
                self._db.executemany(sql, sqlite_rows(name, table))
            except sqlite3.Error as error:
                raise self._refused(error) from error

        return put

    def finish(self) -> None:
        """See `Sink`."""
        self.flush()
        try:
            for name in self._names[1:]:
                for columns in (("文件",), *_INDEXES.get(name, ())):
                    key = "_".join((name, *columns))
                    self._db.execute(f"CREATE INDEX {key} ON {name} ({', '.join(columns)})")
            self._db.execute(_VIEW)
            self._words()
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._refused(error) from error

    def _words(self) -> None:
        self._db.execute(WORDS_TABLE)
        for name in self._names:
            known = {column for column, _ in sqlite_columns(name)}
            rows = [
                (name, column, words) for column, words in column_words(name) if column in known
            ]
            self._db.executemany(f"INSERT INTO {WORDS} VALUES (?, ?, ?)", rows)

    def _refused(self, error: sqlite3.Error) -> InputError:
        return InputError(
            Problem(
                self._draft.name, f"SQLite 写不了：{error}", "看看磁盘是不是满了", code="unwritable"
            )
        )

    def abandon(self) -> None:
        """See `Sink`."""
        self._db.close()


def sqlite_columns(name: str) -> Sequence[tuple[str, str]]:
    """The columns of a table and their types; amounts of `facts` are there in 分, too."""
    schema = schema_of(name)
    found = []
    for field in schema:
        whole = pa.types.is_integer(field.type) or pa.types.is_boolean(field.type)
        found.append((field.name, "INTEGER" if whole else "TEXT"))
        if name == "facts" and field.name == "值":
            found.append((CENTS, "INTEGER"))
    return found


def _table(name: str) -> str:
    """The statement that makes a table: datasette follows its keys from row to row."""
    lines = [f"{column} {kind}" for column, kind in sqlite_columns(name)]
    if name == "books":
        lines[0] += " PRIMARY KEY"
    else:
        lines[0] += " REFERENCES books (文件)"
    return f"CREATE TABLE {name} ({', '.join(lines)})"


def sqlite_rows(name: str, table: pa.Table) -> Iterator[tuple[object, ...]]:
    """The rows of a table as they are stored."""
    columns = []
    for field in table.schema:
        column = table.column(field.name)
        decimal = pa.types.is_decimal(field.type)
        columns.append((digits(column) if decimal else column).to_pylist())
        if name == "facts" and field.name == "值":
            columns.append(list(_cents(table)))
    return zip(*columns, strict=True)


def _cents(table: pa.Table) -> Iterator[int | None]:
    """The amounts in 分, where they are whole."""
    money = pc.equal(table.column("类型"), "金额").to_pylist()
    units = table.column("金额单位").to_pylist()
    for value, is_money, unit in zip(table.column("值").to_pylist(), money, units, strict=True):
        factor = _PER_UNIT.get(unit)
        if value is None or not is_money or factor is None:
            yield None
            continue
        cents = value * factor
        yield int(cents) if cents == cents.to_integral_value() and abs(cents) <= _LARGEST else None

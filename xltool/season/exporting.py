"""A season as one output for queries: DuckDB, a folder of Parquet files, or SQLite for datasette.

It holds every table of the season, the submissions that count, and their figures, which come from the folders of
the reviews. Tables go through in portions: the memory needed does not grow with the season.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from xltool.batch.bounded import bounded
from xltool.batch.generated import DATABASE
from xltool.batch.schemas import DECIMAL, DETAILS, full
from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.saving.guard import check_outputs
from xltool.core.saving.swap import draft_folder, swap
from xltool.season import store
from xltool.season.coverage import FLAGS
from xltool.season.exported import WRITERS, is_exported
from xltool.season.exporttables import FACTS, VIEWS, SeasonTable, season_words
from xltool.season.rows import EXACT

_ROWS = 1 << 13
_BOOLEANS = frozenset({"有效", "在清单", "可说明", *FLAGS})


@dataclass(slots=True)
class ExportedSeason:
    """What was written. `without`: why the figures of a round are not in it, a line each."""

    rows: dict[str, int] = field(default_factory=dict)
    without: list[str] = field(default_factory=list)


def export(folder: Path, out: Path, kind: str, *, force: bool) -> ExportedSeason:
    """Write the season in `folder` to `out`, whole or not at all. `kind`: a key of `WRITERS`.

    Raises `InputError`.
    """
    check_outputs([out], [folder / store.SEASON], force=force, made=is_exported)
    told = ExportedSeason()
    try:
        with store.reading(folder) as db, draft_folder(out.absolute().parent) as drafts:
            db.execute("BEGIN")  # one state of the season, whoever writes meanwhile
            WRITERS[kind](drafts / out.name, _tables(db, told))
            swap([(drafts / out.name, out.absolute())], overwrite=force)
    except OSError as error:
        reason = f"写不了：{system_reason(error)}"
        raise InputError(Problem(str(out), reason, code="unwritable")) from error
    return told


def _tables(db: sqlite3.Connection, told: ExportedSeason) -> Iterator[SeasonTable]:
    """Every table, in the order in which they refer to each other, then the figures."""
    types = _types(db)
    tables = [words for words in season_words() if words not in (*VIEWS, FACTS)]
    for name in tables:
        yield from _counted(_table(db, name, f"SELECT * FROM {name}", types), told)
    for name, query in VIEWS.items():
        yield from _counted(_table(db, name, query, types), told)
    schema = pa.schema([pa.field("报送", pa.int64()), *full(DETAILS["facts"])])
    yield from _counted(SeasonTable(FACTS, schema, _figures(db, schema, told)), told)


def _counted(table: SeasonTable, told: ExportedSeason) -> Iterator[SeasonTable]:
    yield table
    told.rows[table.name] = table.rows


def _types(db: sqlite3.Connection) -> Mapping[str, pa.DataType]:
    """The type of each column: a name means the same in every table."""
    sql = (
        "SELECT c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c"
        " WHERE m.type = 'table'"
    )
    types = {
        name: pa.int64() if kind == "INTEGER" else pa.string() for name, kind in db.execute(sql)
    }
    types |= dict.fromkeys(_BOOLEANS, pa.bool_())
    return types | dict.fromkeys(EXACT, DECIMAL)


def _table(
    db: sqlite3.Connection, name: str, query: str, types: Mapping[str, pa.DataType]
) -> SeasonTable:
    answer = db.execute(query)
    names = [column[0] for column in answer.description]
    schema = pa.schema([(column, types.get(column, pa.string())) for column in names])
    return SeasonTable(name, schema, _batches(map(tuple, answer), schema))


def _batches(rows: Iterator[Sequence[Any]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    while portion := list(islice(rows, _ROWS)):
        columns = zip(*portion, strict=True)
        arrays = [_array(values, kind) for values, kind in zip(columns, schema.types, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_decimal(kind):
        values = [None if value is None else Decimal(value) for value in values]
    elif pa.types.is_boolean(kind):
        values = [None if value is None else bool(value) for value in values]
    return pa.array(values, kind)


def _figures(
    db: sqlite3.Connection, schema: pa.Schema, told: ExportedSeason
) -> Iterator[pa.RecordBatch]:
    """The figures of what counts, round by round, from the databases of the reviews that are still there."""
    for run in db.execute("SELECT * FROM 轮次 ORDER BY 轮次").fetchall():
        sql = "SELECT 报送, 文件, sha256 FROM 报送 WHERE 有效 AND 轮次 = ?"
        valid = [tuple(row) for row in db.execute(sql, (run["轮次"],))]
        if valid:
            path = Path(run["审核文件夹"]) / DATABASE
            yield from _of_round(f"第{run['轮次']}轮", path, valid, schema, told)


def _of_round(
    name: str,
    path: Path,
    valid: Sequence[tuple[int, str, str]],
    schema: pa.Schema,
    told: ExportedSeason,
) -> Iterator[pa.RecordBatch]:
    import duckdb

    if not path.is_file():
        told.without.append(f"{name}的 {len(valid)} 份没有数：{path} 不在了")
        return
    names = ", ".join(f"f.{column}" for column in schema.names[1:])
    query = f"SELECT v.报送, {names} FROM facts f JOIN valid v ON v.文件 = f.文件 AND v.sha256 = f.sha256"
    try:
        with bounded(path, read_only=True) as review:
            books = review.execute("SELECT 文件, sha256 FROM books").fetchall()
            if other := len({(file, sha) for _, file, sha in valid} - set(books)):
                told.without.append(f"{name}的 {other} 份没有数：{path} 里不是那时的内容")
            numbers, files, marks = zip(*valid, strict=True)
            review.register("valid", pa.table({"报送": numbers, "文件": files, "sha256": marks}))
            answer: Any = review.sql(query)
            # DuckDB before 1.5 has it under another name
            stream = getattr(answer, "to_arrow_reader", None) or answer.fetch_arrow_reader
            for portion in stream(_ROWS):
                yield portion.cast(schema)
    except duckdb.Error as error:
        told.without.append(
            f"{name}的数没有全写进去：{path} 读不了（{str(error).splitlines()[0]}）"
        )

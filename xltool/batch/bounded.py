"""DuckDB for very many books: whatever a database holds, no more than so much of it is in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_SETTINGS = {
    # One thread: with more, DuckDB keeps whole tables in memory and stores them half as densely.
    "threads": "1",
    "memory_limit": "128MB",
}
_ROWS = 1 << 15
"""Rows that are passed on at once."""


def bounded(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a database, which is made when it is not there. Raises `duckdb.Error`."""
    import duckdb

    db = duckdb.connect(str(path), read_only=read_only, config=dict(_SETTINGS))
    db.execute("SET enable_progress_bar = false")
    return db


@contextmanager
def kept_open(path: Path, *, read_only: bool = False) -> Iterator[None]:
    """Keep a database open: until the end, opening it in the same way costs next to nothing."""
    with bounded(path, read_only=read_only):
        yield


def has_table(db: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether a database has a table of that name: those of older versions lack some."""
    return (name,) in db.execute("SHOW TABLES").fetchall()


def add_table(
    db: duckdb.DuckDBPyConnection,
    name: str,
    schema: pa.Schema,
    rows: Iterable[Sequence[object]],
    comment: str,
) -> None:
    """Add a table with a comment; its rows are taken as they come, some at a time."""
    import pyarrow as pa

    left = iter(rows)
    portions = iter(lambda: list(islice(left, _ROWS)), [])
    batches = (
        pa.record_batch([*map(list, zip(*some, strict=True))], schema=schema) for some in portions
    )
    db.register("added", pa.RecordBatchReader.from_batches(schema, batches))
    db.execute(f"CREATE TABLE {name} AS SELECT * FROM added")
    db.execute(f"COMMENT ON TABLE {name} IS '{comment}'")
    db.unregister("added")

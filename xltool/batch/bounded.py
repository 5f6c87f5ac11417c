"""DuckDB for very many books: whatever a database holds, no more than so much of it is in memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_SETTINGS = {
    # One thread: with more, DuckDB keeps whole tables in memory and stores them half as densely.
    "threads": "1",
    "memory_limit": "128MB",
}
ROWS = 1 << 15
"""Rows that are passed on at once."""


def bounded(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a database, which is made when it is not there. Raises `duckdb.Error`."""
    import duckdb

    db = duckdb.connect(str(path), read_only=read_only, config=dict(_SETTINGS))
    db.execute("SET enable_progress_bar = false")
    return db

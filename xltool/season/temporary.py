"""Tables of a connection itself: what is held for a while, but not in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def temporary(db: sqlite3.Connection, tables: Mapping[str, str]) -> Iterator[None]:
    """Have tables (their columns, by name) that nobody else sees, and that are gone after the block."""
    for name, columns in tables.items():
        db.execute(f"CREATE TEMP TABLE {name} ({columns}) WITHOUT ROWID")
    yield
    for name in tables:
        db.execute(f"DROP TABLE temp.{name}")

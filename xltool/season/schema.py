"""The tables and views of a season (schema.sql), and what seasons of older versions lack of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

_SCHEMA = Path(__file__).with_name("schema.sql")
_ADDED = (
    ("报送", "工作表", "TEXT NOT NULL DEFAULT ''"),
    ("报送", "缺簿外", "INTEGER REFERENCES 规则集 (规则集)"),
    ("问题", "未核自", "INTEGER"),
    ("认定", "不是报送", "INTEGER NOT NULL DEFAULT 0"),
    ("认定", "理由", "TEXT NOT NULL DEFAULT ''"),
)
"""Columns that seasons of older versions lack; only who writes needs them."""


def schema_statements() -> Iterator[str]:
    """What makes the tables and views of a season, in an order in which it can be done."""
    return _statements(_SCHEMA.read_text(encoding="utf-8"))


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would end the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def has_column(db: sqlite3.Connection, table: str, column: str) -> bool:
    """Whether a season has a column: who only reads one of an older version must not ask for what it lacks."""
    return column in {row["name"] for row in db.execute(f"PRAGMA table_info({table})")}


def extend(db: sqlite3.Connection) -> None:
    """Add what seasons of older versions lack, and which these can do without; see with the present views."""
    for table, column, kind in _ADDED:
        if not has_column(db, table, column):
            db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    views = dict(map(tuple, db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'")))
    wanted = (text[text.index("CREATE") :].rstrip(";\n") for text in schema_statements())
    for view in wanted:
        name = view.split()[2]
        if name in views and views[name] != view:
            db.execute(f"DROP VIEW {name}")
            db.execute(view)

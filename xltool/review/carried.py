"""Findings of books that were not handed in again: they stay open, and go from one review to the next."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.review.rounds import CARRIED, ReviewedBook

if TYPE_CHECKING:
    import duckdb

_COMMENT = "以前审核时的问题，那份工作簿本次没有交或没能读取，仍未改正"


def write_carried(database: Path, books: Iterable[ReviewedBook]) -> None:
    """Add the open findings of earlier books to the database of a review, a row each."""
    import duckdb

    rows = [
        (
            book.file,
            book.unit,
            book.code,
            book.year,
            book.edition,
            "；".join(sorted(book.tables)),
            "；".join(sorted(book.projects)),
            place.rule,
            place.table,
            place.where,
            message,
        )
        for book in books
        for place, messages in sorted(book.places.items())
        for message in messages
    ]
    with duckdb.connect(str(database)) as db:
        _create(db)
        if rows:
            db.executemany(f"INSERT INTO carried VALUES ({', '.join('?' * len(CARRIED))})", rows)


def _create(db: duckdb.DuckDBPyConnection) -> None:
    columns = (f"{name} {'SMALLINT' if name == '年度' else 'VARCHAR'}" for name in CARRIED)
    db.execute(f"CREATE TABLE carried ({', '.join(columns)})")
    db.execute(f"COMMENT ON TABLE carried IS '{_COMMENT}'")

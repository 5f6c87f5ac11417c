"""Findings of books that were not handed in again: they stay open, and go from one review to the next."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from xltool.batch.bounded import add_table, bounded
from xltool.core.texts import in_one_cell
from xltool.review.rounds import CARRIED, ReviewedBook

_SCHEMA = pa.schema([(name, pa.int16() if name == "年度" else pa.string()) for name in CARRIED])
_COMMENT = "以前审核时的问题，那份工作簿本次没有交或没能读取，仍未改正"


def write_carried(database: Path, books: Iterable[ReviewedBook]) -> None:
    """Add the open findings of earlier books to the database of a review, a row each."""
    rows = (
        (
            book.file,
            book.unit,
            book.code,
            book.year,
            book.edition,
            in_one_cell(sorted(book.tables)),
            in_one_cell(sorted(book.projects)),
            place.rule,
            place.table,
            place.where,
            message,
        )
        for book in books
        for place, messages in sorted(book.places.items())
        for message in messages
    )
    with bounded(database) as db:
        add_table(db, "carried", _SCHEMA, rows, _COMMENT)

"""The names of the sheets of each book, as the database of a review keeps them: in the column 工作表 of `attached`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from xltool.batch.bounded import has_table

if TYPE_CHECKING:
    import duckdb

ATTACHED = "attached"
SHEETS = "工作表"
_BETWEEN = "/"
"""No name of a sheet has it."""


def joined(names: Iterable[str]) -> str:
    """The names as one text."""
    return _BETWEEN.join(names)


def parted(text: str | None) -> frozenset[str]:
    """The names in a text; none where they are not known."""
    return frozenset((text or "").split(_BETWEEN)) - {""}


def has_sheets(database: duckdb.DuckDBPyConnection) -> bool:
    """Whether the database of a review has them: those of older versions have not."""
    if not has_table(database, ATTACHED):
        return False
    return SHEETS in {name for name, *_ in database.execute(f"DESCRIBE {ATTACHED}").fetchall()}

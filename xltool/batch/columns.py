"""What the columns of an output hold, in words (columns.yaml)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from xltool.batch.schemas import CONTEXT
from xltool.core.caches import remembered

_FILE = Path(__file__).with_name("columns.yaml")


@remembered(1)
def _words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


def column_words(table: str) -> Iterator[tuple[str, str]]:
    """Each column of a table with what it holds: first those that all tables have."""
    words = _words()
    yield from ((column, words["公共"][column]) for column in CONTEXT)
    if table == "amounts":  # a view of facts
        yield from words["facts"].items()
    yield from words.get(table, {}).items()

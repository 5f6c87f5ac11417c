"""The tables of an exported season: which there are, what their columns hold, their rows on the way out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from xltool.batch.columns import column_words
from xltool.core.caches import remembered

FACTS = "有效事实"
_VALID = "SELECT b.*, u.单位编码, u.单位名称, u.主管部门 FROM 报送 b JOIN 单位 u ON u.单位 = b.单位 WHERE b.有效"
VIEWS = {"有效报送": _VALID}
"""Views that an export has besides those of the season itself, in words that SQLite and DuckDB know."""


class SeasonTable:
    """A table on its way out: its columns and its rows in portions, counted as they pass."""

    def __init__(self, name: str, schema: pa.Schema, found: Iterator[pa.RecordBatch]) -> None:
        self.name, self.schema, self._found, self.rows = name, schema, found, 0

    def portions(self) -> Iterator[pa.RecordBatch]:
        """The rows, once."""
        for portion in self._found:
            self.rows += portion.num_rows
            yield portion


@remembered(1)
def season_words() -> dict[str, tuple[str, dict[str, str]]]:
    """Each table of an export: what it holds, and what its columns hold."""
    text = Path(__file__).with_name("columns.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)
    common = found.pop("公共")
    return {name: (words["说明"], common | words["列"]) for name, words in found.items()}


def words_of(schema: pa.Schema, table: str) -> Iterator[tuple[str, str]]:
    """The columns of a table of an export and what they hold."""
    words = season_words()[table][1] | (dict(column_words("facts")) if table == FACTS else {})
    yield from ((name, words[name]) for name in schema.names)

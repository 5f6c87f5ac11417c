"""The views for analysis that stand in every DuckDB database of a batch (sinks/views.sql)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PREFIX = "分析_"
_FILE = Path(__file__).parent / "sinks" / "views.sql"
_VIEW = re.compile(r"^--: (\S+) (.+)\n((?:(?!^--: )[^\0])*?);$", re.MULTILINE)


class AnalysisView(NamedTuple):
    """A view: its name, what it holds in words, its query."""

    name: str
    words: str
    query: str


def analysis_views() -> Iterator[AnalysisView]:
    """All views, each after those that it stands on."""
    for match in _VIEW.finditer(_FILE.read_text(encoding="utf-8")):
        yield AnalysisView(match[1], match[2], match[3])

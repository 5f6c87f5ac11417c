"""A text held against the tables of a sample. A module with another `tables` checks against those."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from xltool.core.resources import SAMPLES
from xltool.narrative.book import tables_of, validated
from xltool.narrative.check import NarrativeCheck, check_narrative
from xltool.narrative.tables import Tables
from xltool.narrative.text import load_narrative


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tables_of(validated(SAMPLES / "sgb-2024.json"))


@pytest.fixture
def checked(tables: Tables, tmp_path: Path) -> Callable[[str], NarrativeCheck]:
    def run(text: str) -> NarrativeCheck:
        path = tmp_path / "说明.txt"
        path.write_text(text, encoding="utf-8")
        return check_narrative(load_narrative(path), tables)

    return run

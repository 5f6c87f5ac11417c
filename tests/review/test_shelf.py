"""Rows on disk come back as they were, in their order, and cost no memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import duckdb

from xltool.batch.sinks import open_sink
from xltool.review.shelf import Shelf


def test_rows_come_in_the_order_of_their_keys() -> None:
    shelf = Shelf[tuple[object, ...]](2)
    for row in (("乙", None, 2), ("甲", "文", 1), ("丙", (), 2)):
        shelf.put(row, row[2], row[0])
    assert list(shelf) == [("甲", "文", 1), ("丙", (), 2), ("乙", None, 2)]
    assert list(shelf) == shelf[:] == [*shelf[:1], *shelf[1:]]
    assert (len(shelf), bool(Shelf[int]())) == (3, False)
    assert shelf.repeated(0) == {2}


def test_rows_without_keys_stay_as_they_came() -> None:
    shelf = Shelf[str]()
    for text in ("乙", "甲", "乙"):
        shelf.put(text)
    assert list(shelf) == ["乙", "甲", "乙"]


def test_rows_take_no_memory() -> None:
    shelf = Shelf[str](1)
    shelf.put("一行" * 500, -1)
    tracemalloc.start()
    for number in range(20_000):
        shelf.put("一行" * 500, number)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 1_000_000, "20,000 rows of 2 kB"


def test_a_database_in_a_folder_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "甲[1]'局"
    folder.mkdir()
    sink = open_sink("duckdb", folder / "表.duckdb", validated=True)
    sink.finish()
    sink.abandon()
    with duckdb.connect(str(folder / "表.duckdb"), read_only=True) as database:
        assert database.execute("SELECT count(*) FROM books").fetchall() == [(0,)]
    assert [path.name for path in folder.iterdir()] == ["表.duckdb"]

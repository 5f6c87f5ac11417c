"""Rounds of a season: nothing is 已改正 that was not handed in again and looked at."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.review.support import run
from tests.unearned.books import OVERVIEW, values
from tests.unearned.edits import Edit, both, changed, put, removed


class book(NamedTuple):  # noqa: N801 - reads as a word in the tables below
    """A book that a unit hands in."""

    name: str = "中心小学"
    state: str = "wrong"
    year: int = 2024


Books = Mapping[str, book | bytes]


@lru_cache(maxsize=32)
def made(name: str, state: str, year: int) -> bytes:
    def rename(book) -> None:  # type: ignore[no-untyped-def]
        for sheet in book:
            sheet["A3"] = f"部门：{name}"
            for cell in sheet[3]:
                if "2024年度" in str(cell.value):
                    cell.value = f"{year}年度"

    more: dict[str, tuple[Edit, ...]] = {
        "wrong": (put(OVERVIEW, {"C35": 30}),),
        "sound": (),
        "without": (removed(OVERVIEW),),
        "blank": (put(OVERVIEW, {f"{c}{r}": None for c in "CF" for r in range(7, 38)}),),
        "text": (put(OVERVIEW, {"C35": "见附件"}),),
        "other": (put(OVERVIEW, {"C35": 31, "C7": 235}),),
    }
    return changed(values(), both(rename, *more[state]))


def reviewed(folder: Path, *rounds: Books) -> list[dict[str, int]]:
    """Review round after round, each against the one before; how many findings of each 变化."""
    found = []
    prior = None
    for n, books in enumerate(rounds):
        for path, content in books.items():
            target = folder / f"报送{n}" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else made(*content))
        done = run(folder / f"报送{n}", folder / f"审核{n}", prior=prior, jobs=1)
        prior = folder / f"审核{n}"
        changes = done.done.changes
        found.append(
            dict(changes.total) | {"没有交": sum(changes.missing.values())} if changes else {}
        )
    return found


FIRST, OTHER = "甲区/中心小学.xlsx", "乙区/中心小学.xlsx"
NOT_CORRECTED: dict[str, tuple[Books, ...]] = {
    "谁也没有交": ({FIRST: book()}, {"丙.xlsx": book("丙局", "sound")}),
    "同名的另一家交了": ({FIRST: book(), OTHER: book(state="sound")}, {OTHER: book(state="sound")}),
    "同名的另一家新来": ({FIRST: book()}, {OTHER: book(state="sound")}),
    "交来的读不了": ({FIRST: book()}, {FIRST: b"PK\x03\x04" + bytes(100)}),
    "交来的少了那张表": ({FIRST: book()}, {FIRST: book(state="without")}),
    "交来的那张表空着": ({FIRST: book()}, {FIRST: book(state="blank")}),
    "那一格写成文字": ({FIRST: book()}, {FIRST: book(state="text")}),
    "改了名字": ({FIRST: book()}, {FIRST: book("中心小学校", "sound")}),
    "交的是另一年": ({FIRST: book()}, {FIRST: book(state="sound", year=2023)}),
    "数变了还是错": ({FIRST: book()}, {FIRST: book(state="other")}),
    "停了一次又错着交": ({FIRST: book(), "丙.xlsx": book("丙局")}, {"丙.xlsx": book("丙局")}, {FIRST: book()}),
    "停了一次再没有交": (
        {FIRST: book(), "丙.xlsx": book("丙局")}, {"丙.xlsx": book("丙局")}, {"丙.xlsx": book("丙局")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("attempt", NOT_CORRECTED)
def test_nothing_counts_as_corrected(attempt: str, tmp_path: Path) -> None:
    for found in reviewed(tmp_path, *NOT_CORRECTED[attempt])[1:]:
        assert not found.get("已改正"), found


def test_a_round_that_a_unit_skipped_does_not_lose_its_findings(tmp_path: Path) -> None:
    other = book("丙局")
    first, second, third = (
        {FIRST: book(), "丙.xlsx": other},
        {"丙.xlsx": other},
        {FIRST: book(state="sound")},
    )
    *_, skipped, last = reviewed(tmp_path, first, second, third)
    assert skipped["没有交"] == last["已改正"] == 2


CORRECTED: dict[str, tuple[Books, ...]] = {
    "交来改好的": ({FIRST: book()}, {FIRST: book(state="sound")}),
    "文件换了名字": ({FIRST: book()}, {"甲区/中心小学（改）.xlsx": book(state="sound")}),
    "同名的各自改好": (
        {FIRST: book(), OTHER: book()},
        {FIRST: book(state="sound"), OTHER: book(state="sound")},
    ),
}


@pytest.mark.parametrize("attempt", CORRECTED)
def test_what_is_put_right_is_said_to_be(attempt: str, tmp_path: Path) -> None:
    *_, last = reviewed(tmp_path, *CORRECTED[attempt])
    assert last.get("已改正") and not last.get("仍未改正") and not last.get("未能核对"), last

"""`season export`: the season as DuckDB, Parquet and SQLite says what the season says; figures are those that count."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.season.support import Season, command
from tests.support.datasettes import opened
from xltool.season import store
from xltool.season.unitlist import ListedUnit

KINDS = ("duckdb", "parquet", "sqlite")
LEFT = Decimal("1234.500000000000000001")


@pytest.fixture
def season(tmp_path: Path) -> Season:
    """甲 hands in twice, 乙 once, 丙 what cannot be read, 丁 nothing."""
    season = Season(tmp_path)
    listed = [ListedUnit(str(n), name, "农口") for n, name in enumerate("甲乙丙丁", 101)]
    old = {"name": "甲", "fails": "ab", "left": LEFT, "total": Decimal("10.01")}
    season.round(old, {"name": "乙", "total": Decimal(5)}, listed=listed)
    new = {
        "name": "甲",
        "fails": "b",
        "left": LEFT,
        "file": "甲（改）.xlsx",
        "total": Decimal("20.02"),
    }
    season.round(new, {"name": "丙", "file": "丙.xlsx", "read": False})
    return season


def query(out: Path, kind: str, sql: str) -> list[tuple[Any, ...]]:
    """What an export answers; of Parquet, DuckDB reads the files."""
    if kind == "sqlite":
        with closing(sqlite3.connect(out)) as db:
            return db.execute(sql).fetchall()
    with duckdb.connect(str(out) if kind == "duckdb" else ":memory:") as found:
        if kind == "parquet":
            for file in out.iterdir():
                found.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM '{file}'")
        return found.execute(sql).fetchall()


def export(season: Season, kind: str, *more: str, code: int = 0) -> Path:
    """Export beside the season."""
    out = season.folder.parent / f"导出.{kind}"
    answer = command("season", "export", season.folder, "-o", out, "--to", kind, *more)
    assert answer.code == code, answer
    return out


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_says_what_the_season_says(season: Season, kind: str) -> None:
    out = export(season, kind)
    for table in ("轮次", "单位", "报送", "发现", "问题", "状态史", "报送情况", "日志"):
        count = f"SELECT count(*) FROM {table}"
        assert query(out, kind, count) == season.rows(count)
    states = "SELECT 单位名称, 规则, 状态, 首见, 自 FROM 问题清单 ORDER BY 1, 2"
    assert query(out, kind, states) == season.rows(states)
    assert query(out, kind, states) == [("甲", "a", "已改正", 1, 2), ("甲", "b", "仍未改正", 1, 2)]
    valid = query(out, kind, "SELECT 单位编码, 单位名称, 文件 FROM 有效报送 ORDER BY 1")
    assert valid == [("101", "甲", "甲（改）.xlsx"), ("102", "乙", "乙.xlsx")]
    figures = query(out, kind, "SELECT 报送, 单位名称, 值 FROM 有效事实 ORDER BY 2")
    assert [(name, Decimal(value)) for _, name, value in figures] == [
        ("乙", Decimal(5)),
        ("甲", Decimal("20.02")),
    ]
    unread = query(out, kind, "SELECT 单位名称 FROM 报送情况 WHERE 未报 ORDER BY 单位")
    assert unread == [("丁",)]
    left = query(out, kind, "SELECT DISTINCT 左值 FROM 问题清单")[0][0]
    assert Decimal(left) == LEFT


@pytest.mark.parametrize("kind", ["duckdb", "sqlite"])
def test_amounts_that_count_add_up(season: Season, kind: str) -> None:
    ((total,),) = query(export(season, kind), kind, "SELECT sum(万元) FROM 有效金额")
    assert round(Decimal(total), 6) == Decimal("0.002502")


def test_every_table_and_column_is_explained(season: Season) -> None:
    out = export(season, "duckdb")
    sql = "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal"
    assert {table for table, _ in query(out, "duckdb", sql)} <= {"有效金额"}
    sql = "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL"
    assert query(out, "duckdb", sql) == []
    folder = export(season, "parquet")
    for file in folder.iterdir():
        schema = pq.read_schema(file)
        assert all((f.metadata or {}).get("说明".encode()) for f in schema), file.name
    rows = query(export(season, "sqlite"), "sqlite", "SELECT count(*) FROM 列说明 WHERE 说明 = ''")
    assert rows == [(0,)]


def test_figures_that_cannot_be_had_are_told(season: Season) -> None:
    shutil.rmtree(season.folder.parent / "审核1")
    out = season.folder.parent / "导出.duckdb"
    answer = command("season", "export", season.folder, "-o", out)
    assert answer.code == 1
    assert "第1轮的 1 份没有数" in answer.out
    assert query(out, "duckdb", "SELECT DISTINCT 单位名称 FROM 有效事实") == [("甲",)]


def test_a_review_that_was_made_anew_elsewhere_gives_no_figures(season: Season) -> None:
    first, second = (season.folder.parent / f"审核{n}" for n in (1, 2))
    shutil.rmtree(first)
    shutil.copytree(second, first)
    answer = command("season", "export", season.folder, "-o", season.folder.parent / "出.sqlite")
    assert answer.code == 1
    assert "不是那时的内容" in answer.out


@pytest.mark.parametrize("kind", KINDS)
def test_only_an_earlier_export_is_replaced(season: Season, kind: str) -> None:
    out = export(season, kind)
    assert "已存在" in command("season", "export", season.folder, "-o", out, "--to", kind).err
    export(season, kind, "--force")
    if kind == "parquet":
        (out / "我的.txt").write_text("x", encoding="utf-8")
    else:
        out.write_bytes(b"mine")
    export(season, kind, "--force", code=2)
    told = command("season", "export", season.folder, "-o", season.folder / store.SEASON, "--force")
    assert told.code == 2
    assert season.valid() == {"甲（改）.xlsx", "乙.xlsx"}


def test_sqlite_has_the_keys_that_datasette_follows(season: Season) -> None:
    with closing(sqlite3.connect(export(season, "sqlite"))) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            keys = db.execute(f"PRAGMA foreign_key_list({table})").fetchall()
            assert all(to for *_, to, _, _, _ in keys), table
            kinds = {kind for _, _, kind, *_ in db.execute(f"PRAGMA table_info({table})")}
            assert kinds <= {"INTEGER", "TEXT"}, table


def test_datasette_opens_every_table(season: Season) -> None:
    out = season.folder.parent / "season.sqlite"
    command("season", "export", season.folder, "-o", out)
    found = opened(out)
    assert {"报送", "问题", "有效事实", "问题清单", "有效报送", "列说明"} <= found.keys()
    assert set(found.values()) == {200}

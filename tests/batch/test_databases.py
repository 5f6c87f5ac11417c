"""What a database of a batch offers besides its rows: views, what columns hold, keys that other programs follow."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.batch.support import rows, write
from tests.support.books import fill_raw
from tests.support.datasettes import opened
from tests.support.documents import make
from tests.support.terminal import ROOT, xltool
from xltool.batch.parts import WorkFolder
from xltool.batch.runner import FinishedRun, process
from xltool.batch.sources import find_sources
from xltool.batch.task import Options
from xltool.batch.views import analysis_views

Row = dict[str, Any]
TABLES = ("books", "facts", "problems", "findings", "outcomes")


@pytest.fixture
def sqlite(finished: FinishedRun, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The SQLite output of a run."""
    out = write(finished, "sqlite", tmp_path / "out.sqlite")
    with closing(sqlite3.connect(out)) as db:
        db.row_factory = sqlite3.Row
        yield db


def test_sqlite_holds_every_row(finished: FinishedRun, sqlite: sqlite3.Connection) -> None:
    for name in TABLES:
        found = [dict(row) for row in sqlite.execute(f"SELECT * FROM {name} ORDER BY rowid")]
        for row in found:
            row.pop("分", None)
        assert [_plain(row) for row in found] == [_plain(row) for row in rows(finished, name)]


def _plain(row: Row) -> Row:
    numbers = ("值", "左值", "右值", "差额", "容差", "应为")
    return {
        key: Decimal(str(value)).normalize() if key in numbers and value is not None else value
        for key, value in row.items()
    }


def test_sqlite_adds_up_exactly_in_cents(finished: FinishedRun, sqlite: sqlite3.Connection) -> None:
    factor = {"元": Decimal(100), "万元": Decimal(1_000_000)}
    money = [row for row in rows(finished, "facts") if row["类型"] == "金额"]
    cents = [Decimal(str(row["值"])) * factor[str(row["金额单位"])] for row in money]
    whole = [value for value in cents if value == value.to_integral_value()]
    told = sqlite.execute("SELECT count(分), sum(分) FROM facts").fetchone()
    assert tuple(told) == (len(whole), sum(whole))
    assert sqlite.execute("SELECT count(*) FROM amounts").fetchone()[0] == len(whole)


def test_datasette_opens_every_table(finished: FinishedRun, tmp_path: Path) -> None:
    found = opened(write(finished, "sqlite", tmp_path / "out.sqlite"))
    assert {*TABLES, "amounts", "列说明"} <= found.keys()
    assert set(found.values()) == {200}


def test_sqlite_has_the_keys_that_datasette_follows(sqlite: sqlite3.Connection) -> None:
    assert sqlite.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert sqlite.execute("PRAGMA foreign_key_check").fetchall() == []
    assert [row["name"] for row in sqlite.execute("PRAGMA table_info(books)") if row["pk"]] == [
        "文件"
    ]
    for name in TABLES[1:]:
        (key,) = sqlite.execute(f"PRAGMA foreign_key_list({name})").fetchall()
        assert (key["table"], key["from"], key["to"]) == ("books", "文件", "文件")
    told = {tuple(row) for row in sqlite.execute("SELECT 表, 列 FROM 列说明 WHERE 说明 <> ''")}
    columns = {
        (name, row["name"])
        for name in TABLES
        for row in sqlite.execute(f"PRAGMA table_info({name})")
    }
    assert told == columns


def test_every_column_of_the_duckdb_says_what_it_holds(
    finished: FinishedRun, tmp_path: Path
) -> None:
    out = write(finished, "duckdb", tmp_path / "out.duckdb")
    with duckdb.connect(str(out), read_only=True) as db:
        mute = db.execute(
            "SELECT table_name, column_name FROM duckdb_columns()"
            " WHERE NOT internal AND comment IS NULL AND NOT starts_with(table_name, '分析_')"
        ).fetchall()
        views = db.execute(
            "SELECT view_name, comment FROM duckdb_views() WHERE starts_with(view_name, '分析_')"
        ).fetchall()
        assert mute == []
        assert {name for name, _ in views} == {view.name for view in analysis_views()}
        assert all(comment for _, comment in views)
        for name, _ in views:
            db.execute(f"SELECT * FROM {name}").fetchall()


def test_a_sqlite_output_may_be_replaced_another_file_not(books: Path, tmp_path: Path) -> None:
    shutil.copy(books / "乙局.xlsx", tmp_path)
    line = ("convert", "乙局.xlsx", "-o", "乙.sqlite", "--force", "--jobs", "1")
    assert xltool(*line, folder=tmp_path).code == 0
    assert xltool(*line, folder=tmp_path).code == 0
    (tmp_path / "乙.sqlite").unlink()
    with closing(sqlite3.connect(tmp_path / "乙.sqlite")) as db:
        db.execute("CREATE TABLE mine (a)")
    answer = xltool(*line, folder=tmp_path)
    assert answer.code == 2
    assert "不是 xltool" in answer.err


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten units in two years; 甲9 spends five times as much as before, the others ten per cent more."""
    folder = tmp_path_factory.mktemp("years")
    for n in range(10):
        for year in (2023, 2024):
            grown = Decimal(1) if year == 2023 else Decimal(5) if n == 9 else Decimal(f"1.1{n}")
            raw = make(n, "2023-national", details=2, unit="万元")
            raw |= {"单位名称": f"甲{n}", "年度": Decimal(year)}
            _scale(raw["表"], grown)
            for table in ("项目支出绩效自评表", "部门整体绩效自评表"):
                raw["表"].pop(table, None)
            path = folder / "报送" / str(year) / f"甲{n}.xlsx"
            path.parent.mkdir(parents=True, exist_ok=True)
            fill_raw(raw, path, totals="given")
    with WorkFolder(folder / "work") as work:
        sources = find_sources([str(folder / "报送")]).sources
        finished = process(sources, work, Options(validate=True), here=True)
        return write(finished, "duckdb", folder / "out.duckdb")


def _scale(value: Any, factor: Decimal) -> None:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(items):
        if isinstance(inner, (dict, list)):
            _scale(inner, factor)
        elif isinstance(inner, Decimal):
            value[key] = round(inner * factor, 2)


def test_the_unit_that_leaps_stands_out(years: Path) -> None:
    with duckdb.connect(str(years), read_only=True) as db:
        found = db.execute(
            "SELECT 单位名称, 年度, round(本年支出 / 上年支出, 2), 离群度 FROM 分析_增减 ORDER BY abs(离群度) DESC"
        ).fetchall()
        assert len(found) == 10
        assert found[0][:3] == ("甲9", 2024, 5)
        assert found[0][3] > 3.5
        assert all(abs(row[3]) <= 3.5 for row in found[1:])
        three = db.execute(
            "SELECT 单位名称, 决算数, 上年决算数 FROM 分析_三公 WHERE 年度 = 2024"
        ).fetchall()
        assert len(three) == 10
        assert all(row[2] is not None for row in three)
        covered = db.execute("SELECT 适用, 已比对, 数据不足, 未执行 FROM 分析_审核覆盖").fetchall()
        assert covered
        assert all(row[0] == sum(row[1:]) for row in covered)


def test_the_analysis_of_the_docs_runs(years: Path) -> None:
    text = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8").partition("## 分析视图")[2]
    queries = re.findall(r"^```sql\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert len(queries) == 4
    with duckdb.connect(str(years), read_only=True) as db:
        assert [row[0] for row in db.execute(queries[0]).fetchall()] == ["甲9"]
        assert [row[:2] for row in db.execute(queries[1]).fetchall()] == [(2023, 10), (2024, 10)]
        for query in queries[2:]:
            db.execute(query)

"""`review --season` and `season` as commands: killed, twice at once, with a bad list; what they say."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

import xltool
from tests.season.conftest import filled
from tests.support.terminal import ROOT
from tests.support.warm import environment, forked, fresh
from xltool.core.resources import SAMPLES
from xltool.documents.datafile import read_document

KILLED = """
import os, sys
import xltool.review.run as run
import xltool.season.store as store
real = run.put
def put(*args, **more):
    real(*args, **more)
    os._exit(9)
if sys.argv.pop(1) == "before":
    run.put = put
else:
    run.WorkFolder.remove = lambda self: os._exit(9)
from xltool.cli import main
main()
"""
"""Ends the process when the folder has its name, before the season is told or after."""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "报送").mkdir()
    shutil.copy(SAMPLES / "beiguan-2021.xlsx", tmp_path / "报送" / "甲.xlsx")
    return tmp_path


def run(desk: Path, *args: str, code: int = 1, program: tuple[str, ...] = ()) -> str:
    given = environment()
    done = fresh(args, desk, given, *program) if program else forked(args, desk, given)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == code, said
    return said


def runs(desk: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(desk / "季" / "季.sqlite")) as db:
        return [
            (n, Path(folder).name) for n, folder in db.execute("SELECT 轮次, 审核文件夹 FROM 轮次")
        ]


REVIEW = ("review", "报送", "--season", "季", "--jobs", "1")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_between_folder_and_season_is_mended_by_resume(desk: Path, when: str) -> None:
    run(desk, *REVIEW, "-o", "审核1", code=9, program=("-c", KILLED, when))
    assert (desk / "审核1" / "审核.duckdb").is_file()
    if when == "before":
        assert "还没有记进来" in run(desk, "season", "show", "季", code=0)
        said = run(desk, *REVIEW, "-o", "审核2", code=2)
        assert "上一次审核停在最后一步" in said
        assert "--resume" in said
    run(desk, *REVIEW, "-o", "审核1", "--resume")
    assert runs(desk) == [(1, "审核1")]
    assert not (desk / "审核1.part").exists()
    run(desk, *REVIEW, "-o", "审核2", "--force") if when == "after" else None


def test_force_makes_the_same_round_anew(desk: Path) -> None:
    run(desk, *REVIEW, "-o", "审核1")
    run(desk, *REVIEW, "-o", "审核1", "--force", "--all-reports")
    assert runs(desk) == [(1, "审核1")]
    run(desk, *REVIEW, "-o", "审核2")
    (desk / "报送" / "乙.xlsx").write_bytes(b"x")
    assert "后面已经有第2轮" in run(desk, *REVIEW, "-o", "审核1", "--force", code=2)
    assert runs(desk) == [(1, "审核1"), (2, "审核2")]


def test_all_faults_of_a_list_are_told_with_their_cells(desk: Path) -> None:
    (desk / "单位清单.csv").write_text(
        "编码,名称,年度,版本\n101,甲局,二四,\n101,乙局,2024,某版\n,丙局,,\n", encoding="utf-8"
    )
    said = run(desk, *REVIEW, "-o", "审核1", "--units", "单位清单.csv", code=2)
    for cell in ("C2", "D3", "A4"):
        assert f"单位清单.csv {cell}" in said
    assert not (desk / "审核1").exists()
    (desk / "单位清单.csv").write_text("甲局,乙局\n", encoding="utf-8")
    assert "找不到" in run(desk, *REVIEW, "-o", "审核1", "--units", "单位清单.csv", code=2)


def test_a_list_without_a_season(desk: Path) -> None:
    (desk / "报送" / "单位清单.csv").write_text(
        "单位代码,预算单位,主管部门\n101,甲局,农口\n", encoding="gbk"
    )
    args = ("review", "报送", "-o", "审核", "--units", "报送/单位清单.csv", "--jobs", "1")
    assert "应报 1，未报 1，多报 1" in run(desk, *args)
    with duckdb.connect(str(desk / "审核" / "审核.duckdb"), read_only=True) as db:
        assert db.execute("SELECT 单位名称 FROM units WHERE 未报").fetchall() == [("甲局",)]
        assert db.execute("SELECT count(*) FROM 有效工作簿").fetchall() == [(1,)]
    assert "单位情况" in (desk / "审核" / "审核汇总.html").read_text(encoding="utf-8")


def test_two_copies_count_once(desk: Path) -> None:
    shutil.copy(desk / "报送" / "甲.xlsx", desk / "报送" / "乙.xlsx")
    said = run(desk, "review", "报送", "-o", "审核", "--jobs", "1")
    assert "不算数的报送：1 份" in said
    with duckdb.connect(str(desk / "审核" / "审核.duckdb"), read_only=True) as db:
        one, all_ = (
            db.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
            for name in ("有效事实", "facts")
        )
    assert all_ == 2 * one > 0
    run(desk, "review", "报送", "-o", "审核", "--jobs", "1", "--force")


def test_of_two_at_once_one_waits_and_nothing_is_lost(desk: Path) -> None:
    run(desk, *REVIEW, "-o", "审核1")
    other = sqlite3.connect(desk / "季" / "季.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = [
        subprocess.Popen(
            [sys.executable, "-m", "xltool", *REVIEW, "-o", f"审核{n}"],
            cwd=desk,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for n in (2, 3)
    ]
    for process in began:
        assert process.stderr is not None
        assert "另一个 xltool 正在写这个审核季，等它写完" in process.stderr.readline()
    other.execute("COMMIT")
    other.close()
    for process in began:
        process.communicate(timeout=120)
    assert [process.returncode for process in began] == [1, 1]
    assert sorted(name for _, name in runs(desk)) == ["审核1", "审核2", "审核3"]
    assert [number for number, _ in runs(desk)] == [1, 2, 3]


def test_show_and_use(desk: Path) -> None:
    run(desk, *REVIEW, "-o", "审核1")
    said = run(desk, "season", "show", "季", code=0)
    assert "第1轮" in said
    assert "甲.xlsx" in said
    assert "为准" in run(desk, "season", "use", "季", "甲.xlsx", "--by", "审核人", code=0)
    assert "没有这份" in run(desk, "season", "use", "季", "没有.xlsx", code=2)
    assert "没有这个单位" in run(desk, "season", "show", "季", "--unit", "没有", code=2)
    assert "不是审核季" in run(desk, "season", "show", "报送", code=2)


def test_a_sum_of_a_season_names_what_lies_in_another_round(desk: Path) -> None:
    report, edition = xltool.load(SAMPLES / "beiguan-2021.json")
    name, report.unit_name = report.unit_name, "乙局"
    for (table,) in report.tables.values():
        for cells in (table.fields, *(row for rows in table.lists.values() for row in rows)):
            cells |= {key: value * 2 for key, value in cells.items() if isinstance(value, Decimal)}
    (desk / "第2轮").mkdir()
    xltool.fill(report, edition, desk / "第2轮" / "乙.xlsx", totals="given")
    listed = f"编码,名称,主管部门\n101,{name},农口\n102,乙局,农口\n103,丙局,政法口\n"
    (desk / "清单.csv").write_text(listed, encoding="utf-8")
    run(desk, *REVIEW, "-o", "审核1", "--units", "清单.csv")
    run(desk, "review", "第2轮", "--season", "季", "--jobs", "1", "-o", "审核2")
    total = ("sum", "--season", "季", "--name", "农口", "-o", "和.json", "--force")
    told = run(desk, *total, "第2轮")
    assert "缺 1 份" in told and "算数的是第1轮的 甲.xlsx，没有给进来" in told
    assert "丙局" not in told
    assert read_document(desk / "和.json")["单位名称"] == "农口（不全）"
    told = run(desk, *total, "第2轮", "报送")
    assert "不是全部的和" not in told
    assert read_document(desk / "和.json")["单位名称"] == "农口"
    told = run(desk, *total[:3], "第2轮", "--by", "清单.csv", "-o", "分级")
    assert "算数的是第1轮的 甲.xlsx，没有给进来" in told
    assert xltool.read(desk / "分级/部门/农口.xlsx").report.unit_name == "农口（不全）"


def test_a_sum_by_departments_lacks_what_the_season_has_and_its_own_list_has_not(
    desk: Path,
) -> None:
    filled(desk / "第1轮" / "甲.xlsx", 1, "甲局")
    filled(desk / "第2轮" / "乙.xlsx", 3, "乙局")
    (desk / "清单.csv").write_text(
        "编码,名称,主管部门\n1,甲局,农口\n2,乙局,农口\n", encoding="utf-8"
    )
    (desk / "乙.csv").write_text("编码,名称,主管部门\n2,乙局,农口\n", encoding="utf-8")
    run(desk, "review", "第1轮", *REVIEW[2:], "--units", "清单.csv", "-o", "审核1")
    run(desk, "review", "第2轮", *REVIEW[2:], "-o", "审核2", code=0)
    told = run(desk, "sum", "第2轮", "--season", "季", "--by", "乙.csv", "-o", "分级")
    assert "农口：1 个单位，合格" in told and "算数的是第1轮的 甲.xlsx，没有给进来" in told
    assert "缺 1 个：甲局" in told
    for book in ("部门/农口.xlsx", "全部单位.xlsx"):
        assert xltool.read(desk / "分级" / book).report.unit_name.endswith("（不全）"), book


def test_units_of_one_name_that_the_season_lacks_are_both_missing(desk: Path) -> None:
    filled(desk / "第1轮" / "乙.xlsx", 3, "乙局")
    listed = "编码,名称,主管部门\n2,乙局,农口\n"
    (desk / "清单.csv").write_text(f"{listed}3,小学,农口\n4,小学,农口\n", encoding="utf-8")
    (desk / "乙.csv").write_text(listed, encoding="utf-8")
    run(desk, "review", "第1轮", *REVIEW[2:], "--units", "清单.csv", "-o", "审核1", code=0)
    told = run(desk, "sum", "第1轮", "--season", "季", "--by", "乙.csv", "-o", "分级")
    assert "缺 2 个：小学、小学" in told


def test_a_sum_takes_what_counts(desk: Path) -> None:
    shutil.copy(desk / "报送" / "甲.xlsx", desk / "报送" / "乙.xlsx")
    (desk / "清单.csv").write_text("编码,名称\n999,没有交的局\n", encoding="utf-8")
    run(desk, *REVIEW, "-o", "审核1", "--units", "清单.csv")
    total = ("sum", "报送", "-o", "局.json", "--name", "局")
    assert "只加一次" in run(desk, *total)
    told = run(desk, *total, "--season", "季", "--force")
    assert "没有加：" in told
    assert "不是全部的和，缺 1 份" in told
    assert "没有交的局（999）：没有算数的报送" in told
    made = read_document(desk / "局.json")
    assert made["单位名称"] == "局（不全）"
    shutil.rmtree(desk / "报送")
    (desk / "报送").mkdir()
    shutil.copy(SAMPLES / "sgb-2024.xlsx", desk / "报送" / "丙.xlsx")
    assert "都不算数" in run(desk, *total, "--season", "季", "--force", code=2)

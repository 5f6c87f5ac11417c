"""Runs that are stopped or killed: nothing finished is lost, nothing is doubled."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.batch.support import rows
from tests.support.ending import ENDINGS, ask_to_end
from tests.support.terminal import ROOT, contents_of
from xltool.batch.parts import WorkFolder
from xltool.batch.runner import FinishedRun, process
from xltool.batch.sources import find_sources
from xltool.batch.task import Options
from xltool.core import locks
from xltool.core.problems import InputError

COPIES = 24
DEFAULT = Options()


@pytest.fixture(scope="module")
def many(books: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough books for several parts."""
    folder = tmp_path_factory.mktemp("many") / "报送"
    folder.mkdir()
    for number in range(COPIES):
        shutil.copy(books / "乙局.xlsx", folder / f"{number:02}.xlsx")
    return folder


@pytest.fixture(scope="module")
def undisturbed(many: Path) -> dict[str, bytes | None]:
    """The output of a run that nobody disturbs."""
    out = many.parent / "undisturbed"
    run = start(many, out)
    said = run.communicate(timeout=300)
    assert run.returncode == 0, said
    return contents_of(out)


def test_a_disk_without_locks_is_not_taken_for_another_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(locks, "lock", refuse)
    with pytest.raises(InputError, match="不支持文件锁"):
        WorkFolder(tmp_path / "out")


def start(folder: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "xltool", "convert", str(folder), "-o", str(out)]
    return subprocess.Popen(
        [*command, "--to", "parquet", "--jobs", "1", *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )


def wait_for(run: subprocess.Popen[bytes], condition: Callable[[], bool]) -> None:
    """Until the condition holds, or the run is over."""
    while run.poll() is None and not condition():
        time.sleep(0.002)


def parts(out: Path) -> int:
    folder = out.with_name(out.name + ".part") / "parts"
    return len(list(folder.glob("*.arrow"))) if folder.exists() else 0


@pytest.mark.parametrize("moment", ["begun", "1", "3", "assembling"])
def test_a_killed_run_goes_on_where_it_was(
    many: Path, undisturbed: dict[str, bytes | None], tmp_path: Path, moment: str
) -> None:
    out = tmp_path / "out"
    work = tmp_path / "out.part"
    conditions: dict[str, Callable[[], bool]] = {
        "begun": lambda: (work / "parts").exists(),
        "assembling": lambda: (work / "draft").exists(),
    }
    run = start(many, out)
    wait_for(run, conditions.get(moment, lambda: parts(out) >= int(moment)))
    run.kill()
    run.communicate()
    assert out.exists() or work.exists()
    if work.exists():
        resumed = start(many, out, "--resume")
        said, errors = resumed.communicate(timeout=300)
        assert resumed.returncode == 0, errors.decode()
        assert moment == "begun" or "没有重做" in said.decode()
    assert contents_of(out) == undisturbed
    assert not work.exists()


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_stopped_run_says_how_to_go_on(many: Path, tmp_path: Path, ending: int) -> None:
    out = tmp_path / "out"
    run = start(many, out)
    wait_for(run, lambda: parts(out) >= 1)
    ask_to_end(run, ending)
    _, errors = run.communicate(timeout=300)
    assert run.returncode == 2
    assert "--resume" in errors.decode()
    assert "Traceback" not in errors.decode()
    assert not out.exists()
    assert parts(out) >= 1


def again(folder: Path, options: Options = DEFAULT) -> FinishedRun:
    """A run that does what is left of an earlier one, and leaves its work folder behind."""
    sources = find_sources([str(folder)]).sources
    with WorkFolder(folder.parent / "out", resume=True) as work:
        return process(sources, work, options, here=True)


def test_only_what_changed_is_done_again(books: Path, tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    shutil.copytree(books, folder)
    assert again(folder).kept == 0
    assert again(folder).kept == 4
    shutil.copy(folder / "丙区.xlsm", folder / "乙局.xlsx")
    (folder / "新.xlsx").write_bytes(b"no workbook")
    (folder / "甲局" / "甲局本级.xlsx").unlink()
    finished = again(folder)
    assert finished.kept == 2
    states = [(book["文件"], book["版本"]) for book in rows(finished)]
    assert states == [
        ("丙区.xlsm", "2024-shanghai"),
        ("乙局.xlsx", "2024-shanghai"),
        ("新.xlsx", None),
        ("甲局/甲局所属学校.xlsx", "2021-national"),
    ]


def test_other_options_keep_nothing_and_limits_do_not_count(books: Path, tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    folder.mkdir()
    shutil.copy(books / "乙局.xlsx", folder)
    options = Options()
    assert again(folder, options).kept == 0
    assert again(folder, replace(options, timeout=60.0, memory=2048)).kept == 1
    assert again(folder, replace(options, edition="2023-national")).kept == 0


def test_a_book_that_could_not_be_opened_is_tried_again(books: Path, tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    folder.mkdir()
    shutil.copy(books / "乙局.xlsx", folder / "a.xlsx")
    sources = find_sources([str(folder)]).sources
    (folder / "a.xlsx").rename(folder / "b.txt")
    with WorkFolder(tmp_path / "out", resume=True) as work:
        assert rows(process(sources, work, Options(), here=True))[0]["状态"] == "失败"
    (folder / "b.txt").rename(folder / "a.xlsx")
    finished = again(folder)
    assert (finished.kept, rows(finished)[0]["状态"]) == (0, "成功")


def test_a_part_that_is_damaged_is_done_again(books: Path, tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    folder.mkdir()
    shutil.copy(books / "乙局.xlsx", folder)
    again(folder)
    (part,) = (tmp_path / "out.part" / "parts").iterdir()
    part.write_bytes(part.read_bytes()[:500])
    (tmp_path / "out.part" / "parts" / "x.tmp").write_bytes(b"half a part")
    finished = again(folder)
    assert finished.kept == 0
    assert rows(finished)[0]["状态"] == "成功"
    assert len(list((tmp_path / "out.part" / "parts").iterdir())) == 1


def test_two_runs_cannot_make_the_same_output(tmp_path: Path) -> None:
    with WorkFolder(tmp_path / "out"):
        with pytest.raises(InputError, match="没有做完"):
            WorkFolder(tmp_path / "out")
        with pytest.raises(InputError, match="另一个"):
            WorkFolder(tmp_path / "out", resume=True)
        with pytest.raises(InputError, match="另一个"):
            WorkFolder(tmp_path / "out", force=True)
    with WorkFolder(tmp_path / "out", resume=True) as work:
        work.remove()
    assert list(tmp_path.iterdir()) == []

"""Books that hang, eat memory or kill their process, and workers that die: the run goes on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.batch import odd_workers
from tests.batch.support import rows
from xltool.batch.parts import WorkFolder
from xltool.batch.pools import Work
from xltool.batch.runner import process
from xltool.batch.sources import find_sources
from xltool.batch.task import Options
from xltool.core.problems import InputError


@pytest.fixture
def folder(books: Path, tmp_path: Path) -> Path:
    """Five good books, to which tests add odd ones."""
    folder = tmp_path / "报送"
    folder.mkdir()
    for number in range(5):
        shutil.copy(books / "乙局.xlsx", folder / f"好{number}.xlsx")
    return folder


def run(folder: Path, function: Work, *, timeout: float = 30.0, memory: int = 256) -> list[str]:
    """Each book with its state and reason."""
    sources = find_sources([str(folder)]).sources
    options = Options(timeout=timeout, memory=memory)
    with WorkFolder(folder.parent / "out") as work:
        finished = process(sources, work, options, jobs=2, function=function)
        return [f"{b['文件']} {b['状态']} {b['原因'] or ''}".strip() for b in rows(finished)]


GOOD = [f"好{number}.xlsx 成功" for number in range(5)]


def add(folder: Path, *names: str) -> None:
    for name in names:
        shutil.copy(folder / "好0.xlsx", folder / f"{name}.xlsx")


def test_books_that_hang_are_stopped_and_named(folder: Path) -> None:
    add(folder, "慢1", "慢2")
    hung = [f"慢{number}.xlsx 失败 处理超过 4 秒，已停止" for number in (1, 2)]
    assert sorted(run(folder, odd_workers.work, timeout=4.0)) == sorted([*GOOD, *hung])


def test_books_that_eat_memory_are_stopped_and_named(folder: Path) -> None:
    add(folder, "贪", "巨")
    assert sorted(run(folder, odd_workers.work)) == sorted(
        [
            *GOOD,
            "贪.xlsx 失败 处理占用的内存超过 256 MB，已停止",
            "巨.xlsx 失败 内存不够，没有读完",
        ]
    )


def test_books_that_kill_their_process_are_passed_over(folder: Path) -> None:
    add(folder, "崩", "错", "异")
    assert sorted(run(folder, odd_workers.work)) == sorted(
        [
            *GOOD,
            "崩.xlsx 失败 处理这个文件的进程意外结束或不再反应，已跳过",
            "异.xlsx 失败 内容里有存不了的文字或数字：UnicodeEncodeError",
            "错.xlsx 失败 程序出错：ZeroDivisionError: odd",
        ]
    )


def test_code_that_nothing_in_the_process_can_stop_is_stopped(folder: Path) -> None:
    add(folder, "僵")
    stopped = "僵.xlsx 失败 处理这个文件的进程意外结束或不再反应，已跳过"
    assert sorted(run(folder, odd_workers.stiff, timeout=4.0)) == sorted([*GOOD, stopped])


def test_a_worker_that_is_killed_costs_no_book(folder: Path) -> None:
    assert run(folder, odd_workers.dies_once) == GOOD


def test_a_file_that_is_gone_is_a_row(folder: Path) -> None:
    sources = find_sources([str(folder)]).sources
    (folder / "好3.xlsx").unlink()
    with WorkFolder(folder.parent / "out") as work:
        books = rows(process(sources, work, Options(), jobs=1))
    states = [book["状态"] for book in books]
    assert states == ["成功", "成功", "成功", "失败", "成功"]
    assert "不存在" in str(books[3]["原因"])


@pytest.mark.parametrize(
    ("function", "said"),
    [(odd_workers.cannot_start, "工作进程不能用"), (odd_workers.cannot_write, "写不了结果")],
)
def test_when_no_worker_can_work_the_run_ends(folder: Path, function: Work, said: str) -> None:
    with pytest.raises(InputError, match=said):
        run(folder, function)


def test_a_worker_does_without_pandas() -> None:
    """It is 46 MB of every worker; Arrow imports it with the first array where nobody keeps it from that."""
    told = "import sys; from xltool.batch.limits import bound_process; bound_process(256); import pyarrow as pa;"
    told += " pa.table({'x': [1]}); print('pandas' in sys.modules); import pandas"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]

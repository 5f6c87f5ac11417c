"""The same work through a real Dask scheduler with worker processes, one of which dies."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.terminal import ROOT, assert_refused, contents_of, xltool

COPIES = 24
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT),
    "PYTHONIOENCODING": "utf-8",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
}


@contextmanager
def running(name: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A `dask` process that ends with the test."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{name}", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def converting(
    folder: Path, source: Path, form: str, out: str, address: str
) -> subprocess.Popen[bytes]:
    """A `convert` that has just begun, in `folder`, with a scheduler."""
    command = [sys.executable, "-m", "xltool", "convert", str(source), "--to", form, "-o", out]
    return subprocess.Popen(
        [*command, "--dask", address],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, Start]]:
    """A scheduler without workers, and how one comes: without a guardian, what dies stays dead."""
    address = tmp_path / "scheduler.json"
    with ExitStack() as stack:
        scheduler = ("--port", "0", "--no-dashboard", "--scheduler-file", str(address))
        stack.enter_context(running("scheduler", "--host", "127.0.0.1", *scheduler))
        worker = (
            "--scheduler-file",
            str(address),
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
        )
        local = ("--local-directory", str(tmp_path / "worker-files"))
        deadline = time.monotonic() + 60
        while not address.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        told = json.loads(address.read_text(encoding="utf-8"))["address"]
        yield told, lambda: stack.enter_context(running("worker", *worker, *local))


@pytest.fixture
def cluster(scheduler: tuple[str, Start]) -> tuple[str, list[subprocess.Popen[bytes]]]:
    """A scheduler and two workers."""
    address, start = scheduler
    return address, [start(), start()]


def test_a_worker_that_comes_late_does_the_work(
    books: Path, tmp_path: Path, scheduler: tuple[str, Start]
) -> None:
    address, start = scheduler
    run = converting(tmp_path, books / "乙局.xlsx", "jsonl", "晚.jsonl", address)
    folder = tmp_path / "晚.jsonl.part" / "parts"
    deadline = time.monotonic() + 60
    while not folder.exists() and run.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)  # the task waits at the scheduler
    assert run.poll() is None, "it does not give up without workers"
    start()
    said, errors = run.communicate(timeout=90)
    assert run.returncode == 0, errors.decode()
    assert "成功 1" in said.decode()


def test_a_run_on_dask_survives_the_death_of_a_worker(
    books: Path, tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = cluster
    folder = tmp_path / "报送"
    folder.mkdir()
    for number in range(COPIES):
        shutil.copy(books / "乙局.xlsx", folder / f"{number:02}.xlsx")
    (folder / "坏.xlsx").write_bytes(b"no workbook")
    run = converting(tmp_path, folder, "parquet", "dask", address)
    parts = tmp_path / "dask.part" / "parts"
    while run.poll() is None and not (parts.exists() and list(parts.glob("*.arrow"))):
        time.sleep(0.005)
    workers[0].kill()
    said, errors = run.communicate(timeout=300)
    assert run.returncode == 1, errors.decode()
    assert f"成功 {COPIES}，失败 1" in said.decode()
    assert "Traceback" not in errors.decode()
    local = xltool("convert", folder, "-o", "local", "--to", "parquet", folder=tmp_path)
    assert local.code == 1
    assert contents_of(tmp_path / "dask") == contents_of(tmp_path / "local")


@pytest.mark.parametrize(
    "address",
    ["tcp://127.0.0.1:9", "foo", "", "tcp://", "http://x", "tls://127.0.0.1:9", "inproc://x"],
)
def test_a_scheduler_that_is_not_there(address: str, books: Path, tmp_path: Path) -> None:
    """Said in one line: a client that could not connect used to leave a traceback ten seconds later."""
    line = ("convert", books, "-o", "a.duckdb", "--dask", address)
    answer = assert_refused(tmp_path, *line, said=("连不上 Dask 调度器", "tcp://主机:8786"))
    assert len(answer.err.splitlines()) == 1


def test_something_else_that_answers_is_no_scheduler(books: Path, tmp_path: Path) -> None:
    def greet() -> None:
        with suppress(OSError):
            while True:
                caller, _ = other.accept()
                with caller:
                    caller.sendall(b"SSH-2.0-OpenSSH\r\n")

    with socket.create_server(("127.0.0.1", 0)) as other:
        threading.Thread(target=greet, daemon=True).start()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        line = ("convert", books, "-o", "a.duckdb", "--dask", address)
        assert_refused(tmp_path, *line, said=("连不上 Dask 调度器",))

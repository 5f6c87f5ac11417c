"""`xltool serve` as a process: its port, its words, and what it leaves behind however it ends."""

from __future__ import annotations

import json
import os
import re
import socket
import sys
from pathlib import Path

import pytest

from tests.reporting.books import SGB, filled
from tests.support.ending import ENDINGS, ask_to_end
from tests.support.links import symbolic
from tests.support.terminal import xltool
from tests.web.running import opened, process, put, until
from xltool.web.runfolder import PREFIX, RunFolder, remove_leftovers
from xltool.web.server import bind


def run_folders(folder: Path) -> list[Path]:
    return list(folder.glob(f"{PREFIX}*"))


@pytest.mark.parametrize("ending", ENDINGS)
def test_stopping_ends_the_work_and_removes_everything(tmp_path: Path, ending: int) -> None:
    with process(tmp_path, module="tests.web.slow") as running:
        server = opened(running, tmp_path)
        with server.client() as client:
            put(client, "a.xlsx", b"x")
            until(lambda: any("half" in file for file in server.files))
            ask_to_end(running, ending)
        out, err = running.communicate(timeout=20)
        assert (running.returncode, err) == (0, "")
        assert out.endswith("已停止，临时文件已清除。\n")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_server_left_goes_at_the_next_start(tmp_path: Path) -> None:
    with process(tmp_path) as running:
        server = opened(running, tmp_path)
        with server.client() as client:
            put(client, "a.xlsx", filled(SGB))
        running.kill()
        running.wait()
    (left,) = run_folders(tmp_path)
    assert any(file.name == "a.xlsx" for file in left.rglob("*"))
    with process(tmp_path) as running:
        opened(running, tmp_path)
        assert run_folders(tmp_path) != [left]
        assert len(run_folders(tmp_path)) == 1
        with process(tmp_path) as second:
            opened(second, tmp_path)
            assert len(run_folders(tmp_path)) == 2, "a living server's folder stays"
            ask_to_end(second, ENDINGS[0])
            second.communicate(timeout=20)
        assert len(run_folders(tmp_path)) == 1


def test_the_address_is_left_for_the_add_in_and_taken_back(tmp_path: Path) -> None:
    file = tmp_path / "serve.json"
    with process(tmp_path) as running:
        server = opened(running, tmp_path)
        until(file.exists)
        assert json.loads(file.read_text(encoding="utf-8")) == {
            "url": f"http://{server.host}",
            "token": server.token,
        }
        if sys.platform != "win32":
            assert file.stat().st_mode & 0o077 == 0
            assert run_folders(tmp_path)[0].stat().st_mode & 0o077 == 0
        ask_to_end(running, ENDINGS[0])
        running.communicate(timeout=20)
    assert not file.exists()


def test_only_this_machine_can_connect() -> None:
    with bind(0) as sock:
        sock.listen()
        host, port = sock.getsockname()
        assert host == "127.0.0.1"
        with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port), timeout=1):
            pass


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        answer = xltool("serve", "--no-browser", "--port", port, folder=tmp_path)
    assert (answer.code, answer.out) == (2, "")
    assert re.fullmatch(rf"错误：端口 {port}：已被别的程序占用（.*）\n", answer.err)
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_none_is_refused(tmp_path: Path) -> None:
    answer = xltool("serve", "--port", "70000", folder=tmp_path)
    assert answer.code == 2
    assert "--port 不对：应是 0 到 65535 的整数" in answer.err


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    before = "import sys; sys.modules['uvicorn'] = None"
    answer = xltool("serve", folder=tmp_path, before=before)
    assert answer.code == 2
    assert 'pip install "xltool[web]"' in answer.err


def test_folders_of_others_and_files_are_not_touched(tmp_path: Path) -> None:
    alive = RunFolder(tmp_path)
    fresh = tmp_path / f"{PREFIX}fresh"
    fresh.mkdir()
    old = tmp_path / f"{PREFIX}old"
    old.mkdir()
    (old / "book.xlsx").write_bytes(b"x")
    os.utime(old, (0, 0))
    (tmp_path / f"{PREFIX}file").write_bytes(b"x")
    assert remove_leftovers(tmp_path) == 1
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {alive.path.name, fresh.name, f"{PREFIX}file"}
    alive.close()
    assert not alive.path.exists()


def test_a_link_is_no_leftover(tmp_path: Path) -> None:
    (tmp_path / "aim").mkdir()
    os.utime(tmp_path / "aim", (0, 0))
    symbolic(tmp_path / f"{PREFIX}link", tmp_path / "aim", folder=True)
    assert remove_leftovers(tmp_path) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"aim", f"{PREFIX}link"}

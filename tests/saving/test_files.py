"""A file appears whole or not at all, under its own name only, with the mode that it had."""

from __future__ import annotations

import os
import stat
import sys
import threading
from pathlib import Path
from typing import get_args

import pytest

from tests.support.links import symbolic
from xltool.core.saving import swap as swapping
from xltool.core.saving.drafts import Kind, fresh, kind_of, open_draft, place
from xltool.core.saving.files import writing

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows 的文件没有这些权限位")


@pytest.fixture(autouse=True)
def next_run() -> None:
    """Every test looks at its folder anew."""
    swapping._tidied.clear()


def put(path: Path, content: bytes, *, overwrite: bool = True) -> None:
    with writing(path, overwrite=overwrite) as file:
        file.write(content)


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_the_mode_stays(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "甲.json"
    path.write_bytes(b"old")
    path.chmod(mode)
    put(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == mode


@posix
def test_a_new_file_has_the_mode_of_every_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    put(tmp_path / "甲.json", b"new")
    assert (tmp_path / "甲.json").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_file_that_is_read_only_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "甲.json"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(PermissionError):
        put(path, b"new")
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_link_is_written_through(tmp_path: Path) -> None:
    link, real = tmp_path / "链接.json", tmp_path / "别处.json"
    real.write_bytes(b"old")
    symbolic(link, real)
    put(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


@pytest.mark.parametrize("links", [True, False], ids=["", "no hard links"])
def test_of_two_that_write_one_new_name_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(95, "no links")))
    gate, ends = threading.Barrier(2), []

    def one(content: bytes) -> None:
        try:
            with writing(tmp_path / "甲.json", overwrite=False) as file:
                file.write(content)
                gate.wait()
            ends.append(content)
        except FileExistsError:
            pass

    threads = [threading.Thread(target=one, args=(content,)) for content in (b"1", b"2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ends) == 1
    assert (tmp_path / "甲.json").read_bytes() == ends[0]
    assert len(list(tmp_path.iterdir())) == 1


def test_drafts_of_a_dead_run_go_and_those_of_a_living_one_stay(tmp_path: Path) -> None:
    dead = fresh(tmp_path)
    dead.write_bytes(b"half")
    os.utime(dead, (0, 0))
    (folder := fresh(tmp_path)).mkdir()
    (folder / "half").write_bytes(b"")
    os.utime(folder, (0, 0))
    users = [
        tmp_path / ".xltool-0123456789abcdef01234567.tmp",
        tmp_path / f"{fresh(tmp_path).name}.txt",
        tmp_path / "决算.xlsx.part",
    ]
    for path in users:
        path.write_bytes(b"mine")
    left = fresh(tmp_path, "lock")
    left.write_bytes(b"")
    with open_draft(tmp_path) as (living, _):
        put(tmp_path / "甲.json", b"new")
        there = {path for path in tmp_path.iterdir() if kind_of(path.name) != "lock"}
        assert there == {tmp_path / "甲.json", living, *users} and not left.exists()
    assert set(tmp_path.iterdir()) == {tmp_path / "甲.json", *users}


def test_a_draft_of_the_users_name_is_not_touched(tmp_path: Path) -> None:
    """`甲.json.part` was the draft once."""
    mine = tmp_path / "甲.json.part"
    mine.write_bytes(b"mine")
    put(tmp_path / "甲.json", b"new")
    assert mine.read_bytes() == b"mine"


def test_names_prove_themselves(tmp_path: Path) -> None:
    for kind in get_args(Kind):
        assert kind_of(fresh(tmp_path, kind).name) == kind
    assert kind_of(".xltool-0123456789abcdef01234567.tmp") == ""


def test_a_folder_never_takes_a_name_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with pytest.raises(FileExistsError):
        place(tmp_path / "a", tmp_path / "b", overwrite=False)


def test_a_draft_folder_goes_with_its_block(tmp_path: Path) -> None:
    with swapping.draft_folder(tmp_path) as draft:
        (draft / "x").write_bytes(b"")
    assert list(tmp_path.iterdir()) == []


def test_a_draft_folder_that_a_kill_left_goes_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swapping, "_tidied", set())
    dead = fresh(tmp_path)
    dead.mkdir()
    (dead / "x").write_bytes(b"")
    os.utime(dead, (0, 0))
    with swapping.draft_folder(tmp_path) as draft:
        assert not dead.exists() and draft.is_dir()
        (draft / "x").write_bytes(b"")
        os.utime(draft, (0, 0))  # a long run: what is written deeper in does not touch its time
        monkeypatch.setattr(swapping, "_tidied", set())
        with swapping.draft_folder(tmp_path):
            assert (draft / "x").exists()

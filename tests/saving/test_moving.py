"""On Windows what was just written is held by others for a moment: scanners, indexers, OneDrive."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from xltool.core import locks
from xltool.core.saving import moving
from xltool.core.saving.files import write_all, writing
from xltool.core.saving.swap import draft_folder, swap

Hold = Callable[[int], None]


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Hold:
    """Windows, where everything is held for this many tries from now on."""

    class Windows:
        platform = "win32"

    left = [0]

    def refused(name: str) -> Callable[..., object]:
        done = getattr(Path, name)

        def act(*args: object, **options: object) -> object:
            if left[0]:
                left[0] -= 1
                raise PermissionError(errno.EACCES, "held", str(args[0]))
            return done(*args, **options)

        return act

    monkeypatch.setattr(moving, "sys", Windows)
    monkeypatch.setattr(moving, "_WAITS", (0, 0, 0))
    for name in ("rename", "replace", "unlink"):
        monkeypatch.setattr(Path, name, refused(name))
    return lambda tries: left.__setitem__(0, tries)


def test_a_folder_that_goes_while_it_is_looked_through_is_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why something failed is being asked: that question must not fail."""

    class Windows:
        platform = "win32"

    def gone(folder: Path, _: str) -> None:
        raise FileNotFoundError(errno.ENOENT, "gone", str(folder))

    monkeypatch.setattr(locks, "sys", Windows)
    monkeypatch.setattr(Path, "rglob", gone)
    assert not locks.is_held(tmp_path)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_takes_its_name_when_it_is_let_go(tmp_path: Path, hold: Hold) -> None:
    target = tmp_path / "甲.xlsx"
    for content in (b"1", b"2"):
        with writing(target, overwrite=content == b"2") as file:
            file.write(content)
            hold(2 * (content == b"2"))
        assert target.read_bytes() == content
    assert names(tmp_path) == {target.name}


def test_of_a_draft_only_what_is_kept_open_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with draft_folder(tmp_path) as draft:
        for number in range(5):
            (draft / str(number)).touch()
        kept = next(draft.iterdir()).name
        remove = os.unlink

        def held(path: str, **options: int) -> None:
            if Path(path).name == kept:  # where there is no dir_fd, the whole path is given
                raise PermissionError(errno.EACCES, "held", path)
            remove(path, **options)

        monkeypatch.setattr(os, "unlink", held)
    assert names(draft) == {kept}


def test_who_keeps_a_file_open_is_told_of(tmp_path: Path, hold: Hold) -> None:
    target = tmp_path / "甲.xlsx"
    target.write_bytes(b"1")
    with pytest.raises(PermissionError), writing(target, overwrite=True) as file:
        file.write(b"2")
        hold(4)
    assert target.read_bytes() == b"1"
    assert names(tmp_path) == {target.name}


@pytest.mark.parametrize("tries", range(1, 4))
def test_several_files_and_a_folder_do(tmp_path: Path, hold: Hold, tries: int) -> None:
    pair = [(tmp_path / name, [b"new"]) for name in ("甲", "乙")]
    for path, _ in pair:
        path.write_bytes(b"old")
    hold(tries)
    write_all(pair, overwrite=True)
    assert {path.read_bytes() for path, _ in pair} == {b"new"}
    (tmp_path / "夹").mkdir()
    with draft_folder(tmp_path) as draft:
        (draft / "a").touch()
        hold(tries)
        swap([(draft, tmp_path / "夹")], overwrite=True)
    assert names(tmp_path) == {"甲", "乙", "夹"}

"""One file, several, a folder: killed at every step, nothing is lost, and the next run ends what was begun."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.killing import kills
from tests.support.swaps import NEW, PAIR, filled_folder, made_folder, one_file, two_files
from tests.support.terminal import contents_of
from xltool.core.saving import swap as swapping
from xltool.core.saving.drafts import fresh as name
from xltool.core.saving.drafts import kind_of
from xltool.core.saving.files import write_all, writing

OLD = b"old"
EVERY = 3 if sys.platform == "win32" else 1
"""At every which step: Windows has no fork, and starts a process for each."""
Tree = dict[str, bytes | None]


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[..., Path]:
    """Folders, one after the other, with these files of old content and one of the user's."""
    made: list[Path] = []

    def make(*names: str) -> Path:
        folder = tmp_path / str(len(made))
        made.append(folder)
        for path in map(folder.joinpath, names):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(OLD)
        (folder / "用户的.txt").parent.mkdir(exist_ok=True)
        (folder / "用户的.txt").write_bytes(b"mine")
        return folder

    return make


def shown(folder: Path) -> Tree:
    """What the user sees: all but drafts."""
    return {
        name: content
        for name, content in contents_of(folder).items()
        if not any(kind_of(part) for part in Path(name).parts)
    }


def next_run(folder: Path) -> Tree:
    """What another run leaves that writes something else there."""
    swapping._tidied.clear()
    with writing(folder / "另一个.txt", overwrite=False) as file:
        file.write(b"x")
    (folder / "另一个.txt").unlink()
    return contents_of(folder)


def test_one_file(fresh: Callable[..., Path]) -> None:
    count = 0
    for _, folder in kills(lambda: fresh("甲.xlsx"), one_file, every=EVERY):
        assert shown(folder)["甲.xlsx"] in (OLD, NEW)
        assert next_run(folder).keys() == {"甲.xlsx", "用户的.txt"}
        count += 1
    assert count >= 5 / EVERY


@pytest.mark.parametrize("there", [("甲.xlsx", "乙.xlsx"), ("甲.xlsx",), ("乙.xlsx",), ()])
def test_two_files_are_both_old_or_both_new(
    fresh: Callable[..., Path], there: tuple[str, ...]
) -> None:
    seen = set()
    for step, folder in kills(lambda: fresh(*there), two_files, every=EVERY):
        between = shown(folder)
        assert all(between.get(name) in (None, OLD, NEW) for name in PAIR)
        assert all(between.get(name) for name in there), step
        after = next_run(folder)
        assert after.pop("用户的.txt") == b"mine"
        assert after in (dict.fromkeys(there, OLD), dict.fromkeys(PAIR, NEW)), step
        seen.add(OLD in after.values() or not after)
    assert seen == {True, False}


def test_what_the_user_put_there_after_a_kill_stays(fresh: Callable[..., Path]) -> None:
    for _, folder in kills(lambda: fresh(*PAIR), two_files, every=EVERY):
        (folder / "乙.xlsx").write_bytes(b"typed since")
        assert next_run(folder)["乙.xlsx"] == b"typed since"


@pytest.mark.parametrize("work", [made_folder, filled_folder])
def test_a_folder_is_old_or_new_after_the_next_run(
    fresh: Callable[..., Path], work: Callable[[Path], None]
) -> None:
    seen = set()
    for step, folder in kills(lambda: fresh("结果/旧.csv"), work, every=EVERY):
        assert {OLD, NEW} & set(contents_of(folder).values()), step
        after = {name for name in next_run(folder) if name.startswith("结果/")}
        assert after in ({"结果/旧.csv"}, {"结果/新.csv"}), step
        assert not [name for name in contents_of(folder) if kind_of(name)], step
        seen |= after
    assert seen == {"结果/旧.csv", "结果/新.csv"}


def test_a_failure_in_the_middle_undoes_all(
    fresh: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, done = swapping.place, []

    def second_fails(draft: Path, target: Path, *, overwrite: bool) -> None:
        done.append(target)
        if len(done) == 2:
            raise PermissionError(13, "held by Excel", str(target))
        place(draft, target, overwrite=overwrite)

    monkeypatch.setattr(swapping, "place", second_fails)
    folder = fresh("甲.xlsx", "乙.xlsx")
    before = contents_of(folder)
    with pytest.raises(PermissionError):
        write_all([(folder / n, [NEW]) for n in ("甲.xlsx", "乙.xlsx")], overwrite=True)
    assert contents_of(folder) == before


@pytest.mark.parametrize(
    "entry",
    [
        {"draft": "稿.xlsx", "target": "用户的.txt", "aside": None, "stamp": None},
        {"draft": "DRAFT", "target": "../别处.txt", "aside": None, "stamp": None},
        {"draft": "DRAFT", "target": "甲.xlsx", "aside": "用户的.txt", "stamp": None},
        {"draft": "../DRAFT", "target": "甲.xlsx", "aside": None, "stamp": None},
        {"target": "甲.xlsx"},
        {"draft": 1, "target": 2, "aside": 3, "stamp": 4},
        [],
        7,
    ],
    ids=repr,
)
def test_a_journal_that_came_by_mail_moves_nothing_of_the_users(
    fresh: Callable[..., Path], entry: object
) -> None:
    """A folder of submissions may hold what looks like the journal of a killed run."""
    folder = fresh("甲.xlsx", "稿.xlsx")
    draft = name(folder)
    draft.write_bytes(NEW)
    os.utime(draft, (0, 0))
    text = json.dumps([entry]).replace("DRAFT", draft.name)
    name(folder, "journal").write_text(text, encoding="utf-8")
    before = shown(folder)
    next_run(folder)
    assert shown(folder) == before
    assert not (folder.parent / "别处.txt").exists()

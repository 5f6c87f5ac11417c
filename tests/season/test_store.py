"""The file of a season: whole or not there, one writer at a time, never misread."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from xltool.core.problems import InputError
from xltool.season import store


def test_a_change_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    with store.writing(tmp_path / "季", make=True) as db:
        store.log(db, "建立", "新的审核季")
    with pytest.raises(RuntimeError), store.writing(tmp_path / "季") as db:
        store.log(db, "改", "没有做完")
        raise RuntimeError
    with store.reading(tmp_path / "季") as db:
        assert [row["做了什么"] for row in db.execute("SELECT * FROM 日志")] == ["建立"]


def test_a_failed_first_change_leaves_no_season(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), store.writing(tmp_path / "季", make=True):
        raise RuntimeError
    with store.writing(tmp_path / "季", make=True) as db:
        assert store.units(db) == {}


def test_a_change_waits_for_those_that_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_AT_ONCE", 0.0)
    with store.writing(tmp_path, make=True):
        pass
    reader = sqlite3.connect(tmp_path / store.SEASON, isolation_level=None, check_same_thread=False)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM 日志").fetchone() == (0,)
    ends = threading.Timer(0.3, reader.close)
    ends.start()
    with store.writing(tmp_path) as db:
        store.log(db, "改", "有人在看")
    ends.join()
    with store.reading(tmp_path) as db:
        assert [row["做了什么"] for row in db.execute("SELECT * FROM 日志")] == ["改"]


def test_a_season_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    with store.writing(tmp_path, make=True):
        pass
    with sqlite3.connect(tmp_path / store.SEASON) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    for use in (store.reading, store.writing):
        with pytest.raises(InputError, match="更新版本"), use(tmp_path):
            pass


@pytest.mark.parametrize("content", [b"", b"no database at all" * 99])
def test_what_is_no_season_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / store.SEASON).write_bytes(content)
    with pytest.raises(InputError, match="不是"), store.writing(tmp_path):
        pass


def test_a_foreign_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "别的.txt").touch()
    with pytest.raises(InputError, match="却有别的东西"):
        store.check(tmp_path, tmp_path / "审核")
    store.check(tmp_path / "没有", tmp_path / "审核")
    with pytest.raises(InputError, match="是文件"):
        store.check(tmp_path / "别的.txt", tmp_path / "审核")
    for inside in ("审核", "审核/季"):
        with pytest.raises(InputError, match="不能放在"):
            store.check(tmp_path / inside, tmp_path / "审核")


def test_a_second_writer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.writing(tmp_path, make=True):
        pass
    monkeypatch.setattr(store, "_PATIENCE", 0.1)
    with store.writing(tmp_path), pytest.raises(InputError, match="另一个"):  # noqa: SIM117
        with store.writing(tmp_path):
            pass


def test_a_share_that_cannot_lock_is_named(tmp_path: Path) -> None:
    with store.writing(tmp_path, make=True) as db:
        # the journal that network shares take, unlike a WAL
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    assert [path.name for path in tmp_path.iterdir()] == [store.SEASON]
    with pytest.raises(InputError, match="移到本机磁盘"), store.reading(tmp_path):
        raise sqlite3.OperationalError("locking protocol")


def test_a_season_that_cannot_be_written_is_refused_before_the_review(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    season = tmp_path / "季"
    with store.writing(season, make=True):
        pass
    with store.writing(season):
        store.check(season, tmp_path / "审核")  # somebody writes: that is waited for at the end
    store.check(season, tmp_path / "审核")
    assert [path.name for path in season.iterdir()] == [store.SEASON]
    uri = f"file:{season / store.SEASON}?mode=ro"
    monkeypatch.setattr(store, "_connected", lambda path: read_only(uri))
    with store.reading(season) as db:
        assert store.units(db) == {}
    for use in (lambda: store.check(season, tmp_path / "审核"), lambda: changed(season)):
        with pytest.raises(InputError, match=r"只读，写不了.*复制到本机磁盘"):
            use()


def read_only(uri: str) -> sqlite3.Connection:
    """As on a share that lets nobody write; root can write to every file."""
    db = sqlite3.connect(uri, uri=True, isolation_level=None)
    db.row_factory = sqlite3.Row
    return db


def changed(season: Path) -> None:
    with store.writing(season) as db:
        store.log(db, "改", "写不了")


def test_a_season_that_another_program_gave_a_wal_loses_it(tmp_path: Path) -> None:
    with store.writing(tmp_path, make=True):
        pass
    other = sqlite3.connect(tmp_path / store.SEASON)
    assert other.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal"
    other.close()
    changed(tmp_path)
    with store.reading(tmp_path) as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
        assert [row["做了什么"] for row in db.execute("SELECT * FROM 日志")] == ["改"]
    assert [path.name for path in tmp_path.iterdir()] == [store.SEASON]

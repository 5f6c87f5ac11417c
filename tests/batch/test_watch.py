"""The memory limit of a book: what others left in the process is not charged to it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from xltool.batch import limits as watch
from xltool.batch.source import Source
from xltool.batch.task import Options

_MB = 1 << 20
OPTIONS = Options(memory=64)


class Watch(watch._Watch):
    """A watch that is never started: the test looks, at a process that holds so many MB."""

    mb = 100

    def memory(self) -> int:
        return self.mb * _MB


@pytest.fixture
def watcher(monkeypatch: pytest.MonkeyPatch) -> Watch:
    found = Watch()
    monkeypatch.setattr(watch, "_watches", [found])
    return found


def test_what_quick_books_leave_is_not_charged_to_those_that_follow(
    watcher: Watch, tmp_path: Path
) -> None:
    for number in range(20):
        with watch.watched(Source(f"{number}.xlsx", ""), OPTIONS, tmp_path):
            watcher.mb += 10
            assert watcher.current is not None
            assert watcher.look(watcher.current) == ""


def test_a_book_that_takes_too_much_is_told(watcher: Watch, tmp_path: Path) -> None:
    with watch.watched(Source("大.xlsx", ""), OPTIONS, tmp_path):
        assert watcher.current is not None
        assert watcher.look(watcher.current) == ""
        watcher.mb += 65
        assert "超过 64 MB" in watcher.look(watcher.current)


def test_what_a_slow_book_took_is_not_charged_to_the_next(watcher: Watch, tmp_path: Path) -> None:
    with watch.watched(Source("慢.xlsx", ""), OPTIONS, tmp_path):
        assert watcher.current is not None
        assert watcher.look(watcher.current) == ""
        watcher.mb += 60
        time.sleep(2 * watch._INTERVAL)
    with watch.watched(Source("下一份.xlsx", ""), OPTIONS, tmp_path):
        assert watcher.current is not None
        watcher.mb += 60
        assert watcher.look(watcher.current) == ""

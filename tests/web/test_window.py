"""The page as a window of its own: one double click, and the server ends after the last page is closed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.terminal import ROOT
from tests.web.chrome import Browser
from tests.web.running import Running, until
from xltool.web import appwindow
from xltool.web.pages import Pages


class Clock:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def over(pages: Pages, clock: Clock, seconds: float) -> bool:
    """Whether the server ends within so many seconds, in which it asks every second."""
    for _ in range(int(seconds)):
        clock.now += 1
        if pages.over(1.0):
            return True
    return False


def test_the_last_page_ends_it_and_a_reload_does_not(clock: Clock) -> None:
    pages = Pages(clock)
    pages.tell("a", "here")
    pages.tell("b", "here")
    pages.tell("a", "gone")
    assert not over(pages, clock, 60)
    pages.tell("b", "gone")
    assert not over(pages, clock, 5)
    pages.tell("c", "here")  # loaded anew
    assert not over(pages, clock, 60)
    pages.tell("c", "gone")
    assert over(pages, clock, Pages.GRACE + 2)


def test_a_browser_that_dies_ends_it_later(clock: Clock) -> None:
    pages = Pages(clock)
    pages.tell("a", "here")
    assert not over(pages, clock, Pages.SILENCE - 1), "hidden pages speak once a minute"
    assert over(pages, clock, 3)


def test_a_page_at_rest_and_a_machine_that_slept_are_not_closed(clock: Clock) -> None:
    pages = Pages(clock)
    pages.tell("a", "resting")
    assert not over(pages, clock, Pages.SILENCE * 2)
    pages.tell("a", "here")
    clock.now += 8 * 3600  # asleep: nobody asked meanwhile
    assert not pages.over(1.0)
    assert not over(pages, clock, 60)


def test_without_any_page_it_ends_at_last_but_not_while_programs_ask(clock: Clock) -> None:
    assert not over(Pages(clock), clock, Pages.FIRST - 1)
    assert over(Pages(clock), clock, Pages.FIRST + 2)
    pages = Pages(clock)
    pages.tell("a", "here")
    pages.tell("a", "gone")
    pages.asked()
    assert not over(pages, clock, Pages.PROGRAM - 2)
    assert over(pages, clock, 5)


@pytest.fixture
def window(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`xltool serve --app` with a browser that writes down what it was asked for and ends, as one does that runs."""
    handed = tmp_path / "browser"
    handed.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{tmp_path}/asked"\n', encoding="utf-8")
    handed.chmod(0o755)
    running = start(tmp_path)
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "xltool", "serve", "--app"],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
            "TMPDIR": str(folder),
            "XLTOOL_ADDRESS": str(folder / "serve.json"),
            appwindow.BROWSER: str(folder / "browser"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def asked(folder: Path) -> list[str]:
    """The addresses that the browser was asked to show."""
    path = folder / "asked"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    assert all(line.startswith("--app=http://127.0.0.1:") for line in lines)
    return [line.removeprefix("--app=") for line in lines]


@pytest.mark.skipif(sys.platform == "win32", reason="浏览器的替身是 shell 脚本")
def test_a_window_a_second_double_click_and_the_end(
    window: subprocess.Popen[str], tmp_path: Path, browser: str
) -> None:
    (first,) = until(lambda: asked(tmp_path))
    chrome = Browser(
        browser, tmp_path / "profile"
    )  # it is open already when the window is asked for
    try:
        page = chrome.open(first)
        page.wait("document.querySelectorAll('#edition option').length > 1")
        second = start(tmp_path)
        out, err = second.communicate(timeout=300)
        assert (second.returncode, err, out) == (0, "", "已经在运行，又打开了一个窗口。\n")
        again = asked(tmp_path)[1]
        assert again == first.split("?")[0]
        other = chrome.open(again)
        other.wait("document.querySelectorAll('#edition option').length > 1")
        page.close()
        other.go(again)  # loaded anew: it goes and comes
        other.wait("document.querySelectorAll('#edition option').length > 1")
        with pytest.raises(subprocess.TimeoutExpired):
            window.wait(Pages.GRACE + 3)
        assert other.faults() == []
        other.close()
        out, err = window.communicate(timeout=Pages.GRACE + 20)
    finally:
        chrome.close()
    assert (window.returncode, err) == (0, "")
    assert "关掉页面的窗口，几秒后自己停止" in out and out.endswith("已停止，临时文件已清除。\n")
    assert not (tmp_path / "serve.json").exists()


def test_a_server_of_the_terminal_shows_no_window(server: Running) -> None:
    with server.client() as client:
        assert client.post("/api/window").status_code == 409
        assert client.post("/api/here", params={"page": "a", "state": "away"}).status_code == 400
        assert client.post("/api/here", params={"page": "a", "state": "here"}).status_code == 204


@pytest.mark.parametrize(
    "told", ["", "{}", '{"url": "http://10.0.0.8:80", "token": "x"}', '{"url": 1, "token": "x"}']
)
def test_an_address_file_of_another_kind_starts_a_server_of_its_own(
    told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xltool.web.address import show_running

    monkeypatch.setenv("XLTOOL_ADDRESS", str(tmp_path / "serve.json"))
    (tmp_path / "serve.json").write_text(told, encoding="utf-8")
    assert not show_running()
    stale = {"url": "http://127.0.0.1:9", "token": "x"}
    (tmp_path / "serve.json").write_text(json.dumps(stale), encoding="utf-8")
    assert not show_running()


def test_the_usual_browser_where_there_is_none_with_windows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(appwindow, "browsers", lambda: iter(["/no/such/browser"]))
    monkeypatch.setattr(appwindow.webbrowser, "open", lambda url: shown.append(url) or True)
    assert appwindow.open_window("http://127.0.0.1:1/")
    assert shown == ["http://127.0.0.1:1/"]

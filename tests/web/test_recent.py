"""The page shows what was checked outside of it, opens it again, and names the folders that are watched."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.reporting.books import SGB, filled
from tests.support.terminal import ROOT
from tests.web.chrome import Browser
from tests.web.running import DESK, Running, finished, until
from xltool.watch import diary


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's own folder with nothing in it."""
    monkeypatch.setenv("XLTOOL_DATA", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    # what a page would take for a tag, where a folder may be called so
    folder = tmp_path / ("桌 面 & b" if sys.platform == "win32" else "桌 面 & <b>")
    folder.mkdir()
    (folder / "决算 (1).xlsx").write_bytes(filled(SGB))
    return folder / "决算 (1).xlsx"


def test_the_latest_come_first_and_once(book: Path) -> None:
    for n in range(30):
        diary.note([(book.with_name(f"{n}.xlsx"), "合格")])
    diary.note([(book.with_name("25.xlsx"), "不合格")])
    found = [(Path(entry.path).name, entry.verdict) for entry in diary.recent()]
    assert found[:3] == [("25.xlsx", "不合格"), ("29.xlsx", "合格"), ("28.xlsx", "合格")]
    assert len(found) == diary.MOST == len(set(found))


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"path": "a"}]', '{"a": 1}'])
def test_a_diary_that_is_broken_is_an_empty_one(own: Path, book: Path, text: str) -> None:
    own.mkdir()
    (own / "recent.json").write_text(text, encoding="utf-8")
    assert diary.recent() == []
    diary.note([(book, "合格")])
    assert [entry.verdict for entry in diary.recent()] == ["合格"]


def test_a_workbook_is_opened_again_as_it_is_now(client: httpx.Client, book: Path) -> None:
    diary.note([(book, "不合格")])
    (told,) = client.get("/api/recent").json()["books"]
    assert (told["name"], told["folder"], told["verdict"]) == (
        book.name,
        str(book.parent),
        "不合格",
    )
    assert client.post(f"{DESK}/recent/{told['id']}").status_code == 201
    (upload,) = finished(client)
    assert upload["parts"][0]["verdict"] == "合格"
    assert client.delete("/api/recent").status_code == 204
    assert client.get("/api/recent").json() == {"books": [], "watched": []}
    assert client.post(f"{DESK}/recent/{told['id']}").status_code == 404, "only what is listed"


def test_one_that_is_gone_is_said_and_leaves_nothing(
    client: httpx.Client, server: Running, book: Path
) -> None:
    diary.note([(book, "合格")])
    (told,) = client.get("/api/recent").json()["books"]
    book.unlink()
    answer = client.post(f"{DESK}/recent/{told['id']}")
    assert (answer.status_code, answer.json()) == (
        404,
        {"error": "决算 (1).xlsx：打不开：没有这个文件或文件夹"},
    )
    assert client.get(DESK).json()["uploads"] == []
    assert server.files == [] or all("run.lock" in file for file in server.files)


@pytest.fixture
def watcher(tmp_path: Path, book: Path) -> Iterator[subprocess.Popen[bytes]]:
    running = subprocess.Popen(
        [sys.executable, "-m", "xltool", "watch", str(book.parent), "--interval", "0.2"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def test_a_folder_is_shown_while_it_is_watched(
    client: httpx.Client, book: Path, watcher: subprocess.Popen[bytes], own: Path
) -> None:
    def told() -> list[dict[str, object]]:
        found: list[dict[str, object]] = client.get("/api/recent").json()["watched"]
        return [one for one in found if one["lines"]]

    (folder,) = until(told)
    assert folder["folder"] == str(book.parent)
    assert "决算 (1).xlsx：合格" in str(folder["lines"])
    watcher.kill()  # as closing its window does
    watcher.wait()
    until(lambda: client.get("/api/recent").json()["watched"] == [])
    assert list((own / "watching").iterdir()) == []


def test_the_page_shows_them(server: Running, book: Path, browser: str, tmp_path: Path) -> None:
    diary.note([(book, "不合格")])
    chrome = Browser(browser, tmp_path / "profile")
    try:
        with server.page_client() as client, diary.watching(book.parent) as say:
            say("10:00:00 决算 (1).xlsx：合格")
            page = chrome.open("about:blank#")
            page.ask(
                "Network.setCookie",
                url=server.page,
                name=next(iter(server.cookie)),
                value=server.keys.cookie,
                path=f"/{server.keys.page}/",
            )
            page.go(server.page)
            page.wait("!document.getElementById('recent').hidden")
            assert page.texts("#recent h2")[0].startswith(f"正在看着 {book.parent}")
            assert page.text(".watched") == "10:00:00 决算 (1).xlsx：合格"
            if shot := os.environ.get("XLTOOL_PICTURE"):
                Path(shot).write_bytes(page.picture())
            page.click("#recent .again")
            page.wait("document.querySelectorAll('.book.pass').length === 1")
            assert page.run("getComputedStyle(document.getElementById('recent')).display") == "none"
            assert client.get("api/recent").status_code == 200
    finally:
        chrome.close()

"""The page in a browser, clicked and typed into."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.reporting.books import BEIGUAN, SGB, filled, with_cells, with_edit, year_before
from tests.support.programs import run
from tests.web.chrome import Browser, Page, opened
from tests.web.conftest import SMALL
from tests.web.running import Running, serving, until
from xltool.core.resources import SAMPLES
from xltool.web import app

WRONG = {("收入支出决算总表", "D33"): Decimal("308.82")}
HOSTILE = "<img src=x onerror=\"document.title='cracked'\">"
DONE = ".book.pass, .book.fail, .book.partial, .book.broken"
STATIC = Path(app.__file__).parent / "static"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    limits = replace(SMALL, stall=20.0)  # a busy machine is no stalled upload
    with serving(tmp_path_factory.mktemp("serve"), limits) as running:
        yield running


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Workbooks as they lie on a clerk's desktop."""
    folder = tmp_path_factory.mktemp("books")
    found = {
        "合格": filled(SGB),
        "错": with_cells(SGB, WRONG),
        "去年": year_before(SGB),
        "未完": filled(BEIGUAN),
        "坏": b"PK\x03\x04 broken",
        "<b>hostile</b>".replace("/", "&"): with_edit(
            BEIGUAN, lambda e: e.set("公开01 收入支出决算总表", "A3", f"部门：{HOSTILE}")
        ),
    }
    paths = {}
    for n, (name, data) in enumerate(found.items()):
        paths[name if n < 5 else "hostile"] = folder / f"{name}.xlsx"
        (folder / f"{name}.xlsx").write_bytes(data)
    paths["大"] = folder / "大.xlsx"
    paths["大"].write_bytes(b"x" * (SMALL.max_file + 1))
    paths["数据"] = SAMPLES / f"{BEIGUAN}.json"
    return paths


@pytest.fixture
def page(chrome: Browser, server: Running) -> Iterator[Page]:
    """The page in a tab of its own, nothing on its desk; it must not complain."""
    with opened(chrome, server.url) as found:
        yield found
        if found.run("!!document.querySelector('.book')"):
            found.click("#clear")
            until(lambda: not server.files)


def rows(page: Page, count: int) -> list[str]:
    """The texts of the rows when all of them are done."""
    page.wait(f"document.querySelectorAll('{DONE}').length === {count}")
    return page.texts(".book .open")


def test_the_address_bar_keeps_no_ticket(page: Page, server: Running) -> None:
    assert page.run("location.href") == server.page
    page.go(server.page)
    assert page.text("h1") == "部门决算工作簿校验与填报"
    assert page.run("document.cookie") == ""


def test_reload_and_second_window_and_nobody_else(
    browser: str, chrome: Browser, tmp_path: Path
) -> None:
    """Another browser of the same user with the same address, and another port, get nothing."""
    said: list[str] = []
    with serving(tmp_path / "a", SMALL) as server, listening(said) as other:
        page = chrome.open(server.url)
        page.wait("document.querySelectorAll('#edition option').length > 1")
        page.ask("Page.reload")
        page.wait("document.querySelectorAll('#edition option').length > 1")
        second = chrome.open(server.url)
        second.wait("document.querySelectorAll('#edition option').length > 1")
        assert second.run("location.href") == server.page
        second.go(f"http://{other}/")
        second.go(f"http://{other}/{server.keys.ticket}/")
        assert len([head for head in said if head.startswith("GET / ")]) == 1
        assert not any(server.keys.cookie in head or "xltool" in head for head in said)
        second.close()
        page.close()
        stranger = Browser(browser, tmp_path)
        try:
            refused = stranger.open(server.url)
            assert "已经用过" in refused.text("body")
            refused.go(server.page)
            assert "口令不对" in refused.text("body")
        finally:
            stranger.close()


@contextmanager
def listening(said: list[str]) -> Iterator[str]:
    """A program on another port of this machine that notes what it is asked."""

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said.append(f"{self.requestline}\n{self.headers}")
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<p>here</p>")

        def log_message(self, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Noting) as found:
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield f"127.0.0.1:{found.server_port}"
        found.shutdown()
        thread.join()


def test_several_books_worst_first_each_with_its_report(page: Page, books: dict[str, Path]) -> None:
    page.choose_files("#files", [books[name] for name in ("合格", "未完", "错", "坏")])
    found = rows(page, 4)
    verdicts = [text.split()[1] for text in found]
    assert [v[:4] for v in verdicts] == ["没有做成", "不合格中", "未完成审", "合格中共"]
    tally = "共 4 份：没有做成 1，不合格 1，未完成审核 1，合格 1"
    assert page.text("#tally") == tally
    assert "文件不完整" in page.text("#problems")
    page.click(".book.fail .open")
    assert page.text("#word") == "不合格"
    assert page.texts("#actions .button") == [
        "下载标注本",
        "下载报告",
        "下载 JSON",
        "在新窗口打开报告（打印用）",
        "做上报稿",
        "清除标记",
        "加审核表",
        "改数…",
        "按回执核对…",
        "做成自己的版本…",
    ]
    assert page.in_frame("document.querySelector('td.marked.suspect') && document.title")
    assert "308.82" in page.in_frame("document.querySelector('td.marked.suspect').innerText")
    page.click(".book.pass .open")
    page.wait("document.getElementById('word').textContent === '合格'")
    assert page.in_frame("document.querySelector('.word').innerText === '合格'")


def test_dropping_files_anywhere(page: Page, books: dict[str, Path]) -> None:
    page.drop([books["错"], books["数据"]])
    found = rows(page, 2)
    assert found[0].startswith("错.xlsx 不合格")
    assert found[1].startswith("beiguan-2021-已填报.xlsx 未完成审核")
    assert page.run("document.getElementById('curtain').hidden")
    page.click(".book.partial .open")
    assert page.texts("#actions .button")[0] == "下载填好的工作簿"


def test_downloads_are_the_files(page: Page, books: dict[str, Path]) -> None:
    page.choose_files("#files", [books["错"]])
    rows(page, 1)
    for what, begin in (("marked", "PK"), ("report", "<!DOCTYPE html>"), ("json", "{")):
        got = page.run(
            f"fetch(document.querySelector('[data-file={what}]').href).then(r => r.text())"
        )
        assert got.startswith(begin)
    assert page.run("document.querySelector('[data-file=marked]').download") == "错-标注.xlsx"


def test_the_report_opens_in_a_window_of_its_own(
    page: Page, chrome: Browser, books: dict[str, Path]
) -> None:
    page.choose_files("#files", [books["错"]])
    rows(page, 1)
    before = set(chrome.pages())
    page.click("#actions a[target=_blank]")
    until(lambda: set(chrome.pages()) - before)
    (target,) = set(chrome.pages()) - before
    window = chrome.attach(target)
    window.wait("document.title.indexOf('不合格') === 0 && document.readyState === 'complete'")
    assert window.run("!!document.querySelector('td.marked.suspect')")
    assert not window.run("document.getElementById('filters').hidden"), "its script runs"
    assert b"%PDF" in window.printed()[:10]
    window.close()


def test_everything_can_be_done_with_the_keyboard(page: Page, books: dict[str, Path]) -> None:
    page.choose_files("#files", [books["合格"], books["错"]])
    rows(page, 2)
    here = "document.activeElement.id || document.activeElement.className"
    page.run("document.addEventListener('load', (e) => { window.loaded = e.target }, true)")
    page.run("document.body.focus()")
    walked: list[str] = []
    while "remove" not in walked and len(walked) < 40:
        page.press("Tab")
        walked.append(page.run(here))
    assert walked[:3] == ["choose", "edition", "totals"]
    assert walked[-3:] == ["clear", "open", "remove"]
    page.press("Tab", shift=True)
    page.press("ArrowDown")
    assert page.text("#word") == "合格"
    assert page.in_frame("document.title.startsWith('合格')")  # so that the other is loaded anew
    assert (
        page.run(f"{here} === 'open' && getComputedStyle(document.activeElement).outlineWidth")
        == "2px"
    )
    page.press("ArrowUp")
    page.press("Enter")
    assert page.text("#word") == "不合格"
    page.run("document.getElementById('edition').focus()")
    page.press("Escape")
    page.wait("window.loaded === document.getElementById('report')")  # before its book goes
    assert page.in_frame("document.title.startsWith('不合格')")
    assert "错.xlsx" in page.run("document.activeElement.innerText")
    page.press("Delete")
    page.wait("document.querySelectorAll('.book').length === 1")
    assert page.run(here) == "open"
    assert page.run("document.getElementById('tally').getAttribute('aria-live')") == "polite"


# From now on the answers to looks at the desk are kept in `window.held` until somebody lets them go.
HOLD = """(() => {
  const open = XMLHttpRequest.prototype.open, send = XMLHttpRequest.prototype.send;
  window.held = [];
  XMLHttpRequest.prototype.open = function (method, path) {
    this.looks = method === "GET";
    open.call(this, method, path);
  };
  XMLHttpRequest.prototype.send = function (body) {
    const load = this.onload;
    this.onload = () => { if (this.looks && window.held) { window.held.push(() => load()); } else { load(); } };
    send.call(this, body);
  };
})()"""


def test_an_answer_on_its_way_does_not_bring_back_what_was_cleared(
    page: Page, books: dict[str, Path]
) -> None:
    page.choose_files("#files", [books["合格"]])
    rows(page, 1)
    page.run(HOLD)
    page.run("document.getElementById('totals').dispatchEvent(new Event('change'))")
    page.wait("window.held.length === 1")  # it tells of the book
    page.click("#clear")
    page.run("(() => { const late = window.held; window.held = null; late.forEach((f) => f()) })()")
    page.run("0")
    assert page.texts(".book .open") == []
    assert page.run("document.getElementById('report').hidden")
    assert page.text("#tally") == "没有文件"
    assert page.run("document.getElementById('notice').hidden")


def test_a_hostile_book_is_text_and_nothing_else(page: Page, books: dict[str, Path]) -> None:
    page.choose_files("#files", [books["hostile"]])
    assert HOSTILE in rows(page, 1)[0]
    assert HOSTILE in page.text("#facts")
    assert page.in_frame("document.querySelector('h1').innerText").startswith("<img")
    assert not page.run("!!document.querySelector('img')")
    assert "cracked" not in page.run("document.title")
    reached = page.in_frame(
        "(() => { try { return parent.document.title } catch (e) { return e.name } })()"
    )
    assert reached == "SecurityError"


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    page: Page, server: Running, books: dict[str, Path]
) -> None:
    page.choose_files("#files", [books["大"]])
    assert rows(page, 1) == ["大.xlsx 没有做成文件超过 2 MB，没有上传"]
    assert not server.files
    page.click(".book .remove")
    assert "empty" in page.run("document.body.className")


def test_an_edition_is_chosen_and_the_work_is_done_again(
    page: Page, tmp_path: Path, books: dict[str, Path]
) -> None:
    text = books["数据"].read_text(encoding="utf-8")
    data = tmp_path / "数据.json"
    data.write_text(re.sub(r'"版本": "[^"]*",', "", text), encoding="utf-8")
    page.choose_files("#files", [data])
    assert "没有做成" in rows(page, 1)[0]
    assert "在上方“版本”里选定" in page.text("#problems")
    assert "-e" not in page.text("#problems")
    page.run(
        "(() => { const s = document.getElementById('edition'); s.value = '2021-national';"
        " s.dispatchEvent(new Event('change')); })()"
    )
    page.wait("!!document.querySelector('.book.partial')")
    assert page.text("#word") == "未完成审核"


def test_last_year_is_given_and_taken_away(page: Page, books: dict[str, Path]) -> None:
    page.choose_files("#files", [books["合格"]])
    rows(page, 1)
    page.choose_files("[data-aside=prior] input", [books["去年"]])
    page.wait("document.querySelector('[data-aside=prior] .name').textContent === '去年.xlsx'")
    page.wait("/round=2/.test(document.getElementById('report').src)")
    page.click("[data-aside=prior] .drop")
    page.wait("/round=3/.test(document.getElementById('report').src)")
    assert page.text("[data-aside=prior] .name") == ""


def test_a_browser_that_ends_in_mid_upload_leaves_nothing(browser: str, tmp_path: Path) -> None:
    (tmp_path / "慢.xlsx").write_bytes(b"x" * (SMALL.max_file - 1))
    with serving(tmp_path / "serve", replace(SMALL, stall=20.0)) as server:
        chrome = Browser(browser, tmp_path)
        try:
            page = chrome.open(server.url)
            page.wait("document.querySelectorAll('#edition option').length > 1")
            page.ask("Network.enable")
            slow = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": 150_000}
            page.ask("Network.emulateNetworkConditions", offline=False, **slow)
            page.choose_files("#files", [tmp_path / "慢.xlsx"])
            page.wait("!!document.querySelector('.book progress')")
            until(lambda: server.files)
        finally:
            chrome.kill()
        until(lambda: not server.files)


def test_files_that_were_cleared_away_are_missed(
    page: Page, server: Running, books: dict[str, Path]
) -> None:
    page.choose_files("#files", [books["合格"]])
    rows(page, 1)
    desk = page.run("sessionStorage.getItem('xltool-desk')")
    with server.client() as client:
        client.delete(f"/api/desks/{desk}")
    page.choose_files("[data-aside=explanations] input", [books["大"]])
    page.wait("!document.getElementById('notice').hidden")
    assert "文件超过 2 MB" in page.text("#notice")
    page.choose_files("[data-aside=explanations] input", [books["数据"]])
    page.wait("!document.querySelector('.book')")
    assert "已经自动清除" in page.text("#notice")
    page.click("[data-aside=explanations] .drop")
    until(lambda: not server.files)


def test_two_tabs_at_once(
    page: Page, chrome: Browser, server: Running, books: dict[str, Path]
) -> None:
    second = chrome.open(server.url)
    page.choose_files("#files", [books["合格"]])
    second.choose_files("#files", [books["错"]])
    assert rows(page, 1)[0].startswith("合格.xlsx")
    assert rows(second, 1)[0].startswith("错.xlsx")
    second.answer_dialogs()
    second.click("#clear")
    second.wait("!document.querySelector('.book')")
    page.go(server.page)
    page.answer_dialogs()
    assert rows(page, 1)[0].startswith("合格.xlsx"), "reloading a tab keeps its files"
    second.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1024, 768)])
def test_it_fits_the_screens_that_clerks_have(
    page: Page, books: dict[str, Path], width: int, height: int
) -> None:
    page.resize(width, height)
    page.choose_files("#files", [books["错"], books["合格"]])
    rows(page, 2)
    assert page.run("document.documentElement.scrollWidth") <= width
    assert page.run("document.documentElement.scrollHeight") <= height
    assert page.run("document.getElementById('report').getBoundingClientRect().height") >= 320


def test_it_prints_the_list(
    poppler: str, page: Page, books: dict[str, Path], tmp_path: Path
) -> None:
    page.choose_files("#files", [books["错"], books["合格"]])
    rows(page, 2)
    (tmp_path / "p.pdf").write_bytes(page.printed())
    text = run(poppler, "-layout", tmp_path / "p.pdf", "-")
    plain = "".join(text.split())
    for words in ("共2份：不合格1，合格1", "错.xlsx", "合格.xlsx"):
        assert words in plain
    for words in ("选择文件", "移除", "下载", "全部清除"):
        assert words not in plain
    assert text.count("\f") == 1


def test_a_server_that_is_gone_is_said(
    chrome: Browser, tmp_path: Path, books: dict[str, Path]
) -> None:
    with serving(tmp_path, SMALL) as running:
        page = chrome.open(running.url)
        page.wait("document.querySelectorAll('#edition option').length > 1")
    page.choose_files("#files", [books["合格"]])
    page.wait("!document.getElementById('alarm').hidden")
    assert "连不上本机服务" in page.text("#alarm")
    assert "没有做成" in page.text(".book")
    page.close()


def test_browsers_of_2018_understand_the_page() -> None:
    """Chrome 69 (as in 360 and 搜狗) and the old Edge: what they do not know must not be used."""
    scripts = [path.read_text(encoding="utf-8") for path in STATIC.glob("*.js")]
    assert len(scripts) == 9
    script = re.sub(r"/\*.*?\*/", "", "\n".join(scripts), flags=re.DOTALL)
    for unknown in (
        r"\?\.(?!\d)",
        r"\?\?",
        r"\*\*=",
        r"\.replaceAll\(",
        r"\.at\(",
        r"\bimport\b",
        r"\.\.\.\w",
        r"\bawait\b",
        r"=>",
        r"`",
        r"\bgap\b",
        r"\.append\(",
        r"\.flat\(",
        r"\.matchAll\(",
        r"#\w+ in",
    ):
        assert not re.search(unknown, script), unknown
    css = (STATIC / "page.css").read_text(encoding="utf-8")
    rules = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for unknown in (
        r"\bgap:",
        r":has\(",
        r":is\(",
        r":where\(",
        r"\binset:",
        r"aspect-ratio",
        r":focus-visible",
    ):
        assert not re.search(unknown, rules), unknown


def test_the_page_asks_nobody_else() -> None:
    for file in STATIC.iterdir():
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"https?:|//[a-z]+\.|@import|url\(|innerHTML|eval\(", text), file.name
        assert not re.search(r"\son\w+=|style=", text) or file.suffix != ".html"

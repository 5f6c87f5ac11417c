"""审核汇总.html: the worst first, links that lead somewhere, light with thousands of books, no network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.reporting.browser import dom_after, printed
from tests.review.support import Links, Review
from tests.review.synthetic import changes, collected
from tests.web.chrome import Browser, Page
from xltool.review.collect import BookLine
from xltool.review.extra import ExtraTable
from xltool.review.page import FIRST, LISTED, render
from xltool.review.sheets import SheetColumn, SheetLink, numbers

BOOKS = 2000


@pytest.fixture(scope="module")
def big() -> str:
    """The page of two thousand books, compared with an earlier review."""
    found = collected(BOOKS)
    return "".join(render(found, changes(found)))


def test_every_book_is_a_row_and_the_worst_comes_first(first: Review) -> None:
    head, *rows = Links(first.page).rows
    assert head[0].strip() == "单位"
    ranked = list(first.done.collected.ranked)
    assert len(rows) == len(ranked)
    assert [row[1] for row in rows] == [line.book["结论"] for line in ranked]
    order = [("不合格", "未完成审核", "合格").index(row[1]) for row in rows]
    assert order == sorted(order)


def test_letters_stand_under_their_rules(first: Review) -> None:
    head, *rows = Links(first.page).rows
    rules = [rule for rule, *_ in _data(first.page)["rules"]]
    assert "".join(rules) == head[-1].strip()
    for row, line in zip(rows, first.done.collected.ranked, strict=True):
        shown = dict(zip(rules, row[-1], strict=True))
        for rule, letter in line.outcomes.items():
            if rule in shown:
                assert shown[rule] == {"W": "!", "Q": "?", "N": "-"}.get(letter, letter)


def _data(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


@pytest.mark.parametrize("name", ["first", "second"])
def test_links_lead_to_files_of_the_review(name: str, request: pytest.FixtureRequest) -> None:
    review: Review = request.getfixturevalue(name)
    local = {a for a in Links(review.page).addresses if not a.startswith("#")}
    assert {unquote(address) for address in local} <= review.files
    reports = {name for name in review.files if name.startswith("报告/")}
    assert reports <= {unquote(address) for address in local}


def test_names_cannot_break_the_page(first: Review) -> None:
    assert "<script>alert" not in first.page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in first.page
    assert "\u202e" not in first.page


def test_the_page_needs_nothing_else(big: str, first: Review) -> None:
    for page in (big, first.page):
        assert "http://" not in page
        assert "https://" not in page
        assert " src=" not in page
        assert "@import" not in page


def test_two_thousand_books_stay_light(big: str) -> None:
    found = Links(big)
    assert len(found.rows) == 1 + FIRST, "only the worst are elements"
    assert len(_data(big)["columns"]["unit"]) > BOOKS * 0.9, "the others are data"
    assert len(big.encode()) < 1_000_000
    assert found.elements < 20 * FIRST + 2000


def test_other_long_tables_say_where_their_rest_is() -> None:
    columns = (SheetColumn("单位编码", 14), SheetColumn("单位名称", 26))
    units = [(f"{n:05}", f"第{n}单位") for n in range(LISTED + 5)]
    table = ExtraTable("单位情况", "", columns, units, {})
    page = "".join(render(collected(10), None, extra=[table]))
    assert page.count("<td>第") == LISTED
    assert f"前 {LISTED} 行，全部在审核汇总.xlsx 的“单位情况”里" in page


def test_a_review_without_a_readable_book_is_still_a_page() -> None:
    found = collected(400, change=lambda line: not line.read)
    assert len(found) == len(found.unread) > 0
    page = "".join(render(found, None))
    assert "工作簿加了密码" in page
    assert 'id="books"' not in page


_PROBE = """<script>
(function () {
  var form = document.getElementById("filters"), table = document.getElementById("books"), told = {};
  function visible() {
    return Array.prototype.filter.call(table.tBodies[0].rows, function (row) { return !row.hidden; });
  }
  function set(name, value) { form.elements[name].value = value; form.dispatchEvent(new Event("input")); }
  told.all = visible().length;
  document.querySelector(".rules a[data-rule='T01-03']").click();
  told.rule = visible().map(function (row) { return row.cells[0].textContent; });
  document.querySelector(".rules a[data-rule='T01-03']").click();
  told.again = visible().length;
  set("text", "乙局");
  told.text = visible().map(function (row) { return row.cells[0].textContent; });
  set("text", "");
  form.elements.verdict[0].checked = false;
  form.dispatchEvent(new Event("input"));
  told.verdicts = visible().map(function (row) { return row.cells[1].textContent; });
  table.tHead.rows[0].cells[0].click();
  told.sorted = Array.prototype.map.call(table.tBodies[0].rows, function (row) { return row.cells[0].textContent; });
  document.title = JSON.stringify(told);
})();
</script></body>"""


_CHANGED = """<script>
(function () {
  var form = document.getElementById("filters"), told = {};
  function shown(name, value) {
    form.elements[name].value = value; form.dispatchEvent(new Event("input"));
    return Array.prototype.filter.call(document.getElementById("books").tBodies[0].rows, function (row) {
      return !row.hidden;
    }).map(function (row) { return row.cells[0].textContent; });
  }
  Array.prototype.forEach.call(form.elements.change.options, function (option) {
    told[option.textContent] = shown("change", option.value);
  });
  document.title = JSON.stringify(told);
})();
</script></body>"""


def test_the_filter_of_changes_gives_the_books_that_have_them(
    browser: str, second: Review, tmp_path: Path
) -> None:
    told = _told(dom_after(browser, second.page.replace("</body>", _CHANGED), tmp_path))
    units = {words: [text.split()[0] for text in texts] for words, texts in told.items()}
    assert units["有仍未改正"] == ["乙局"]
    assert units["有新增"] == ["丙局"]
    assert units["有已改正"] == ["甲局"]
    assert [text.split()[-1] for text in told["有未能核对"]] == ["丁.xlsx"]
    assert units["上次没有的"] == []


def _told(html: str) -> dict[str, Any]:
    found = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    assert found
    told: dict[str, Any] = json.loads(
        found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    )
    return told


def test_filters_and_sorting_in_a_browser(browser: str, first: Review, tmp_path: Path) -> None:
    told = _told(dom_after(browser, first.page.replace("</body>", _PROBE), tmp_path))
    ranked = list(first.done.collected.ranked)
    failing = [line.unit for line in ranked if line.outcomes["T01-03"] == "X"]
    assert told["all"] == told["again"] == len(ranked)
    assert [unit in text for unit, text in zip(failing[:2], told["rule"], strict=False)] == [
        True
    ] * 2
    assert len(told["rule"]) == len(failing)
    assert [text.split()[0] for text in told["text"]] == ["乙局"]
    assert "不合格" not in told["verdicts"]
    shown = [row[0] for row in Links(first.page).rows[1:] if row[1] != "不合格"]
    assert sorted(told["sorted"]) == sorted(shown)
    assert told["sorted"] != shown


@pytest.fixture(scope="module")
def running(browser: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser for all that opens a page here."""
    started = Browser(browser, tmp_path_factory.mktemp("浏览器"))
    yield started
    started.close()


def _written(html: str, folder: Path) -> str:
    """The address of a page that was written into a folder."""
    file = folder / "审核汇总.html"
    file.write_text(html, encoding="utf-8", newline="\n")
    return file.as_uri()


@pytest.fixture
def page(running: Browser, big: str, tmp_path: Path) -> Iterator[Page]:
    """The page of two thousand books, open in a browser."""
    tab = running.open(_written(big, tmp_path))
    yield tab
    tab.close()


_ROWS = "document.getElementById('books').tBodies[0].rows"


def test_all_books_come_into_view_by_scrolling(page: Page, big: str) -> None:
    units = _data(big)["columns"]["unit"]
    assert page.run(f"{_ROWS}.length") < 300
    assert page.run(f"{_ROWS}[0].cells[0].textContent") == units[0]
    page.run("(e => e.scrollTop = e.scrollHeight)(document.querySelector('.matrix'))")
    page.wait(f"{_ROWS}[{_ROWS}.length - 1].cells[0].textContent.includes({json.dumps(units[-1])})")
    assert page.run(f"{_ROWS}.length") < 300
    assert not page.faults()


def test_the_keyboard_goes_through_the_rows_and_to_the_report(
    page: Page, big: str, tmp_path: Path
) -> None:
    columns = _data(big)["columns"]
    units, report = columns["unit"], tmp_path / columns["report"][0]
    report.parent.mkdir()
    report.write_text("报告", encoding="utf-8")
    page.run("document.querySelector('.matrix').focus()")
    for _ in range(3):
        page.press("ArrowDown")
    assert page.text("#books .here .unit") == units[2]
    page.press("End")
    assert page.text("#books .here .unit").startswith(units[-1])
    page.press("Home")
    page.press("Enter")
    page.wait("decodeURI(location.href).includes('/报告/') && document.body?.innerText === '报告'")


def test_sorting_and_filters_reach_books_that_are_not_drawn(page: Page, big: str) -> None:
    columns = _data(big)["columns"]
    page.run("document.getElementById('filters').elements.text.value = '永宁'")
    page.run("document.getElementById('filters').dispatchEvent(new Event('input'))")
    fitting = sum("永宁" in unit for unit in columns["unit"])
    assert page.text("#shown").startswith(f"显示 {fitting} / {len(columns['unit'])}")
    page.click("#books thead th:nth-child(3)")
    most = max(
        n for n, unit in zip(columns["counts"][0], columns["unit"], strict=True) if "永宁" in unit
    )
    assert page.run(f"{_ROWS}[0].cells[2].textContent") == str(most)
    page.run("document.getElementById('filters').reset()")
    page.wait("document.getElementById('shown').textContent === ''")


def test_everything_of_the_filter_is_printed(browser: str, poppler: str, tmp_path: Path) -> None:
    found = collected(700)
    text = "".join(printed(browser, poppler, "".join(render(found, None)), tmp_path))
    ranked = list(found.ranked)
    for line in (ranked[0], ranked[-1], ranked[350]):
        assert line.unit in text


def test_without_its_script_the_page_says_where_the_rest_is(
    running: Browser, big: str, tmp_path: Path
) -> None:
    page = running.open("about:blank#0")
    page.ask("Emulation.setScriptExecutionDisabled", value=True)
    page.go(_written(big, tmp_path))
    assert f"只列出前 {FIRST} 份" in page.text("noscript .short")
    assert page.run(f"{_ROWS}.length") == FIRST
    page.close()


_BREAK = "document.title='broken'"
_HOSTILE = f'</script><script>{_BREAK}</script><img src=x onerror="{_BREAK}">\u2028局&amp;\''


def test_hostile_names_stay_texts_when_the_script_draws_them(
    running: Browser, tmp_path: Path
) -> None:
    def hostile(line: BookLine) -> None:
        if line.read:
            line.book["单位名称"] = _HOSTILE + str(line.book["单位名称"])

    found = collected(500, change=hostile)
    html = "".join(render(found, None))
    assert "<script>document.title" not in html
    assert "\u2028" not in html
    page = running.open(_written(html, tmp_path))
    page.run("(e => e.scrollTop = e.scrollHeight)(document.querySelector('.matrix'))")
    page.wait(f"+{_ROWS}[{_ROWS}.length - 1].getAttribute('aria-rowindex') > 400")
    assert "broken" not in page.run("document.title")
    assert "<img src=x" in page.run(f"{_ROWS}[0].cells[0].textContent")
    assert page.run("document.images.length") == 0
    assert not page.faults()
    page.close()


def test_books_are_found_by_department_year_and_edition(browser: str, tmp_path: Path) -> None:
    def dated(line: BookLine) -> None:
        if line.read:
            line.book["年度"] = 2023 + len(line.letters.replace(".", "")) % 3

    found = collected(60, change=dated)
    found.departments = {
        line.name: ["教育局", "卫生局"][n % 2] for n, line in enumerate(found.ranked)
    }
    probe = """<script>(function () {
      var form = document.getElementById("filters"), told = {};
      function count() { return document.getElementById("books").tBodies[0].rows.length; }
      form.elements.department.value = "教育局"; form.dispatchEvent(new Event("input")); told.one = count();
      form.elements.year.value = "2024"; form.dispatchEvent(new Event("input")); told.both = count();
      told.edition = !!form.elements.edition;
      document.title = JSON.stringify(told);
    })();</script></body>"""
    told = _told(
        dom_after(browser, "".join(render(found, None)).replace("</body>", probe), tmp_path)
    )
    lines = [line.book for line in found.ranked if line.department == "教育局"]
    assert told["one"] == len(lines)
    assert told["both"] == sum(book["年度"] == 2024 for book in lines)
    assert told["edition"] is False, "where there is no choice there is no filter"


def test_books_of_one_name_are_told_apart_by_their_folders() -> None:
    files = iter(("甲区/决算.xlsx", "乙区/决算.xlsx", "丙区/丙局.xlsx"))

    def named(line: BookLine) -> None:
        file = next(files)
        line.book |= {"文件": file, "单位名称": "中心小学" if "决算" in file else "丙局"}

    shown = re.findall(
        r"<small>([^<]*\.xlsx)</small>", "".join(render(collected(3, change=named), None))
    )
    assert sorted(shown) == ["乙区/决算.xlsx", "甲区/决算.xlsx"]


def test_books_of_another_year_are_counted() -> None:
    years = iter((2024, 2023, 2024))
    found = collected(3, change=lambda line: line.book.update({"年度": next(years)}))
    assert "<dd>2024（2 份）、2023（1 份）</dd>" in "".join(render(found, None))


def test_rows_that_the_page_does_not_list_are_found_too(browser: str, tmp_path: Path) -> None:
    columns = (
        SheetColumn("单位名称", 26, "long"),
        *numbers("新增", "豁免"),
        SheetColumn("报告", 9),
    )
    units = [
        (f"第{n}单位", 1, int(n >= LISTED + 300), SheetLink(f"报告/{n}.html", "打开"))
        for n in range(LISTED + 500)
    ]
    table = ExtraTable("单位情况", "", columns, units, {})
    probe = """<script>(function () {
      var table = document.querySelector("table.told"), bar = document.querySelector("details.unread .filters");
      var select = bar.querySelector("select"), search = bar.querySelector("input"), told = {};
      function seen() {
        return [].filter.call(table.tBodies[0].rows, function (row) { return !row.hidden; });
      }
      function look() {
        select.dispatchEvent(new Event("change"));
        return [seen().length, bar.querySelector(".count").textContent];
      }
      told.all = look();
      select.value = "豁免"; told.waived = look();
      search.value = "第2450"; told.one = look();
      told.link = seen()[0].cells[3].firstChild.getAttribute("href");
      search.value = ""; select.value = "新增"; told.most = look();
      select.value = "全部"; told.again = look();
      document.title = JSON.stringify(told);
    })();</script></body>"""
    page = "".join(render(collected(10), None, extra=[table]))
    told = _told(dom_after(browser, page.replace("</body>", probe), tmp_path))
    assert told == {
        "all": [LISTED, ""],
        "waived": [200, "显示 200 / 2500 行"],
        "one": [1, "显示 1 / 2500 行"],
        "link": "%E6%8A%A5%E5%91%8A/2450.html",
        "most": [LISTED, "显示 2000 / 2500 行，符合的有 2500 行"],
        "again": [LISTED, ""],
    }


def test_units_are_found_by_the_state_of_their_findings(browser: str, tmp_path: Path) -> None:
    columns = (SheetColumn("单位名称", 26, "long"), *numbers("新增", "仍未改正", "豁免"))
    units = [(f"第{n}单位", n % 2, n % 5 == 0 and 3, 0) for n in range(20)]
    table = ExtraTable("单位情况", "", columns, units, {})
    short = ExtraTable("部门情况", "", columns, units[:3], {})
    probe = """<script>(function () {
      var bars = document.querySelectorAll("details.unread .filters"), bar = bars[0], told = {};
      var rows = [].slice.call(document.querySelectorAll("table.told")[0].tBodies[0].rows);
      function seen() { return rows.filter(function (row) { return row.offsetHeight > 0; }).length; }
      var select = bar.querySelector("select"), search = bar.querySelector("input");
      told.bars = bars.length;
      told.words = [].map.call(select.options, function (option) { return option.text; });
      told.all = seen();
      select.value = "仍未改正"; select.dispatchEvent(new Event("change")); told.still = seen();
      search.value = "第15"; search.dispatchEvent(new Event("input")); told.one = seen();
      told.told = bar.querySelector(".count").textContent;
      document.title = JSON.stringify(told);
    })();</script></body>"""
    page = "".join(render(collected(10), None, extra=[table, short]))
    told = _told(dom_after(browser, page.replace("</body>", probe), tmp_path))
    assert told == {
        "bars": 1,
        "words": ["全部", "新增", "仍未改正"],
        "all": 20,
        "still": 4,
        "one": 1,
        "told": "显示 1 / 20 行",
    }

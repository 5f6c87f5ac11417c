"""审核汇总.html: the worst first, links that lead somewhere, light with thousands of books, no network."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.reporting.browser import dom_after
from tests.review.support import Links, Review
from tests.review.synthetic import changes, collected
from xltool.review.page import render

BOOKS = 2000


@pytest.fixture(scope="module")
def big() -> str:
    """The page of two thousand books, compared with an earlier review."""
    found = collected(BOOKS)
    return render(found, changes(found))


def test_every_book_is_a_row_and_the_worst_comes_first(first: Review) -> None:
    head, *rows = Links(first.page).rows
    assert head[0].strip() == "单位"
    ranked = first.done.collected.ranked
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


def _data(page: str) -> dict[str, list[list[str]]]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, list[list[str]]] = json.loads(found[1])
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
    assert len(found.rows) > BOOKS * 0.9
    assert len(big.encode()) < 2_000_000
    assert found.elements < 20 * BOOKS


def test_a_review_without_a_readable_book_is_still_a_page() -> None:
    found = collected(0)
    found.books += [line for line in collected(400).books if not line.read]
    assert found.books
    page = render(found, None)
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
    ranked = first.done.collected.ranked
    failing = [line.unit for line in ranked if line.outcomes["T01-03"] == "X"]
    assert told["all"] == told["again"] == len(ranked)
    assert [unit in text for unit, text in zip(failing[:2], told["rule"], strict=False)] == [
        True
    ] * 2
    assert len(told["rule"]) == len(failing)
    assert [text.split()[0] for text in told["text"]] == ["乙局"]
    assert "不合格" not in told["verdicts"]
    shown = [row[0] for row in Links(first.page).rows[1:]]
    assert sorted(told["sorted"]) == sorted(shown)
    assert told["sorted"] != shown

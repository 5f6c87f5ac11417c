"""The HTML report: complete, safe, the same each time, and every finding leads to its cells and back."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pytest

from tests.recognition.handforms import FORMS
from tests.reporting.books import BEIGUAN, SGB, broken, clean, filled, with_cells, with_edit
from tests.reporting.browser import dom_after, printed
from tests.reporting.htmlpage import Element, parse
from xltool.checks import Validation, validate
from xltool.checks.findings import Side
from xltool.checks.validation import settle_explained
from xltool.editions import find_edition
from xltool.ooxml import Editor
from xltool.reporting.html import render
from xltool.reporting.rows import totals
from xltool.reporting.summary import summary
from xltool.reporting.workbook.resultpage import result_page
from xltool.rules.model import LEVELS


@lru_cache(maxsize=8)
def page(name: str) -> Element:
    """The page of one of the validations that tests share, as a tree."""
    return parse(render(shared(name), file=f"{name}.xlsx"))


@lru_cache(maxsize=8)
def shared(name: str) -> Validation:
    match name:
        case "broken":
            return broken()
        case "unread":
            return validate(with_edit(BEIGUAN, _of_another_name))
    return clean(name)


def _of_another_name(editor: Editor) -> None:
    """A sheet of which neither its title nor its name says what it is."""
    editor.set("公开03 支出决算表", "A1", "另一张表")
    editor.rename_sheet("公开03 支出决算表", "另一张表")


ALL = (SGB, BEIGUAN, "broken", "unread")


@pytest.mark.parametrize("name", ALL)
def test_well_formed_with_unique_ids_and_no_dead_link(name: str) -> None:
    root = page(name)
    ids = [e.attributes["id"] for e in root.all() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    targets = [a.attributes["href"] for a in root.all("a")]
    assert targets
    assert {t[1:] for t in targets} <= set(ids)
    assert all(t.startswith("#") for t in targets)


@pytest.mark.parametrize("name", ALL)
def test_needs_nothing_from_outside(name: str) -> None:
    html = render(shared(name), file="a.xlsx")
    assert not re.search(r"https?:|//[a-z]|@import|url\(", html)
    root = parse(html)
    for tag in ("link", "img", "iframe", "object", "base"):
        assert not root.all(tag)
    assert not [e for e in root.all() if "src" in e.attributes]
    assert len(html.encode()) < 400_000


@pytest.mark.parametrize(
    ("name", "verdict"),
    [(SGB, "合格"), (BEIGUAN, "未完成审核"), ("broken", "不合格"), ("unread", "不合格")],
)
def test_says_the_verdict_and_why(name: str, verdict: str) -> None:
    box = page(name).one("section", "verdict")
    assert box.one("p", "word").text == verdict == shared(name).verdict
    why = box.one("p", "why").text
    blocking = shared(name).ledger.unevaluated
    if verdict == "合格":
        assert "没有不符" in why
    if verdict == "不合格":
        failed = [
            f for f in shared(name).findings if f.failed and f.level == "error" and not f.confirm
        ]
        assert f"有 {len(failed)} 处" in why
    assert ("没能审核" in why) == bool(blocking)
    assert {a.text for a in box.all("a")} == {line.rule.id for line in blocking}


@pytest.mark.parametrize("name", [SGB, BEIGUAN, "broken", "unread"])
def test_every_output_counts_the_audited_rules_alike(name: str) -> None:
    validation = shared(name)
    counts = totals(validation)
    applicable, audited = counts["适用规则"], counts["已审规则"]
    outcomes = validation.ledger.counts()
    assert applicable == outcomes.total() - outcomes["不适用"]
    assert audited == applicable - outcomes["数据不足"] - outcomes["未执行"]
    assert f"适用的{applicable}条规则审核了{audited}条" in summary(validation)
    told = f"规则审核情况：共{outcomes.total()}条，其中适用{applicable}条，审核了{audited}条"
    sheet, _ = result_page(validation, {}, "")
    assert told in {content for content, _ in sheet.cells.values()}
    assert f"审核到的规则{audited}/{applicable}条" in re.sub(r"\s", "", page(name).text)


def test_head_names_the_workbook() -> None:
    html = render(clean(SGB), file="某局.xlsx", checked_at="2025年3月1日")
    root = parse(html)
    assert root.one("h1").text == "中共上海市普陀区委社会工作部"
    facts = root.one("dl", "facts").text
    for fact in ("2024", "万元", "2024-shanghai", "某局.xlsx", "2025年3月1日"):
        assert fact in facts
    assert "审核时间" not in parse(render(clean(SGB), file="某局.xlsx")).one("dl", "facts").text


def test_same_input_same_page() -> None:
    first = render(broken(), file="a.xlsx")
    assert render(broken(), file="a.xlsx") == first
    again = validate(filled(SGB))
    assert render(again, file="a.xlsx") == render(clean(SGB), file="a.xlsx")


@pytest.mark.parametrize("name", ALL)
def test_every_rule_stands_in_the_ledger_once(name: str) -> None:
    ledger = page(name).one("section", html_id="ledger")
    rows = [row for row in ledger.all("tr") if "item" in row.classes]
    shown = {row.children_of("th")[0].text: row for row in rows}
    lines = shared(name).ledger.lines
    assert sorted(row.children_of("th")[0].text for row in rows) == sorted(lines)
    for rule_id, line in lines.items():
        cells = [cell.text for cell in shown[rule_id].all("td")]
        expected = [line.rule.name, line.outcome, LEVELS[line.rule.level], str(line.evaluated)]
        assert cells[:4] == [" ".join(text.split()) for text in expected]
        assert line.reason in cells[4]


@pytest.mark.parametrize("name", ALL)
def test_every_finding_stands_once_and_its_cells_are_in_the_grids(name: str) -> None:
    validation, root = shared(name), page(name)
    ids = [e.attributes["id"] for e in root.all() if "id" in e.attributes]
    sheets = {s.name: n for n, s in enumerate(validation.reading.workbook.sheets, 1)}
    for n, finding in enumerate(validation.findings):
        assert ids.count(f"f{n}") == 1
        for sheet, ref in finding.cells:
            merge = validation.reading.workbook.sheet(sheet).merge_of(ref)
            assert f"c{sheets[sheet]}-{merge.anchor if merge else ref}" in ids
    assert any(finding.cells for finding in validation.findings)


def about(cell: str) -> Element:
    """The problem whose suspect is a cell, on the page of slips."""
    problems = page("broken").all("article", "problem")
    (found,) = (p for p in problems if f" {cell} " in p.one("h3").text)
    return found


def test_a_wrong_cell_is_told_with_what_it_should_be() -> None:
    problem = about("收入支出决算总表 D33")
    number = problem.attributes["id"].removeprefix("p")
    assert problem.one("h3").text.startswith(f"{number} 收入支出决算总表 D33 支出·总计")
    assert LEVELS["error"] in problem.one("h3").text
    assert problem.one("span", "now").text == "现为 308.82"
    assert "307.82" in problem.one("span", "should").text
    assert "很可能是 D33" in problem.one("div", "brief").text
    folded = problem.one("details")
    assert "因此不符的 2 处" in folded.one("summary").text
    assert [rule.text.split()[1] for rule in folded.all("p", "rule")] == ["T01-04", "T01-05"]


def test_both_sides_with_relation_cells_difference_and_tolerance() -> None:
    table = about("收入支出决算总表 D33").all("table", "sides")[1].one("tbody")
    rows = [" ".join(c.text for c in row.all() if c.tag in ("th", "td")) for row in table.all("tr")]
    assert rows == [
        "左方 收入支出决算总表·收入·总计 收入支出决算总表 B33 307.82",
        "应等于 收入支出决算总表·支出·总计 收入支出决算总表 D33 308.82",
        "差额 不许有差 −1.00",
    ]


def test_the_grid_marks_the_cell_and_leads_back() -> None:
    root = page("broken")
    suspect = root.one("td", html_id="c1-D33")
    assert {"marked", "suspect"} <= set(suspect.classes)
    number = about("收入支出决算总表 D33").attributes["id"].removeprefix("p")
    assert f"问题 {number}，很可能错在这里" in suspect.attributes["title"]
    assert suspect.all("a", "mark")[0].attributes["href"] == f"#p{number}"
    assert suspect.text == f"×{number} 308.82"
    other = root.one("td", html_id="c1-B33")
    assert "part" in other.classes
    assert other.text.startswith(f"○{number}")
    stray = root.one("td", html_id="c1-F20")
    assert "warning" in stray.classes
    assert stray.text.startswith("△")


def test_tables_without_problems_are_folded_but_there() -> None:
    tables = page("broken").all("details", "table")
    assert [t.one("h3").text for t in tables] == [
        s.mapping.table for s in broken().reading.found_tables
    ]
    for table in tables:
        assert table.all("table", "grid")
        numbers = table.one("summary").all("a", "number")
        assert ("open" in table.attributes) == bool(numbers)
    quiet = [t for t in tables if "open" not in t.attributes]
    assert "没有问题" in quiet[0].one("summary").text


def test_a_table_that_was_not_read_is_named() -> None:
    root = page("unread")
    assert "支出决算表 没有读到这张表" in root.one("section", html_id="tables").text
    assert "没能读出" in root.one("section", html_id="unchecked").text


def test_residuals_and_missing_figures_stay_quiet() -> None:
    residuals = page(SGB).one("section", html_id="residuals")
    rows = [row for row in residuals.all("tr") if "item" in row.classes]
    found = [f for f in clean(SGB).findings if f.outcome == "尾差"]
    assert len(rows) == len(found) > 0
    assert "−0.01" in residuals.text
    unchecked = page(BEIGUAN).one("section", html_id="unchecked").text
    for line in shared(BEIGUAN).ledger.lines.values():
        if line.outcome in ("数据不足", "未执行"):
            assert line.rule.id in unchecked


def test_long_sums_are_shortened() -> None:
    validation = validate(with_cells(BEIGUAN, {("公开01 收入支出决算总表", "F33"): Decimal(7)}))
    rule = next(f for f in validation.findings if f.rule == "T01-02" and f.failed)
    assert isinstance(rule.right, Side)
    assert len(rule.right.cells) == 26
    number = validation.findings.index(rule)
    told = parse(render(validation, file="a.xlsx")).one("div", html_id=f"f{number}")
    assert len(told.all("tr", "addend")) == 4
    assert "23 格空白：F8:F13、F16:F32" in told.text


def test_an_explained_warning_is_settled_and_shown_with_its_text() -> None:
    validation = validate(filled(BEIGUAN))
    findings = enumerate(validation.findings)
    numbers = [n for n, f in findings if f.level == "warning" or f.confirm]
    settle_explained(validation, dict.fromkeys(numbers, "公开数逐项<b>四舍五入</b>"))
    root = parse(render(validation, file="a.xlsx"))
    assert not [a for a in root.all("article", "problem") if "info" not in a.classes]
    for number in numbers:
        told = root.one("div", html_id=f"f{number}")
        assert told.one("p", "explanation").text == "说明：公开数逐项<b>四舍五入</b>"


HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'&"


def test_nothing_from_the_workbook_is_markup() -> None:
    sheet = "公开03 支出决算表"
    turned = "\u202e反转\u2066文字\x07\x85"

    def spoil(editor):  # type: ignore[no-untyped-def]
        editor.set("公开01 收入支出决算总表", "A3", f"部门：{HOSTILE}")
        editor.set(sheet, "D10", HOSTILE + turned)
        editor.set(sheet, "F16", HOSTILE + "长" * 20_000)
        editor.set(sheet, "C20", HOSTILE)
        editor.rename_sheet(sheet, '公开03"<b>&支出<td>')

    validation = validate(with_edit(BEIGUAN, spoil))
    html = render(validation, file=f"{HOSTILE}\ud800.xlsx", checked_at=HOSTILE)
    root = parse(html)
    assert len(root.all("script")) == 1
    assert not root.all("img")
    assert not [name for e in root.all() for name in e.attributes if name.startswith("on")]
    assert root.one("h1").text == HOSTILE
    assert '公开03"<b>&支出<td>' in root.one("section", html_id="tables").text
    assert not set(html) & set("\u202e\u2066\x07\x85\ud800")
    assert html.encode("utf-8")
    assert len(html) < 400_000


def test_texts_in_another_direction_are_kept() -> None:
    name = "部门：مالىيە ئىدارىسى"
    validation = validate(with_cells(BEIGUAN, {("公开02 收入决算表", "A3"): name}))
    assert name.split("：")[1] in render(validation, file="a.xlsx")


def test_clicks_filter_unfold_and_lead_to_cells(browser: str, tmp_path: Path) -> None:
    html = render(broken(), file="a.xlsx").replace("</body>", f"<script>{CLICKS}</script></body>")
    log = parse(dom_after(browser, html, tmp_path)).one("title").text
    problems = page("broken").all("article", "problem")
    errors = sum("error" in p.classes for p in problems)
    first = sum("1" in p.attributes["data-tables"].split() for p in problems)
    lines = len(broken().ledger.lines)
    assert log.split() == [
        "folds:0",
        f"all:{len(problems)}/{lines}",
        f"no-errors:{len(problems) - errors}",
        f"table:{first}",
        "text:1",
        f"reset:{len(problems)}/{lines}",
        "closed:0",
        "hash:1",
    ]


CLICKS = """
var log = [];
var form = document.getElementById("filters");
function count(css) { return document.querySelectorAll(css).length; }
function both() { return count(".problem:not(.out)") + "/" + count("#ledger .item:not(.out)"); }
function put(field, value, kind) {
  field.value = value; field.dispatchEvent(new Event(kind, {bubbles: true}));
}
log.push("folds:" + count("details.fold[open]"), "all:" + both());
form.querySelector("input[value=error]").click();
log.push("no-errors:" + count(".problem:not(.out)"));
form.querySelector("input[value=error]").click();
put(form.elements.table, "1", "change");
log.push("table:" + count(".problem:not(.out)"));
put(form.elements.table, "", "change");
put(form.elements.text, "二点二二", "input");
log.push("text:" + count(".problem:not(.out)"));
form.querySelector("button[type=reset]").click();
setTimeout(function () {
  log.push("reset:" + both());
  document.getElementById("unfold").click();
  document.getElementById("unfold").click();
  log.push("closed:" + count("details.table[open]"));
  document.querySelector("a[href='#c1-D33']").click();
  setTimeout(function () {
    log.push("hash:" + count("#t1[open]"));
    document.title = log.join(" ");
  }, 50);
}, 50);
"""


def test_on_paper_what_is_folded_opens_and_nothing_is_wasted(
    browser: str, poppler: str, tmp_path: Path
) -> None:
    pages = printed(browser, poppler, render(broken(), file="a.xlsx"), tmp_path)
    assert 3 <= len(pages) <= 14
    text = "".join(pages)
    number = about("收入支出决算总表 D33").attributes["id"].removeprefix("p")
    for words in ("不合格", "现为308.82", "规则T01-05", "因此不符的2处", f"×{number}308.82"):
        assert words in text
    assert "清除筛选" not in text
    assert all(pages)


def test_the_exact_value_stands_behind_a_rounded_one() -> None:
    cell = ("公开03 支出决算表", "F13")
    root = parse(render(validate(with_cells(BEIGUAN, {cell: Decimal("2.7419")})), file="a.xlsx"))
    titles = {e.text: e.attributes["title"] for e in root.all("td") if "title" in e.attributes}
    assert titles["2.74"].startswith("存储值 2.7419")


def test_checks_that_were_left_out_are_said_to_be() -> None:
    validation = validate(filled(SGB), only=("structure",))
    root = parse(render(validation, file="a.xlsx"))
    assert root.one("p", "word").text == "未完成审核"
    assert "没有选这项检查" in root.one("section", "verdict").text
    assert "未执行：没有选这项检查" in root.one("section", html_id="unchecked").text


def test_what_is_certain_about_a_suspect_stands_with_it() -> None:
    problem = about("一般公共预算财政拨款基本支出决算表 C11")
    rules = [rule.text.split()[1] for rule in problem.all("p", "rule")]
    assert {"X-15", "C-03"} <= set(rules)
    assert "-4.64 是负数" in problem.text


def test_a_finding_without_cells_names_its_sheet() -> None:
    validation = validate(find_edition("2023-national").workbooks[0].template)
    root = parse(render(validation, file="a.xlsx"))
    numbers = [n for n, f in enumerate(validation.findings) if f.rule == "ALL-03"]
    assert numbers
    for number in numbers:
        link = root.one("div", html_id=f"f{number}").all("a")[0]
        assert validation.findings[number].sheet in link.text
        table = root.one("details", html_id=link.attributes["href"][1:])
        assert validation.findings[number].table == table.one("h3").text


def test_a_sheet_with_several_tables_is_headed_by_all_of_them() -> None:
    page = render(validate(FORMS["乙"]().content), file="乙.xlsx")
    headings = re.findall("<h3>(.*?)</h3>", page[page.index('id="tables"') :])
    assert headings[:2] == [
        "收入决算表、支出决算表、一般公共预算财政拨款支出决算表",
        "财政拨款“三公”经费支出决算表",
    ]

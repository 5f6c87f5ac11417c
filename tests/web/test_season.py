"""`xltool serve --review`: a season as reviewers see it live, what they decide there, and who may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import httpx
import pytest

from tests.season.support import Season
from tests.support.terminal import xltool
from tests.web.chrome import Browser
from tests.web.running import Running, serving
from xltool.batch.generated import DATABASE

BAD = "<img src=x onerror=\"document.title='broken'\">局"


@pytest.fixture
def season(tmp_path: Path) -> Season:
    """Two rounds: 甲局 is still wrong at a, b is put right; a unit with a hostile name; 丙局 hands in twice; and
    something that nobody knows.
    """
    made = Season(tmp_path)
    made.round(
        {"name": "甲局", "fails": "ab", "code": "001"},
        {"name": BAD, "file": "坏名.xlsx", "fails": "c"},
        {"name": "丙局", "text": "旧", "code": "003"},
        {"name": "", "file": "通知.doc", "read": False, "text": "通知"},
    )
    made.round(
        {"name": "甲局", "fails": "a", "code": "001"},
        {"name": "丙局", "file": "丙局（改）.xlsx", "text": "新", "code": "003"},
    )
    return made


@pytest.fixture
def running(season: Season, tmp_path: Path) -> Iterator[Running]:
    with serving(tmp_path / "serve", season=season.folder) as server:
        yield server


@pytest.fixture
def reviewer(running: Running) -> Iterator[httpx.Client]:
    """A browser that has opened the page."""
    with running.page_client() as client:
        yield client


def _unit(reviewer: httpx.Client, name: str) -> int:
    units = reviewer.get("api/season").json()["units"]
    return next(int(unit["unit"]) for unit in units if unit["name"] == name)


def test_the_page_knows_all_units_and_whether_anything_changed(reviewer: httpx.Client) -> None:
    told = reviewer.get("api/season").json()
    counts = {
        unit["name"]: dict(zip(told["states"], unit["states"], strict=True))
        for unit in told["units"]
    }
    assert counts["甲局"]["仍未改正"] == 1
    assert counts["甲局"]["已改正"] == 1
    assert [run["工作簿"] for run in told["runs"]] == [4, 2]
    assert reviewer.get("api/season", params={"since": told["stamp"]}).status_code == 204
    key = _unit(reviewer, "甲局")
    reviewer.post("api/season/notes", json={"unit": key, "text": "电话问过", "who": "李"})
    assert reviewer.get("api/season", params={"since": told["stamp"]}).status_code == 200


def test_notes_waivers_and_the_valid_submission_are_kept_with_their_author(
    reviewer: httpx.Client, season: Season
) -> None:
    key = _unit(reviewer, "甲局")
    findings = reviewer.get(f"api/season/units/{key}").json()["findings"]
    finding = next(row["问题"] for row in findings if row["状态"] == "仍未改正")
    waived = {
        "unit": key,
        "finding": finding,
        "why": "文件批准",
        "until": "2099-12-31",
        "who": "李",
    }
    assert reviewer.post("api/season/waivers", json=waived).status_code == 204
    note = {"unit": key, "finding": finding, "text": "已电话核实", "who": "李"}
    assert reviewer.post("api/season/notes", json=note).status_code == 204
    (old,) = season.rows("SELECT 报送 FROM 报送 WHERE 文件 = '丙局.xlsx'")[0]
    old = {"submission": old, "who": "王"}
    assert reviewer.post("api/season/use", json=old).status_code == 204
    about = reviewer.get(f"api/season/units/{key}").json()
    assert {row["位置"]: row["状态"] for row in about["findings"]} == {"a": "豁免", "b": "已改正"}
    assert [(row["位置"], row["内容"]) for row in about["notes"]] == [("a", "已电话核实")]
    assert season.valid() >= {"丙局.xlsx"}
    log = reviewer.get("api/season/log").json()
    done = [(row["何人"], row["做了什么"]) for row in log[:3]]
    assert done == [("王", "指定有效"), ("李", "批注"), ("李", "豁免")]
    assert all(row["系统用户"] and row["何时"] for row in log)
    (waiver,) = about["waivers"]
    end = {"waiver": waiver["豁免"], "who": "王"}
    assert reviewer.post("api/season/waivers/end", json=end).status_code == 204
    assert season.states()["甲局 a"] == "仍未改正"
    assert reviewer.post("api/season/waivers/end", json=end).status_code == 409


def test_what_is_nobodys_is_given_to_a_unit_or_dismissed(
    reviewer: httpx.Client, season: Season
) -> None:
    """Each with its reason, and said by whom; the last word holds."""
    told = reviewer.get("api/season").json()
    (book,) = reviewer.get("api/season/unassigned").json()
    assert (told["unassigned"], book["文件"]) == ([1, 0], "通知.doc")
    assert "认不出是哪个单位" in book["内容"]
    said = {"submission": book["报送"], "who": "李"}
    assert reviewer.post("api/season/give", json={**said, "unit": "甲局（001）"}).status_code == 204
    assert reviewer.get("api/season/unassigned").json() == []
    dismissed = {**said, "why": "转发的通知"}
    assert reviewer.post("api/season/dismissals", json=dismissed).status_code == 204
    (book,) = reviewer.get("api/season/unassigned").json()
    assert (book["归属"], book["说法"][:7]) == ("不是报送", "转发的通知（李")
    assert reviewer.get("api/season").json()["unassigned"] == [0, 1]
    assert reviewer.post("api/season/dismissals/end", json=said).status_code == 204
    fresh = {**said, "unit": "丁局", "new": True}
    assert reviewer.post("api/season/give", json=fresh).status_code == 204
    assert _unit(reviewer, "丁局")
    log = reviewer.get("api/season/log").json()
    done = ["认定单位", "撤回不是报送", "不是报送", "认定单位"]
    assert [row["做了什么"] for row in log[:4]] == done
    assert season.told() == set()


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        ("notes", {"unit": 1, "text": "没有署名"}, 400),
        ("notes", {"unit": 1, "text": " \u202e", "who": "李"}, 400),
        ("notes", {"unit": 1, "text": "长" * 2001, "who": "李"}, 413),
        ("notes", {"unit": 99, "text": "没有这个单位", "who": "李"}, 409),
        ("notes", {"unit": "1", "text": "不是数", "who": "李"}, 400),
        ("notes", {"unit": 1, "finding": 2**70, "text": "太大", "who": "李"}, 400),
        ("waivers", {"unit": 1, "finding": 999, "why": "没有这处", "who": "李"}, 409),
        (
            "waivers",
            {"unit": 1, "finding": 1, "why": "昨天", "until": "2001-01-01", "who": "李"},
            400,
        ),
        (
            "waivers",
            {"unit": 1, "finding": 1, "why": "不是日子", "until": "明天", "who": "李"},
            400,
        ),
        ("use", {"submission": 999, "who": "李"}, 409),
        ("give", {"submission": 1, "unit": "没有这个单位", "who": "李"}, 409),
        ("give", {"submission": 1, "unit": "", "who": "李"}, 400),
        ("dismissals", {"submission": 1, "why": " ", "who": "李"}, 400),
        ("dismissals/end", {"submission": 1, "who": "李"}, 409),
        ("use", ["不是对象"], 400),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    reviewer: httpx.Client, season: Season, path: str, given: object, status: int
) -> None:
    before = (season.folder / "季.sqlite").read_bytes()
    answer = reviewer.post(f"api/season/{path}", json=given)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]
    assert (season.folder / "季.sqlite").read_bytes() == before


def test_a_stranger_reads_and_changes_nothing(running: Running, season: Season) -> None:
    before = (season.folder / "季.sqlite").read_bytes()
    note = {"unit": 1, "text": "偷写", "who": "谁"}
    here = f"http://{running.host}"
    attempts = (
        ("GET", f"{here}/api/season", {}),
        ("GET", f"{running.page}api/season", {}),
        ("GET", f"{running.page}api/season/log", {"cookie": "xltool-1=x"}),
        ("POST", f"{here}/api/season/notes", {"origin": "http://evil.example"}),
        ("POST", f"{running.page}api/season/notes", {"sec-fetch-site": "cross-site"}),
    )
    for method, url, headers in attempts:
        assert httpx.request(method, url, json=note, headers=headers).status_code == 403
    # the browser's own cookie, but a form of another page: no header of ours
    answer = httpx.post(f"{running.page}api/season/notes", json=note, cookies=running.cookie)
    assert answer.status_code == 403
    with httpx.Client(cookies=running.cookie, headers={"x-xltool-page": "1"}) as browser:
        for more in ({"sec-fetch-site": "same-site"}, {"host": "evil.example"}):
            answer = browser.post(f"{running.page}api/season/notes", json=note, headers=more)
            assert answer.status_code == 403
    assert (season.folder / "季.sqlite").read_bytes() == before


def test_reports_are_downloads_and_never_lead_out_of_the_review(
    reviewer: httpx.Client, season: Season, tmp_path: Path
) -> None:
    folder = tmp_path / "审核2"
    (folder / "报告").mkdir()
    (folder / "报告" / "甲局.html").write_text("<script>1</script>", encoding="utf-8")
    (tmp_path / "外面.html").write_text("secret", encoding="utf-8")
    with duckdb.connect(str(folder / DATABASE)) as db:
        db.execute("CREATE TABLE attached (文件 TEXT, 报告 TEXT, 标注本 TEXT)")
        rows = [("甲局.xlsx", "报告/甲局.html", ""), ("丙局（改）.xlsx", "../外面.html", "")]
        db.executemany("INSERT INTO attached VALUES (?, ?, ?)", rows)
    numbers = dict(season.rows("SELECT 文件, 报送 FROM 报送 WHERE 轮次 = 2"))
    answer = reviewer.get(f"api/season/files/{numbers['甲局.xlsx']}/报告")
    assert answer.content == b"<script>1</script>"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert reviewer.get(f"api/season/files/{numbers['甲局.xlsx']}/标注本").status_code == 409
    for wrong in (f"{numbers['丙局（改）.xlsx']}/报告", "999/报告", f"{numbers['甲局.xlsx']}/文件"):
        answer = reviewer.get(f"api/season/files/{wrong}")
        assert answer.status_code == 409
        assert "secret" not in answer.text


def test_in_a_browser(browser: str, running: Running, season: Season, tmp_path: Path) -> None:
    started = Browser(browser, tmp_path)
    try:
        page = started.open(running.url)
        page.wait("document.querySelectorAll('#units tbody tr').length === 3")
        assert "broken" not in page.run("document.title")
        assert page.run("document.images.length") == 0
        page.run("document.getElementById('who').value = '李审核'")
        page.run(
            "[...document.querySelectorAll('#units tbody tr')].find(r => r.textContent.includes('甲局')).click()"
        )
        page.wait("document.querySelectorAll('#detail li').length > 2")
        page.run(
            "[...document.querySelectorAll('#detail button')].find(b => b.textContent === '批注').click()"
        )
        page.run("document.querySelector('.ask textarea').value = '请补附件'")
        page.run("document.querySelector('.ask button').click()")
        page.wait("document.getElementById('detail').textContent.includes('请补附件')")
        page.run("document.getElementById('unassigned').click()")
        page.wait("document.getElementById('detail').textContent.includes('通知.doc')")
        page.run(
            "[...document.querySelectorAll('#detail button')].find(b => b.textContent === '不是报送…').click()"
        )
        page.run("document.querySelector('.ask textarea').value = '转发的通知'")
        page.run("document.querySelector('.ask button').click()")
        page.wait("document.getElementById('detail').textContent.includes('撤回')")
        page.run("document.getElementById('logs').click()")
        page.wait("document.querySelector('.logs')?.textContent.includes('李审核')")
        assert not page.faults()
    finally:
        started.close()
    assert season.rows("SELECT 内容, 何人 FROM 批注") == [("请补附件", "李审核")]


def test_a_folder_that_is_no_season_is_refused(tmp_path: Path) -> None:
    answer = xltool("serve", "--review", tmp_path, "--no-browser", folder=tmp_path)
    assert answer.code == 2
    assert "不是审核季" in answer.err

"""A form of one's own on the page alone: dropped, looked at, asked about, kept, filled. No terminal, no YAML."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import openpyxl
import pytest

from tests.support.books import fill_raw
from tests.support.filling import spending_form
from tests.support.xlsforms import old_form
from tests.test_form_questions import ANSWERS, desk
from tests.web.chrome import Browser, Page, opened
from tests.web.conftest import SMALL
from tests.web.running import DESK, Running, finished, put, serving
from tests.web.test_entry_page import patiently
from xltool.editions import edition_ids, find_edition
from xltool.editions.install import install
from xltool.editions.places import installed
from xltool.forms.init import keep, make_edition

__all__ = ["desk"]
HOSTILE = "<img src=x onerror=alert(1)>"
READY = "!document.querySelector('#own-form [type=submit]').disabled"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder."""
    monkeypatch.setenv("XLTOOL_DATA", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def running(own: Path, tmp_path: Path) -> Iterator[Running]:
    """A server whose user has that folder."""
    with serving(tmp_path / "serve", replace(SMALL, stall=20.0)) as server:
        yield server


@pytest.fixture
def page(chrome: Browser, running: Running) -> Iterator[Page]:
    with opened(chrome, running.url) as found:
        yield found


@pytest.fixture
def server(running: Running) -> Iterator[httpx.Client]:
    with running.client() as found:
        yield found


def answer(page: Page, answers: dict[str, str]) -> None:
    """Choose an answer for each question, by what the page shows of it, and have the form read again."""
    for key, text in answers.items():
        inputs = f"[...document.querySelectorAll('[data-question=\"{key}\"] input')]"
        page.run(
            f"(() => {{ const all = {inputs}; if (all[0].type === 'text') {{ all[0].value = '{text}'; return; }}"
            f" (all.find(i => i.value === '{text}') || all[Number('{text}') - 1]).click(); }})()"
        )
    page.click("#own-form [type=submit]")
    patiently(page, READY)


def test_from_an_unknown_form_to_an_edition_that_is_filled(
    page: Page, desk: Path, own: Path, tmp_path: Path
) -> None:
    page.choose_files("#files", [desk / "表样.xlsx"])
    patiently(page, "document.getElementById('own-open')")
    page.click("#own-open")
    patiently(page, READY)
    assert "还不能用" in page.text("#own-state")
    assert page.run("document.getElementById('own-keep').disabled")
    assert len(page.texts("#own-questions legend")) == len(ANSWERS)
    assert page.in_frame("document.querySelectorAll('td.asked').length > 0")
    answer(page, ANSWERS)
    assert "读回来个个相等" in page.text("#own-state"), page.text("#own-state")
    assert page.texts("#own-questions fieldset:not(.answered)") == []
    assert not page.run("document.getElementById('own-folder').hidden")
    page.run("var e = document.querySelector('#own-form [name=id]'); e.value = '本局2024';"
             "e.dispatchEvent(new Event('input', {bubbles: true})); 1")  # fmt: skip
    assert page.run("document.getElementById('own-folder').hidden")  # it has the old id
    page.click("#own-keep")
    patiently(page, "document.getElementById('own-state').textContent.indexOf('已存到') === 0")
    (entry,) = installed()
    assert entry.id == "本局2024" and entry.folder.is_relative_to(own)
    patiently(
        page, "[...document.querySelectorAll('#edition option')].some(o => o.value === '本局2024')"
    )
    raw = {"版本": "本局2024", "单位名称": "某局", "年度": 2024, "金额单位": "万元"}
    raw["表"] = {"支出决算表": {"明细": [{"科目编码": "2010301", "基本支出": 5}]}}
    (tmp_path / "数据.json").write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    page.choose_files("#files", [tmp_path / "数据.json"])
    patiently(page, "document.getElementById('list').textContent.indexOf('已填报') > 0")


def test_nobody_is_asked_about_a_form_that_is_known(page: Page) -> None:
    book = find_edition("2023-sichuan").workbooks[0].template
    page.choose_files("#files", [book])
    patiently(page, "document.getElementById('own-open')")
    page.click("#own-open")
    patiently(page, READY)
    assert page.texts("#own-questions legend") == []
    assert page.text("#own-state").startswith("认出 13 张表。试填了")
    assert not page.run("document.getElementById('own-keep').disabled")
    page.click("#own-close")
    patiently(page, "document.getElementById('own').hidden")


def made(client: httpx.Client, upload: str, **said: object) -> dict[str, object]:
    """What the server answers when a form is made of an upload."""
    body = {"id": "本局", "name": "", "answers": {}, **said}
    answer = client.post(f"{DESK}/uploads/{upload}/form", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_what_a_program_gets(server: httpx.Client, own: Path, desk: Path) -> None:
    upload = put(server, "表样.xlsx", (desk / "表样.xlsx").read_bytes())
    finished(server)
    form = f"{DESK}/uploads/{upload}/form"
    assert server.get(f"{form}/picture").status_code == 404
    assert made(server, upload)["proved"] == 0
    assert server.post(f"{form}/keep").status_code == 409
    assert made(server, upload, answers=ANSWERS)["proved"]
    shown = server.get(f"{form}/picture")
    policy = shown.headers["content-security-policy"]
    assert "sandbox" in policy and "script-src 'none'" in policy
    archive = zipfile.ZipFile(io.BytesIO(server.get(f"{form}/folder").content))
    assert sorted(archive.namelist()) == [
        "本局/edition.yaml",
        "本局/rules.yaml",
        "本局/表样.xlsx",
        "本局/问题.yaml",
    ]
    assert server.post(f"{form}/keep").json() == {"problems": [], "there": False}
    assert server.post(f"{form}/keep").json()["there"]
    assert server.post(f"{form}/keep?replace=1").json() == {"problems": [], "there": False}
    assert [entry.id for entry in installed()] == ["本局"]
    blank = server.get(f"{DESK}/new", params={"edition": "本局", "kind": "表样"})
    assert blank.status_code == 200 and openpyxl.load_workbook(io.BytesIO(blank.content))


def test_a_book_that_two_editions_fit_alike_says_so(
    server: httpx.Client, own: Path, tmp_path: Path
) -> None:
    spending_form(tmp_path / "报.xlsx", "某县某局", "2024")
    for id_ in ("县甲", "县乙"):
        kept = make_edition(tmp_path / "报.xlsx", id_)
        keep(kept.files, tmp_path / id_)
        install(find_edition(tmp_path / id_))
    put(server, "报.xlsx", (tmp_path / "报.xlsx").read_bytes())
    (upload,) = finished(server)
    told = "表样：识别（与装上的“县乙”、“县甲”同样相符，在上方“版本”里选定哪一个）"
    assert upload["parts"][0]["edition"] == told


def test_an_edition_that_an_office_shares_is_offered_and_used(
    chrome: Browser, own: Path, desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "共享"
    made = make_edition(desk / "表样.xlsx", "市2024", "某市表", ANSWERS)
    keep(made.files, shared / "editions" / "随便叫什么")
    monkeypatch.setenv("XLTOOL_SHARED", str(shared))
    raw = {"版本": "市2024", "单位名称": "某局", "年度": 2024, "金额单位": "万元"}
    raw["表"] = {"支出决算表": {"明细": [{"科目编码": "2010301", "基本支出": 5}]}}
    (tmp_path / "数据.json").write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    fill_raw(raw, tmp_path / "报.xlsx")
    with (
        serving(tmp_path / "serve", replace(SMALL, stall=20.0)) as server,
        opened(chrome, server.url) as page,
    ):
        patiently(page, "document.querySelectorAll('#blank-edition option').length")
        for select in ("#edition option:nth-child(2)", "#blank-edition option"):
            assert page.texts(select)[0] == "某市表（共享）"
        page.choose_files("#files", [tmp_path / "报.xlsx"])
        patiently(page, "document.getElementById('facts').textContent.indexOf('某市表') > 0")
        with server.client() as client:
            query = {"edition": "市2024", "kind": "表样"}
            blank = client.get(f"{DESK}/new", params=query)
            assert openpyxl.load_workbook(io.BytesIO(blank.content)).sheetnames
            put(client, "数据.json", (tmp_path / "数据.json").read_bytes())
            filled = finished(client)[-1]
            assert filled["parts"][0]["edition"] == "某市表", filled


def test_an_old_form_is_taken_too(server: httpx.Client, own: Path, tmp_path: Path) -> None:
    path = old_form(tmp_path / "旧表样.xls")
    upload = put(server, path.name, path.read_bytes())
    finished(server)
    told = made(server, upload)
    assert told["proved"] and "已转成 .xlsx" in str(told["notes"])
    folder = server.get(f"{DESK}/uploads/{upload}/form/folder").content
    assert "本局/表样.xlsx" in zipfile.ZipFile(io.BytesIO(folder)).namelist()


def test_ids_and_names_from_a_browser(server: httpx.Client, own: Path) -> None:
    (book,) = (b.template for b in find_edition("yinchuan-zp").workbooks)
    upload = put(server, "表样.xlsx", book.read_bytes())
    for id_ in ("../坏", "add", "CON:", "a b", "", edition_ids()[0]):
        assert made(server, upload, id=id_)["problems"], id_
    told = made(server, upload, id="2024", name=f"某县：表 #1\n{HOSTILE}: [x]")
    assert told["proved"] and told["problems"] == []
    assert server.post(f"{DESK}/uploads/{upload}/form/keep").json()["problems"] == []
    (entry,) = installed()
    assert entry.id == "2024" and find_edition("2024").name == f"某县：表 #1 {HOSTILE}: [x]"
    assert HOSTILE not in server.get(f"{DESK}/uploads/{upload}/form/picture").text


def test_requests_that_are_none(server: httpx.Client, own: Path) -> None:
    (book,) = (b.template for b in find_edition("yinchuan-zp").workbooks)
    upload = put(server, "表样.xlsx", book.read_bytes())
    form = f"{DESK}/uploads/{upload}/form"
    for body in (b"", b"[]", b'{"id": 1, "name": "", "answers": {}}', b'{"id": "a"}', b"[" * 9999):
        assert server.post(form, content=body).status_code == 400, body[:20]
    assert server.post(form, content=b" " * (1 << 19)).status_code == 413
    unknown = made(server, upload, answers={"没有": "这一问"})
    assert "没有“没有”这个问题" in str(unknown["problems"])
    text = put(server, "说明.txt", "情况说明".encode())
    assert server.post(f"{DESK}/uploads/{text}/form", json={}).status_code == 400
    assert installed() == ()


def test_a_stranger_keeps_nothing(running: Running, server: httpx.Client, own: Path) -> None:
    (book,) = (b.template for b in find_edition("yinchuan-zp").workbooks)
    upload = put(server, "表样.xlsx", book.read_bytes())
    made(server, upload)
    form = f"{DESK}/uploads/{upload}/form"
    for headers in ({"x-xltool-token": "wrong"}, {"origin": "http://evil.example"}):
        for path in ("", "/keep"):
            assert server.post(form + path, headers=headers).status_code == 403
    with running.page_client() as browser:
        foreign = {"sec-fetch-site": "cross-site"}
        assert browser.post(f"{form.lstrip('/')}/keep", headers=foreign).status_code == 403
    assert installed() == ()

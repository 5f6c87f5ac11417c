"""A desk: uploads are validated or filled, told with their verdict, downloaded, cleared."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.reporting.books import BEIGUAN, SGB, filled, with_cells, with_edit, year_before
from tests.reporting.htmlpage import parse
from tests.web import slow
from tests.web.conftest import SMALL
from tests.web.running import DESK, Running, finished, put, serving, until
from xltool.checks import validate
from xltool.core.resources import SAMPLES
from xltool.documents.datafile import dumps
from xltool.ooxml import open_workbook
from xltool.reporting.json import report

WRONG = {("收入支出决算总表", "D33"): Decimal("308.82")}
HOSTILE = "<img src=x onerror=alert(1)>\"'&</script><script>alert(2)</script>"


def file_of(client: httpx.Client, upload: dict[str, Any], what: str, part: int = 0) -> bytes:
    answer = client.get(f"{DESK}/uploads/{upload['id']}/{part}/{what}")
    assert answer.status_code == 200, answer.text
    return answer.content


def test_a_workbook_is_validated_as_the_command_does(client: httpx.Client) -> None:
    book = with_cells(SGB, WRONG)
    put(client, "某局.xlsx", book)
    (upload,) = finished(client)
    (part,) = upload["parts"]
    assert (upload["kind"], upload["problems"]) == ("book", [])
    assert (part["file"], part["verdict"], part["year"]) == ("某局.xlsx", "不合格", 2024)
    assert part["unit_name"] == "中共上海市普陀区委社会工作部"
    assert part["counts"]["error"] >= 1
    assert part["files"] == {
        "report": "某局-审核报告.html",
        "json": "某局-审核结果.json",
        "marked": "某局-标注.xlsx",
    }
    expected = report(validate(book)) | {"file": "某局.xlsx"}
    assert file_of(client, upload, "json").decode() == dumps(expected)
    assert "308.82" in parse(file_of(client, upload, "report").decode()).text
    marked = open_workbook(file_of(client, upload, "marked"))
    assert marked.sheets[-1].name == "校验结果"


def test_files_are_downloaded_under_their_chinese_name(client: httpx.Client) -> None:
    put(client, "2025年 部门&决算=终稿 (1).xlsx", filled(SGB))
    (upload,) = finished(client)
    answer = client.get(f"{DESK}/uploads/{upload['id']}/0/marked")
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''2025%E5%B9%B4%20")
    assert disposition.isascii()
    assert "spreadsheetml" in answer.headers["content-type"]


def test_a_data_document_is_filled_and_validated(client: httpx.Client) -> None:
    put(client, "北关.json", (SAMPLES / f"{BEIGUAN}.json").read_bytes())
    (upload,) = finished(client)
    (part,) = upload["parts"]
    assert (upload["kind"], part["file"]) == ("data", "北关-已填报.xlsx")
    assert part["files"]["filled"] == "北关-已填报.xlsx"
    book = file_of(client, upload, "filled")
    assert validate(book).reading.report.unit_name == "安阳市北关区大数据局"
    assert part["verdict"] == validate(book).verdict


def test_a_document_without_edition_waits_for_a_choice(client: httpx.Client) -> None:
    raw = json.loads((SAMPLES / f"{SGB}.json").read_text(encoding="utf-8"))
    del raw["版本"]
    put(client, "数据.json", json.dumps(raw).encode())
    (upload,) = finished(client)
    assert upload["state"] == "failed"
    assert "版本" in upload["problems"][0]
    assert client.post(f"{DESK}/options?edition=2024-shanghai&totals=given").status_code == 204
    assert client.post(f"{DESK}/again").status_code == 204
    (upload,) = finished(client)
    assert (upload["state"], upload["round"]) == ("done", 2)


def test_totals_that_differ_are_written_only_when_asked(client: httpx.Client) -> None:
    raw = json.loads((SAMPLES / f"{SGB}.json").read_text(encoding="utf-8"))
    raw["表"]["收入支出决算总表"]["收入"]["总计"] = 999
    put(client, "数据.json", json.dumps(raw).encode())
    (upload,) = finished(client)
    assert "填报时合计" in "\n".join(upload["problems"])
    client.post(f"{DESK}/options?totals=given")
    client.post(f"{DESK}/again")
    (upload,) = finished(client)
    assert upload["parts"][0]["verdict"] == "不合格"


def test_a_long_table_in_a_workbook_is_data_and_no_form(client: httpx.Client) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    rows = [("表", "行", "科目编码", "列", "值", "版本", "单位名称", "年度", "金额单位")]
    heads = ("2024-shanghai", "某局", "2024", "万元")
    rows.append(("收入支出决算总表", "其他收入", "", "", "1.5", *heads))
    for row in rows:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    put(client, "长表.xlsx", data.getvalue())
    (upload,) = finished(client)
    assert upload["kind"] == "data"
    assert upload["parts"], upload["problems"]
    assert upload["parts"][0]["unit_name"] == "某局"


def test_options_that_do_not_exist_are_refused(client: httpx.Client) -> None:
    for query in ("edition=../x", "edition=//evil/share", "totals=maybe"):
        assert client.post(f"{DESK}/options?{query}").status_code == 400


def test_last_year_and_explanations_are_used(client: httpx.Client) -> None:
    put(client, "今年.xlsx", filled(SGB))
    (upload,) = finished(client)
    before = json.loads(file_of(client, upload, "json"))
    waiting = {r["rule"] for r in before["ledger"]["rules"] if "上年" in r["reason"]}
    assert waiting
    assert client.post(f"{DESK}/aside/prior?name=去年.xlsx", content=year_before(SGB)).json() == {
        "name": "去年.xlsx"
    }
    csv = "规则,位置,左方,右方,说明\n".encode()
    client.post(f"{DESK}/aside/explanations?name=说明.csv", content=csv)
    client.post(f"{DESK}/again")
    (upload,) = finished(client)
    after = json.loads(file_of(client, upload, "json"))
    assert not waiting & {
        r["rule"] for r in after["ledger"]["rules"] if "没有给上年数" in r["reason"]
    }
    told = client.get(DESK).json()
    assert (told["prior"], told["explanations"]) == ("去年.xlsx", "说明.csv")
    assert client.delete(f"{DESK}/aside/prior").status_code == 204
    assert client.get(DESK).json()["prior"] is None
    assert client.post(f"{DESK}/aside/other?name=a", content=b"x").status_code == 404


def test_explanations_that_cannot_be_read_are_named(client: httpx.Client) -> None:
    client.post(f"{DESK}/aside/explanations?name=说明.csv", content=b"a,b\n")
    put(client, "今年.xlsx", filled(SGB))
    (upload,) = finished(client)
    assert "说明.csv" in upload["problems"][0]


def test_clearing_leaves_nothing(server: Running, client: httpx.Client) -> None:
    put(client, "a.xlsx", filled(SGB))
    put(client, "b.json", (SAMPLES / f"{SGB}.json").read_bytes())
    client.post(f"{DESK}/aside/prior?name=去年.xlsx", content=year_before(SGB))
    first, _ = finished(client)
    assert server.files
    assert client.delete(f"{DESK}/uploads/{first['id']}").status_code == 204
    assert client.get(f"{DESK}/uploads/{first['id']}/0/report").status_code == 404
    assert len(client.get(DESK).json()["uploads"]) == 1
    client.delete(DESK)
    assert list(server.folder.iterdir()) == []


def test_two_tabs_do_not_see_each_other(client: httpx.Client) -> None:
    other = "/api/desks/" + "e" * 16
    mine = put(client, "a.xlsx", filled(SGB))
    put(client, "b.xlsx", with_cells(SGB, WRONG), other)
    client.post(f"{other}/options?edition=2021-national")
    assert [u["name"] for u in finished(client)] == ["a.xlsx"]
    assert [u["name"] for u in finished(client, other)] == ["b.xlsx"]
    assert client.get(DESK).json()["edition"] == ""
    assert client.get(f"{other}/uploads/{mine}/0/report").status_code == 404
    client.delete(other)
    assert [u["state"] for u in finished(client)] == ["done"]


def test_the_shown_report_belongs_to_nobody(client: httpx.Client) -> None:
    put(client, "a.xlsx", with_cells(SGB, WRONG))
    (upload,) = finished(client)
    answer = client.get(f"{DESK}/uploads/{upload['id']}/0/report?show")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts allow-modals;")
    assert "allow-same-origin" not in policy
    assert "script-src 'sha256-" in policy
    assert "default-src 'none'" in policy
    assert "content-disposition" not in answer.headers
    assert answer.headers["content-type"].startswith("text/html")


def test_texts_of_a_hostile_workbook_stay_texts(client: httpx.Client) -> None:
    def spoil(editor):  # type: ignore[no-untyped-def]
        editor.set("公开01 收入支出决算总表", "A3", f"部门：{HOSTILE}")
        editor.rename_sheet("公开03 支出决算表", "公开03<b onclick=x>")

    put(client, f"{HOSTILE}.xlsx", with_edit(BEIGUAN, spoil))
    (upload,) = finished(client)
    answer = client.get(DESK)
    assert answer.headers["content-type"] == "application/json"
    assert upload["parts"][0]["unit_name"] == HOSTILE
    page = client.get(f"{DESK}/uploads/{upload['id']}/0/report?show")
    assert "script-src 'sha256-" in page.headers["content-security-policy"]
    assert "<img" not in page.text


def test_a_hundred_files(client: httpx.Client) -> None:
    small = with_cells(SGB, WRONG)
    for n in range(100):
        put(client, f"{n}.xlsx", small if n == 50 else b"PK\x03\x04 broken %d" % n)
    uploads = finished(client)
    assert len(uploads) == 100
    assert [u["state"] for u in uploads].count("failed") == 99
    assert uploads[50]["parts"][0]["verdict"] == "不合格"
    for n in range(10):
        put(client, f"x{n}.xlsx", b"x")
    answer = client.post(f"{DESK}/uploads?name=a.xlsx", content=b"x")
    assert answer.status_code == 413
    assert "最多放 110 份" in answer.json()["error"]


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server whose jobs may take one second, and whose desks are given up soon."""
    limits = replace(SMALL, job=1.0, idle=1.5, workers=1)
    with serving(tmp_path_factory.mktemp("serve"), limits) as running:
        yield running


@pytest.mark.parametrize(
    ("job", "said"),
    [
        (slow.endless, "处理超过 1 秒，已停止"),
        (slow.dying, "处理中途异常终止"),
        (slow.failing, "程序出错：RuntimeError: a fault"),
    ],
)
def test_a_job_that_goes_wrong_stops_nobody_else(
    hurried: Running, monkeypatch: pytest.MonkeyPatch, job: object, said: str
) -> None:
    with hurried.client() as client, monkeypatch.context() as patch:
        until(lambda: client.get("/api/about").status_code == 200)
        patch.setattr("xltool.web.desks.process", job)
        put(client, "a.xlsx", b"x")
        (upload,) = finished(client)
        assert said in upload["problems"][0]
        patch.undo()
        put(client, "b.csv", b"x")
        assert "表头" in finished(client)[1]["problems"][0]
        client.delete(DESK)
    until(lambda: not list(hurried.folder.iterdir()))


def test_a_desk_that_nobody_asks_for_is_cleared_away(
    hurried: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hurried.client() as client:
        put(client, "a.xlsx", b"x")
    assert hurried.files
    until(lambda: not list(hurried.folder.iterdir()))


def test_clearing_ends_the_work(hurried: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xltool.web.desks.process", slow.endless)
    with hurried.client() as client:
        put(client, "a.xlsx", b"x")
        until(lambda: any("half" in file for file in hurried.files))
        client.delete(DESK)
    until(lambda: not list(hurried.folder.iterdir()))


@pytest.mark.parametrize("where", ["figures?figures=", "answers?fixes="])
def test_what_is_typed_is_refused_rather_than_cut(client: httpx.Client, where: str) -> None:
    upload = put(client, "某局.json", b"{}")
    answer = client.post(f"{DESK}/uploads/{upload}/{where}{'1' * 8001}")
    assert answer.status_code == 413
    assert "一次最多 8000 字" in answer.text

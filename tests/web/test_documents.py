"""A text beside its workbook on the page: checked sentence by sentence, anew when the workbook changes."""

from __future__ import annotations

import io
import zipfile

import httpx

from tests.narrative.test_check import RIGHT
from tests.reporting.books import BEIGUAN, SGB, filled
from tests.web.running import DESK, finished, put
from xltool.core.resources import SAMPLES

WRONG = RIGHT.replace("占34.30%", "占43.30%")


def of(uploads: list[dict[str, object]], name: str) -> dict[str, object]:
    (found,) = [upload for upload in uploads if upload["name"] == name]
    return found


def test_a_text_and_its_workbook_give_one_report(client: httpx.Client) -> None:
    put(client, "说明.txt", WRONG.encode())
    put(client, "某局.xlsx", filled(SGB))
    upload = of(finished(client), "说明.txt")
    (part,) = upload["parts"]
    assert (upload["kind"], part["verdict"]) == ("text", "不符")
    assert part["counts"]["error"] == 1
    assert "核对了" in part["summary"]
    page = client.get(f"{DESK}/uploads/{upload['id']}/0/report?show")
    assert '<mark class="error">43.30%' in page.text
    assert "script-src 'none'" in page.headers["content-security-policy"]


def test_without_a_workbook_it_is_asked_for(client: httpx.Client) -> None:
    put(client, "说明.txt", WRONG.encode())
    (upload,) = finished(client)
    assert "没有可以对照的工作簿" in "".join(upload["problems"])


def test_of_several_workbooks_the_unit_that_is_named_counts(client: httpx.Client) -> None:
    text = RIGHT.replace("2024年度收入支出总计", "中共上海市普陀区委社会工作部2024年度收入支出总计")
    put(client, "甲.xlsx", filled(BEIGUAN))
    put(client, "乙.xlsx", filled(SGB))
    put(client, "说明.txt", text.encode())
    upload = of(finished(client), "说明.txt")
    (part,) = upload["parts"]
    assert part["verdict"] == "相符"
    put(client, "不知道是谁的.txt", RIGHT.encode())
    assert "认不出" in "".join(of(finished(client), "不知道是谁的.txt")["problems"])


def test_a_data_document_is_a_workbook_too(client: httpx.Client) -> None:
    put(client, "数据.json", (SAMPLES / "sgb-2024.json").read_bytes())
    put(client, "说明.txt", WRONG.encode())
    (part,) = of(finished(client), "说明.txt")["parts"]
    assert part["verdict"] == "不符"


def test_a_word_document_comes_back_with_comments(client: httpx.Client) -> None:
    word = io.BytesIO()
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in WRONG.splitlines())
    with zipfile.ZipFile(word, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "word/document.xml", f"<w:document {namespace}><w:body>{body}</w:body></w:document>"
        )
    put(client, "说明.docx", word.getvalue())
    put(client, "某局.xlsx", filled(SGB))
    upload = of(finished(client), "说明.docx")
    (part,) = upload["parts"]
    assert part["files"]["marked"] == "说明-标注.docx"
    answer = client.get(f"{DESK}/uploads/{upload['id']}/0/marked")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "应为34.30%" in archive.read("word/comments.xml").decode()

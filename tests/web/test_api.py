"""`POST /api/validate`: a workbook in, the JSON of `xltool validate` with the marks out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import httpx

from tests.reporting.books import BEIGUAN, SGB, filled, with_cells
from tests.support.editing import edited
from tests.support.terminal import ROOT, xltool
from tests.web.running import Running
from xltool.checks import validate
from xltool.ooxml import Editor
from xltool.reporting.workbook.annotate import annotate
from xltool.reporting.workbook.cellmarks import cell_marks

WRONG = {("收入支出决算总表", "D33"): Decimal("308.82"), ("收入决算表", "D17"): "二点二二"}


def test_the_answer_is_what_the_command_prints(client: httpx.Client, tmp_path: Path) -> None:
    book = with_cells(SGB, WRONG)
    (tmp_path / "某局.xlsx").write_bytes(book)
    printed = json.loads(xltool("validate", "某局.xlsx", "--format", "json", folder=tmp_path).out)
    answer = client.post("/api/validate", params={"name": "某局.xlsx"}, content=book)
    told = answer.json()
    del told["marks"]
    assert answer.headers["content-type"] == "application/json"
    assert told == printed


def test_the_marks_are_those_of_the_marked_copy(client: httpx.Client) -> None:
    book = with_cells(SGB, WRONG)
    marks = client.post("/api/validate?name=a.xlsx", content=book).json()["marks"]
    looks = {look["look"]: look for look in marks["looks"]}
    assert list(looks) == ["suspect", "error", "warning", "related"]
    assert looks["suspect"]["meaning"] == "很可能错在这里"
    told = {
        (one["sheet"], cell["cell"]): (looks[cell["look"]]["fill"], cell["note"])
        for one in marks["sheets"]
        for cell in one["cells"]
    }
    expected = {
        (sheet, ref): (mark.look.fill, mark.note)
        for sheet, found in cell_marks(validate(book)).items()
        for ref, mark in found.items()
    }
    assert told == expected
    assert told["收入支出决算总表", "D33"][0] == "FF9B9B"


def test_the_example_of_the_page_works(server: Running, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    address = {"url": f"http://{server.host}", "token": server.token}
    (tmp_path / "serve.json").write_text(json.dumps(address), encoding="utf-8")
    (tmp_path / "a.xlsx").write_bytes(with_cells(SGB, WRONG))
    command = [sys.executable, "-X", "utf8", "-c", example]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=300)
    assert done.stdout.decode().splitlines() == ["不合格"], done.stderr.decode()


def test_what_is_written_in_a_marked_copy_counts(client: httpx.Client, tmp_path: Path) -> None:
    book = filled(BEIGUAN)
    (tmp_path / "原.xlsx").write_bytes(book)
    annotate(validate(tmp_path / "原.xlsx"), tmp_path / "标注.xlsx")
    warned = [f for f in validate(book).findings if f.failed and f.level == "warning"]
    assert warned

    def explain(editor: Editor) -> None:
        sheet = editor.sheet("校验结果")
        heads = {str(value).strip(): ref for ref, value in sheet.items() if value == "说明"}
        column = heads["说明"].rstrip("0123456789")
        for ref, value in list(sheet.items()):
            if value == warned[0].rule:
                editor.set(
                    "校验结果", column + ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), "口径不同"
                )

    marked = edited((tmp_path / "标注.xlsx").read_bytes(), explain)
    found = client.post("/api/validate?name=标注.xlsx", content=marked).json()["findings"]
    assert {f["rule"] for f in found if f["explanation"] == "口径不同"} == {warned[0].rule}


def test_a_clean_workbook_has_no_marks(client: httpx.Client) -> None:
    answer = client.post("/api/validate?name=a.xlsx", content=filled(SGB)).json()
    assert (answer["verdict"], answer["marks"]["sheets"]) == ("合格", [])


def test_what_cannot_be_read_is_said(client: httpx.Client) -> None:
    answer = client.post("/api/validate?name=a.xlsx", content=b"PK\x03\x04 broken")
    assert answer.status_code == 422
    assert "文件不完整" in answer.json()["error"]
    answer = client.post("/api/validate?name=a.xlsx&edition=../x", content=filled(SGB))
    assert answer.status_code == 422
    assert "没有“../x”这个版本" in answer.json()["error"]


def test_the_wrong_edition_is_said(client: httpx.Client) -> None:
    answer = client.post("/api/validate?name=a.xlsx&edition=2021-national", content=filled(SGB))
    assert "不是 2021-national 版的表样" in answer.json()["error"]

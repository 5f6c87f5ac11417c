"""The add-in's scripts: under Node against a strict fake of the object model, and carried to a real server."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import xltool.wps
from tests.reporting.books import SGB, with_cells
from tests.web.running import DESK, TOKEN, Running, serving
from xltool.checks import validate
from xltool.ooxml import open_workbook
from xltool.ooxml.edit.marks import always
from xltool.reporting.workbook.annotate import TAG
from xltool.reporting.workbook.cellmarks import cell_marks

HERE = Path(__file__).parent
FILES = Path(xltool.wps.__file__).parent / "files"
WRONG = {("收入支出决算总表", "D33"): Decimal("308.82"), ("收入决算表", "D17"): "二点二二"}
NAME = "2025年 部门&决算=终稿 (1).xlsx"


def run(*args: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
    """What a command did."""
    return subprocess.run(
        list(map(str, args)),
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("file", ["addin.test.js", "pane.test.js"])
def test_the_scripts_against_the_strict_fake(node: str, file: str) -> None:
    done = run(node, "--test", HERE / file)
    assert done.returncode == 0, done.stdout
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)
    assert passed
    assert int(passed[1]) >= 3
    assert "# skipped 0" in done.stdout


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("serve")) as running:
        yield running


def carried(
    node: str, server: Running, tmp_path: Path, book: bytes, token: str = TOKEN
) -> dict[str, Any]:
    """What pressing 校验 does to a book, with a running server."""
    (tmp_path / "book.xlsx").write_bytes(book)
    address = {"url": f"http://{server.host}", "token": token}
    (tmp_path / "serve.json").write_text(json.dumps(address), encoding="utf-8")
    sheets = json.dumps([sheet.name for sheet in open_workbook(book).sheets])
    files = (tmp_path / "book.xlsx", tmp_path / "serve.json")
    done = run(node, HERE / "carry.js", *files, NAME, given=sheets)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_button_marks_what_validate_finds(node: str, server: Running, tmp_path: Path) -> None:
    book = with_cells(SGB, WRONG)
    found = carried(node, server, tmp_path, book)
    expected = {
        f"{sheet}!{ref}": int(bytes.fromhex(str(mark.look.fill))[::-1].hex(), 16)
        for sheet, marks in cell_marks(validate(book)).items()
        for ref, mark in marks.items()
    }
    assert found["alerts"] == []
    assert found["verdict"] == "不合格"
    assert found["marks"] == expected
    assert len(expected) > 3
    assert found["left"] == ["serve.json"]
    assert server.files == []


def test_a_wrong_token_marks_nothing(node: str, server: Running, tmp_path: Path) -> None:
    found = carried(node, server, tmp_path, with_cells(SGB, WRONG), token="wrong")
    assert (found["marks"], found["verdict"]) == ({}, None)
    assert re.search("连不上|不认这次的口令", found["alerts"][0])
    with server.client() as client:
        assert client.get(DESK).json()["uploads"] == []


def test_the_tag_is_that_of_the_marked_copy() -> None:
    """So `xltool clean` takes the marks of the add-in off, and 清除标记 those of the marked copy."""
    script = (FILES / "book.js").read_text(encoding="utf-8")
    assert f"var FORMULA = '={always(TAG)}';" in script


def test_old_engines_understand_the_scripts() -> None:
    for file in FILES.glob("*.js"):
        script = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        for unknown in (r"\?\.(?!\d)", r"\?\?", r"=>", r"`", r"\blet\b", r"\bconst\b", "innerHTML"):
            assert not re.search(unknown, script), (file.name, unknown)


def test_the_ribbon_is_well_formed_and_speaks_chinese() -> None:
    space = "{http://schemas.microsoft.com/office/2006/01/customui}"
    root = ElementTree.parse(FILES / "ribbon.xml").getroot()
    assert root.tag == f"{space}customUI"
    buttons = list(root.iter(f"{space}button"))
    labels = [button.get("label") for button in buttons]
    assert labels == ["校验", "下一处问题", "审核结果…", "清除标记"]
    for button in buttons:
        assert button.get("screentip")
        assert button.get("supertip")
    assert ElementTree.parse(FILES / "manifest.xml").getroot().findtext("Name") == xltool.wps.NAME

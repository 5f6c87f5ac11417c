"""Hostile names and texts in the outputs: nothing leaves the folder, nothing becomes a formula or a page."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path, PureWindowsPath

import openpyxl
import pytest

from tests.hostile.conftest import run_in
from tests.hostile.files import UNITS
from xltool.core.texts import visible

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


@pytest.fixture(scope="module")
def named(room: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A room with only the books whose names and units are hostile."""
    own = tmp_path_factory.mktemp("名字")
    for name in ("home", "temp", "here", "out"):
        (own / name).mkdir()
    for group in ("单位", "名字", "压缩"):
        shutil.copytree(room / "corpus" / group, own / "corpus" / group)
    return own


def nothing_else(room: Path, *outputs: str) -> None:
    """The outputs stand in their folder, and nothing anywhere else."""
    assert sorted(path.name for path in (room / "out").iterdir()) == sorted(outputs)
    assert not [path for name in ("home", "temp", "here") for path in (room / name).iterdir()]
    assert {path.name for path in room.iterdir()} == {"corpus", "here", "home", "out", "temp"}


def test_documents_get_names_that_every_system_can_store(named: Path) -> None:
    out = named / "out" / "文档"
    done = run_in(named, "convert", named / "corpus", "-o", out, "--to", "json", "--jobs", "2")
    assert done.returncode == 0, done.stderr + done.stdout
    nothing_else(named, "文档")
    written = list(out.rglob("*.json"))
    names = [path.name for path in written]
    assert all(path.parent == out and path.is_file() for path in written)
    assert f"共 {len(names)} 份工作簿：成功 {len(names)}" in done.stdout
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert PureWindowsPath(name).name == name and not RESERVED.match(name), name
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name), name
        assert len(name.encode("utf-16-le")) // 2 <= 255 and len(name.encode()) <= 255, name
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in written]
    assert {*map(visible, UNITS)} <= {document["单位名称"] for document in documents}
    shutil.rmtree(out)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_text_becomes_a_formula(named: Path, kind: str) -> None:
    out = named / "out" / f"结果.{kind}"
    done = run_in(
        named, "convert", named / "corpus" / "单位", "-o", out, "--to", kind, "--jobs", "1"
    )
    assert done.returncode == 0, done.stderr
    nothing_else(named, out.name)
    if kind == "csv":
        text = (out / "books.csv").read_text(encoding="utf-8-sig")
        fields = [field for row in csv.reader(text.splitlines()) for field in row]
        assert "'=cmd|'/C calc'!A0" in fields
        assert not [field for field in fields if field.startswith(("=", "+", "@"))]
        shutil.rmtree(out)
        return
    book = openpyxl.load_workbook(out)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {*map(visible, UNITS)} <= {cell.value for cell in cells}
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    out.unlink()


def test_a_review_of_hostile_units(named: Path) -> None:
    out = named / "out" / "审核"
    done = run_in(
        named, "review", named / "corpus" / "单位", "-o", out, "--annotate", "--all-reports"
    )
    assert done.returncode in (0, 1), done.stderr
    nothing_else(named, "审核")
    for page in out.rglob("*.html"):
        assert "<script>alert(1)" not in page.read_text(encoding="utf-8"), page
    reports = [path for path in out.rglob("*") if path.is_file()]
    assert reports and all(not RESERVED.match(path.name) for path in reports)
    shutil.rmtree(out)

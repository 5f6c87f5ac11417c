"""`xltool disclosure write`: the four parts, the tables as in the workbook, and what people wrote kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.terminal import ended as run
from xltool.core.resources import SAMPLES

docx = pytest.importorskip("docx")

FACTS = "原因: {收支总计: 厉行节约}\n采购: {货物: 1, 工程: 0, 服务: 2}\n"


def texts(path: Path) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]


@pytest.fixture
def hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without LibreOffice, so that the test is quick: the contents then have no page numbers."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))


@pytest.mark.usefixtures("hidden")
def test_four_parts_with_the_tables_of_the_workbook(tmp_path: Path) -> None:
    out = tmp_path / "公开.docx"
    done = run("disclosure", "write", SAMPLES / "beiguan-2021.xlsx", "-o", out)
    assert "目录的页码" in done.stderr
    assert "主要职能" in done.stderr
    word = docx.Document(str(out))
    parts = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert [part.partition("　")[2] for part in parts] == [
        "概况",
        "2021年度部门决算表",
        "2021年度部门决算情况说明",
        "名词解释",
    ]
    assert len(word.tables) == 10
    cells = [cell.text for cell in word.tables[0]._cells]
    assert "29.54" in cells
    assert "一、一般公共预算财政拨款收入" in "".join(cells)
    listed = [p.text for p in word.paragraphs if "\t" in p.text]
    assert any("收入支出决算总表" in line for line in listed)


@pytest.mark.usefixtures("hidden")
def test_what_people_wrote_is_kept_when_the_tables_change(tmp_path: Path) -> None:
    data = json.loads((SAMPLES / "beiguan-2021.json").read_text(encoding="utf-8"))
    first, second = tmp_path / "一.docx", tmp_path / "二.docx"
    book = tmp_path / "数据.json"
    book.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    run("narrative", "write", book, "-o", first)
    word = docx.Document(str(first))
    _write_in(word, "【待写：政府采购支出情况】", "本年没有政府采购支出。")
    _write_in(word, "2021年度收、支总计均为29.54万元。", "今年收支都是29.54万元，比预算少。")
    added = word.paragraphs[4]
    added.insert_paragraph_before("另有一点说明。")
    word.save(str(first))

    data["表"]["收入支出决算总表"]["收入"]["年初结转和结余"] = 2.32
    data["表"]["收入支出决算总表"]["收入"].pop("总计", None)
    book.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    done = run("narrative", "write", book, "-o", second, "--keep", first)
    found = texts(second)
    assert "本年没有政府采购支出。" in found
    assert "今年收支都是29.54万元，比预算少。" in found
    assert "另有一点说明。" in found
    assert "政府采购支出情况" not in done.stderr
    assert "表又变了" in done.stderr
    (comment,) = docx.Document(str(second)).comments
    assert "30.54万元" in comment.text


def _write_in(word: Any, old: str, new: str) -> None:
    (paragraph,) = [p for p in word.paragraphs if p.text == old]
    for run_ in paragraph.runs[1:]:
        run_._element.getparent().remove(run_._element)
    paragraph.runs[0].text = new


@pytest.mark.usefixtures("writer")
def test_pdf_with_page_numbers(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    out, pdf = tmp_path / "公开.docx", tmp_path / "公开.pdf"
    run("disclosure", "write", SAMPLES / "sgb-2024.xlsx", "-o", out, "--pdf", pdf)
    pages = [page.extract_text() for page in pypdf.PdfReader(str(pdf)).pages]
    entries = [line.split("\t") for line in texts(out) if line.count("\t") == 1]
    entries = [(title, page) for title, page in entries if page.isdigit()]
    assert len(entries) > 20
    for title, page in entries:
        assert _plain(title)[-8:] in _plain(pages[int(page) - 1])


def _plain(text: str) -> str:
    return "".join(text.split()).replace("“", "").replace("”", "")


@pytest.mark.usefixtures("writer")
@pytest.mark.parametrize(("book", "style"), [("beiguan-2021", "四川"), ("sgb-2024", "河南")])
def test_the_pdf_is_checked_as_the_document_is(tmp_path: Path, book: str, style: str) -> None:
    pytest.importorskip("pypdf")
    source = SAMPLES / f"{book}.xlsx"
    out, pdf = tmp_path / "公开.docx", tmp_path / "公开.pdf"
    run("disclosure", "write", source, "-o", out, "--pdf", pdf, "--style", style)
    told = [run("narrative", "check", file, source).stdout.splitlines()[1] for file in (out, pdf)]
    assert told[0] == told[1]
    assert "相符（核对了" in told[0] and "核对了0个" not in told[0]

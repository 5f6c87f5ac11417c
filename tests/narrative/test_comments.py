"""Comments in a Word document: at the words, nothing else changed, and taken off again."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from xltool.narrative.check import check_narrative
from xltool.narrative.comments import annotated, cleaned
from xltool.narrative.text import load_narrative

docx = pytest.importorskip("docx")


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A text with two slips, in runs of several formats, with a field, a deletion and a table."""
    word = docx.Document()
    word.add_heading("三、支出决算情况说明", 1)
    paragraph = word.add_paragraph("本年支出合计")
    paragraph.add_run("307.82").bold = True
    paragraph.add_run("万元，其中：基本支出105.58万元，占43.30%；项目支")
    paragraph.add_run("出202.").italic = True
    paragraph.add_run("24万元，占56.70%。")
    word.add_table(1, 1).cell(0, 0).text = "307.82"
    path = tmp_path / "说明.docx"
    word.save(str(path))
    return path


def parts(data: bytes, folder: Path) -> dict[str, bytes]:
    path = folder / "x.docx"
    path.write_bytes(data)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_comments_stand_at_the_words_and_change_nothing_else(
    document: Path, tables, tmp_path: Path
) -> None:
    result = check_narrative(load_narrative(document), tables)
    assert [f.where.words for f in result.findings] == ["43.30%", "56.70%"]
    data = annotated(document, result)
    before, after = parts(document.read_bytes(), tmp_path), parts(data, tmp_path)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {
        "word/document.xml",
        "word/comments.xml",
        "word/_rels/document.xml.rels",
        "[Content_Types].xml",
    }
    out = tmp_path / "标注.docx"
    out.write_bytes(data)
    word = docx.Document(str(out))
    assert [c.author for c in word.comments] == ["xltool校验"] * 2
    assert "应为34.30%" in "".join(c.text for c in word.comments)
    assert [p.text for p in word.paragraphs] == [
        p.text for p in docx.Document(str(document)).paragraphs
    ]
    xml = after["word/document.xml"].decode()
    begin = xml.index('w:commentRangeStart w:id="0"')
    assert "43.30%" in xml[begin : xml.index('w:commentRangeEnd w:id="0"')]
    again = check_narrative(load_narrative(out), tables)
    assert [f.where.words for f in again.findings] == ["43.30%", "56.70%"]


def test_cleaning_takes_them_off(document: Path, tables, tmp_path: Path) -> None:
    result = check_narrative(load_narrative(document), tables)
    out = tmp_path / "标注.docx"
    out.write_bytes(annotated(document, result))
    clean = parts(cleaned(out), tmp_path)
    before = parts(document.read_bytes(), tmp_path)
    assert clean.keys() == before.keys()
    assert b"comment" not in clean["word/document.xml"]
    (tmp_path / "清.docx").write_bytes(cleaned(out))
    texts = [p.text for p in docx.Document(str(tmp_path / "清.docx")).paragraphs]
    assert texts == [p.text for p in docx.Document(str(document)).paragraphs]


def test_comments_of_people_stay(document: Path, tables, tmp_path: Path) -> None:
    word = docx.Document(str(document))
    word.add_comment(word.paragraphs[1].runs[0], text="请核实", author="审核人")
    word.save(str(document))
    result = check_narrative(load_narrative(document), tables)
    out = tmp_path / "标注.docx"
    out.write_bytes(annotated(document, result))
    assert len(list(docx.Document(str(out)).comments)) == 3
    (tmp_path / "清.docx").write_bytes(cleaned(out))
    (kept,) = docx.Document(str(tmp_path / "清.docx")).comments
    assert kept.text == "请核实"

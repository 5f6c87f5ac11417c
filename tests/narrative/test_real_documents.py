"""Word documents as people make them: split runs, fields, footnotes, tracked changes, text boxes, contents."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from xltool.core.resources import SAMPLES
from xltool.narrative.book import validated
from xltool.narrative.check import NarrativeCheck, check_narrative
from xltool.narrative.comments import annotated, cleaned
from xltool.narrative.text import load_narrative

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
 Target="word/document.xml"/></Relationships>"""
_STYLES = """<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="31"><w:name w:val="toc 1"/></w:style>"""


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*content: str, properties: str = "") -> str:
    made = "".join(c if c.startswith("<") else run(c) for c in content)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{made}</w:p>"


HEADING = '<w:pStyle w:val="2"/>'
NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
EXPENSES = p("三、支出决算情况说明")
RIGHT = "本年支出合计307.82万元，其中：基本支出105.58万元，占34.30%；项目支出202.24万元，占65.70%。"


def inserted(text: str) -> str:
    return f'<w:ins w:id="1" w:author="甲">{run(text)}</w:ins>'


def deleted(text: str) -> str:
    return f'<w:del w:id="2" w:author="甲"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def field(code: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def text_box(text: str) -> str:
    return f"<w:r><w:pict><w:txbxContent>{p(text)}</w:txbxContent></w:pict></w:r>"


def table(*cells: str) -> str:
    row = "".join(f"<w:tc>{p(cell)}</w:tc>" for cell in cells)
    return f"<w:tbl><w:tr>{row}</w:tr></w:tbl>"


@pytest.fixture
def made(tmp_path: Path):
    def make(*paragraphs: str, notes: str = "") -> Path:
        path = tmp_path / "公开.docx"
        namespace = f'xmlns:w="{_W}"'
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("[Content_Types].xml", _TYPES)
            archive.writestr("_rels/.rels", _RELATIONS)
            archive.writestr("word/styles.xml", f"<w:styles {namespace}>{_STYLES}</w:styles>")
            body = "".join(paragraphs)
            archive.writestr(
                "word/document.xml", f"<w:document {namespace}><w:body>{body}</w:body></w:document>"
            )
            if notes:
                archive.writestr(
                    "word/footnotes.xml", f"<w:footnotes {namespace}>{notes}</w:footnotes>"
                )
        return path

    return make


@pytest.fixture
def checked(made, tables):
    def check(*paragraphs: str, notes: str = "") -> NarrativeCheck:
        return check_narrative(load_narrative(made(*paragraphs, notes=notes)), tables)

    return check


def wrong(result: NarrativeCheck) -> list[str]:
    return [f.where.words for f in result.findings if f.finding.level == "error"]


def every(result: NarrativeCheck) -> list[str]:
    return [s.words for s in result.document.statements]


def test_runs_split_anywhere_are_one_text(checked) -> None:
    result = checked(EXPENSES, p(*(run(sign) for sign in RIGHT.replace("34.30", "43.30"))))
    assert wrong(result) == ["43.30%"]


def test_insertions_count_and_deletions_do_not(checked) -> None:
    text = p(
        "本年支出合计",
        deleted("999.99"),
        inserted("307.82"),
        "万元，其中：基本支出105.58万元，占",
        deleted("34.30"),
        inserted("43.30"),
        "%。",
    )
    result = checked(EXPENSES, text)
    assert wrong(result) == ["43.30%"]
    assert every(result) == ["307.82万元", "105.58万元", "43.30%"]


def test_results_of_fields_count_and_their_codes_do_not(checked) -> None:
    text = p(
        "本年支出合计",
        field("= 1 + 999.99", "307.82"),
        "万元，",
        '<w:fldSimple w:instr="REF x">' + run("基本支出105.58万元") + "</w:fldSimple>",
        "。",
    )
    result = checked(EXPENSES, text)
    assert wrong(result) == []
    assert every(result) == ["307.82万元", "105.58万元"]


def test_a_footnote_belongs_to_the_section_that_it_stands_in(checked) -> None:
    mark = '<w:r><w:footnoteReference w:id="5"/></w:r>'
    notes = f'<w:footnote w:id="5">{p("其中基本支出106.58万元。")}</w:footnote>'
    result = checked(
        EXPENSES, p(RIGHT, mark), p("四、财政拨款收入支出决算总体情况说明"), notes=notes
    )
    assert wrong(result) == ["106.58万元"]
    (finding,) = [f for f in result.findings if f.finding.level == "error"]
    assert finding.where.section.title == "支出决算情况说明"


def test_text_boxes_are_read(checked) -> None:
    assert wrong(checked(EXPENSES, p("说明：", text_box("本年支出合计370.82万元。")))) == [
        "370.82万元"
    ]


def test_tables_are_no_sentences(checked) -> None:
    result = checked(EXPENSES, p(RIGHT), table("基本支出", "999.99"))
    assert wrong(result) == []
    assert "999.99" not in every(result)


@pytest.mark.parametrize("properties", [HEADING, NUMBERED, ""])
def test_titles_whose_numbers_word_makes(checked, properties: str) -> None:
    """The number of a title is no text then; the section is found all the same, and its parts inside it."""
    result = checked(
        p("一般公共预算财政拨款支出决算情况说明", properties=properties),
        p("结构情况", properties=properties),
        p(
            "一般公共预算财政拨款支出307.82万元，主要用于以下方面：一般公共服务支出（类）264.87万元，占68.05%。"
        ),
        p("“三公”经费支出决算情况说明", properties=properties),
        p("本单位2024年度无“三公”经费财政拨款支出。"),
    )
    topics = [s.topic.name for s in result.document.sections if s.topic]
    assert topics == ["一般公共", "一般公共结构", "三公"]
    assert wrong(result) == ["68.05%"]


def test_numbered_items_are_no_titles(checked) -> None:
    result = checked(
        p("五、一般公共预算财政拨款支出决算情况说明"),
        p("（三）具体情况"),
        p("一般公共服务支出（类）社会工作事务（款）行政运行（项）。", properties=NUMBERED),
        p("年初预算为52.00万元，支出决算为51.32万元，完成年初预算的89.69%。"),
    )
    assert wrong(result) == ["89.69%"]


def test_contents_are_no_text(checked) -> None:
    result = checked(
        p("目录"),
        p("三、支出决算情况说明", "<w:r><w:tab/></w:r>", "12"),
        p("四、其他", properties='<w:pStyle w:val="31"/>'),
        EXPENSES,
        p(RIGHT),
    )
    assert wrong(result) == []
    assert len(every(result)) == 5
    assert [s.title for s in result.document.sections if s.topic] == ["支出决算情况说明"]


def test_lines_broken_inside_a_paragraph(made, tables, tmp_path: Path) -> None:
    """Titles and texts in one paragraph, parted by line breaks: each line counts, comments stand at the words."""
    line = "<w:r><w:br/></w:r>"
    path = made(p("三、支出决算情况说明", line, RIGHT.replace("34.30", "43.30")))
    result = check_narrative(load_narrative(path), tables)
    assert wrong(result) == ["43.30%"]
    out = tmp_path / "标注.docx"
    out.write_bytes(annotated(path, result))
    with zipfile.ZipFile(out) as archive:
        xml = archive.read("word/document.xml").decode()
    begin, end = xml.index("commentRangeStart"), xml.index("<w:commentRangeEnd")
    assert re.sub("<[^>]*>", "", xml[begin:end].partition(">")[2]) == "43.30%"


def test_comments_beside_tracked_changes_and_fields(made, tables, tmp_path: Path) -> None:
    path = made(
        EXPENSES,
        p(
            "本年支出合计",
            deleted("999.99"),
            inserted("370"),
            ".82万元，",
            field("REF x", "基本支出"),
            "150.58万元。",
        ),
    )
    result = check_narrative(load_narrative(path), tables)
    assert wrong(result) == ["370.82万元", "150.58万元"]
    out = tmp_path / "标注.docx"
    out.write_bytes(annotated(path, result))
    again = load_narrative(out)
    assert [q.text for q in again.paragraphs] == [q.text for q in load_narrative(path).paragraphs]
    with zipfile.ZipFile(out) as archive:
        xml = archive.read("word/document.xml").decode()
    assert deleted("999.99") in xml
    assert xml.count("commentRangeStart") == 2
    out.write_bytes(cleaned(out))
    assert [q.text for q in load_narrative(out).paragraphs] == [q.text for q in again.paragraphs]


def test_the_page_shows_no_cells_of_tables(made, tables) -> None:
    from xltool.narrative.page import render

    path = made(EXPENSES, table("基本支出", "999.99"), table("项目支出", "1.00"), p(RIGHT))
    result = check_narrative(load_narrative(path), tables)
    page = render(result, validated(SAMPLES / "sgb-2024.json"))
    assert "999.99" not in page
    assert page.count("（表格）") == 1

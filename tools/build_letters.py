"""Write the Word documents of mappings/letters: how letters look until an office replaces them.

Run after a change here: `python tools/build_letters.py`. The words are in mappings/letters/整改通知.yaml.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from xltool.narrative.writing.word import (
    BODY,
    HEADING,
    TITLE,
    Font,
    add_run,
    add_title,
    new_document,
)

FOLDER = ROOT / "mappings" / "letters"
INDENT = Pt(BODY.size * 2)
CELL, HEAD = Font("仿宋_GB2312", 10.5), Font("黑体", 10.5)
COLUMNS = {
    "整改通知": (
        ("编号", "〔编号〕", 1.7),
        ("工作表和单元格", "〔工作表〕\n〔单元格〕", 3.6),
        ("问题", "〔问题〕", 6.7),
        ("现为", "〔现为〕", 2.3),
        ("应为", "〔应为〕", 2.5),
        ("依据", "〔依据〕", 4.0),
        ("要求", "〔要求〕", 1.7),
        ("单位说明", "〔单位说明〕", 2.6),
    ),
    "退回通知": (
        ("序号", "〔序号〕", 1.5),
        ("文件", "〔文件〕", 8.0),
        ("原因和处理办法", "〔原因〕", 15.6),
    ),
}
LIST = {"整改通知": "部门决算审核问题清单", "退回通知": "未能读取的文件"}
MIDDLE = ("编号", "序号", "要求")


def main() -> None:
    """Write all of them."""
    for kind in ("整改通知", "退回通知", "合格通知"):
        word = _letter(kind in COLUMNS)
        if kind in COLUMNS:
            _list(word, kind)
        word.core_properties.author = word.core_properties.title = ""
        word.core_properties.comments = ""
        word.save(str(FOLDER / f"{kind}.docx"))


def _letter(enclosures: bool) -> Any:
    word = new_document()
    add_title(word, "〔标题〕")
    _line(word, "〔文号〕", WD_ALIGN_PARAGRAPH.CENTER)
    word.add_paragraph()
    _line(word, "〔单位名称〕：")
    paragraph = _line(word, "〔正文〕", WD_ALIGN_PARAGRAPH.JUSTIFY)
    paragraph.paragraph_format.first_line_indent = INDENT
    body = len(word.paragraphs)
    paragraph = _line(word, "（联系人：〔联系人〕，联系电话：〔联系电话〕）")
    paragraph.paragraph_format.first_line_indent = INDENT
    word.add_paragraph()
    if enclosures:
        paragraph = _line(word, "附件：〔附件〕")
        paragraph.paragraph_format.left_indent = Pt(BODY.size * 5)
        paragraph.paragraph_format.first_line_indent = Pt(-BODY.size * 3)
        word.add_paragraph()
    for text in ("〔审核单位〕", "〔发文日期〕"):
        paragraph = _line(word, text, WD_ALIGN_PARAGRAPH.RIGHT)
        paragraph.paragraph_format.right_indent = Pt(BODY.size * 3)
    for paragraph in word.paragraphs[body:-1]:
        # a signature or a date alone on the next page is no letter
        paragraph.paragraph_format.keep_with_next = True
    return word


def _line(word: Any, text: str, alignment: Any = None) -> Any:
    paragraph = word.add_paragraph()
    paragraph.alignment = alignment
    add_run(paragraph, text)
    return paragraph


def _list(word: Any, kind: str) -> None:
    section = word.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.2)
    add_run(word.add_paragraph(), "附件1", HEADING)
    add_title(word, f"〔单位名称〕〔年度〕年度{LIST[kind]}", Font(TITLE.name, 18))
    word.add_paragraph()
    columns = COLUMNS[kind]
    table = word.add_table(2, len(columns), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for n, (head, mark, width) in enumerate(columns):
        table.columns[n].width = Cm(width)
        _cell(table.cell(0, n), head, HEAD, width, WD_ALIGN_PARAGRAPH.CENTER)
        amount = head in ("现为", "应为")
        middle = WD_ALIGN_PARAGRAPH.CENTER if head in MIDDLE else None
        _cell(table.cell(1, n), mark, CELL, width, WD_ALIGN_PARAGRAPH.RIGHT if amount else middle)
    _repeated_head(table.rows[0])


def _cell(cell: Any, text: str, font: Font, width: float, alignment: Any) -> None:
    cell.width = Cm(width)
    lines = text.split("\n")
    for n, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
        paragraph.alignment = alignment
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        paragraph.paragraph_format.line_spacing = Pt(15)
        add_run(paragraph, line, font)


def _repeated_head(row: Any) -> None:
    """The head of a table on every page; rows are not cut by the end of a page."""
    for each in row._tr.getparent().iterchildren(qn("w:tr")):
        properties = each.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
    head = OxmlElement("w:tblHeader")
    row._tr.get_or_add_trPr().append(head)


if __name__ == "__main__":
    main()

"""Blocks of text as a Word document, set as official documents are (GB/T 9704): fonts, sizes, spacing, page numbers.

Fonts are named in the file; where one is missing, Word and WPS put a similar one in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from xltool.core.problems import InputError, Problem
from xltool.narrative.comments import AUTHOR
from xltool.narrative.writing.blocks import TextBlock
from xltool.narrative.writing.kept import bookmark
from xltool.narrative.writing.phrases import CLOSE, OPEN

if TYPE_CHECKING:
    from docx.document import Document as Word

LATIN = "Times New Roman"
_LINE = 28
_PLACEHOLDER = re.compile(f"({re.escape(OPEN)}[^{CLOSE}]*{CLOSE})")


class Font(NamedTuple):
    """A font with its size in points."""

    name: str
    size: float
    bold: bool = False


TITLE = Font("方正小标宋简体", 22)
HEADING = Font("黑体", 16)
SUBHEADING = Font("楷体_GB2312", 16)
BODY = Font("仿宋_GB2312", 16)
SMALL = Font("宋体", 9)


def new_document() -> Word:
    """An empty document with the margins, the body font and the page numbers of official documents."""
    try:
        import docx
    except ImportError:
        message = "写 Word 文档需要另装 python-docx"
        raise InputError(
            Problem("narrative", message, '运行 pip install "xltool[doc]"', code="not-installed")
        ) from None
    from docx.shared import Cm, Pt

    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    normal = word.styles["Normal"]
    _set_font(normal, BODY)
    normal.paragraph_format.line_spacing = Pt(_LINE)
    normal.paragraph_format.space_after = Pt(0)
    for level, font in ((1, HEADING), (2, HEADING), (3, SUBHEADING)):
        style = word.styles[f"Heading {level}"]
        _set_font(style, font)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.line_spacing = Pt(_LINE)
    page_number(section)
    return word


def _set_font(style: Any, font: Font) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.bold = LATIN, Pt(font.size), font.bold
    style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:eastAsia"), font.name)


def add_run(paragraph: Any, text: str, font: Font | None = None) -> Any:
    """A run of text, in a font of its own where one is given."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(text)
    if font is not None:
        run.font.name, run.font.size, run.font.bold = LATIN, Pt(font.size), font.bold
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font.name)
    return run


def page_number(section: Any) -> None:
    """— 1 — in the middle of the foot of every page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_run(paragraph, "— ", SMALL)
    add_field(paragraph, "PAGE", SMALL)
    add_run(paragraph, " —", SMALL)


def add_field(paragraph: Any, code: str, font: Font | None = None, shown: str = "1") -> None:
    """A field, such as PAGE, with what it shows until Word computes it."""
    for part in ("begin", code, "separate"):
        field_part(paragraph, part, font)
    add_run(paragraph, shown, font)
    field_part(paragraph, "end", font)


def field_part(paragraph: Any, part: str, font: Font | None = None) -> None:
    """One part of a field: begin, its code, separate, end."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    if part in ("begin", "separate", "end"):
        element = OxmlElement("w:fldChar")
        element.set(qn("w:fldCharType"), part)
    else:
        element = OxmlElement("w:instrText")
        element.set(qn("xml:space"), "preserve")
        element.text = f" {part} "
    add_run(paragraph, "", font)._element.append(element)


def add_title(word: Word, text: str, font: Font = TITLE) -> Any:
    """A centred title: its paragraph."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = word.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = Pt(font.size * 1.6)
    add_run(paragraph, text, font)
    return paragraph


def add_blocks(
    word: Word,
    blocks: Iterable[TextBlock],
    levels: tuple[int, int] = (2, 3),
    notes: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Titles as headings (so that a table of contents finds them), paragraphs with their first line indented.

    `notes` are comments, by the key of the block that they are about.
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
    from docx.shared import Pt

    indent = Pt(BODY.size * 2)
    for number, block in enumerate(blocks, len(word.paragraphs)):
        if block.kind == "paragraph":
            paragraph = word.add_paragraph()
        else:
            level = levels[0] if block.kind == "title" else levels[1]
            paragraph = word.add_paragraph(style=f"Heading {level}")
        paragraph.paragraph_format.first_line_indent = indent
        if block.kind == "paragraph":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        _named(paragraph, number, block)
        for piece in _PLACEHOLDER.split(block.text):
            run = paragraph.add_run(piece)
            if piece.startswith(OPEN):
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        if block.key in notes and paragraph.runs:
            word.add_comment(paragraph.runs, text=notes[block.key], author=AUTHOR, initials="校")


def _named(paragraph: Any, number: int, block: TextBlock) -> None:
    """A bookmark around what follows, by which the block is known again."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for name in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(name)
        mark.set(qn("w:id"), str(number))
        if name == "w:bookmarkStart":
            mark.set(qn("w:name"), bookmark(block.key))
        paragraph._p.append(mark)

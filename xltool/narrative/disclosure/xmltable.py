"""A table of a Word document, written as XML in one piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from xltool.narrative.writing.word import LATIN, Font
from xltool.ooxml.package.xmltext import escape

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class WordCell(NamedTuple):
    """A cell: its text, how many columns it covers, and whether it begins or goes on a merge downwards."""

    text: str
    span: int = 1
    merge: str = ""
    align: str = "left"


class WordTable(NamedTuple):
    """A table: widths of columns in twentieths of a point, rows, how many of them are repeated on each page.

    `height`: the least height of a row in points; 0: as high as its text.
    """

    widths: tuple[int, ...]
    rows: tuple[tuple[WordCell, ...], ...]
    heads: int
    font: Font
    height: float = 0


def add_table(word: Any, table: WordTable) -> None:
    """Put a table at the end of a document (of python-docx)."""
    from docx.oxml import parse_xml

    body = word.element.body
    style = word.styles["Table Grid"].style_id
    body.insert(len(body) - 1, parse_xml(table_xml(table, style)))


def table_xml(table: WordTable, style: str) -> str:
    """The table as an element of WordprocessingML."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in table.widths)
    rows = "".join(_row(table, cells, head=n < table.heads) for n, cells in enumerate(table.rows))
    return (
        f'<w:tbl xmlns:w="{_NAMESPACE}"><w:tblPr><w:tblStyle w:val="{style}"/>'
        f'<w:tblW w:w="{sum(table.widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(table: WordTable, cells: tuple[WordCell, ...], *, head: bool) -> str:
    height = (
        f'<w:trHeight w:val="{int(table.height * 20)}" w:hRule="atLeast"/>' if table.height else ""
    )
    repeated = "<w:tblHeader/>" if head else ""
    made = "".join(_cells(table, cells))
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{repeated}</w:trPr>{made}</w:tr>"


def _cells(table: WordTable, cells: tuple[WordCell, ...]) -> Iterator[str]:
    font, across = table.font, 0
    size = int(font.size * 2)
    run = (
        f'<w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{font.name}"/>'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    )
    line = f'<w:spacing w:line="{int(font.size * 23)}" w:lineRule="exact"/>'
    for cell in cells:
        width = sum(table.widths[across : across + cell.span])
        across += cell.span
        span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
        merge = {"restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}.get(
            cell.merge, ""
        )
        text = "".join(_lines(cell.text, run))
        yield (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr>{line}<w:jc w:val="{cell.align}"/></w:pPr>{text}</w:p></w:tc>'
        )


def _lines(text: str, run: str) -> Iterator[str]:
    for n, part in enumerate(text.split("\n") if text else ()):
        line_break = "<w:br/>" if n else ""
        yield f'<w:r>{run}{line_break}<w:t xml:space="preserve">{escape(part)}</w:t></w:r>'

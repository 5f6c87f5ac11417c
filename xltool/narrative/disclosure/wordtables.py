"""A sheet of the workbook as a table of a Word document: its merges, what its cells show, its columns."""

from __future__ import annotations

from typing import Any

from xltool.mapping.located import Located
from xltool.narrative.writing.word import HEADING, SMALL, Font, add_run, add_title
from xltool.ooxml import Sheet
from xltool.reporting.html.grid import GridCell, GridRow, ReportGrid, draw

_WIDE = 90
"""A sheet that is wider, in half-width characters, is printed across."""
_SIZES = ((70, 10.5), (110, 9), (150, 7.5))
_SMALLEST = 6.5
_MARGIN = 1.9
_POINTS = 28.35
"""In a centimetre."""
_ROW = 1.45
"""Height of a row of one line, in font sizes."""
_LONG = 60
"""A list that is longer goes over several pages; shorter ones are made to fit one."""
_TITLE = Font("方正小标宋简体", 16)


def add_sheet(word: Any, sheet: Sheet, located: Located, heading: str) -> None:
    """A page (or several) with the sheet: its heading for the contents, then title, lines and table."""
    grid = draw(sheet, located, {})
    wide = grid.units > _WIDE
    section = _new_section(word, wide=wide)
    paragraph = word.add_paragraph(style="Heading 2")
    add_run(paragraph, heading, HEADING._replace(size=12))
    above = [row for row in grid.rows if _is_above(row)]
    body = [row for row in grid.rows if not _is_above(row)]
    for row in above:
        _line(word, row)
    if body:
        _table(
            word, grid, body, section, Font("仿宋_GB2312", _size(grid.units, len(body), wide=wide))
        )


def end_sheets(word: Any) -> None:
    """Pages upright again."""
    from docx.shared import Cm

    section = _new_section(word, wide=False)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)


def _size(units: int, rows: int, *, wide: bool) -> float:
    """The font size with which the columns fit the page, and the rows too unless they are many."""
    by_width = next((size for most, size in _SIZES if units <= most), _SMALLEST)
    if rows > _LONG:
        return by_width
    height = ((21 if wide else 29.7) - 2 * _MARGIN - 3.5) * _POINTS
    by_height = int(height / rows / _ROW * 2) / 2
    return max(_SMALLEST, min(by_width, by_height))


def _new_section(word: Any, *, wide: bool) -> Any:
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.shared import Cm

    section = word.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    long, short = Cm(29.7), Cm(21)
    section.page_width, section.page_height = (long, short) if wide else (short, long)
    section.top_margin = section.bottom_margin = section.left_margin = section.right_margin = Cm(
        _MARGIN
    )
    return section


def _is_above(row: GridRow) -> bool:
    """Title, unit, year stand above the table, over its whole width."""
    texts = [cell for cell in row.cells if cell.text]
    return all("loose" in cell.css for cell in row.cells) and bool(texts or not row.cells)


def _line(word: Any, row: GridRow) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    texts = [cell for cell in row.cells if cell.text]
    if any("title" in cell.css for cell in texts):
        add_title(word, "".join(cell.text for cell in texts), _TITLE)
        return
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(14)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    if len(texts) == 1 and "right" in texts[0].css:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    add_run(paragraph, "　　".join(cell.text for cell in texts), SMALL)


def _table(word: Any, grid: ReportGrid, rows: list[GridRow], section: Any, font: Font) -> None:
    from docx.shared import Emu

    columns = [column for column in grid.columns if not column.hidden]
    table = word.add_table(rows=len(rows), cols=len(grid.columns))
    table.style, table.autofit = "Table Grid", False
    width = section.page_width - section.left_margin - section.right_margin
    share = sum(column.width for column in columns) or 100
    for column, made in zip(grid.columns, table.columns, strict=True):
        made.width = Emu(int(width * column.width / share))
    taken: set[tuple[int, int]] = set()
    cells = [list(row.cells) for row in table.rows]
    for down, row in enumerate(rows):
        across = 0
        for cell in row.cells:
            while (down, across) in taken:
                across += 1
            bottom = min(down + cell.rowspan, len(rows)) - 1
            right = across + cell.colspan - 1
            taken.update((r, c) for r in range(down, bottom + 1) for c in range(across, right + 1))
            made = cells[down][across]
            if (bottom, right) != (down, across):
                made = made.merge(cells[bottom][right])
            _cell(made, cell, font)
            across = right + 1
        table.rows[down]._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    heads = 0
    while heads < len(rows) and any(cell.scope.startswith("col") for cell in rows[heads].cells):
        table.rows[heads]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
        heads += 1


def _element(name: str) -> Any:
    from docx.oxml import OxmlElement

    return OxmlElement(name)


def _cell(made: Any, cell: GridCell, font: Font) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = made.paragraphs[0]
    paragraph.paragraph_format.line_spacing = Pt(font.size * 1.25)
    kind = cell.css.split()[0] if cell.css else ""
    if kind == "amount":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    elif kind in ("head", "ordinal") or cell.scope.startswith("col"):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if cell.text:
        add_run(paragraph, cell.text, font)

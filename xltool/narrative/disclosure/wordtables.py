"""A sheet of the workbook as a table of a Word document: its merges, what its cells show, its columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from xltool.mapping.located import Located
from xltool.narrative.disclosure.xmltable import WordCell, WordTable, add_table
from xltool.narrative.words import plain
from xltool.narrative.writing.word import SMALL, Font, add_run
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
_ABOVE = 3.5
"""Centimetres for what stands above the table."""
_TALLEST = 20
"""A row is no higher, in points."""
_EMU_OF_TWIP = 635
_TITLE = Font("方正小标宋简体", 16)


def add_sheet(word: Any, sheet: Sheet, located: Located, name: str) -> None:
    """A page (or several) with the sheet: its title as a heading for the contents, its lines, its table."""
    grid = draw(sheet, located, {})
    wide = grid.units > _WIDE
    section = _new_section(word, wide=wide)
    width = section.page_width - section.left_margin - section.right_margin
    above = [_Line.of(row) for row in grid.rows if _is_above(row)]
    body = [row for row in grid.rows if not _is_above(row)]
    title = next((line for line in above if line.title), None)
    _title(word, title.words if title else name)
    for line in above:
        if line is not title:
            _line(word, line, width)
    if body:
        size = _size(grid.units, len(body), wide=wide)
        height = min(_TALLEST, max(size * _ROW, _room(wide=wide) / len(body)))
        font = Font("仿宋_GB2312", size)
        add_table(word, _table(grid, body, width, font, height if len(body) <= _LONG else 0))


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
    by_height = int(_room(wide=wide) / rows / _ROW * 2) / 2
    return max(_SMALLEST, min(by_width, by_height))


def _room(*, wide: bool) -> float:
    """How high a table may be on its page, in points."""
    return ((21 if wide else 29.7) - 2 * _MARGIN - _ABOVE) * _POINTS


def _new_section(word: Any, *, wide: bool) -> Any:
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.shared import Cm

    section = word.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
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


class _Line(NamedTuple):
    """A line above the table: what stands in it from left to right."""

    texts: tuple[str, ...]
    title: bool
    right: bool

    @classmethod
    def of(cls, row: GridRow) -> _Line:
        cells = [cell for cell in row.cells if cell.text]
        title = any("title" in cell.css for cell in cells)
        right = len(cells) == 1 and "right" in cells[0].css
        return cls(tuple(cell.text for cell in cells), title, right)

    @property
    def words(self) -> str:
        return "".join(self.texts)


def _title(word: Any, words: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = word.add_paragraph(style="Heading 2")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = Pt(_TITLE.size * 1.6)
    add_run(paragraph, words, _TITLE)


def _line(word: Any, line: _Line, width: int) -> None:
    """Unit, year and 金额单位 stand left, in the middle and right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
    from docx.shared import Pt

    if not line.texts:
        return
    paragraph = word.add_paragraph()
    layout = paragraph.paragraph_format
    layout.line_spacing = Pt(14)
    layout.alignment = WD_ALIGN_PARAGRAPH.RIGHT if line.right else WD_ALIGN_PARAGRAPH.LEFT
    if len(line.texts) > 2:
        layout.tab_stops.add_tab_stop(width // 2, WD_TAB_ALIGNMENT.CENTER)
    apart = len(line.texts) > 2 or plain(line.texts[-1]).startswith(("金额单位", "单位："))
    if apart and len(line.texts) > 1:
        layout.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    first, *rest = line.texts
    middle = [rest[0]] if len(rest) > 1 else []
    words = "\t".join([first, *middle, "　".join(rest[len(middle) :])])
    add_run(paragraph, words if apart else "　".join(line.texts), SMALL)


# ── the table as XML: python-docx makes cells one by one, and merges them by searching ──


def _table(
    grid: ReportGrid, rows: list[GridRow], width: int, font: Font, height: float
) -> WordTable:
    columns = grid.columns
    share = sum(column.width for column in columns if not column.hidden) or 100
    total = width / _EMU_OF_TWIP
    widths = tuple(0 if column.hidden else int(total * column.width / share) for column in columns)
    heads = 0
    while heads < len(rows) and any(cell.scope.startswith("col") for cell in rows[heads].cells):
        heads += 1
    placed = tuple(_placed(rows, len(columns)))
    return WordTable(widths, placed, heads, font, height)


def _placed(rows: list[GridRow], columns: int) -> Iterator[tuple[WordCell, ...]]:
    """The cells of each row from left to right; a cell merged downwards stands in every row that it covers."""
    below: dict[tuple[int, int], int] = {}
    for down, row in enumerate(rows):
        made: list[WordCell] = []
        cells = iter(row.cells)
        across = 0
        while across < columns:
            if (span := below.get((down, across))) is not None:
                made.append(WordCell("", span, "continue"))
                across += span
                continue
            cell = next(cells, None)
            if cell is None:
                made.append(WordCell("", columns - across))
                break
            lower = range(down + 1, min(down + cell.rowspan, len(rows)))
            below.update({(r, across): cell.colspan for r in lower})
            made.append(
                WordCell(cell.text, cell.colspan, "restart" if lower else "", _aligned(cell))
            )
            across += cell.colspan
        yield tuple(made)


def _aligned(cell: GridCell) -> str:
    kind = cell.css.split()[0] if cell.css else ""
    if kind == "amount":
        return "right"
    return "center" if kind in ("head", "ordinal") or cell.scope.startswith("col") else "left"

"""The lines of a recognised table that say of the document whose it is, of which year, in which money unit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from xltool.mapping.cells import Cells
from xltool.mapping.headlines import slots, years_in_line
from xltool.mapping.model import Line
from xltool.mapping.recognition.header import Header
from xltool.mapping.recognition.headtexts import dated_line, head_lines, is_head_line, line
from xltool.mapping.recognition.titles import Titled, name_in, read_title
from xltool.mapping.recognition.unitnames import is_unit_name
from xltool.mapping.recognition.vocabulary.keys import bare, title_key
from xltool.mapping.recognition.vocabulary.words import Vocabulary
from xltool.ooxml import Range, make_ref

_HEADING = re.compile(r"决算|年度?$|报表")
_NAME, _YEAR = "{单位名称}", "{年度}"


def document_lines(
    titled: Titled, header: Header | None, words: Vocabulary, fields: Collection[str]
) -> tuple[Line, ...]:
    """The lines above a table, its title among them, and under it. `fields`: the cells that are fields of it."""
    cells, area = titled.cells, titled.area
    above = range(area.top, header.top if header else titled.title.at.bottom + 4)
    heads = head_lines(cells, above, area, words)
    lines = [
        line(head)
        for head in heads
        if head.at.anchor not in fields
        and not (_YEAR in head.pattern and len(_years(cells, head.at.top, area)) > 1)
    ]
    lines += _titles_with_heads(titled, nameless=not names_unit(lines))
    if not names_unit(lines):
        lines += _name_above(titled)
    return (*lines, *_foot(titled, header, words, lines))


def lines_above(cells: Cells, top: int, words: Vocabulary) -> Iterator[Line]:
    """The lines above row `top` that hold heads, as their words tell; headings that name year or unit, too."""
    area = Range(1, 1, min(top - 1, cells.bottom), cells.right)
    rows = range(1, area.bottom + 1)
    yield from map(line, head_lines(cells, rows, area, words))
    for row in rows:
        for column, text in cells.texts(row):
            at = cells.extent(row, column)
            dated = dated_line(at, text, nameless=False)
            if dated is not None and "决算" in text:
                yield dated
            if (read := read_title(text, words)) and (name := name_in(text, read[0])):
                yield Line(at, text.replace(name, _NAME))


def _years(cells: Cells, row: int, area: Range) -> set[int]:
    """The years that a row tells: of several none is the document's."""
    columns = (c for c in cells.rows.get(row, ()) if area.left <= c <= area.right)
    return years_in_line(cells.sheet, ((make_ref(row, c), cells.values[row, c]) for c in columns))


def names_unit(lines: Sequence[Line]) -> bool:
    """Whether a line has a place for the unit's name."""
    return any(_NAME in each.pattern for each in lines)


def _titles_with_heads(titled: Titled, *, nameless: bool) -> list[Line]:
    """The title, and the heading above it, where they name the year, and the unit where nothing else does."""
    cells, title = titled.cells, titled.title
    places = [(title.at, title.text)] if title.at.top else []
    places += [
        (cells.extent(row, column), text)
        for row in range(titled.area.top, title.at.top)
        for column, text in cells.texts(row, titled.area.left, titled.area.right)
        if _HEADING.search(bare(text))
    ]
    # 自评表（2023年度）: what stands before the year is the title itself, but for its number
    lines = (
        dated_line(at, text, nameless=nameless and "表" not in title_key(text.partition("年")[0]))
        for at, text in places
    )
    found = [line for line in lines if line is not None]
    name = name_in(title.text, title.name) if nameless and not names_unit(found) else ""
    if name and all(line.range != title.at for line in found):
        found.append(Line(title.at, title.text))
    return [x._replace(pattern=x.pattern.replace(name, _NAME)) for x in found] if name else found


def _name_above(titled: Titled) -> list[Line]:
    """The unit's name where it stands alone in the row above the title, as a heading of the sheet."""
    cells, title = titled.cells, titled.title.at
    above = [row for row in cells.rows if titled.area.top <= row < title.top]
    texts = [*cells.texts(max(above), titled.area.left, titled.area.right)] if above else []
    if len(texts) != 1 or not is_unit_name(texts[0][1]):
        return []
    return [Line(cells.extent(max(above), texts[0][0]), _NAME)]


def _foot(
    titled: Titled, header: Header | None, words: Vocabulary, above: Sequence[Line]
) -> list[Line]:
    """The lines under a table that say of the document what none above it says.

    On a sheet with more tables below they may be those of the next one.
    """
    cells, area = titled.cells, titled.area
    if header is None or area.bottom != cells.bottom:
        return []
    said = {slot for each in above for slot in slots(each.pattern)}
    rows = range(header.body, area.bottom + 1)
    under = [row for row in rows if is_head_line(cells, row, area)]
    found = (line(head) for row in under for head in head_lines(cells, [row], area, words))
    return [each for each in found if said.isdisjoint(slots(each.pattern))]

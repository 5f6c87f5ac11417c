"""Tables that go on on another sheet under their title printed again: 支出决算表（续）."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from xltool.core.model import CODE, NAME, RECOGNISED
from xltool.core.places import TableCopy
from xltool.core.years import years_in
from xltool.mapping.blocks import Anchor, ListBlock
from xltool.mapping.cells import cells_of
from xltool.mapping.located import Located, LocatedList
from xltool.mapping.plan import plan
from xltool.ooxml import make_ref
from xltool.reading.found import UNIT_HEAD, FoundTable
from xltool.reading.heads import printed_heads
from xltool.reading.readworkbook import ReadWorkbook
from xltool.reading.severalsets import named_apart, unit_in

if TYPE_CHECKING:
    from xltool.mapping.recognition.continued import Whole
    from xltool.mapping.recognition.titles import Titled
    from xltool.mapping.recognition.vocabulary.words import Vocabulary
    from xltool.mapping.recognition.workbook import Recognition

_SAME = ("单位名称", "年度", UNIT_HEAD)
"""What a part that says it must say as the one before does, or else the other tables."""


def take_unread(reading: ReadWorkbook, found: Recognition) -> None:
    """Enter what was not recognised. Of it, parts that go on with a table that was found are read with that.

    Title and heads are the same, rows and total are not printed again, and no part says that it is of another
    unit or year, or in another money unit.
    """
    reading.report.unread += named_apart(found)
    begun = [table for table in reading.found_tables if _one_list(table)]
    wholes: dict[TableCopy, Whole | None] = {}
    for unread, titled in found.rests:
        before = [t for t in begun if t.located.sheet.index < titled.cells.sheet.index]
        same = [table for table in before if table.mapping.table in unread.rest_of]
        if len(same) != 1:
            continue
        (first,) = same
        if first.copy not in wholes:
            wholes[first.copy] = _whole(reading, first)
        whole = wholes[first.copy]
        if whole is not None and (rest := _rest(reading, first, titled, whole)) is not None:
            reading.rests.append(rest)
            reading.report.unread.remove(unread)
            reading.recognised, reading.report.form = True, RECOGNISED


def _one_list(table: FoundTable) -> LocatedList | None:
    """The list of codes that a table is, where it is nothing else."""
    located = table.located
    if located.problems or len(table.mapping.blocks) != 1 or len(located.lists) != 1:
        return None
    (found,) = located.lists.values()
    block = found.block
    return None if block.codes is None or block.shares or table.mapping.repeats else found


def _whole(reading: ReadWorkbook, first: FoundTable) -> Whole | None:
    """The table as far as its first sheet goes."""
    from xltool.mapping.recognition.continued import Whole, joined
    from xltool.mapping.recognition.titles import titled_parts

    words = reading.edition.words
    for titled in joined(titled_parts(cells_of(first.located.sheet), words), words):
        if any(table.table == first.mapping.table for table in titled.title.tables):
            return Whole(titled, words)
    return None


def _rest(
    reading: ReadWorkbook, first: FoundTable, titled: Titled, whole: Whole
) -> FoundTable | None:
    """The part as a table of its own, with columns as the table has them; None where it says otherwise."""
    from xltool.mapping.recognition.documentlines import document_lines

    begun = _one_list(first)
    body = whole.takes_sheet(titled)
    if begun is None or body is None:
        return None
    cells, title = titled.cells, titled.title
    block, rows = _more_rows(begun, titled, body, reading.edition.words)
    mapping = replace(
        first.mapping,
        source=RECOGNISED,
        sheet=cells.sheet.name,
        title=Anchor(title.at, (title.text,)),
        lines=document_lines(titled, None, reading.edition.words, ()),
        header=(),
        numbers=None,
        blocks=(block,),
        notes=(),
        empty=None,
        area=titled.area,
        unit=first.unit,
        shape=first.mapping,
    )
    located = Located(mapping, cells.sheet)
    located.add_list(block, dict(begun.columns), rows, block.total.row if block.total else None)
    located.take(plan(mapping, ()))
    located.unbound = ()
    heads = printed_heads(mapping, located)
    told = [*heads.items(), *_called(cells.sheet.name)]
    if any(_said(reading, first, key) != {value} for key, value in told if key in _SAME):
        return None
    heads_again = (make_ref(r, c) for r in range(title.at.top, body) for c in cells.rows.get(r, ()))
    reading.claim(cells.sheet.name, heads_again, "重印的表头、合计")
    return FoundTable(mapping, first.instance, located, heads)


def _more_rows(
    begun: LocatedList, titled: Titled, top: int, words: Vocabulary
) -> tuple[ListBlock, list[int]]:
    """The list from row `top` on, in the columns where it began, and the rows of its codes."""
    from xltool.mapping.recognition.layouts.lists import rows_of, total_in

    cells = titled.cells
    columns = [
        c._replace(left=begun.columns[c.name].left, right=begun.columns[c.name].right, header=())
        for c in begun.block.columns
    ]
    by_name = {column.name: column for column in columns}
    under = range(top, titled.area.bottom + 1)
    rows = rows_of(cells, under, by_name[CODE], by_name.get(NAME))
    labels = range(by_name[CODE].left, by_name.get(NAME, by_name[CODE]).right + 1)
    total = total_in(cells, under, labels, words)
    name, codes = begun.block.name, begun.block.codes
    return ListBlock(name, top, len(rows), tuple(columns), codes, total), rows


def _called(sheet: str) -> Iterator[tuple[str, str]]:
    """What the name of a sheet says of unit and year: 2022收入续, 收入续-乙县水务站."""
    if unit := unit_in(sheet):
        yield "单位名称", unit
    for year in years_in(sheet):
        yield "年度", year


def _said(reading: ReadWorkbook, first: FoundTable, key: str) -> set[str]:
    """What the part that begins a table says in a head; where it says nothing, what the tables of the book say."""
    own = first.unit if key == UNIT_HEAD else first.heads.get(key)
    others = (table.heads.get(key) for table in reading.found_tables)
    return {own} if own else {told for told in others if told}

"""Every figure of a workbook accounted for: bound by a mapping, part of the form for a named reason, or nobody's.

What a mapping binds is known from the found_tables; another part of the program that has read or told of cells
enters them with `Reading.claim`. What is left was audited by nothing, and stands in `unaccounted`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import NamedTuple

from xltool.core.caches import remembered
from xltool.core.texts import norm
from xltool.core.years import year_of
from xltool.mapping.located import Located
from xltool.mapping.ownsheets import own_sheets
from xltool.ooxml import Sheet, Value, column_refs, split_ref
from xltool.reading.covering import covered
from xltool.reading.leftovers import bound_cells, counting
from xltool.reading.model import Reading
from xltool.reading.numbertexts import whole_number
from xltool.reading.printedfigures import PrintedNumbers, text_figure
from xltool.reading.recalculated import missing_values

_UNKNOWN = Decimal("0.1")
"""What stands for a figure that nobody knows."""

_CAPTION = re.compile(r"[^:：]{2,20}[:：]")
_TITLE = re.compile(r".{2,40}表(?:\([^()]{1,12}\)|续表?|\d{1,2})?")
_REASON = "原因"
"""How a column is called in which a person says why: a bare number is none."""


class Unaccounted(NamedTuple):
    """Figures of one block of a sheet that no table of the edition has a place for.

    `title`: the title above them; "" where they stand in or about the table that the sheet holds.
    """

    sheet: str
    title: str
    refs: tuple[str, ...]


def unaccounted(reading: Reading) -> Iterator[Unaccounted]:
    """The figures that nothing read, sheet by sheet and block by block, without what the edition ignores."""
    located: dict[str, list[Located]] = defaultdict(list)
    for found_table in reading.parts:
        located[found_table.located.sheet.name].append(found_table.located)
    own = own_sheets(reading.workbook)
    for sheet in reading.workbook.sheets:
        tables = located[sheet.name]
        # a sheet that could not be read is told of as a whole, and so is one that the tool made
        if sheet.name in own or sheet.name in reading.refused or any(t.problems for t in tables):
            continue
        if not tables and ignored(reading, sheet.name):
            continue
        for block in _blocks(sheet, _figures(reading, sheet, tables), _first_row(tables)):
            if not ignored(reading, block.title):
                yield block


def figures_beside(reading: Reading) -> Iterator[tuple[Sheet, str, str]]:
    """Figures that sheets print beside their cells: sheet, where (页眉页脚, 文本框), the text."""
    own = own_sheets(reading.workbook)
    tables = {found_table.located.sheet.name for found_table in reading.parts}
    for sheet in reading.workbook.sheets:
        if sheet.name in own or (sheet.name not in tables and ignored(reading, sheet.name)):
            continue
        for where, text in sheet.texts_beside():
            if text_figure(text):
                yield sheet, where, text


def ignored(reading: Reading, name: str) -> bool:
    """Whether the edition says that a sheet, or a block with this title, is no part of the return."""
    return any(fnmatchcase(norm(name), norm(pattern)) for pattern in reading.edition.ignore)


def _first_row(tables: list[Located]) -> int:
    """The first row from which the tables of a sheet take a value; 0 without a table."""
    rows = [split_ref(ref)[0] for located in tables for ref in bound_cells(located)]
    return min(rows, default=0)


def _figures(reading: Reading, sheet: Sheet, tables: list[Located]) -> list[str]:
    """The addresses of the figures that nothing has bound or claimed, row by row."""
    read = set().union(*map(_read, tables))
    known = read.union(*map(counting, tables))
    claimed = reading.claims.get(sheet.name, {})
    numbers = PrintedNumbers(sheet, read)
    return [
        ref
        for ref, value in _printed(reading, sheet, known)
        if value is not None
        and ref not in known
        and ref not in claimed
        and numbers.is_figure(ref, value)
        and not covered(sheet, ref)
    ]


def _printed(reading: Reading, sheet: Sheet, known: set[str]) -> Iterator[tuple[str, Value]]:
    """The cells of a sheet with what they print: of a formula that stores no value, what it makes.

    What cannot be recalculated may be anything: it counts as a figure.
    """
    unstored = sheet.uncached() - known
    if not unstored:
        yield from sheet.items()
        return
    made = missing_values(reading, ((sheet, ref) for ref in unstored))
    for ref, value in sheet.items():
        if ref in unstored:
            cell = (sheet.name, ref)
            yield ref, _UNKNOWN if cell in made.reasons else made.values.get(cell)
        else:
            yield ref, value


def _read(located: Located) -> set[str]:
    """The cells that reading has taken a value from, and the numbers among the labels, as codes often are.

    Of columns that are merged only the first counts: a figure in another one, not merged, is read by nobody.
    Nor is a number that stands where a reason is asked for.
    """
    value = located.sheet.lookup()
    # as a text a label is no figure only where it is a year: 1,000 in its place is one
    refs = {ref for ref in located.labels if _is_number(value(ref), year_of)}
    refs |= {*located.fields.values(), *located.heads.values()}
    reasons = {ref for path, ref in located.fields.items() if path[-1].endswith(_REASON)}
    for places in located.codes.values():
        refs.update(places.values())
    for rows in located.lists.values():
        for column in rows.block.columns:
            left, right = rows.columns[column.name]
            last = right if column.kind in ("code", "name") else left
            for number in range(left, last + 1):
                cells = column_refs(number, tuple(rows.rows))
                refs.update(cells)
                if column.name.endswith(_REASON):
                    reasons.update(cells)
    return refs - {ref for ref in reasons if _is_number(value(ref), whole_number)}


def _is_number(value: Value, of_text: Callable[[str], object]) -> bool:
    """Whether a value is a number; as a text where `of_text` finds one in it."""
    return not isinstance(value, str) or of_text(value) is not None


def _blocks(sheet: Sheet, refs: list[str], below: int) -> Iterator[Unaccounted]:
    """The figures under the titles that stand above them, and below the first row of a table that was read."""
    if not refs:
        return
    titles = _titles(sheet, below)
    blocks: dict[tuple[int, str], list[str]] = defaultdict(list)
    for ref in refs:
        row = split_ref(ref)[0]
        blocks[max((t for t in titles if t[0] <= row), default=(0, ""))].append(ref)
    for (_, title), cells in blocks.items():
        yield Unaccounted(sheet.name, title, tuple(cells))


def _titles(sheet: Sheet, below: int) -> list[tuple[int, str]]:
    """The rows of a sheet that hold nothing but the title of a table: number and text."""
    texts: dict[int, list[str]] = defaultdict(list)
    for ref, value in sheet.items():
        if value not in (None, ""):
            texts[split_ref(ref)[0]].append(value.strip() if isinstance(value, str) else "")
    return [
        (row, here[0])
        for row, here in texts.items()
        if row > below and len(here) == 1 and (_is_table_title(here[0]) or _is_caption(here[0]))
    ]


@remembered(4096)
def _is_table_title(text: str) -> bool:
    """Whether a text looks like the title of a table: 支出决算表（续）, 表三 机构人员情况表."""
    plain = norm(text)
    notes = ("注:", "说明:", "备注:")
    return _TITLE.fullmatch(plain) is not None and not plain.startswith(notes)


@remembered(4096)
def _is_caption(text: str) -> bool:
    """Whether a text that stands alone in its row announces what follows it: 补充资料："""
    return _CAPTION.fullmatch(text.strip()) is not None and not _is_note_label(text)


def _is_note_label(text: str) -> bool:
    """Whether a text is nothing but 注： or 说明：."""
    return norm(text) in ("注", "说明", "备注", "其中")

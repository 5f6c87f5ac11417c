"""Sheets that are no part of a report although they hold numbers."""

from __future__ import annotations

from xltool.core.codes import CodeList
from xltool.mapping.cells import Cells, cells_of
from xltool.mapping.recognition.keys import bare
from xltool.mapping.recognition.titles import titled_parts
from xltool.mapping.recognition.wordfiles import vocabulary
from xltool.mapping.recognition.words import Vocabulary
from xltool.ooxml import Workbook

_ENOUGH = 10
"""So many codes with their official names make a dictionary, where nearly all are so."""
_NEARLY = 0.8


def dictionaries(workbook: Workbook) -> list[str]:
    """The hidden sheets that list codes with their official names, as programs of finance bureaus add them."""
    words = vocabulary()
    hidden = (sheet for sheet in workbook.sheets if sheet.state != "visible")
    return [sheet.name for sheet in hidden if _is_dictionary(cells_of(sheet), words)]


def _is_dictionary(cells: Cells, words: Vocabulary) -> bool:
    rows = [row for row in cells.rows if _code_at(cells, row) is not None]
    named = sum(any(_is_named(cells, row, codes) for codes in words.codes.values()) for row in rows)
    return named >= max(_ENOUGH, _NEARLY * len(rows)) and not titled_parts(cells, words)


def _code_at(cells: Cells, row: int) -> int | None:
    """The column of a row's code: its first cell, when it is a whole number of 3, 5 or 7 digits."""
    column = cells.rows[row][0]
    whole = cells.whole(row, column)
    return column if whole is not None and len(str(whole)) in (3, 5, 7) else None


def _is_named(cells: Cells, row: int, codes: CodeList) -> bool:
    column = cells.rows[row][0]
    name, official = cells.text(row, column + 1), codes.name(str(cells.whole(row, column)))
    return name is not None and official is not None and bare(name) == bare(official)

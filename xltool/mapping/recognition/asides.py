"""Sheets that are no part of a report although they hold numbers."""

from __future__ import annotations

from xltool.core.codes import CodeList
from xltool.mapping.cells import Cells, cells_of
from xltool.mapping.recognition.vocabulary.keys import bare
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.mapping.recognition.vocabulary.words import Vocabulary
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
    rows = [
        (code, cells.text(row, columns[0] + 1))
        for row, columns in cells.rows.items()
        if (code := cells.whole_code(row, columns[0]))
    ]
    named = sum(any(_is_named(*row, codes) for codes in words.codes.values()) for row in rows)
    if named < max(_ENOUGH, _NEARLY * len(rows)):
        return False
    from xltool.mapping.recognition.titles import titled_parts

    return not titled_parts(cells, words)


def _is_named(code: str, name: str | None, codes: CodeList) -> bool:
    official = codes.name(code)
    return name is not None and official is not None and bare(name) == bare(official)

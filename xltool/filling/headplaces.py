"""Where a form prints a head of the document in other words, or another place, than its edition's form has it."""

from __future__ import annotations

from collections.abc import Collection

from xltool.mapping.cells import cells_of
from xltool.mapping.headlines import HEAD_ROWS, filled_line
from xltool.mapping.located import Located, text_at
from xltool.mapping.model import Line
from xltool.mapping.recognition.documentlines import lines_above
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary


def place_by_words(located: Located, names: Collection[str]) -> Line | None:
    """The line above a table that holds all of `names`, as its words tell; None where there is none."""
    top = min((anchor.range.top for anchor in located.mapping.header), default=HEAD_ROWS)
    for found in lines_above(cells_of(located.sheet), top, vocabulary()):
        text = text_at(located.sheet, found.range.top, found.range.left)
        if all(f"{{{name}}}" in found.pattern for name in names) and text is not None:
            return found if filled_line(found.pattern, text, {}) is not None else None
    return None

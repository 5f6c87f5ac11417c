"""Tables of one row of figures under their heads: 三公经费; and the same with the heads as labels of rows."""

from __future__ import annotations

from collections.abc import Sequence

from xltool.mapping.model import Form
from xltool.mapping.recognition.cells import Cells
from xltool.mapping.recognition.columns import bound_column
from xltool.mapping.recognition.header import Header
from xltool.mapping.recognition.keys import is_figure
from xltool.mapping.recognition.matching import Match, Matcher, unique
from xltool.mapping.recognition.words import BlockWords, Vocabulary
from xltool.ooxml import Range


def single_blocks(
    cells: Cells,
    area: Range,
    header: Header,
    blocks: Sequence[BlockWords],
    matcher: Matcher,
    words: Vocabulary,
) -> list[Form]:
    """The blocks of a table of one row; none when several rows are filled."""
    found: dict[int, Match] = {}
    for column, path in header.paths.items():
        if path[-1].at.left == column and (match := matcher.meaning(path, blocks)):
            found[column] = match
    columns, _ = unique(found)
    row = _row(cells, area, header, columns, words)
    if row is None:
        return []
    forms = []
    for block in blocks:
        bound = tuple(
            bound_column(cells, header.paths[column], match.column, row)
            for column, match in columns.items()
            if match.block is block
        )
        if bound:
            forms.append(Form(block.name, block.path, bound, single=row))
    return forms


def _row(
    cells: Cells, area: Range, header: Header, columns: dict[int, Match], words: Vocabulary
) -> int | None:
    """The only row with figures under the head, else the first row under it that is free."""
    if not columns:
        return None
    filled: list[int] = []
    free: list[int] = []
    for row in range(header.body, area.bottom + 1):
        if row == header.numbers:
            continue
        texts = [text for _, text in cells.texts(row, area.left, area.right)]
        if any(not is_figure(text) for text in texts):
            break
        if any((row, column) in cells.values for column in columns):
            filled.append(row)
        elif not texts:
            free.append(row)
    if len(filled) > 1:
        return None
    if filled:
        return filled[0]
    return free[0] if free else None

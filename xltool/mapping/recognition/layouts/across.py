"""Lists that lie on their side: a column for each 科目, a row for each head. They are not read, and told."""

from __future__ import annotations

from xltool.mapping.recognition.header import CODE, NAMED_CODE, plain
from xltool.mapping.recognition.titles import Titled
from xltool.mapping.recognition.vocabulary.keys import header_key, row_key
from xltool.mapping.recognition.vocabulary.words import TableWords

_FEW = 2
"""So many 科目 at least stand side by side; in a row of a list one does."""
ACROSS = "横放的清单：科目在各列、栏目在各行，只读科目在各行的。复制后用“选择性粘贴—转置”改成科目在各行，再审"


def lies_across(titled: Titled, table: TableWords) -> bool:
    """Whether codes or names of 科目 stand side by side, and heads of the table one below the other."""
    rows = range(titled.title.at.bottom + 1, titled.area.bottom + 1)
    top = next((row for row in rows if _side_by_side(titled, table, row) >= _FEW), None)
    if top is None:
        return False
    cells, area = titled.cells, titled.area
    below = [next(cells.texts(r, area.left, area.right), (0, ""))[1] for r in range(top, rows.stop)]
    labels = [text for text in below if text]
    if any(CODE.fullmatch(text.strip()) or NAMED_CODE.fullmatch(text.strip()) for text in labels):
        return False
    return any(header_key(text) in table.header_keys for text in labels[1:])


def _side_by_side(titled: Titled, table: TableWords, row: int) -> int:
    """How many codes, or names, of 科目 a row holds: a figure may look like a code, and no two kinds are mixed."""
    cells, area = titled.cells, titled.area
    columns = [c for c in cells.rows.get(row, ()) if area.left < c <= area.right]
    lists = [block.codes for block in table.blocks if block.codes is not None]
    texts = [plain(cells, row, column) for column in columns]
    codes = sum(any(text in known for known in lists) for text in texts)
    words = [cells.text(row, column) or "" for column in columns]
    named = sum(NAMED_CODE.fullmatch(word.strip()) is not None for word in words)
    names = sum(any(known.with_name(row_key(word)) for known in lists) for word in words if word)
    return max(codes, named, names)

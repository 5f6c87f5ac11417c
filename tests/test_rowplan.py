"""Where rows are added to a list, and taken from it."""

from __future__ import annotations

import pytest

from xltool.filling.rowplan import block_edit
from xltool.ooxml.edit.rowedit import RowEdit


@pytest.mark.parametrize(
    ("rows", "first"), [((5, 6, 7), 5), ((5, 6, 7, 10, 11), 10), ((4, 6, 9), 9), ((8,), 8)]
)
def test_rows_come_and_go_at_the_end_of_the_last_unbroken_run(
    rows: tuple[int, ...], first: int
) -> None:
    last = rows[-1]
    assert block_edit("表", rows, len(rows) + 3) == RowEdit("表", first, last, last, 3)

"""Cells that lie under others which they are merged with."""

from __future__ import annotations

from xltool.ooxml import Sheet, make_ref

_MERGED = 5000
"""Cells of a merge: a larger one covers no table, but a sheet."""


def covered(sheet: Sheet, ref: str) -> bool:
    """Whether a cell lies under another one that it is merged with: nothing of it is seen or printed."""
    merge = sheet.merge_of(ref)
    return merge is not None and merge.anchor != ref


def covered_cells(sheet: Sheet) -> frozenset[str]:
    """The cells of a sheet that lie under others, but for those of its largest merges."""
    return frozenset(
        make_ref(row, column)
        for merge in sheet.merges
        if (merge.bottom - merge.top + 1) * (merge.right - merge.left + 1) <= _MERGED
        for row in range(merge.top, merge.bottom + 1)
        for column in range(merge.left, merge.right + 1)
        if (row, column) != (merge.top, merge.left)
    )

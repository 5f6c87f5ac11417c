"""A sheet as a grid of texts: what searching for anchors needs and reading by address does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from xltool.core.texts import loose, norm, visible
from xltool.mapping.model import Anchor
from xltool.ooxml import Range, Sheet, split_ref


class Grid:
    """The texts of a sheet by position, with merged cells seen as one."""

    def __init__(self, sheet: Sheet) -> None:
        self.texts: dict[tuple[int, int], str] = {}
        self.by_column: dict[int, list[int]] = defaultdict(list)
        """Rows that hold a text, by column, ascending."""
        self._by_row: dict[int, list[str]] = defaultdict(list)
        self._merges = {(m.top, m.left): m for m in sheet.merges}
        self._covering: dict[tuple[int, int], tuple[int, int]] = {}
        self.bottom = self.right = 0
        for ref, value in sheet.items():
            row, column = split_ref(ref)
            self.bottom, self.right = max(self.bottom, row), max(self.right, column)
            text = visible(value) if isinstance(value, str) else str(value)
            if text.strip():
                self.texts[row, column] = text
                self.by_column[column].append(row)
                self._by_row[row].append(text)
        for rows in self.by_column.values():
            rows.sort()
        for merge in sheet.merges:
            if (merge.bottom - merge.top + 1) * (merge.right - merge.left + 1) <= 4096:
                for row in range(merge.top, merge.bottom + 1):
                    for column in range(merge.left, merge.right + 1):
                        self._covering[row, column] = (merge.top, merge.left)

    def row_texts(self, row: int) -> list[str]:
        """The texts of a row."""
        return self._by_row.get(row, [])

    def extent(self, row: int, column: int) -> Range:
        """The merged range that starts here, or the single cell."""
        return self._merges.get((row, column)) or Range(row, column, row, column)

    def covering(self, row: int, column: int) -> str | None:
        """The text seen at a position: of the cell, or of the merged range that covers it."""
        return self.texts.get(self._covering.get((row, column), (row, column)))

    def above(self, row: int, column: int) -> str | None:
        """As `covering`; for a blank cell the text to its left, which an unmerged heading spreads over."""
        text = self.covering(row, column)
        left = column
        while text is None and left > 1 and (row, left) not in self._covering:
            left -= 1
            text = self.covering(row, left)
        return text

    def find(self, anchor: Anchor) -> Iterator[tuple[int, int]]:
        """Positions whose text is one of the anchor's wordings; else those that resemble one."""
        wanted = set(map(norm, anchor.texts))
        hits = [at for at, text in self.texts.items() if norm(text) in wanted]
        if not hits:
            wanted = set(map(loose, anchor.texts))
            hits = [at for at, text in self.texts.items() if loose(text) in wanted]
        return iter(hits)

"""A sheet as a grid of texts: what searching for anchors needs and reading by address does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from xltool.core.texts import loose, norm, visible
from xltool.mapping.cells import Cells
from xltool.mapping.model import Anchor
from xltool.ooxml import Sheet


class Grid(Cells):
    """The cells of a sheet with what they print as texts, numbers among them: an anchor may be a code."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet)
        self.printed: dict[tuple[int, int], str] = {}
        self.by_column: dict[int, list[int]] = defaultdict(list)
        """Rows that hold a text, by column, ascending."""
        for (row, column), value in self.values.items():
            text = visible(value) if isinstance(value, str) else str(value)
            if text.strip():
                self.printed[row, column] = text
                self.by_column[column].append(row)
        for rows in self.by_column.values():
            rows.sort()

    def row_texts(self, row: int) -> list[str]:
        """What a row prints."""
        at = ((row, column) for column in self.rows.get(row, ()))
        return [self.printed[cell] for cell in at if cell in self.printed]

    def covering(self, row: int, column: int) -> str | None:
        """The text seen at a position: of the cell, or of the merged range that covers it."""
        at = self.extent(row, column)
        return self.printed.get((at.top, at.left))

    def above(self, row: int, column: int) -> str | None:
        """As `covering`; for a blank cell the text to its left, which an unmerged heading spreads over."""
        text = self.covering(row, column)
        left = column
        while text is None and left > 1 and self.extent(row, left).is_cell:
            left -= 1
            text = self.covering(row, left)
        return text

    def find(self, anchor: Anchor) -> Iterator[tuple[int, int]]:
        """Positions whose text is one of the anchor's wordings; else those that resemble one."""
        wanted = set(map(norm, anchor.texts))
        hits = [at for at, text in self.printed.items() if norm(text) in wanted]
        if not hits:
            wanted = set(map(loose, anchor.texts))
            hits = [at for at, text in self.printed.items() if loose(text) in wanted]
        return iter(hits)

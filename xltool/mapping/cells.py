"""The cells of a sheet by position: what everything that looks for a table in it looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property

from xltool.core.texts import loose, norm, visible
from xltool.ooxml import Range, Sheet, Value, split_ref

Position = tuple[int, int]
"""Row and column."""

_WIDEST = 1 << 16
"""Merged ranges with more cells than this are no part of a form."""


def cells_of(sheet: Sheet) -> Cells:
    """The cells of a sheet, gone through once however many look for something in it."""
    return sheet.view(Cells)


class Cells:
    """The filled cells of a sheet, with merged ranges seen as one."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.values: dict[tuple[int, int], Value] = {}
        """Filled cells; a formula that stores nothing is there with None."""
        self.rows: dict[int, list[int]] = {}
        """The columns of the filled cells, row by row, from left to right."""
        self._texts: dict[int, list[tuple[int, str]]] = {}
        for ref, value in sheet.items():
            if isinstance(value, str) and not value.strip():
                continue
            row, column = split_ref(ref)
            self.values[row, column] = value
            self.rows.setdefault(row, []).append(column)
            if isinstance(value, str):
                self._texts.setdefault(row, []).append((column, value))
        for columns in self.rows.values():
            columns.sort()
        for texts in self._texts.values():
            texts.sort()
        self.bottom = max(self.rows, default=0)
        self.right = max((columns[-1] for columns in self.rows.values()), default=0)
        self.merges: dict[tuple[int, int], Range] = {}
        self._covering: dict[tuple[int, int], Range] = {}
        for merge in sheet.merges:
            self._enter(merge)

    def _enter(self, merge: Range) -> None:
        bottom, right = min(merge.bottom, self.bottom + 64), min(merge.right, self.right + 64)
        if (bottom - merge.top + 1) * (right - merge.left + 1) > _WIDEST:
            return
        self.merges[merge.top, merge.left] = merge
        for row in range(merge.top, bottom + 1):
            for column in range(merge.left, right + 1):
                self._covering[row, column] = merge

    def text(self, row: int, column: int) -> str | None:
        """The text of a cell; None for a blank or a figure."""
        value = self.values.get((row, column))
        return value if isinstance(value, str) else None

    def extent(self, row: int, column: int) -> Range:
        """The merged range that covers a position, or the single cell."""
        return self._covering.get((row, column)) or Range(row, column, row, column)

    def seen(self, row: int, column: int) -> tuple[Range, str] | None:
        """The text seen at a position, with its extent."""
        at = self.extent(row, column)
        text = self.text(at.top, at.left)
        return None if text is None else (at, text)

    def texts(self, row: int, left: int = 1, right: int = 1 << 14) -> Iterator[tuple[int, str]]:
        """Column and text of the texts that begin in a row."""
        for column, text in self._texts.get(row, ()):
            if left <= column <= right:
                yield column, text

    def figures(self, row: int) -> Iterator[int]:
        """The columns of a row that hold a figure, or a formula without a stored value."""
        for column in self.rows.get(row, ()):
            if not isinstance(self.values[row, column], str):
                yield column

    def whole(self, row: int, column: int) -> int | None:
        """The whole number in a cell, written as number or as text; None for anything else."""
        value = self.values.get((row, column))
        if isinstance(value, Decimal) and value == value.to_integral_value():
            return int(value)
        if isinstance(value, str) and value.strip().isdecimal() and len(value) < 8:
            return int(value)
        return None

    def whole_code(self, row: int, column: int) -> str | None:
        """The code in a cell, when it stands there whole: a whole number of 3, 5 or 7 digits."""
        number = self.whole(row, column)
        return str(number) if number is not None and len(str(number)) in (3, 5, 7) else None

    @cached_property
    def printed(self) -> Mapping[Position, str]:
        """What the cells print as texts, numbers among them: a label may be a code."""
        shown = (
            (at, visible(value) if isinstance(value, str) else str(value))
            for at, value in self.values.items()
            if value is not None
        )
        return {at: text for at, text in shown if text.strip()}

    @cached_property
    def by_column(self) -> Mapping[int, list[int]]:
        """The rows that print something, by column, from top to bottom."""
        found: dict[int, list[int]] = {}
        for row, column in sorted(self.printed):
            found.setdefault(column, []).append(row)
        return found

    def row_texts(self, row: int) -> list[str]:
        """What a row prints."""
        at = ((row, column) for column in self.rows.get(row, ()))
        return [self.printed[cell] for cell in at if cell in self.printed]

    def find(self, texts: Iterable[str]) -> list[Position]:
        """Where one of the texts is printed; else where one that resembles one of them is."""
        wanted = set(map(norm, texts))
        hits = [at for text in wanted for at in self._normal.get(text, ())]
        if not hits:
            hits = [at for text in {*map(loose, texts)} for at in self._loose.get(text, ())]
        return sorted(hits)

    @cached_property
    def _normal(self) -> Mapping[str, list[Position]]:
        found: dict[str, list[Position]] = {}
        for at, text in self.printed.items():
            found.setdefault(norm(text), []).append(at)
        return found

    @cached_property
    def _loose(self) -> Mapping[str, list[Position]]:
        found: dict[str, list[Position]] = {}
        for at, text in self.printed.items():
            found.setdefault(loose(text), []).append(at)
        return found

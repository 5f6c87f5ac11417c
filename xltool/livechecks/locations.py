"""What the translation of rules to formulas asks of a workbook whose tables have been located."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from xltool.core.cellref import CellRef
from xltool.core.model import Path
from xltool.core.places import ListPlace, TableCopy
from xltool.livechecks.areas import CellArea


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a list, filled or not.

    Of a list with fixed codes it is known by its `code`, of another by its sheet row `number`; `code` is then
    what the row holds now.
    """

    place: ListPlace
    code: str
    number: int = 0

    @property
    def copy(self) -> TableCopy:
        """The instance of the table that it is in."""
        return self.place.copy


class BookLocations(Protocol):
    """Cells and areas as formulas refer to them: with their sheet, quoted."""

    def field(self, copy: TableCopy, path: Path) -> CellRef | None:
        """Sheet and address of a single cell; None where the workbook has none."""

    def row_cell(self, row: ListRow, column: str) -> CellRef | None:
        """Sheet and address of a cell of a row."""

    def listed(self, place: ListPlace, code: str) -> CellRef | None:
        """Sheet and address of the amount of a fixed code."""

    def column(self, place: ListPlace, column: str) -> str:
        """A column of a list, and the rows next to it where new ones may come. Raises `Untranslatable`."""

    def flat_level(self, place: ListPlace) -> int | None:
        """The lowest level of codes, where a list has rows of it alone."""

    def codes(self, place: ListPlace) -> str:
        """The codes beside such a column, as an array of texts or numbers. Raises `Untranslatable`."""

    def own_code(self, row: ListRow) -> str:
        """The code of a row: a cell as text, or of a fixed code a quoted text."""

    def key(self, place: ListPlace) -> str:
        """The column of a list that is filled in every row of it: its codes, or a text."""

    def labelled(self, place: ListPlace, text: str) -> tuple[str, str]:
        """The column of a list in which a row has this text, and the text as it is spelt there."""

    def shown(self, copy: TableCopy, block: str, column: str) -> Sequence[str]:
        """The areas of a column of a block, or of the list whose total it is."""

    def state(self, copy: TableCopy) -> str:
        """The cell that holds the state of a table."""

    def head(self, name: str) -> str:
        """A head of the document: the text of its cell, or a quoted text."""

    def areas(self, refs: Sequence[CellRef]) -> list[CellArea]:
        """Cells as areas. Raises `Untranslatable` for a sheet in another money unit than the rest."""

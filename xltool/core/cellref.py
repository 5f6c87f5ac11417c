"""The address of a cell in a workbook."""

from __future__ import annotations

from typing import NamedTuple


class CellRef(NamedTuple):
    """The address of a cell: the name of its sheet, and C12."""

    sheet: str
    ref: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.ref}"

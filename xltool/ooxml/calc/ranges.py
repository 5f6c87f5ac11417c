"""What the functions of formulas ask of ranges of cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from xltool.ooxml.calc.calcvalues import Offset, Plain
from xltool.ooxml.calc.columns import ColumnFacts
from xltool.ooxml.calc.criteria import Criterion
from xltool.ooxml.calc.tree import SheetArea


class Ranges(Protocol):
    """The cells of ranges, each worked out before it is asked for."""

    def inside(self, place: SheetArea) -> list[Plain]:
        """The values of the cells of a range that are not blank. Raises CalculationError."""

    def filled(self, place: SheetArea) -> list[tuple[Offset, Plain]]:
        """As `inside`, column by column, each value with its place in the range."""

    def equal(self, place: SheetArea, wanted: Criterion) -> Sequence[Offset] | None:
        """The places of a range that a criterion holds for, in order; None when all have to be looked at."""

    def facts(self, place: SheetArea) -> Sequence[ColumnFacts] | None:
        """What is known of all values in the columns of a range; None of a few cells."""

    def every(self, rows: int, columns: int) -> list[Offset]:
        """All places of so many rows and columns of a range. Raises CalculationError."""

    def picked(self, place: SheetArea, offsets: Sequence[Offset]) -> list[Plain]:
        """The values of some places of a range, None where a cell is blank. Raises CalculationError."""

    def reach(self, place: SheetArea) -> tuple[int, int]:
        """How many rows and columns of a range there are until all further cells are blank."""

    def spend(self, cells: int) -> None:
        """Take note of work as long as looking at so many cells. Raises CalculationError when it is too much."""

"""The cells that findings point to: their labels and values, where they stand in the page, areas in short."""

from __future__ import annotations

from xltool.checks import Validation
from xltool.core.cellref import CellRef
from xltool.core.model import Value
from xltool.core.places import Place


class CellNames:
    """Labels, values, formulas and page anchors of the cells of one validated workbook."""

    def __init__(self, validation: Validation) -> None:
        self._context = validation.context
        reading = validation.reading
        self._workbook = reading.workbook
        self.order = {sheet.name: n for n, sheet in enumerate(reading.workbook.sheets, 1)}
        self.tables = reading.table_on

    def home(self, cell: CellRef) -> CellRef:
        """The cell itself, or the top left one of the merged range that covers it."""
        sheet, ref = cell
        merge = self._workbook.sheet(sheet).merge_of(ref)
        return CellRef(sheet, merge.anchor) if merge else cell

    def anchor(self, cell: CellRef) -> str:
        """The id of a cell in the page."""
        sheet, ref = self.home(cell)
        return f"c{self.order[sheet]}-{ref}"

    def label(self, cell: CellRef) -> str:
        """Row and column of a cell in the words of the form; "" for a cell that no field is bound to."""
        place = self.place(cell)
        return self._context.label(place) if place else ""

    def value(self, cell: CellRef) -> Value | None:
        """What was read from a cell, in the money unit of the report."""
        place = self.place(cell)
        return self._context.value(place) if place else None

    def formula(self, cell: CellRef) -> str | None:
        """The formula of a cell, without "="."""
        return self._workbook.sheet(cell[0]).formula(cell[1])

    def place(self, cell: CellRef) -> Place | None:
        """The place in the report that is bound to a cell, filled or not."""
        return self._context.reading.map.place(cell)

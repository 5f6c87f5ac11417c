"""Which cells of a workbook are formulas, what they read, and which figures stand there as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property

from xltool.checks.context import Context
from xltool.checks.formulas import changed_cells
from xltool.core.cellref import CellRef
from xltool.core.model import CODE
from xltool.core.places import FieldPlace, Place, RowPlace
from xltool.ooxml import Range, split_ref
from xltool.ooxml.read.formula import MAX_LENGTH, references
from xltool.rules.values import Quantity

_ABOVE, _BELOW = "上一行", "下一行"


class BookCells:
    """The cells of one workbook under validation, by place."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._faults = frozenset(fault.place for fault in context.reading.faults)
        self._cells: dict[Place, tuple[CellRef, int, int] | None] = {}
        self._areas: dict[Place, list[tuple[str, Range]]] = {}

    def is_formula(self, place: Place) -> bool:
        """Whether a formula stands at a place."""
        return self._formula(place) is not None

    @cached_property
    def unseen(self) -> bool:
        """Whether figures of the workbook may be results of formulas that are not to be seen."""
        sheets = self._context.reading.workbook.sheets
        return any(s.unread_formulas for s in sheets) or not any(s.formulas() for s in sheets)

    def is_changed(self, place: Place) -> bool:
        """Whether the formula at a place is another than the form's: an intact one is never the slip."""
        return self._context.cell(place) in self._changed

    @cached_property
    def _changed(self) -> frozenset[CellRef]:
        return changed_cells(self._context)

    def is_text(self, place: Place) -> bool:
        """Whether the figure at a place is stored as text: sums leave it out."""
        found = self._cell(place)
        if found is None or not isinstance(self._context.value(place), Decimal):
            return False
        (sheet, ref), _, _ = found
        return isinstance(self._context.reading.workbook.sheet(sheet).value(ref), str)

    def reads(self, place: Place, others: Iterable[Place]) -> bool:
        """Whether the formula at `place` reads each of the other cells; what the form has not counts for nothing."""
        areas = self._read_areas(place)
        return bool(areas) and all(self._within(other, areas) for other in others)

    def follows(self, place: Place, other: Place) -> bool:
        """Whether the figure at `place` is made of that in another cell.

        In a column of a list only of those below its own code, though the range of its SUMIF holds all that come after.
        Where it makes no figure, any cell of the range may be why.
        """
        beside = (
            isinstance(self._context.value(place), Decimal)
            and isinstance(place, RowPlace)
            and isinstance(other, RowPlace)
            and (place.of_list, place.column) == (other.of_list, other.column)
            and not self._code(other).startswith(self._code(place))
        )
        return not beside and self.reads(place, [other])

    def is_fault(self, place: Place) -> bool:
        """Whether something stands at a place that is no figure."""
        return place in self._faults

    def neighbours(self, place: Place, *, peers: bool = False) -> Iterator[tuple[str, Decimal]]:
        """Figures that may have been copied by mistake: of the rows and columns beside, and last year's.

        Formulas that follow the cell are left out. With `peers`, so is what may be equal to it by right: other
        formulas, the 类 and 款 of a 项, the other columns of its row.
        """
        for words, other in self._beside(place):
            value = self._context.value(other)
            peer = words in (_ABOVE, _BELOW) and self._level(place) == self._level(other)
            usable = (
                peer and not self.is_formula(other) if peers else not self.reads(other, [place])
            )
            if isinstance(value, Decimal) and value and usable:
                yield words, value
        past = self.last_year(place)
        if past is not None:
            yield "上年", past

    def _level(self, place: Place) -> int:
        """The length of the 科目编码 of a place's row, 0 without one."""
        return len(self._code(place))

    def _code(self, place: Place) -> str:
        """The 科目编码 of a place's row, "" without one."""
        return str((self._context.row(place) or {}).get(CODE, ""))

    def _beside(self, place: Place) -> Iterator[tuple[str, Place]]:
        """The places above, below and in the same row of a table, with words for them."""
        found = self._cell(place)
        if found is None:
            return
        (sheet, _), row, column = found
        in_row = self._context.reading.map.in_row
        for words, at in ((_ABOVE, row - 1), (_BELOW, row + 1)):
            if other := in_row(sheet, at).get(column):
                yield words, other
        for at, other in in_row(sheet, row).items():
            if at != column and other[:2] == place[:2]:
                yield _in_words(self._context, other, place), other

    def last_year(self, place: Place) -> Decimal | None:
        """What stood at a place in last year's report: in a list, in the row with the same code."""
        prior = self._context.prior
        if prior is None:
            return None
        if isinstance(place, FieldPlace):
            past: Quantity | None = prior.field(*place)
        else:
            code = self._code(place)
            key = prior.by_code(place.table, place.instance, place.list, code) if code else None
            past = prior.cell(key, place.column) if key else None
        return past.value if past and not past.blank else None

    def _within(self, place: Place, areas: list[tuple[str, Range]]) -> bool:
        found = self._cell(place)
        if found is None:
            return True
        (sheet, _), row, column = found
        return any(name == sheet and area.holds(row, column) for name, area in areas)

    def _cell(self, place: Place) -> tuple[CellRef, int, int] | None:
        if place not in self._cells:
            cell = self._context.cell(place)
            self._cells[place] = (cell, *split_ref(cell[1])) if cell else None
        return self._cells[place]

    def _formula(self, place: Place) -> str | None:
        found = self._cell(place)
        if found is None:
            return None
        sheet, ref = found[0]
        return self._context.reading.workbook.sheet(sheet).formula(ref)

    def _read_areas(self, place: Place) -> list[tuple[str, Range]]:
        """What the formula at a place reads; nothing when none stands there."""
        if place not in self._areas:
            found, formula = self._cell(place), self._formula(place)
            self._areas[place] = (
                [(name or found[0][0], area) for name, area in references(formula)]
                if found and formula and len(formula) <= MAX_LENGTH
                else []
            )
        return self._areas[place]


def _in_words(context: Context, other: Place, place: Place) -> str:
    """A place in the same row of a sheet, by its column where both are in one row of the report."""
    if isinstance(other, FieldPlace):
        return f"“{other.path[-1]}”栏"
    return f"“{other.column}”栏" if other[:4] == place[:4] else f"“{context.label(other)}”"

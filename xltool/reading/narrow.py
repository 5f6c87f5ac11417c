"""Amounts in columns that are surely too narrow for them: Excel and WPS print #### there, which nobody can read.

A number does not flow over into the next cell as a text does. Widths are only counted where the file states them;
what is taken for the width of a text is less than any of the usual typefaces needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from xltool.core.caches import remembered
from xltool.core.places import Place
from xltool.ooxml import Sheet, split_ref
from xltool.ooxml.read.numberformat import shown_number
from xltool.reading.misprints import number_cells

if TYPE_CHECKING:
    from xltool.reading.model import Reading

_GENERAL = ("General", "G/通用格式")
"""These drop decimals, or print an exponent, before they print ####."""
_SIGN = Decimal("0.3")
"""A comma, point, minus or bracket beside a digit, at least."""
_BESIDE = 9
"""More signs than this beside its whole digits no amount prints."""


class Narrow(NamedTuple):
    """A cell that prints ####: what it would print, and the width of its column in digits."""

    place: Place
    sheet: str
    ref: str
    text: str
    width: Decimal


def narrow_cells(reading: Reading) -> Iterator[Narrow]:
    """Every cell with a number that its column has no room for."""
    sheets = {sheet.name: _Widths(reading, sheet) for sheet in reading.workbook.sheets}
    for found in reading.found:
        widths = sheets[found.sheet]
        for place, ref, _ in number_cells(reading, found, widths.is_narrow):
            if (seen := widths.lacks(ref)) is not None:
                yield Narrow(place, found.sheet, ref, *seen)


class _Widths:
    """The room that the cells of a sheet have."""

    def __init__(self, reading: Reading, sheet: Sheet) -> None:
        self._reading, self._sheet = reading, sheet
        self._known: dict[int, Decimal | None] = {}

    def _column(self, column: int) -> Decimal | None:
        if column not in self._known:
            self._known[column] = self._sheet.column_width(column)
        return self._known[column]

    def is_narrow(self, ref: str) -> bool:
        """Whether a cell holds a number that it has no room for."""
        return self.lacks(ref) is not None

    def lacks(self, ref: str) -> tuple[str, Decimal] | None:
        """What a cell would print and the width that it has, where that is too small."""
        _, column = split_ref(ref)
        own, value = self._column(column), self._reading.value(self._sheet.name, ref)
        if own is None or not isinstance(value, Decimal) or value.adjusted() + 1 + _BESIDE <= own:
            return None
        sheet, room = self._sheet, own
        if (merge := sheet.merge_of(ref)) is not None:
            columns = [self._column(n) for n in range(merge.left, merge.right + 1)]
            room = sum((width or Decimal(99) for width in columns), Decimal(0))
        scale, code = sheet.digit_scale(ref), sheet.number_format(ref)
        if scale is None or code in _GENERAL or column in sheet.hidden_cols:
            return None
        text, least = printed(value, code, date1904=sheet.workbook.date1904)
        return (text, room) if least * scale > room else None


@remembered(1 << 12)
def printed(value: Decimal, code: str, *, date1904: bool) -> tuple[str, Decimal]:
    """What a format prints, and the digits that it is wide, at least; nothing where that is not sure."""
    seen = shown_number(value, code, date1904=date1904)
    if not seen.sure:
        return "", Decimal(0)
    text = seen.text.strip()
    digits = sum(char.isdigit() for char in text)
    return text, digits + _SIGN * sum(char in ",.-()" for char in text)

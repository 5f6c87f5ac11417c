"""Cells in live Excel formulas: sums and counts of areas, also of those rows only whose code matches.

Only functions that Excel 2010, WPS and LibreOffice share are used, nothing is volatile, and no array entry is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xltool.ooxml import column_letter, split_ref

_ARGUMENTS = 200
"""Functions take 255 arguments at the most."""


@dataclass(frozen=True, slots=True)
class CellArea:
    """A rectangle of cells, `'表'!C7:C12`.

    `mask`: which of its rows count, an array of truth values of the same size; "": all. `gate`: a truth value without
    which none counts; "": there is none.
    """

    cells: str
    mask: str = ""
    gate: str = ""

    def _counted(self, *tests: str) -> str:
        factors = [test for test in (self.mask, *tests) if test]
        return self._gated(f"SUMPRODUCT({'*'.join(factors)})")

    def _gated(self, formula: str) -> str:
        return f"({self.gate})*{formula}" if self.gate else formula

    @property
    def plain(self) -> bool:
        """All its cells count."""
        return not self.mask and not self.gate

    @property
    def total(self) -> str:
        """The sum of its numbers."""
        if self.mask:
            return self._gated(f"SUMPRODUCT({self.mask}*1,{self.cells})")
        return self._gated(f"SUM({self.cells})")

    @property
    def filled(self) -> str:
        """How many of its cells hold a number. A formula's "" is none."""
        if self.mask:
            return self._counted(f"ISNUMBER({self.cells})")
        return self._gated(f"COUNT({self.cells})")

    @property
    def rounded(self) -> str:
        """How many numbers other than zero have at most two decimals."""
        return self._counted(self._number, f"({self.cells}<>0)", f"({self._decimals('=')})")

    @property
    def exact(self) -> str:
        """How many numbers have more than two decimals."""
        return self._counted(self._number, f"({self._decimals('<>')})")

    @property
    def zeros(self) -> str:
        """How many zeros stand in it."""
        return self._counted(self._number, f"({self.cells}=0)")

    @property
    def figures(self) -> str:
        """How many numbers are not zero."""
        return self._counted(self._number, f"({self.cells}<>0)")

    @property
    def faults(self) -> str:
        """How many texts stand in it that are neither empty nor a dash."""
        bare = f'SUBSTITUTE(SUBSTITUTE(TRIM({self.cells}),"—",""),"-","")'
        return self._counted(f"ISTEXT({self.cells})", f"(LEN({bare})>0)")

    @property
    def _number(self) -> str:
        return f"ISNUMBER({self.cells})"

    def _decimals(self, operator: str) -> str:
        # as texts, so that neither the texts in an area nor the noise of binary fractions disturb
        return f'TEXT({self.cells},"0.00")&"000000"{operator}TEXT({self.cells},"0.00000000")'


def quoted(text: str) -> str:
    """A text as formulas write it."""
    return '"{}"'.format(text.replace('"', '""'))


def total(areas: Sequence[CellArea]) -> str:
    """The sum of the numbers of several areas."""
    return _together("SUM", areas, [area.total for area in areas if not area.plain])


def filled(areas: Sequence[CellArea]) -> str:
    """How many cells of several areas hold a number."""
    return _together("COUNT", areas, [area.filled for area in areas if not area.plain])


def _together(function: str, areas: Sequence[CellArea], others: list[str]) -> str:
    plain = [area.cells for area in areas if area.plain]
    calls = [
        f"{function}({','.join(plain[start : start + _ARGUMENTS])})"
        for start in range(0, len(plain), _ARGUMENTS)
    ]
    return "+".join(calls + others) or "0"


def rectangles(refs: Iterable[tuple[str, str]]) -> list[str]:
    """Single cells (sheet, address) as few areas: `C7`, `C8`, `D7`, `D8` become `C7:D8`."""
    columns: dict[tuple[str, int], list[int]] = {}
    for sheet, ref in dict.fromkeys(refs):
        row, column = split_ref(ref)
        columns.setdefault((sheet, column), []).append(row)
    strips = [
        (sheet, top, bottom, column)
        for (sheet, column), rows in columns.items()
        for top, bottom in _runs(sorted(rows))
    ]
    found: list[tuple[str, int, int, int, int]] = []
    for sheet, top, bottom, column in sorted(strips):
        if found and found[-1][:3] == (sheet, top, bottom) and found[-1][4] == column - 1:
            found[-1] = (*found[-1][:4], column)
        else:
            found.append((sheet, top, bottom, column, column))
    return [area_ref(*rectangle) for rectangle in found]


def area_ref(sheet: str, top: int, bottom: int, left: int, right: int) -> str:
    """A rectangle of a sheet as formulas refer to it."""
    first, last = f"{column_letter(left)}{top}", f"{column_letter(right)}{bottom}"
    return sheet_prefix(sheet) + (first if first == last else f"{first}:{last}")


def sheet_prefix(name: str) -> str:
    """`'表'!`: quoted even where it need not be, since programs do not agree on where."""
    return "'{}'!".format(name.replace("'", "''"))


def _runs(rows: list[int]) -> Iterable[tuple[int, int]]:
    start = 0
    for n in range(1, len(rows) + 1):
        if n == len(rows) or rows[n] != rows[n - 1] + 1:
            yield rows[start], rows[n - 1]
            start = n

"""The formulas of a worksheet, shared ones expanded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import compress

from xltool.ooxml.package.errors import WorkbookError
from xltool.ooxml.read.refs import Range, plain_ref
from xltool.ooxml.read.shared import SharedFormulas, StoredFormula, stored_formula
from xltool.ooxml.read.xlsx.cellsource import RawCell
from xltool.ooxml.read.xlsx.cellvalues import XlsxCells
from xltool.ooxml.read.xlsx.part import XlsxPart
from xltool.ooxml.read.xlsx.segments import SegmentScan


def formula_of(cell: RawCell) -> StoredFormula | None:
    """The formula of a cell as stored, if it has one."""
    formula = stored_formula(cell[3]) if cell[3] else None
    return formula if formula and formula.exists else None


class XlsxFormulas:
    """The formulas of one state of a sheet: made anew when formulas changed.

    `cells` gives the present values, which may change while the formulas stay. Methods are those of `Sheet`.
    """

    def __init__(self, part: XlsxPart, cells: Callable[[], XlsxCells]) -> None:
        self._part, self._cells = part, cells

    @cached_property
    def stored(self) -> dict[str, StoredFormula]:
        cells = self._cells().columns
        found = {ref: raw for ref, raw in zip(cells.refs, cells.formulas, strict=True) if raw}
        return {
            ref: formula for ref, raw in found.items() if (formula := stored_formula(raw)).exists
        }

    @cached_property
    def _shared(self) -> SharedFormulas:
        shared = SharedFormulas()
        for ref, formula in self.stored.items():
            try:
                shared.add(ref, formula)
            except ValueError as error:
                raise self._part.bad(ref, str(error)) from None
        return shared

    def stored_of(self, ref: str) -> StoredFormula | None:
        """The formula of a cell as stored, None without one."""
        cell = self._part.cell(ref)
        return None if cell is None else formula_of(cell)

    def of(self, ref: str) -> str | None:
        formula = self.stored_of(ref)
        return None if formula is None else self._expanded(plain_ref(ref), formula)

    def _expanded(self, ref: str, formula: StoredFormula) -> str | None:
        if formula.kind != "shared" or formula.text:
            return None if formula.kind == "dataTable" else formula.text
        text = self._shared.text(ref, formula)
        if text is None:
            raise self._part.bad(ref, f"共享公式 {formula.group} 没有主公式")
        return text

    def all(self) -> Mapping[str, str]:
        return {} if self._part.has_no_formula else self._formulas

    @cached_property
    def _formulas(self) -> dict[str, str]:
        found: dict[str, str] = {}
        room = self._part.book.limits.max_formula_text
        for ref, formula in self.stored.items():
            text = self._expanded(ref, formula)
            if text is not None:
                found[ref] = text
                room -= len(text)
            if room < 0:
                raise self._too_much()
        return found

    def _too_much(self) -> WorkbookError:
        return WorkbookError(
            "too-large",
            f"工作表“{self._part.name}”的公式过多过长，已拒绝读取。",
            file=self._part.book.file,
        )

    @cached_property
    def arrays(self) -> dict[str, Range]:
        if self._part.has_no_formula or not self._part.source.may_have_arrays:
            return {}
        try:
            return {
                ref: Range.parse(formula.area or ref)
                for ref, formula in self.stored.items()
                if formula.kind in ("array", "dataTable")
            }
        except ValueError as error:
            raise self._part.bad("", str(error)) from None

    def has_cached(self, ref: str) -> bool:
        cell = self._part.cell(ref)
        if cell is None or self.stored_of(ref) is None:
            return False
        return bool(cell[4]) or (cell[2] == "str" and bool(cell[5]))

    def uncached(self) -> frozenset[str]:
        return frozenset() if self._part.has_no_formula else self._cells().uncached

    def values(self) -> Iterator[str]:
        if self._part.has_no_formula:
            return iter(())
        source = self._part.source
        if isinstance(source, SegmentScan):
            return source.formula_values()
        cells = self._cells().columns
        return (raw or "" for raw in compress(cells.raws, cells.formulas))

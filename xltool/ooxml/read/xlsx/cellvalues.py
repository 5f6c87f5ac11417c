"""The values of a worksheet's cells, decoded when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from xltool.ooxml.package.errors import WorkbookError
from xltool.ooxml.package.xmltext import cell_text
from xltool.ooxml.read.refs import Range, extent_of, plain_ref, top_rows
from xltool.ooxml.read.shared import stored_formula
from xltool.ooxml.read.values import NUMBERS, TEXTS, Value, stored
from xltool.ooxml.read.xlsx.cells import SheetScan
from xltool.ooxml.read.xlsx.cellsource import Columns, RawCell, by_columns
from xltool.ooxml.read.xlsx.part import XlsxPart
from xltool.ooxml.read.xlsx.segments import SegmentScan
from xltool.ooxml.read.xlsx.strings import rich_text

_SCANS = (SheetScan, SegmentScan)
_BLANK_TEXT: dict[tuple[str, str | None], str] = {("str", "<v></v>"): ""}
"""What a formula stores whose value is an empty text: kind, what the cell holds, value."""


def _without_raw(kind: str, rest: str | None) -> Value:
    """The value of a cell that has no `<v>` with something in it."""
    if rest and rest.startswith("<is>"):
        return rich_text(rest)
    return "" if rest and kind == "str" else None


class XlsxCells:
    """The values of one state of a sheet: made anew when cells changed. Its methods are those of `Sheet`."""

    def __init__(self, part: XlsxPart) -> None:
        self._part = part
        self._heads: dict[int, list[tuple[str, Value]]] = {}

    @cached_property
    def _ordered(self) -> list[RawCell]:
        try:
            return [cell for cell in self._part.source.ordered() if cell[3] or cell[4] or cell[5]]
        except ValueError as error:
            raise self._part.bad("", str(error)) from None

    @cached_property
    def columns(self) -> Columns:
        source = self._part.source
        return source.columns() if isinstance(source, _SCANS) else by_columns(self._ordered)

    @cached_property
    def values(self) -> dict[str, Value]:
        """All cells of `items`, decoded at once: most sheets are read as a whole."""
        known: dict[str, Mapping[str, Value]] = {
            "": NUMBERS,
            "n": NUMBERS,
            "str": TEXTS,
            "s": self._part.book.lookups.by_index,
            "inlineStr": TEXTS,
        }
        source = self._part.source
        if isinstance(source, SegmentScan):
            usual = zip(*source.contents(), strict=True)
        else:
            cells = self.columns
            usual = zip(cells.refs, cells.kinds, cells.raws, cells.rests, strict=True)
        try:
            return {
                ref: known[kind][raw] if raw else _BLANK_TEXT[kind, rest]
                for ref, kind, raw, rest in usual
            }
        except (KeyError, ValueError):
            return self._looked_at()

    def _looked_at(self) -> dict[str, Value]:
        """As `values`, for cells of any kind."""
        found: dict[str, Value] = {}
        ref = ""
        try:
            for ref, kind, formula, raw, text, rest in zip(*self.columns, strict=True):
                if raw:
                    value = self._stored(kind, raw)
                else:
                    value = _without_raw(kind, rest) if text is None else cell_text(text)
                if value is not None or formula:
                    found[ref] = value
        except ValueError as error:
            raise self._part.bad(ref, str(error)) from None
        return found

    def value(self, ref: str) -> Value:
        known: dict[str, Value] | None = self.__dict__.get("values")
        if known is None and isinstance(self._part.source, _SCANS):
            known = self.values
        if known is not None:
            found = known.get(ref)
            return known.get(plain_ref(ref)) if found is None else found
        cell = self._part.cell(ref)
        if cell is None or not (cell[4] or cell[5]):
            return None
        return self.decoded(cell)

    def lookup(self) -> Callable[[str], Value]:
        return self.values.get if isinstance(self._part.source, _SCANS) else self.value

    def decoded(self, cell: RawCell) -> Value:
        """The value of a cell as stored. Raises WorkbookError."""
        ref, _, kind, _, raw, rest = cell
        try:
            return self._stored(kind, raw) if raw else _without_raw(kind, rest)
        except ValueError as error:
            raise self._part.bad(ref, str(error)) from None

    def _stored(self, kind: str, raw: str) -> Value:
        return stored(kind, raw, self._part.book.lookups.strings, self._part.book.date1904)

    def head(self, rows: int) -> Sequence[tuple[str, Value]]:
        """The filled cells of the first `rows` rows, found once: titles, units and codes are looked for there."""
        found = self._heads.get(rows)
        if found is None:
            cells = self._part.unread.head(rows) if self._part.unread else None
            top = self._top(rows) if cells is None else self._filled(cells)
            found = self._heads[rows] = list(top)
        return found

    def _top(self, rows: int) -> Iterable[tuple[str, Value]]:
        """As `head`, of all values: a damaged cell further down is told to who reads it."""
        try:
            return top_rows(self.values.items(), rows)
        except WorkbookError:
            first = top_rows(((cell[0], cell) for cell in self._ordered), rows)
            return self._filled(cell for _, cell in first)

    def _filled(self, cells: Iterable[RawCell]) -> Iterator[tuple[str, Value]]:
        for cell in cells:
            value = self.decoded(cell)
            if value is not None or cell[3]:
                yield cell[0], value

    @cached_property
    def uncached(self) -> frozenset[str]:
        """The cells with a formula that store no value of it."""
        source = self._part.source
        cells = source.without_value() if isinstance(source, SegmentScan) else self.columns
        return frozenset(
            ref
            for ref, kind, formula, raw, text, rest in zip(*cells, strict=True)
            if formula
            and not raw
            and not (kind == "str" and (rest or text is not None))
            and stored_formula(formula).exists
        )

    @cached_property
    def extent(self) -> Range | None:
        """The smallest range that holds all of them."""
        return extent_of(self.values)

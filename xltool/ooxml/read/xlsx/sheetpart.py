"""A worksheet part: proved well-formed when its workbook is opened, taken apart when somebody wants its cells.

Many sheets are never asked for more than their first rows: those that hold no table of a form. What they
are asked (is there a formula, which cells hold numbers) is told by a look at their text.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from xltool.core.caches import remembered
from xltool.ooxml.package.limits import Limits
from xltool.ooxml.package.xmltext import SMALL, check, check_shell, checked_text, codec_of, decode
from xltool.ooxml.read.values import NUMERIC
from xltool.ooxml.read.xlsx.cells import SheetScan, cut, look, scan_sheet
from xltool.ooxml.read.xlsx.cellsource import RawCell
from xltool.ooxml.read.xlsx.segments import SegmentScan

_FORM = 1 << 18
"""Up to this size (bytes) rows are cut at their values: longer ones are no form, and share little."""

_START, _END = b"<sheetData>", b"</sheetData>"
_ROW = re.compile(rb'<row r="([1-9][0-9]{0,6})"((?: [a-zA-Z0-9_.:-]+="[^"<>]*")*) ?/?>')
_STORED = re.compile(
    rb'<c r="([A-Z]+[1-9][0-9]*)"([^<>]*)>(?:<f[^<>]*(?:/>|>[^<]*</f>))?<v>(?=[^<]*[^<\s])'
)
"""A cell with a value: address, other attributes."""

_EMPTY = re.compile(rb"<v ?(?:/>|></v>)")

_PREFIX = re.compile(r"\sxmlns:([^\s=]+)\s*=")
_ODD = (b"<!", b"<?", b"xmlns")
"""What may hide cells from a look, or show some that are none."""


class _Pieces(NamedTuple):
    """A part cut in two: its text without the rows, and its rows."""

    shell: str
    region: bytes


class SheetPart:
    """A worksheet part. Raises WorkbookError when it is not well-formed."""

    def __init__(self, data: bytes, part: str, where: str, limits: Limits) -> None:
        self._part, self._where, self._limits = part, where, limits
        self._pieces = _pieces(data, part, limits)
        self._scan = self._cut_again(learn=False)
        if self._scan:
            check_shell(self._scan.shell, part)
            return
        self._data = data
        if codec_of(data, part) == "utf-8":
            check(data, part)
        else:
            checked_text(data, part)

    def _cut_again(self, *, learn: bool) -> SegmentScan | None:
        """The scan of a sheet of which most or all was seen in others before, or None."""
        if self._pieces is None or len(self._pieces.region) > _FORM:
            return None
        try:
            return SegmentScan(*self._pieces, learn=learn)
        except ValueError:
            return None

    def scan(self) -> SheetScan | SegmentScan:
        """The cells. Raises WorkbookError (corrupt, too-large). To be called once: the text is let go of."""
        found = self._scan or self._cut_again(learn=True)
        if found is None:
            return scan_sheet(decode(self._data, self._part), self._where, self._limits)
        return found

    # --- what a look tells: None where only the cells can tell ---------------------------------

    @cached_property
    def _plain(self) -> _Pieces | None:
        """The pieces of a part in whose rows every cell is to be seen."""
        if self._pieces is None:
            return None
        prefixes = _PREFIX.findall(self._pieces.shell)
        odd = (*_ODD, *(f"<{prefix}:".encode() for prefix in prefixes))
        return None if any(text in self._pieces.region for text in odd) else self._pieces

    @property
    def shell(self) -> str | None:
        """The part without its rows."""
        return self._pieces.shell if self._pieces else None

    @property
    def may_have_formulas(self) -> bool:
        """False when no cell has a formula."""
        if self._scan:
            return self._scan.may_have_formulas
        return self._plain is None or b"<f" in self._plain.region

    @cached_property
    def rows(self) -> list[tuple[int, str]] | None:
        """(row number, attributes as written) of every row element."""
        if self._scan:
            return self._scan.row_attributes()
        if self._plain is None:
            return None
        found = _ROW.findall(self._plain.region)
        if len(found) != self._plain.region.count(b"<row"):
            return None
        return [(int(number), raw.decode()) for number, raw in found]

    def head(self, rows: int) -> list[RawCell] | None:
        """The cells of the first `rows` rows, blank ones or not; None also where all cells are at hand."""
        if self._scan:
            return None
        numbers = [number for number, _ in self.rows] if self.rows is not None else None
        if self._plain is None or numbers is None or numbers != sorted(set(numbers)):
            return None
        region = self._plain.region
        below = next((number for number in numbers if number > rows), None)
        end = len(region) if below is None else region.find(b'<row r="%d"' % below)
        try:
            return SheetScan("", region[:end].decode()).ordered()
        except ValueError:
            return None

    def numeric_refs(self) -> list[str] | None:
        """The addresses of the cells that store a number, in the order of the part."""
        if self._scan:
            return self._scan.numeric_refs()
        if self._plain is None:
            return None
        region = self._plain.region
        found = _STORED.findall(region)
        if len(found) + len(_EMPTY.findall(region)) != region.count(b"<v"):
            return None
        try:
            kinds = {raw: look(raw.decode())[1] for raw in {raw for _, raw in found}}
        except ValueError:
            return None
        numeric = {raw for raw, kind in kinds.items() if kind in NUMERIC}
        return [ref.decode() for ref, raw in found if raw in numeric]


def _pieces(data: bytes, part: str, limits: Limits) -> _Pieces | None:
    """A part cut in two, or None unless it is plain to see where its rows begin and end."""
    start, end = data.find(_START) + len(_START), data.rfind(_END)
    if not len(_START) <= start <= end:
        return None
    if end - start > limits.max_cells * len("<c/>") and (
        data.count(b"<c", start, end) + data.count(b"<row", start, end) > limits.max_cells
    ):
        return None
    shell = _shell(data[:start] + data[end:], part)
    return None if shell is None else _Pieces(shell, data[start:end])


@remembered(128)
def _shell(data: bytes, part: str) -> str | None:
    """The text of a part without rows, or None unless it is short and its rows are where they seem to be."""
    if len(data) > SMALL or codec_of(data, part) != "utf-8":
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return text if cut(text, part, Limits()) == (text, "") else None

"""A worksheet cut at its stored values, and what stands between two of them parsed once for all sheets.

Books of one template differ in their values. The text between two values, addresses, formats and
formulas of cells, ends and starts of rows, is the same in many books: nearly every stretch of a sheet
is one that another sheet had. A sheet with anything unusual is left to the scan of `cells`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from itertools import chain, compress
from operator import lt
from typing import Any, NamedTuple

from xltool.ooxml.package.limits import Limits
from xltool.ooxml.package.xmltext import SMALL, check_shell, checked_text, codec_of, decode
from xltool.ooxml.read.cells import (
    CELL,
    STEP,
    STORED,
    Columns,
    RawCell,
    SheetScan,
    by_columns,
    check_tags,
    cut,
    different,
    is_plain_text,
    look,
    places,
    row_elements,
    scan,
    scan_sheet,
)

_STORED = re.compile(STORED.replace("*", "+").encode())
"""In the bytes of a part. An empty text is no value, but something that the stretch has."""

_SOME_VALUE = "<v>0</v></c>"
_ROOM = 1 << 22
"""So many bytes of stretches are kept: some 30 MB with what is known of them."""

_FORM = 1 << 18
"""Up to this size (bytes) rows are cut: longer ones are no form, and share little."""

_AT_ONCE = 1 << 22
"""Up to this size (bytes) a part is scanned when its workbook is opened."""

_TEXTS = frozenset({"inlineStr"})
_START, _END = b"<sheetData>", b"</sheetData>"


class _Stretch(NamedTuple):
    """The text up to a stored value: the cell that the value is in, and what is before that cell.

    `before` are the cells with something else than a value in them; `first` and `last` are the places
    of the first cell and of the last one. Behind the last value of a sheet there is no cell for
    another one: `ref` is ''.
    """

    ref: str
    style: str
    kind: str
    formula: str
    before: Columns | None
    first: int | None
    last: int | None
    tags: str


class _Known(dict[bytes, _Stretch]):
    """Stretches by their text. Raises ValueError for one that has anything unusual."""

    def __init__(self, value: str) -> None:
        self._value, self._room = value, _ROOM

    def __missing__(self, text: bytes) -> _Stretch:
        found = _stretch(text.decode(), self._value)
        self._room -= len(text)
        if self._room < 0:
            self.clear()
            self._room = _ROOM
        self[text] = found
        return found


_stretches, _ends = _Known(_SOME_VALUE), _Known("")
"""By the text before a value, and by the text behind the last one."""


def _stretch(text: str, value: str) -> _Stretch:
    # as in a whole sheet: a gap and the groups of a cell, again and again, and a gap
    flat = CELL.split(text + value)
    gaps, refs, formulas, texts, rests = (flat[n::STEP] for n in (0, 1, 3, 5, 6))
    looks = list(map(look, flat[2::STEP]))
    tags = [gaps[0], *((tag or "") + gap for tag, gap in zip(flat[7::STEP], gaps[1:], strict=True))]
    check_tags([*tags, "</row>"] if value else tags)
    numbers = list(map(places.__getitem__, refs))
    heads = {formula.partition(">")[0] for formula in formulas if formula}
    if (
        (value and (not refs or tags[-1]))
        or not is_plain_text(text)
        or not all(map(lt, numbers, numbers[1:]))
        or not all(map(different, heads))
        or any(rest.startswith("<is>") for rest in rests if rest)
    ):
        raise ValueError("unusual")
    cells = [
        (ref, style, kind, formula or "", "", rest or ("" if text is None else "<is><t></t></is>"))
        for ref, (style, kind), formula, text, rest in zip(
            refs, looks, formulas, texts, rests, strict=True
        )
    ]
    ref, style, kind, formula, *_ = cells.pop() if value else ("", "", "", "")
    filled = [cell for cell in cells if cell[3] or cell[5]]
    first, last = (numbers[0], numbers[-1]) if numbers else (None, None)
    before = by_columns(filled) if filled else None
    return _Stretch(ref, style, kind, formula, before, first, last, "".join(tags))


@lru_cache(maxsize=256)
def _rows(tags: str) -> list[tuple[int, str]]:
    """The rows of a sheet by their tags, of which many sheets have the same. Raises ValueError."""
    found = row_elements(tags)
    if not all(different(raw) for _, raw in found):
        raise ValueError("row")
    return found


class StretchScan:
    """The cells of a sheet, stretch by stretch. `shell` is the part without its rows.

    Raises ValueError when `region`, the rows as they stand in UTF-8, has anything unusual; otherwise it
    is well-formed and its cells are in order.
    """

    def __init__(self, shell: str, region: bytes) -> None:
        self.shell, self._region = shell, region
        flat: list[bytes] = _STORED.split(region)
        texts, end = flat[2::3], _ends[flat[-1]]
        stretches = [*map(_stretches.__getitem__, flat[:-1:3]), end]
        refs, styles, kinds, formulas, befores, firsts, lasts, tags = zip(*stretches, strict=True)
        if end.first is None:
            firsts = firsts[:-1]
        # of value and text each match has one; a "<" is in neither
        del flat[::3]
        values = b"<".join(filter(None, flat)).decode()
        if not (
            all(map(lt, lasts, firsts[1:]))
            and is_plain_text(values)
            and _TEXTS.issuperset(compress(kinds, texts))
            and not any(compress(formulas, texts))
        ):
            raise ValueError("unusual")
        self._rows = _rows("".join(tags))
        self._found = refs, kinds, formulas, befores
        self._looks = refs, styles
        self._values = values.split("<") if texts else []

    @cached_property
    def _whole(self) -> SheetScan:
        """For what the values do not need: blank cells and their formats."""
        return SheetScan(self.shell, self._region.decode())

    @cached_property
    def _styles(self) -> dict[str, str]:
        """The formats of the cells with a value."""
        return dict(zip(*self._looks, strict=True))

    def style(self, ref: str) -> str | None:
        """As of `SheetScan`."""
        known = self._styles.get(ref)
        return self._whole.style(ref) if known is None else known

    def cell(self, ref: str) -> RawCell | None:
        """The cell `ref`, written as in `A1`, or None."""
        return self._whole.cell(ref)

    @property
    def may_have_arrays(self) -> bool:
        """As of `SheetScan`."""
        return True

    def row_attributes(self) -> list[tuple[int, str]]:
        """As of `SheetScan`."""
        return self._rows

    def ordered(self) -> list[RawCell]:
        """All cells, row by row and from left to right."""
        return self._whole.ordered()

    def without_value(self) -> Columns:
        """The cells that hold something, but no value."""
        none: Columns = Columns([], [], [], [], [], [])
        befores = [none, *(before for before in self._found[3] if before)]
        return Columns(*(list(chain(*column)) for column in zip(*befores, strict=True)))

    def columns(self) -> Columns:
        """All cells that hold something, by columns; a text is the value of its cell."""
        return Columns(*self._columns(Columns._fields))

    def contents(self) -> list[list[Any]]:
        """Of `columns` what tells the values: refs, kinds, raws, rests."""
        return self._columns(("refs", "kinds", "raws", "rests"))

    def _columns(self, names: Iterable[str]) -> list[list[Any]]:
        refs, kinds, formulas, befores = self._found
        known = {"refs": refs, "kinds": kinds, "formulas": formulas, "raws": self._values}
        nothing = [None] * len(self._values)
        places = [n for n, before in enumerate(befores) if before]
        columns = []
        for name in names:
            column = list(known.get(name, nothing)[: len(nothing)])
            for at in reversed(places):
                column[at:at] = getattr(befores[at], name)
            columns.append(column)
        return columns


def open_sheet(
    data: bytes, part: str, where: str, limits: Limits
) -> Callable[[], SheetScan | StretchScan]:
    """Prove that a worksheet part is well-formed; what it returns scans it. Raises WorkbookError.

    Where a scan takes every character of the rows there is no need to parse them as well: rows
    that it takes are well-formed, and so is the part when what is left without them is.
    """
    if known := _known(data, part, limits):
        check_shell(known.shell, part)
        return lambda: known
    if len(data) <= _AT_ONCE and codec_of(data, part) == "utf-8":
        found = scan(cut(decode(data, part), where, limits))
        if found is not None and found.proved:
            check_shell(found.shell, part)
            return lambda: found
    text = checked_text(data, part)
    return lambda: scan_sheet(text, where, limits)


def _known(data: bytes, part: str, limits: Limits) -> StretchScan | None:
    """The scan of a sheet that has nothing unusual, or None."""
    start, end = data.find(_START) + len(_START), data.rfind(_END)
    if not len(_START) <= start <= end <= start + min(_FORM, limits.max_cells * len("<c/>")):
        return None
    try:
        shell = _shell(data[:start] + data[end:], part)
        return None if shell is None else StretchScan(shell, data[start:end])
    except ValueError:
        return None


@lru_cache(maxsize=128)
def _shell(data: bytes, part: str) -> str | None:
    """The text of a part without rows, or None unless it is short and its rows are where they seem to be."""
    if len(data) > SMALL or codec_of(data, part) != "utf-8":
        return None
    text = data.decode()
    return text if cut(text, part, Limits()) == (text, "") else None

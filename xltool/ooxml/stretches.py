"""A worksheet cut at its stored values, and what stands between two of them parsed once for all sheets.

Books of one template differ in their values. The text between two values, addresses, formats and
formulas of cells, ends and starts of rows, is the same in many books: nearly every stretch of a sheet
is one that another sheet had. A sheet with anything unusual is left to the scan of `cells`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property, lru_cache
from itertools import chain
from operator import lt
from typing import NamedTuple

from .cells import (
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
from .limits import Limits
from .xmltext import check_shell, checked_text, codec_of, decode

_STORED = re.compile(STORED)
_SOME_VALUE = "<v>0</v></c>"
_ROOM = 1 << 22
"""So many characters of stretches are kept: some 30 MB with what is known of them."""

_FORM = 1 << 18
"""Up to this size (characters) rows are cut: longer ones are no form, and share little."""

_AT_ONCE = 1 << 22
"""Up to this size (bytes) a part is scanned when its workbook is opened."""


class _Stretch(NamedTuple):
    """The text up to a stored value: the cell that the value is in, and what is before that cell.

    `before` are the cells with something else than a value in them; `first` and `last` are the places
    of the first cell and of the last one. Behind the last value of a sheet there is no cell for
    another one: `ref` is ''.
    """

    ref: str
    kind: str
    formula: str
    before: Columns | None
    first: int | None
    last: int | None
    tags: str


class _Known(dict[str, _Stretch]):
    """Stretches by their text. Raises ValueError for one that has anything unusual."""

    def __init__(self, value: str) -> None:
        self._value, self._room = value, _ROOM

    def __missing__(self, text: str) -> _Stretch:
        found = _stretch(text, self._value)
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
    gaps, refs, formulas, rests = (flat[n::STEP] for n in (0, 1, 3, 6))
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
        (ref, style, kind, formula or "", "", rest or "")
        for ref, (style, kind), formula, rest in zip(refs, looks, formulas, rests, strict=True)
    ]
    ref, _, kind, formula, *_ = cells.pop() if value else ("", "", "", "")
    filled = [cell for cell in cells if cell[3] or cell[5]]
    first, last = (numbers[0], numbers[-1]) if numbers else (None, None)
    return _Stretch(
        ref, kind, formula, by_columns(filled) if filled else None, first, last, "".join(tags)
    )


@lru_cache(maxsize=256)
def _rows_nest(tags: str) -> bool:
    """Whether the tags of a sheet's rows, of which many sheets have the same, are well-formed."""
    return all(different(raw) for _, raw in row_elements(tags))


class StretchScan:
    """The cells of a sheet, stretch by stretch. `shell` is the part without its rows.

    Raises ValueError when `region`, the rows, has anything unusual; otherwise it is well-formed and its
    cells are in order.
    """

    proved = True
    """Nothing in the rows can be ill-formed; the shell is not looked at."""

    def __init__(self, shell: str, region: str) -> None:
        self.shell, self._region = shell, region
        flat = _STORED.split(region)
        self._raws: list[str | None] = flat[1::3]
        self._texts: list[str | None] = flat[2::3]
        self._stretches = list(map(_stretches.__getitem__, flat[:-1:3]))
        self._end = end = _ends[flat[-1]]
        *_, firsts, lasts, tags = (
            zip(*self._stretches, strict=True) if self._stretches else [()] * 7
        )
        firsts = (*firsts[1:], *([] if end.first is None else [end.first]))
        if not (
            all(map(lt, lasts, firsts))
            and is_plain_text("\n".join(filter(None, chain(self._raws, self._texts))))
            and _rows_nest("".join(tags) + end.tags)
        ):
            raise ValueError("unusual")

    @cached_property
    def _whole(self) -> SheetScan:
        """For what the values do not need: formats, blank cells, rows."""
        return SheetScan(self.shell, self._region)

    def cell(self, ref: str) -> RawCell | None:
        """The cell `ref`, written as in `A1`, or None."""
        return self._whole.cell(ref)

    @property
    def may_have_arrays(self) -> bool:
        """As of `SheetScan`."""
        return self._whole.may_have_arrays

    def row_attributes(self) -> list[tuple[int, str]]:
        """As of `SheetScan`."""
        return self._whole.row_attributes()

    def ordered(self) -> list[RawCell]:
        """All cells, row by row and from left to right."""
        return self._whole.ordered()

    def columns(self) -> Columns:
        """All cells that hold something, by columns."""
        stretches = [*self._stretches, self._end]
        refs, kinds, formulas, befores, *_ = map(list, zip(*stretches, strict=True))
        raws, texts = list(self._raws), list(self._texts)
        rests: list[str | None] = [None] * len(raws)
        columns: list[list[str | None]] = [refs, kinds, formulas, raws, texts, rests]
        for at in reversed([n for n, before in enumerate(befores) if before]):
            for column, more in zip(columns, befores[at], strict=True):
                column[at:at] = more
        return Columns(refs[:-1], kinds[:-1], formulas[:-1], raws, texts, rests)


def open_sheet(
    data: bytes, part: str, where: str, limits: Limits
) -> Callable[[], SheetScan | StretchScan]:
    """Prove that a worksheet part is well-formed; what it returns scans it. Raises WorkbookError.

    Where a scan takes every character of the rows there is no need to parse them as well: rows
    that it takes are well-formed, and so is the part when what is left without them is.
    """
    if len(data) <= _AT_ONCE and codec_of(data, part) == "utf-8":
        pieces = cut(decode(data, part), where, limits)
        found = _known(pieces) or scan(pieces)
        if found is not None and found.proved:
            check_shell(found.shell, part)
            return lambda: found
    text = checked_text(data, part)
    return lambda: scan_sheet(text, where, limits)


def _known(pieces: tuple[str, str] | None) -> StretchScan | None:
    try:
        return StretchScan(*pieces) if pieces and len(pieces[1]) <= _FORM else None
    except ValueError:
        return None

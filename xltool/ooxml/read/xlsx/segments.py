"""A worksheet cut at its stored values, and what stands between two of them parsed once for all sheets.

Books of one template differ in their values. The text between two values, addresses, formats and
formulas of cells, ends and starts of rows, is the same in many books: nearly every segment of a sheet
is one that another sheet had. A sheet with anything unusual is left to the scan of `cells`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, compress
from operator import lt
from typing import Any, NamedTuple

from xltool.core.caches import register, remembered
from xltool.ooxml.read.values import NUMERIC
from xltool.ooxml.read.xlsx.cells import (
    CELL,
    STEP,
    STORED,
    SheetScan,
    check_tags,
    different,
    is_plain_text,
    look,
    places,
    row_elements,
)
from xltool.ooxml.read.xlsx.cellsource import Columns, RawCell, by_columns

_STORED = re.compile(STORED.replace("*", "+").encode())
"""In the bytes of a part. An empty text is no value, but something that the segment has."""

_SOME_VALUE = "<v>0</v></c>"
_ROOM = 1 << 21
"""So many bytes of segments are kept, and as many of those before: some 30 MB with what is known of them."""

_FEW_NEW = 64
"""So many segments that nobody has seen a sheet may have, for its text to be cut before anybody wants its cells."""

_TEXTS = frozenset({"inlineStr"})


class _Segment(NamedTuple):
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


class _Known(dict[bytes, _Segment]):
    """Segmentes by their text. Raises ValueError for one that has anything unusual, or is one too many.

    `new` is how many more of them may be new; None for any number.
    """

    def __init__(self, value: str) -> None:
        self._value, self._room = value, _ROOM
        self._old: dict[bytes, _Segment] = {}
        """Those that were kept before there were too many; what nobody asks for again goes with the next ones."""

        self.new: int | None = None

    def __missing__(self, text: bytes) -> _Segment:
        found = self._old.pop(text, None)
        if found is None:
            if self.new is not None:
                self.new -= 1
                if self.new < 0:
                    raise ValueError("new")
            found = _segment(text.decode(), self._value)
        self._room -= len(text)
        if self._room < 0:
            self._old, self._room = dict(self), _ROOM
            self.clear()
        self[text] = found
        return found

    def forget(self) -> None:
        self.clear()
        self._old, self._room = {}, _ROOM


_segments, _ends = _Known(_SOME_VALUE), _Known("")
"""By the text before a value, and by the text behind the last one."""
for _name, _known in (("segments", _segments), ("ends", _ends)):
    register(f"{__name__}.{_name}", _ROOM, _known.forget, _known.__len__)


_FORMULA = re.compile(r'<c r="([A-Z0-9]+)"([^<>/]*)><f(>[^<]*</f>)')


def _segment(text: str, value: str) -> _Segment:
    """What a segment says. Raises ValueError."""
    usual = _FORMULA.fullmatch(text) if value else None
    if usual is None:
        return _any_segment(text, value)
    # a cell with a formula, as of every subtotal of a list: its formula names the last row of the list
    ref, number = usual[1], places[usual[1]]
    if not is_plain_text(text):
        raise ValueError("unusual")
    return _Segment(ref, *look(usual[2]), usual[3], None, number, number, "")


def _any_segment(text: str, value: str) -> _Segment:
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
    return _Segment(ref, style, kind, formula, before, first, last, "".join(tags))


@remembered(256)
def _rows(tags: str) -> list[tuple[int, str]]:
    """The rows of a sheet by their tags, of which many sheets have the same. Raises ValueError."""
    found = row_elements(tags)
    if not all(different(raw) for _, raw in found):
        raise ValueError("row")
    return found


class SegmentScan:
    """The cells of a sheet, segment by segment. `shell` is the part without its rows.

    Raises ValueError when `region`, the rows as they stand in UTF-8, has anything unusual, or more than a
    few segments that are new where `learn` is False; otherwise it is well-formed and its cells are in order.
    """

    def __init__(self, shell: str, region: bytes, *, learn: bool) -> None:
        self.shell, self._region = shell, region
        _segments.new = None if learn else _FEW_NEW
        flat: list[bytes] = _STORED.split(region)
        texts, end = flat[2::3], _ends[flat[-1]]
        segments = [*map(_segments.__getitem__, flat[:-1:3]), end]
        refs, styles, kinds, formulas, befores, firsts, lasts, tags = zip(*segments, strict=True)
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

    def refs(self) -> list[str]:
        """As of `SheetScan`."""
        return self._whole.refs()

    def ordered(self) -> list[RawCell]:
        """All cells, row by row and from left to right."""
        return self._whole.ordered()

    def numeric_refs(self) -> list[str]:
        """The addresses of the cells that store a number."""
        refs, kinds, *_ = self._found
        return [
            ref for ref, kind, _ in zip(refs, kinds, self._values, strict=False) if kind in NUMERIC
        ]

    @property
    def may_have_formulas(self) -> bool:
        """False when no cell has a formula."""
        _, _, formulas, befores = self._found
        return any(formulas) or any(any(before.formulas) for before in befores if before)

    def formula_values(self) -> Iterator[str]:
        """What the cells with a formula store; '' for none, or a blank text."""
        _, _, formulas, befores = self._found
        yield from compress(self._values, formulas)
        for before in befores:
            yield from ("" for formula in (before.formulas if before else ()) if formula)

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

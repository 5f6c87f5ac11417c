"""The boxes of notes in a VML drawing: their shapes, added and taken out as text.

VML written by old versions of Excel need not be well-formed, so the text is not parsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from xltool.ooxml.edit.anchors import NOTE, ROW, SHAPE
from xltool.ooxml.read.refs import MAX_COLUMN, make_ref, split_ref
from xltool.ooxml.read.xlsx.sheet import XlsxSheet

_SPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
    ' path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_ID = re.compile(r"_x0000_s([0-9]+)")
_BLOCKS = re.compile(r"""<o:idmap\b[^>]*?\sdata=["']([0-9, ]+)["']""")
_COLUMN = re.compile(r"<(?:\w+:)?Column\s*>\s*([0-9]+)")
_ANY_SHAPE = re.compile(r"<(?:\w+:)?(?:shape|rect|roundrect|oval|line|image|group)\s")
_TYPE_USE = re.compile(r"""type\s*=\s*["']#_x0000_t202["']""")

_WIDTH = 270
"""Pixels; a line holds so many half-width characters:"""
_PER_LINE = 40
_LINE, _RIM, _MOST_LINES = 16, 12, 24
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = Decimal("8.43"), Decimal(15)


def first_block(drawings: Iterable[str]) -> int:
    """A number for the shape ids of a new drawing that none of these uses."""
    blocks = [n for text in drawings for data in _BLOCKS.findall(text) for n in data.split(",")]
    return max((int(n) for n in blocks if n.strip().isdigit()), default=0) + 1


def add_boxes(view: XlsxSheet, notes: Mapping[str, str], drawing: str, block: int) -> str:
    """The drawing with a hidden box for each note; from '' a new one with the ids of `block`."""
    ids = [int(number) for number in _ID.findall(drawing)]
    first = max(ids, default=max(block, 1) * 1024) + 1
    boxes = "".join(_box(view, ref, text, first + n) for n, (ref, text) in enumerate(notes.items()))
    if not drawing:
        spaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _SPACES.items())
        idmap = (
            f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout>'
        )
        return f"<xml{spaces}>{idmap}{_TYPE}{boxes}</xml>"
    kind = "" if 'id="_x0000_t202"' in drawing else _TYPE
    end = drawing.rindex("</")
    return f"{drawing[:end]}{kind}{boxes}{drawing[end:]}"


def _box(view: XlsxSheet, ref: str, text: str, id_: int) -> str:
    row, column = split_ref(ref)
    lines = min(1 + sum(_lines(line) for line in text.split("\n")), _MOST_LINES)
    height = lines * _LINE + _RIM
    left, top = min(column, MAX_COLUMN - 8), max(row - 2, 0)
    right, over = _reach(left, 15 + _WIDTH, lambda n: _pixels_across(view, n + 1))
    bottom, under = _reach(top, 4 + height, lambda n: _pixels_down(view, n + 1))
    anchor = f"{left}, 15, {top}, 4, {right}, {over}, {bottom}, {under}"
    style = (
        "position:absolute;margin-left:60pt;margin-top:2pt;"
        f"width:{_WIDTH * 0.75:g}pt;height:{height * 0.75:g}pt;z-index:{id_ % 1024};visibility:hidden"
    )
    return (
        f'<v:shape id="_x0000_s{id_}" type="#_x0000_t202" style="{style}" fillcolor="#ffffe1"'
        ' o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
        '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
        f"<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row>"
        f"<x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )


def _lines(text: str) -> int:
    wide = sum(2 if ord(char) > 0x2E7F else 1 for char in text)
    return max(1, -(-wide // _PER_LINE))


def _pixels_across(view: XlsxSheet, column: int) -> int:
    if column in view.hidden_cols:
        return 0
    return int((view.column_width(column) or _DEFAULT_WIDTH) * 7) + 5


def _pixels_down(view: XlsxSheet, row: int) -> int:
    return 0 if row in view.hidden_rows else int((view.row_height(row) or _DEFAULT_HEIGHT) * 4 / 3)


def _reach(start: int, length: int, size: Callable[[int], int]) -> tuple[int, int]:
    """(row or column from 0, pixels into it) that lies `length` pixels after the start of `start`."""
    at = start
    while length > size(at) and at < start + 200:
        length -= size(at)
        at += 1
    return at, min(length, size(at))


def remove_boxes(drawing: str, refs: set[str]) -> str:
    """The drawing without the boxes of the notes at `refs`; '' when no shape is left."""

    def kept(match: re.Match[str]) -> str:
        row, column = ROW.search(match[0]), _COLUMN.search(match[0])
        if not NOTE.search(match[0]) or row is None or column is None:
            return match[0]
        return "" if make_ref(int(row[2]) + 1, int(column[1]) + 1) in refs else match[0]

    rest = SHAPE.sub(kept, drawing)
    if not _ANY_SHAPE.search(rest):
        return ""
    return rest if _TYPE_USE.search(rest) else rest.replace(_TYPE, "")

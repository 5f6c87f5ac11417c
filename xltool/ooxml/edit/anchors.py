"""Where drawings, controls and notes are fixed to the grid, after rows moved.

Drawing parts count rows from 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from xltool.ooxml.edit.rowedit import RowEdit
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltext import is_true, whole
from xltool.ooxml.package.xmltree import Node, parse

ANCHORS = ("twoCellAnchor", "oneCellAnchor")

SHAPE = re.compile(r"<((?:\w+:)?shape)(?=\s).*?</\1\s*>", re.S)
NOTE = re.compile(r"""ObjectType\s*=\s*["']Note["']""")
_ANCHOR = re.compile(r"(<(?:\w+:)?Anchor\s*>)([^<]*)(?=<)")
ROW = re.compile(r"(<(?:\w+:)?Row\s*>\s*)([0-9]+)")
_NUMBER = re.compile(r"-?[0-9]+")
_TOP, _BOTTOM = 2, 6
"""Places of the rows among the eight numbers of a VML anchor."""


class _Corner(NamedTuple):
    """A corner of an anchor: its row (from 1), the elements of row and offset."""

    row: int
    element: Node
    offset: Node | None

    def put(self, row: int | None, edit: RowEdit, splice: Splice) -> None:
        """Move it to a row; None puts it at the top of what took the place of its removed row."""
        if row is None:
            row = edit.at
            if self.offset is not None:
                splice.set_text(self.offset, "0")
        if row != self.row:
            splice.set_text(self.element, str(row - 1))


def _corner(anchor: Node, name: str) -> _Corner | None:
    node = anchor.find(name)
    row = node.find("row") if node else None
    number = whole(row.text) if row else None
    if node is None or row is None or number is None:
        return None
    return _Corner(number + 1, row, node.find("rowOff"))


def _mode(anchor: Node) -> str:
    """twoCell (moves and is sized with the cells), oneCell (moves) or absolute."""
    if anchor.local != "anchor":
        return anchor.get("editAs") or "twoCell"
    if not is_true(anchor.get("moveWithCells")):
        return "absolute"
    return "twoCell" if is_true(anchor.get("sizeWithCells")) else "oneCell"


def move_anchor(anchor: Node, edit: RowEdit, splice: Splice) -> None:
    """Move one anchor of a drawing or a control."""
    start, end = _corner(anchor, "from"), _corner(anchor, "to")
    mode = _mode(anchor)
    if start is None or mode == "absolute":
        return
    moved = edit.row(start.row)
    start.put(moved, edit, splice)
    if end is None:
        return
    if mode == "oneCell":
        end.put(end.row + edit.row_or_next(start.row) - start.row, edit, splice)
    else:
        end.put(edit.row(end.row), edit, splice)


def move_drawing(text: str, part: str, edit: RowEdit) -> str:
    """A drawing part after the edit of its sheet."""
    root = parse(text, part)
    splice = Splice(text)
    for anchor in root.iter(*ANCHORS):
        move_anchor(anchor, edit, splice)
    return splice.result()


def move_vml(text: str, edit: RowEdit) -> str:
    """A VML drawing part after the edit of its sheet.

    VML written by old versions of Excel need not be well-formed, so shapes are found by pattern.
    The box of a note moves with the cell of the note, other shapes with the rows below them.
    """

    def moved(match: re.Match[str]) -> str:
        shape = match[0]
        if not NOTE.search(shape):
            return _with_anchor(shape, lambda row: edit.row_or_next(row + 1) - 1)
        place = ROW.search(shape)
        if place is None:
            return shape
        old = int(place[2])
        new = edit.row(old + 1)
        if new is None:
            return ""
        delta = new - 1 - old
        shape = shape[: place.start(2)] + str(old + delta) + shape[place.end(2) :]
        return _with_anchor(shape, lambda row: row + delta)

    return SHAPE.sub(moved, text)


def _with_anchor(shape: str, move: Callable[[int], int]) -> str:
    """The shape with the two rows of its anchor moved; other characters stay."""
    match = _ANCHOR.search(shape)
    numbers = list(_NUMBER.finditer(match[2])) if match else []
    if match is None or len(numbers) <= _BOTTOM:
        return shape
    text = match[2]
    for place in (_BOTTOM, _TOP):
        number = numbers[place]
        text = text[: number.start()] + str(move(int(number[0]))) + text[number.end() :]
    return shape[: match.start(2)] + text + shape[match.end(2) :]

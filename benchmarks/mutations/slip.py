"""What a slip is that is more than one wrong figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from benchmarks.mutations.books import Book
from xltool.core.cellref import CellRef
from xltool.ooxml import Editor

Edit = Callable[[Editor], object]


class Slip(NamedTuple):
    """What makes a slip: an edit, or the whole book as it is then; the cells that are wrong."""

    edit: Edit | bytes
    cells: tuple[CellRef, ...]
    recalculated: bool = True
    """Whether Excel recalculates after the edit."""


Make = Callable[[Book, Random], Slip | None]


@dataclass(frozen=True)
class Change:
    """A kind of slip. `rules`: those of which one at least must speak; without any, figures are wrong.

    `words`: what the hint should say, if the slip has a name. `styles`: the books in which it can be made.
    """

    name: str
    make: Make
    rules: tuple[str, ...] = ()
    words: str = ""
    styles: tuple[str, ...] = ("公式簿", "数值簿")

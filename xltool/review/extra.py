"""Tables that a review is given besides its own: of the units that have to hand in, of a whole season."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from xltool.review.sheets import SheetColumn
from xltool.review.shelf import Shelf

Rows = Sequence[Sequence[object]] | Shelf[Sequence[object]]
"""The rows of a table; those of very many units lie on a shelf."""


class ExtraTable(NamedTuple):
    """A table for page and workbook. `note`: a line below the title; `looks`: red, ochre, green by text."""

    title: str
    note: str
    columns: Sequence[SheetColumn]
    rows: Rows
    looks: dict[str, str]


Keeper = Callable[[Path, Path], AbstractContextManager[Sequence[ExtraTable]]]
"""Enters a finished review (the folder in which it is made, the one that it will be) somewhere.

It is entered when the block ends well, which is when the folder has taken its name.
"""

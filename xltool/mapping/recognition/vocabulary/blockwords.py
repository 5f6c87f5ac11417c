"""The words of one block of an official table: its columns, its rows, its single cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from xltool.core.codes import CodeList
from xltool.core.model import Kind
from xltool.core.model import Path as FieldPath

Keys = frozenset[str]


class ColumnWords(NamedTuple):
    """A column: each of the alternatives is a set of words that stand above it, in any order."""

    name: str
    kind: Kind
    alternatives: tuple[Keys, ...]
    group: bool = False
    rows: Keys | None = None
    """The rows that have the column; None: all."""
    unless: Keys = frozenset()
    """The column is not what it says where one of these stands beside it."""


class RowWords(NamedTuple):
    """A labelled row: its name in the document, the spellings of its label."""

    name: str
    label: str
    keys: Keys


class CellWords(NamedTuple):
    """A single cell beside its label, or in its label's row under a column of another block."""

    name: str
    keys: Keys
    kind: Kind
    head: bool
    under: tuple[str, str] | None
    otherwise: Keys
    """Labels that stand beside the cell where `under` finds nothing."""
    column: Keys = frozenset()
    """Heads above the cell where several stand beside the label: 分值, 得分."""


class ClassWords(NamedTuple):
    """A column that holds the figures of some classes of codes only, and the field of its total."""

    keys: Keys
    classes: Keys
    total: str


@dataclass(frozen=True, eq=False)
class BlockWords:
    """A block of a table, in the shapes that mappings have."""

    name: str
    shape: str
    path: FieldPath
    columns: tuple[ColumnWords, ...]
    rows: tuple[RowWords, ...]
    cells: tuple[CellWords, ...]
    codes: CodeList | None
    single: bool
    by_class: tuple[ClassWords, ...] = ()
    flat: bool = False
    """A list whose codes say what a row is for, and add up to nothing: several rows may have one code."""
    least: int = 1
    """Fewer columns make no list, fewer labels no block that a form may lack."""
    may: bool = False
    """A form without this block is the table none the less."""
    sums: Keys = frozenset()
    """Labels that mean several rows together where the next row says 其中."""

    def path_of(self, row: str, column: str) -> FieldPath:
        """As `Form.path_of`."""
        return (*self.path, row) if len(self.columns) == 1 else (*self.path, row, column)

    @cached_property
    def row_keys(self) -> Keys:
        """Every spelling of every row."""
        return frozenset(key for row in self.rows for key in row.keys)

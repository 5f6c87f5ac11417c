"""The blocks of a mapped table: rows with labels, lists, fixed lists of codes, each with its columns and cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from xltool.core.codes import CodeList
from xltool.core.model import FieldSpec, Kind, Path
from xltool.core.texts import norm
from xltool.ooxml import Range


class Anchor(NamedTuple):
    """A printed text and the cells where the edition expects it.

    `texts` are alternative wordings; the first is the one that the edition's template prints.
    """

    range: Range
    texts: tuple[str, ...]

    @property
    def text(self) -> str:
        return self.texts[0]

    def matches(self, text: str) -> bool:
        """Whether `text` is one of the wordings, spaces and widths of signs aside."""
        return text in self.texts or norm(text) in map(norm, self.texts)


CodeStyle = Literal["whole", "parts", "own", "named", "unprinted"]
"""How a 科目编码 stands: whole in one cell; its 类, 款 and 项 in three cells (`parts`: each row has all that it
has; `own`: each row only its own level, the others stand in the rows above); `named`: followed by its name,
in one cell; `unprinted`: not at all, the name alone tells it."""


class Column(NamedTuple):
    """A bound column of a block: `left` holds the value, cells up to `right` are merged with it (or hold the
    parts of a code)."""

    name: str
    left: int
    right: int
    kind: Kind
    group: bool = False
    rows: frozenset[int] | None = None
    """The rows of the block in which the column is bound; None: all."""
    header: tuple[Anchor, ...] = ()
    """The header texts above the column, top to bottom."""
    code: CodeStyle = "whole"
    """How codes stand, in a column of codes; `named` and `unprinted` in the column of names, too, which is the same."""
    unit: str | None = None
    """The money unit of this column, where it is not that of the sheet."""


class FormRow(NamedTuple):
    """A labelled row. `row` is None for a row that some prints of the form have and the template not."""

    name: str
    row: int | None
    texts: tuple[str, ...]
    indent: int = 0


class Cell(NamedTuple):
    """A single bound cell beside (or under) its label."""

    name: str
    path: Path
    range: Range
    label: Anchor
    kind: Kind
    head: bool = False
    """The value is a head of the document, not a field of the table."""
    unit: str | None = None
    """The money unit that heads above an amount name, where that may be another than the sheet's."""


class Ordinals(NamedTuple):
    """The 行次 printed beside a block: numbers from `first` in rows `top` to `bottom` of `column`."""

    column: int
    first: int
    top: int
    bottom: int


@dataclass(frozen=True, eq=False)
class Form:
    """Fixed labels with one value or a few columns each, an unlabelled single row, or single cells."""

    name: str
    path: Path
    columns: tuple[Column, ...] = ()
    rows: tuple[FormRow, ...] = ()
    labels: tuple[int, int] | None = None
    single: int | None = None
    cells: tuple[Cell, ...] = ()
    ordinals: Ordinals | None = None
    several: bool = False
    """The table has several columns here, though this form may print only one of them."""

    @property
    def placed_rows(self) -> Iterator[tuple[int, str | None]]:
        """The rows that the template has: row and name; the unlabelled single row has no name."""
        if self.single is not None:
            yield self.single, None
        for row in self.rows:
            if row.row is not None:
                yield row.row, row.name

    def columns_of(self, row: int | None) -> Iterator[Column]:
        """The columns that are bound in a row of the template."""
        return (c for c in self.columns if c.rows is None or row in c.rows)

    @property
    def label_anchors(self) -> Iterator[Anchor]:
        """The labels of the template's rows."""
        if self.labels:
            left, right = self.labels
            for row in self.rows:
                if row.row is not None:
                    yield Anchor(Range(row.row, left, row.row, right), row.texts)

    def path_of(self, row: str | None, column: str) -> Path:
        """The document path of a cell: the row is left out in single rows, a lone column is not named."""
        if row is None:
            return (*self.path, column)
        lone = len(self.columns) == 1 and not self.several
        return (*self.path, row) if lone else (*self.path, row, column)

    @cached_property
    def fields(self) -> tuple[FieldSpec, ...]:
        """Every field of the block."""
        return tuple(self._fields())

    def _fields(self) -> Iterator[FieldSpec]:
        for cell in self.cells:
            if not cell.head:
                *head, last = cell.path
                at = (head[-1], last) if head else (last, "")
                yield FieldSpec(cell.path, *at, cell.kind)
        if self.single is not None:
            for column in self.columns:
                yield FieldSpec(
                    self.path_of(None, column.name), self.name, column.name, column.kind
                )
        for row in self.rows:
            for column in self.columns_of(row.row):
                path = self.path_of(row.name, column.name)
                yield FieldSpec(path, row.name, column.name, column.kind)


class Total(NamedTuple):
    """The total row of a list, before its first row or after its last."""

    row: int
    label: Anchor
    without: frozenset[str] = frozenset()
    """Columns that the row has no place for: it stands on a line of the header."""


class Share(NamedTuple):
    """A further column of a list, which has the amounts of some 类 of codes: once more, or (`instead`) it alone."""

    column: Column
    classes: frozenset[str]
    instead: bool = False

    def has(self, code: str) -> bool:
        """Whether the row of a code has its amount here."""
        return any(code.startswith(each) for each in self.classes)


@dataclass(frozen=True, eq=False)
class ListBlock:
    """A block of rows that takes as many rows as the data has; `rows` blank ones in the template."""

    name: str
    first: int
    rows: int
    columns: tuple[Column, ...]
    codes: CodeList | None = None
    total: Total | None = None
    until: tuple[str, ...] = ()
    shares: tuple[Share, ...] = ()

    @property
    def last(self) -> int:
        return self.first + self.rows - 1

    def instead(self, code: str) -> Column | None:
        """The column that has the amount of a code in place of the list's own."""
        return next((s.column for s in self.shares if s.instead and s.has(code)), None)

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def fields(self) -> tuple[FieldSpec, ...]:
        """The fields of the total row."""
        if self.total is None:
            return ()
        return tuple(f for f in self.all_fields if f.column not in self.total.without)

    @cached_property
    def all_fields(self) -> tuple[FieldSpec, ...]:
        """The fields of the total row, and those that it has no place for: a document may have them."""
        if self.total is None:
            return ()
        head = self.total.label.text
        amounts = [column for column in self.columns if column.kind not in ("code", "name")]
        return tuple(FieldSpec((head, c.name), head, c.name, c.kind) for c in amounts)


class Pane(NamedTuple):
    """One column group of a `codes` block: code, name and amount side by side, a row per code.

    Cells from `code` to `code_right` are merged, or hold the parts of a code. `rows` are those of the codes in
    `listed`; what the cells in column `code` print is `printed`.
    """

    name: str
    code: int
    title: int
    amount: Column
    rows: tuple[int, ...]
    listed: tuple[str, ...]
    code_right: int
    style: CodeStyle
    printed: tuple[str | None, ...]

    @property
    def places(self) -> Iterator[tuple[int, str]]:
        """Every row of the template with its code."""
        return zip(self.rows, self.listed, strict=True)


@dataclass(frozen=True, eq=False)
class Codes:
    """A fixed list of codes laid out in several column groups."""

    name: str
    codes: CodeList
    panes: tuple[Pane, ...]

    @property
    def listed(self) -> tuple[str, ...]:
        return tuple(code for pane in self.panes for code in pane.listed)


Block = Form | ListBlock | Codes

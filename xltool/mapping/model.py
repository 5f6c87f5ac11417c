"""The parsed form of a mapping file: where a table's fields stand, and which texts prove it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from xltool.core.codes import CodeList
from xltool.core.model import CODE, NAME, FieldSpec, Kind, ListSpec, Path, TableSpec
from xltool.core.texts import loose, norm
from xltool.ooxml import Range


@dataclass(frozen=True, slots=True)
class Anchor:
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

    def resembles(self, text: str) -> bool:
        """As `matches`, ordinals and bracketed remarks aside as well."""
        return loose(text) in map(loose, self.texts)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds document heads inside a text, e.g. `部门：{单位名称}`."""

    range: Range
    pattern: str


CodeStyle = Literal["whole", "parts", "own", "named"]
"""How a 科目编码 stands: whole in one cell; its 类, 款 and 项 in three cells (`parts`: each row has all that it
has; `own`: each row only its own level, the others stand in the rows above); `named`: followed by its name,
in one cell."""


@dataclass(frozen=True, slots=True)
class Column:
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
    """How codes stand, in a column of codes; `named` in the column of names beside it too."""
    unit: str | None = None
    """The money unit of this column, where it is not that of the sheet."""


@dataclass(frozen=True, slots=True)
class FormRow:
    """A labelled row. `row` is None for a row that some prints of the form have and the template not."""

    name: str
    row: int | None
    texts: tuple[str, ...]
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
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


@dataclass(frozen=True, slots=True)
class Ordinals:
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


@dataclass(frozen=True, slots=True)
class Total:
    """The total row of a list, before its first row or after its last."""

    row: int
    label: Anchor
    without: frozenset[str] = frozenset()
    """Columns that the row has no place for: it stands on a line of the header."""


@dataclass(frozen=True, slots=True)
class Share:
    """A further column of a list, which has the amounts of some 类 of codes: once more, or (`instead`) it alone."""

    column: Column
    classes: frozenset[str]
    instead: bool = False

    def has(self, code: str) -> bool:
        """Whether the row of a code has its amount here."""
        return any(code.startswith(each) for each in self.classes)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A cell that no field has: it says once more what a field or a code has, or the sum of several.

    `of`: the paths of fields, or list, code and column.
    """

    range: Range
    of: tuple[tuple[str, ...], ...]


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


@dataclass(frozen=True, slots=True)
class Pane:
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


@dataclass(frozen=True, slots=True)
class Numbers:
    """The 栏次 row: columns numbered from 1 in order, and the cells that say 栏次."""

    row: int
    columns: tuple[int, ...]
    labels: tuple[Range, ...]


@dataclass(frozen=True, eq=False)
class TableMapping:
    """One table of an edition, bound to a sheet of a workbook."""

    table: str
    source: str
    sheet: str
    title: Anchor
    lines: tuple[Line, ...]
    header: tuple[Anchor, ...]
    numbers: Numbers | None
    blocks: tuple[Block, ...]
    notes: tuple[Anchor, ...]
    empty: Line | None
    texts: tuple[Anchor, ...]
    optional: bool = False
    many: str | None = None
    """The field by which several sheets of this table in one workbook are named; None: only one."""
    unit: str | None = None
    """The money unit that the form itself fixes, where no line names it."""
    unit_name: str | None = None
    """The field that stands for 单位名称 where no line names it."""
    area: Range | None = None
    """The part of the sheet that is this table's; None: all of it."""
    repeats: tuple[Repeat, ...] = ()
    shape: TableSpec | None = field(default=None, compare=False)
    """What a table of this name may have, where that is more than this form has a place for."""
    spec: TableSpec = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spec", self.shape or table_spec(self))

    @cached_property
    def own_units(self) -> Mapping[tuple[str, ...], str]:
        """The money units of columns that have one of their own: by the path of a field, or by list and column."""
        units: dict[tuple[str, ...], str] = {}
        for block in self.blocks:
            if isinstance(block, Codes):
                columns = [(p.amount, block.name) for p in block.panes]
                units |= {(name, c.name): c.unit for c, name in columns if c.unit}
                continue
            if isinstance(block, Form):
                units |= {cell.path: cell.unit for cell in block.cells if cell.unit}
            for column in block.columns:
                if column.unit is None:
                    continue
                if isinstance(block, ListBlock):
                    units[block.name, column.name] = column.unit
                paths = (f.path for f in block.fields if f.column == column.name)
                units |= dict.fromkeys(paths, column.unit)
        return units

    @cached_property
    def unplaced(self) -> frozenset[Path]:
        """The totals that a document may have and the form has no place for."""
        lists = [b for b in self.blocks if isinstance(b, ListBlock) and b.total is not None]
        return frozenset(f.path for b in lists for f in {*b.all_fields} - {*b.fields})

    @cached_property
    def unit_line(self) -> Line | None:
        """The line that names the money unit; None where the form fixes it."""
        return next((line for line in self.lines if "{金额单位}" in line.pattern), None)

    @property
    def heads(self) -> frozenset[str]:
        """The document heads that this sheet has a place for, besides name, year and unit."""
        return frozenset(
            cell.name
            for block in self.blocks
            if isinstance(block, Form)
            for cell in block.cells
            if cell.head
        )


_FORM_NUMBER = re.compile(r"\w*\d+\w*表")
"""A line that prints which table of the set a sheet is: 公开01表."""


def table_spec(mapping: TableMapping) -> TableSpec:
    """What a table has a place for, by its mapping alone."""
    fields: dict[Path, FieldSpec] = {}
    lists: dict[str, ListSpec] = {}
    synonyms: dict[Path, Path] = {}
    for block in mapping.blocks:
        if not isinstance(block, Codes):
            own = block.all_fields if isinstance(block, ListBlock) else block.fields
            fields.update((f.path, f) for f in own)
        if isinstance(block, Form):
            synonyms.update(_synonyms(block))
        elif isinstance(block, ListBlock):
            kinds = {column.name: column.kind for column in block.columns}
            total = block.total.label.text if block.total else None
            lists[block.name] = ListSpec(
                block.name, kinds, block.codes, hierarchy=block.codes is not None, total=total
            )
        else:
            amount = block.panes[0].amount
            kinds = {CODE: "code", NAME: "name", amount.name: amount.kind}
            lists[block.name] = ListSpec(block.name, kinds, block.codes, listed=block.listed)
    numbers = [line.pattern for line in mapping.lines if _FORM_NUMBER.fullmatch(line.pattern)]
    also = (*numbers, *(number.removesuffix("表") for number in numbers), mapping.sheet)
    many = mapping.many is not None
    return TableSpec(
        mapping.table, fields, lists, many, synonyms, also=also, unplaced=mapping.unplaced
    )


def _synonyms(form: Form) -> Iterator[tuple[Path, Path]]:
    """Printed labels lead to the row as its name does, unless another row has that name."""
    names = {row.name for row in form.rows}
    for row in form.rows:
        for text in row.texts:
            for label in (text.strip(), loose(text)):
                if label not in names:
                    yield (*form.path, label), (*form.path, row.name)

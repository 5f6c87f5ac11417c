"""The parsed form of a mapping file: where a table's fields stand, and which texts prove it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from xltool.core.model import (
    CODE,
    NAME,
    BlockColumn,
    FieldKey,
    FieldSpec,
    ListSpec,
    Path,
    TableSpec,
)
from xltool.core.texts import loose
from xltool.mapping.blocks import Anchor, Block, Codes, Form, ListBlock
from xltool.ooxml import Range


class Line(NamedTuple):
    """A line that holds document heads inside a text, e.g. `部门：{单位名称}`."""

    range: Range
    pattern: str


class Repeat(NamedTuple):
    """A cell that no field has: it says once more what a field or a code has, or the sum of several.

    `of`: the paths of fields, or the fields of codes in lists.
    """

    range: Range
    of: tuple[FieldKey, ...]


class Numbers(NamedTuple):
    """The 栏次 row: columns numbered from 1 in order, and the cells that say 栏次."""

    row: int
    columns: tuple[int, ...]
    labels: tuple[Range, ...]


class Shaped(Protocol):
    """What knows the shape of a table: a mapping, or the words of the vocabulary."""

    @property
    def spec(self) -> TableSpec: ...


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
    shape: Shaped | None = field(default=None, compare=False)
    """What knows what a table of this name may have, where that is more than this form has a place for."""

    @cached_property
    def spec(self) -> TableSpec:
        """What the table may have; of most editions, which are looked at by their titles only, nobody asks it."""
        return self.shape.spec if self.shape else table_spec(self)

    @cached_property
    def own_units(self) -> Mapping[Path | BlockColumn, str]:
        """The money units of columns that have one of their own: by the path of a field, or by list and column."""
        units: dict[Path | BlockColumn, str] = {}
        for block in self.blocks:
            if isinstance(block, Codes):
                columns = [(p.amount, block.name) for p in block.panes]
                units |= {BlockColumn(name, c.name): c.unit for c, name in columns if c.unit}
                continue
            if isinstance(block, Form):
                units |= {cell.path: cell.unit for cell in block.cells if cell.unit}
            for column in block.columns:
                if column.unit is None:
                    continue
                if isinstance(block, ListBlock):
                    units[BlockColumn(block.name, column.name)] = column.unit
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

"""Which cells of an edition's forms a rule reads, without a report: for `rules show`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from xltool.core.model import CODE, Path
from xltool.mapping.blocks import Block, Codes, Form, ListBlock, Total
from xltool.mapping.model import TableMapping
from xltool.ooxml import Range, make_ref, split_ref
from xltool.rules.instances import Instance
from xltool.rules.references import References
from xltool.rules.scope import EXTERNAL, RowType, TableType
from xltool.rules.syntax import (
    Arithmetic,
    Call,
    Comparison,
    Logic,
    Node,
    Number,
    Piece,
    Reference,
    Select,
    Span,
    Step,
)


class TouchedColumn(NamedTuple):
    """A column of a list: all its rows, or of a fixed list the row of one code."""

    list: str
    column: str
    code: str = ""


class Touch(NamedTuple):
    """A field of a table, or a column of one of its lists. `prior`: of last year's report."""

    prior: bool
    table: str
    what: Path | TouchedColumn


def touched(instances: Iterable[Instance]) -> list[Touch]:
    """What the expressions of these instances and their conditions read, each once."""
    found: dict[Touch, None] = {}
    for instance in instances:
        finder = Toucher(instance.scope)
        for node in (instance.part.expression, instance.part.condition, instance.rule.when):
            if node is not None:
                found |= dict.fromkeys(finder.find(node))
    return list(found)


class Toucher(References):
    """Finds what the expressions of one instance read."""

    def find(self, node: Node) -> Iterator[Touch]:
        match node:
            case Reference():
                yield from self._reference(node)
            case Call():
                yield from self._call(node)
            case Arithmetic(first, rest) | Comparison(first, rest):
                for operand in (first, *(other for _, other in rest)):
                    yield from self.find(operand)
            case Logic(_, items):
                for item in items:
                    yield from self.find(item)

    def _call(self, node: Call) -> Iterator[Touch]:
        if node.steps:
            _, row = self.rows(node)
            yield from self._list(row, node.steps[0], node.column)
        elif node.function in ("code", "within"):
            yield from self.find(node.arguments[0])
        elif node.function not in ("exists", "head"):
            for argument in node.arguments:
                yield from self.find(argument)

    def _reference(self, node: Reference) -> Iterator[Touch]:
        head, steps, prior = node.head, node.steps, False
        variable = self.scope.types.get(head.text)
        if isinstance(variable, RowType):
            # alone, as in code($行), a row stands for its code
            step = steps[0] if steps else Piece(CODE, head.column)
            yield from self._list(variable, step, head.column)
            return
        if isinstance(variable, TableType):
            table, prior = variable.table, variable.prior
        elif head.is_variable or head.text == EXTERNAL:
            return
        else:
            head, steps, prior = self._without_prior(head, steps)
            table = self.scope.table(head)
        yield from self._table(TableType(table, prior), steps, head)

    def _table(self, table: TableType, steps: Sequence[Step], head: Piece) -> Iterator[Touch]:
        name = self.scope.text(steps[0]) if isinstance(steps[0], Piece) else ""
        if (listed := self.scope.specs[table.table].lists.get(name)) is not None:
            key = steps[1].key if isinstance(steps[1], Select) else None
            code = key.text if listed.listed and isinstance(key, Number) else ""
            row = RowType(table.table, name, table.prior)
            yield from self._list(row, steps[2], head.column, code)
            return
        plain = tuple(step for step in steps if isinstance(step, (Piece, Span)))
        for path in self.scope.paths(table.table, plain, head.column):
            yield Touch(table.prior, table.table, path)
            spec = self.scope.specs[table.table]
            if path in spec.unplaced:
                rows = TouchedColumn(spec.list_of_total(path).name, path[-1])
                yield Touch(table.prior, table.table, rows)

    def _list(self, row: RowType, step: Step, column: int, code: str = "") -> Iterator[Touch]:
        for name in self._columns(row, step, column):
            yield Touch(row.prior, row.table, TouchedColumn(row.list, name, code))


def addresses(mapping: TableMapping, what: Path | TouchedColumn) -> list[str]:
    """Where the template has a field, or the cells of a list's column."""
    if isinstance(what, TouchedColumn):
        block = next((b for b in mapping.blocks if b.name == what.list), None)
        if block is None:  # it stands where it is recognised
            return []
        return list(_codes(block, what) if isinstance(block, Codes) else _rows(block, what))
    return [ref for block in mapping.blocks for path, ref in _fields(block) if path == what]


def _fields(block: Block) -> Iterator[tuple[Path, str]]:
    match block:
        case Form():
            for cell in block.cells:
                yield cell.path, cell.range.anchor
            for row, name in block.placed_rows:
                for column in block.columns_of(row):
                    yield block.path_of(name, column.name), make_ref(row, column.left)
        case ListBlock(total=Total(row)):
            for field in block.fields:
                yield field.path, make_ref(row, block.by_name[field.column].left)


def _rows(block: Block, what: TouchedColumn) -> Iterator[str]:
    assert isinstance(block, ListBlock)
    left = block.by_name[what.column].left
    return (make_ref(row, left) for row in range(block.first, block.last + 1))


def _codes(block: Codes, what: TouchedColumn) -> Iterator[str]:
    for pane in block.panes:
        left = pane.code if what.column == CODE else pane.amount.left
        for row, code in pane.places:
            if what.code in ("", code):
                yield make_ref(row, left)


def areas(refs: Iterable[str]) -> list[str]:
    """Addresses put together: C7, C8, C9 -> C7:C9; neighbouring columns of the same rows become one area."""
    rows: dict[int, list[int]] = {}
    for row, column in sorted(set(map(split_ref, refs))):
        rows.setdefault(column, []).append(row)
    done: list[Range] = []
    for column in sorted(rows):
        for top, bottom in _runs(rows[column]):
            beside = next(
                (r for r in done if (r.top, r.bottom, r.right) == (top, bottom, column - 1)), None
            )
            if beside is not None:
                done[done.index(beside)] = beside._replace(right=column)
            else:
                done.append(Range(top, column, bottom, column))
    return [str(area) for area in done]


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = before = rows[0]
    for row in rows[1:]:
        if row != before + 1:
            yield start, before
            start = row
        before = row
    yield start, before

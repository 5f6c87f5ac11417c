"""One recognised table as a mapping: its blocks, its head, the lines above and below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import chain

from xltool.core.caches import register
from xltool.core.model import RECOGNISED
from xltool.core.texts import norm
from xltool.mapping.blocks import Anchor, Block, Codes, Form, ListBlock
from xltool.mapping.cells import Cells
from xltool.mapping.located import ColumnSpan, Located
from xltool.mapping.model import Line, Numbers, Repeat, TableMapping
from xltool.mapping.plan import plan
from xltool.mapping.recognition.documentlines import document_lines, names_unit
from xltool.mapping.recognition.header import Header, read_header
from xltool.mapping.recognition.layouts.cards import card_blocks
from xltool.mapping.recognition.layouts.classed import by_class
from xltool.mapping.recognition.layouts.headed import Headed
from xltool.mapping.recognition.layouts.lists import list_block, totals_again
from xltool.mapping.recognition.layouts.matching import matcher_for
from xltool.mapping.recognition.layouts.panes import code_panes, pane_totals
from xltool.mapping.recognition.layouts.sides import form_blocks
from xltool.mapping.recognition.layouts.singles import single_blocks
from xltool.mapping.recognition.titles import Titled
from xltool.mapping.recognition.units import fixed_unit, in_unit, printed_unit
from xltool.mapping.recognition.vocabulary.words import TableWords, Vocabulary
from xltool.ooxml import Range, make_ref


@dataclass(frozen=True, eq=False)
class Recognised:
    """A table that was recognised: its mapping, whose addresses are those of this very sheet, and where it is."""

    mapping: TableMapping
    words: TableWords
    cells: Cells
    rows: dict[str, list[int]]
    """Of each list the rows of the sheet."""
    copies: tuple[str, ...] = ()
    """Addresses that repeat what a bound cell of the same row says."""
    again: tuple[str, ...] = ()
    """Addresses of what is printed once more: heads where a page ends, a total above and below its list."""

    @property
    def bound(self) -> int:
        """How many fields and columns are bound: of two readings of a part, the one with more is nearer."""
        return sum(
            len(block.listed) if isinstance(block, Codes)
            else len(block.columns) * 10 if isinstance(block, ListBlock)
            else sum(1 for _ in block.fields)
            for block in self.mapping.blocks
        )  # fmt: skip

    def located(self) -> Located:
        """Where everything stands; nothing is to be searched."""
        found = Located(self.mapping, self.cells.sheet)
        for block in self.mapping.blocks:
            if isinstance(block, ListBlock):
                columns = {
                    column.name: ColumnSpan(column.left, column.right) for column in block.columns
                }
                found.add_list(
                    block, columns, self.rows[block.name], block.total.row if block.total else None
                )
        found.take(plan(self.mapping, ()))
        found.unbound = ()
        return found


def recognise_table(
    titled: Titled, table: TableWords, words: Vocabulary, year: int
) -> Recognised | None:
    """The part under a title as this table, of a book of `year` (0: unknown); None when it has not its shape."""
    cells, area = titled.cells, titled.area
    rows: dict[str, list[int]] = {}
    header: Header | None = None
    copies: tuple[str, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    if table.is_card:
        blocks: Sequence[Block] = tuple(card_blocks(cells, area, table))
        rows = {
            b.name: list(range(b.first, b.last + 1)) for b in blocks if isinstance(b, ListBlock)
        }
        if sum(not (isinstance(b, Form) and b.cells) for b in blocks) < 2:
            return None
    else:
        header = read_header(cells, area, titled.title.at, table, words)
        if header is None:
            return None
        headed = Headed(cells, area, header, matcher_for(table, words, year), words)
        blocks = _blocks(headed, rows)
        one = by_class(headed, blocks)
        blocks, copies, repeats = one.blocks, one.copies, one.repeats
        rows |= one.rows
        if not blocks:
            return None
    mapping = _mapping(titled, table, words, header, tuple(blocks), repeats)
    again = [*chain.from_iterable(titled.again)]
    for block in blocks:
        if isinstance(block, ListBlock) and block.total:
            again += totals_again(cells, block.total.row, area, words)
    cells_again = tuple(make_ref(row, c) for row in again for c in cells.rows.get(row, ()))
    return Recognised(mapping, table, cells, rows, copies, cells_again)


def _blocks(headed: Headed, rows: dict[str, list[int]]) -> list[Block]:
    """The blocks of a table that are found; the rows of its lists are entered in `rows`."""
    table = headed.matcher.table
    found: list[Block] = []
    forms = [block for block in table.blocks if block.rows]
    singles = [block for block in table.blocks if block.single]
    if forms:
        sides = list(form_blocks(headed, forms))
        seen = {side.name for side in sides}
        found += sides if all(form.may or form.name in seen for form in forms) else []
    if singles:
        found += single_blocks(headed, singles)
    for block in table.blocks:
        if block.shape == "list" and (made := list_block(headed, block)):
            found.append(made[0])
            rows[block.name] = made[1]
        elif block.shape == "codes" and (panes := code_panes(headed, block)):
            found.append(panes)
            totals = next((other for other in table.blocks if other.cells), None)
            amounts = [pane.amount for pane in panes.panes]
            if totals and (form := pane_totals(headed, totals, amounts)):
                found.append(form)
    return found


def _numbers(cells: Cells, area: Range, header: Header) -> Numbers | None:
    """The row that numbers the columns, where a head has one."""
    row = header.numbers
    if row is None:
        return None
    columns = tuple(c for c in cells.rows[row] if c in header.paths and cells.whole(row, c))
    labels = tuple(
        cells.extent(row, c)
        for c, _ in cells.texts(row, area.left, area.right)
        if not cells.whole(row, c)
    )
    return Numbers(row, columns, labels)


def _mapping(
    titled: Titled,
    table: TableWords,
    words: Vocabulary,
    header: Header | None,
    blocks: tuple[Block, ...],
    repeats: tuple[Repeat, ...],
) -> TableMapping:
    cells, area = titled.cells, titled.area
    # 部门名称 of a 自评表 is a field of it, not a line above a table
    fields = {c.range.anchor for b in blocks if isinstance(b, Form) for c in b.cells}
    lines = document_lines(titled, header, words, fields)
    numbers = _numbers(cells, area, header) if header is not None else None
    printed = printed_unit(cells, lines)
    fixed = None if printed else fixed_unit(cells, area, blocks, card=table.is_card) or words.unit
    notes, empty = _notes(titled, words, header)
    return _shared(
        TableMapping(
            table=table.table,
            source=RECOGNISED,
            sheet=cells.sheet.name,
            title=_title(titled),
            lines=lines,
            header=tuple(Anchor(at, (text,)) for at, text in header.cells) if header else (),
            numbers=numbers,
            blocks=tuple(in_unit(block, printed or fixed) for block in blocks),
            notes=notes,
            empty=empty,
            texts=(),
            optional=table.optional,
            many=table.many,
            unit=fixed,
            unit_name=None if names_unit(lines) else table.unit_name,
            area=area,
            repeats=repeats,
            shape=table,
        )
    )


_MOST = 512
_known: dict[tuple[object, ...], TableMapping] = {}
register(f"{__name__}._known", _MOST, _known.clear, _known.__len__)


def _shared(mapping: TableMapping) -> TableMapping:
    """The mapping, or the one of an earlier book that is the same in all: plans are worked out once for each.

    Books of one form differ in their figures and, here, in how long their lists are.
    """
    parts = (_parts(block) for block in mapping.blocks)
    key = (*(getattr(mapping, name) for name in _PARTS), *parts)
    if len(_known) >= _MOST:
        _known.clear()
    return _known.setdefault(key, mapping)


_PARTS = [f.name for f in fields(TableMapping) if f.compare and f.name != "blocks"]


def _parts(block: Block) -> tuple[object, ...]:
    return (type(block), *(getattr(block, f.name) for f in fields(block)))


def _title(titled: Titled) -> Anchor:
    """The title; of a sheet that prints none its first text."""
    title = titled.title
    if title.at.top:
        return Anchor(title.at, (title.text,))
    cells = titled.cells
    row, column, text = next(
        ((row, column, text) for row in sorted(cells.rows) for column, text in cells.texts(row)),
        (1, 1, ""),
    )
    return Anchor(cells.extent(row, column), (text,))


def _notes(
    titled: Titled, words: Vocabulary, header: Header | None
) -> tuple[tuple[Anchor, ...], Line | None]:
    """The notes under a table, and the statement that it has no data."""
    cells, area = titled.cells, titled.area
    notes: list[Anchor] = []
    empty: Line | None = None
    top = header.body if header else area.bottom + 1
    for row in range(top, area.bottom + 1):
        for column, text in cells.texts(row, area.left, area.right):
            if words.is_empty_statement(text) and not norm(text).startswith("无"):
                empty = Line(cells.extent(row, column), text)
            elif words.is_note(text):
                notes.append(Anchor(cells.extent(row, column), (text,)))
    return tuple(notes), empty

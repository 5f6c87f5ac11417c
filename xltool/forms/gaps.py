"""What a table prints and nobody has bound: columns and rows, with those of the vocabulary that they may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from xltool.core.texts import norm
from xltool.mapping.blocks import Codes, Form, ListBlock
from xltool.mapping.cells import Cells
from xltool.mapping.model import TableMapping
from xltool.mapping.questions import CODE, NAMED, NAMES, TOTAL
from xltool.mapping.recognition.header import Header, Word, read_header
from xltool.mapping.recognition.vocabulary.blockwords import BlockWords
from xltool.mapping.recognition.vocabulary.keys import bare, header_key, is_figure, row_key
from xltool.mapping.recognition.vocabulary.words import TableWords, Vocabulary
from xltool.mapping.recognition.workbook import Doubt, Recognised
from xltool.ooxml import Range, make_ref

_ALIKE = 0.5
"""So alike is a label to that of a row which it may be."""
_UNDER = 3
"""So many rows under those of a block its last total may stand."""


class Gap(NamedTuple):
    """A head (`kind` 栏), a label of a row (行) or of a cell (格) that nothing is bound by.

    `names` are what it may be, likeliest first.
    """

    kind: str
    table: str
    sheet: str
    at: Range
    texts: tuple[str, ...]
    names: tuple[str, ...]


def likeness(one: str, other: str) -> float:
    """How alike two texts are: 1 for the same, 0 for nothing in common."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def likeliest(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names, those first that are most like the text."""
    return tuple(sorted(names, key=lambda name: -likeness(text, name)))


def gaps_of(table: Recognised, words: Vocabulary, beside: Sequence[Recognised]) -> Iterator[Gap]:
    """The columns and rows of a table that was recognised; of a 自评表, whose heads are its labels, none.

    `beside`: the other tables of the same part of the sheet; what they bind is theirs.
    """
    mapping = table.mapping
    if table.words.is_card or (header := header_of(table, words)) is None:
        return
    names = list(_unbound_columns(table))
    bound = {column for t in (table, *beside) for column in _bound_columns(t.mapping)}
    for column, path in header.paths.items():
        if column not in bound and (gap := _column(table.words, table.cells, path, names, words)):
            yield gap
    for block in mapping.blocks:
        if isinstance(block, Form) and block.labels:
            yield from _rows(table, block, header, words, beside)


def header_of(table: Recognised, words: Vocabulary) -> Header | None:
    """The head of a table that was recognised."""
    mapping = table.mapping
    if mapping.area is None:
        return None
    head = min((anchor.range.top for anchor in mapping.header), default=0)
    title = mapping.title.range if mapping.title.range.bottom < head else Range(0, 1, 0, 1)
    return read_header(table.cells, mapping.area, title, table.words, words)


def gaps_of_doubt(doubt: Doubt, words: Vocabulary) -> Iterator[Gap]:
    """The heads of a part whose title is known, and in which not enough was found to make it that table."""
    if len(doubt.tables) != 1:
        return
    (table,) = doubt.tables
    titled = doubt.titled
    header = read_header(titled.cells, titled.area, titled.title.at, table, words)
    if header is None:
        return
    listed = any(block.shape == "list" for block in table.blocks)
    names = [name for _, name in _columns(table)] + ([CODE, NAMES, NAMED] if listed else [])
    known = table.header_keys
    for path in header.paths.values():
        if header_key(path[-1].text) in known:
            continue
        if gap := _column(table, titled.cells, path, names, words):
            yield gap


def _column(
    table: TableWords, cells: Cells, path: tuple[Word, ...], names: list[str], words: Vocabulary
) -> Gap | None:
    last = path[-1]
    key = header_key(last.text)
    spoken = words.labels | words.ordinals | words.numbers | words.code | words.name | words.named
    if not names or last.spread or key in spoken or words.is_note(last.text) or is_figure(key):
        return None
    texts = tuple(word.text for word in path if not word.spread)
    likely = likeliest("".join(map(header_key, texts)), names)
    return Gap("栏", table.table, cells.sheet.name, last.at, texts, likely)


def _columns(table: TableWords) -> Iterator[tuple[str, str]]:
    """Block and name of every column; the name says the block where several have it."""
    names = [column.name for block in table.blocks for column in block.columns]
    for block in table.blocks:
        for column in block.columns:
            alone = names.count(column.name) == 1
            yield block.name, column.name if alone else f"{block.name}·{column.name}"


def _unbound_columns(table: Recognised) -> Iterator[str]:
    bound = {
        (block.name, column.name)
        for block in table.mapping.blocks
        if isinstance(block, (Form, ListBlock))
        for column in block.columns
    }
    bound |= {
        (block.name, cell.name)
        for block in table.mapping.blocks
        if isinstance(block, Form)
        for cell in block.cells
    }
    for block, name in _columns(table.words):
        if (block, name.removeprefix(f"{block}·")) not in bound and block in {
            own.name for own in table.mapping.blocks if not isinstance(own, Codes)
        }:
            yield name


def _bound_columns(mapping: TableMapping) -> Iterator[int]:
    for block in mapping.blocks:
        if isinstance(block, Codes):
            for pane in block.panes:
                yield from (*range(pane.code, pane.code_right + 1), pane.title, pane.amount.left)
            continue
        for column in block.columns:
            yield from range(column.left, column.right + 1)
        if isinstance(block, Form):
            yield from (cell.range.left for cell in block.cells)
            yield from range(block.labels[0], block.labels[1] + 1) if block.labels else ()
            yield from (block.ordinals.column,) if block.ordinals else ()


def _rows(
    table: Recognised,
    block: Form,
    header: Header,
    words: Vocabulary,
    beside: Sequence[Recognised],
) -> Iterator[Gap]:
    """The labels of a block that are like those of rows it lacks; of one among its rows, it may be any of these."""
    own = next(known for known in table.words.blocks if known.name == block.name)
    placed = {name for _, name in block.placed_rows}
    lacking = [row for row in own.rows if row.name not in placed]
    for at, text in unbound_labels(table, block, header, words, beside):
        key = row_key(text)
        likely = [r.name for r in lacking if max(likeness(key, k) for k in r.keys) >= _ALIKE]
        ordered = likeliest(key, likely)
        if not likely and has_place(table, block, header, at, text):
            names = [row.name for row in lacking]
            last = at.top > max(row for row, _ in block.placed_rows)
            ordered = tuple(reversed(names)) if last else likeliest(key, names)
        if ordered and not words.is_empty_statement(text):
            yield Gap("行", table.words.table, table.cells.sheet.name, at, (text,), ordered)


def has_place(table: Recognised, block: Form, header: Header, at: Range, text: str) -> bool:
    """Whether a label stands among the rows of a block, or closely under them, and has a blank cell for a figure.

    Under them, as the last total, it is drawn as they are.
    """
    placed = [row for row, _ in block.placed_rows]
    if not placed or not min(placed) < at.top <= max(placed) + _UNDER:
        return False
    if at.top == header.numbers or ":" in norm(text):
        return False
    sheet = table.cells.sheet
    refs = [make_ref(at.top, column.left) for column in block.columns if column.left > at.right]
    drawn = at.top < max(placed) or any(map(sheet.style, refs))
    return drawn and any(sheet.value(ref) is None for ref in refs)


def unbound_labels(
    table: Recognised,
    block: Form,
    header: Header,
    words: Vocabulary,
    beside: Sequence[Recognised],
) -> Iterator[tuple[Range, str]]:
    """The labels of rows that no block binds, and that do not repeat one that is bound."""
    own = next(known for known in table.words.blocks if known.name == block.name)
    assert block.labels is not None and table.mapping.area is not None
    blocks = (b for t in (table, *beside) for b in t.mapping.blocks if isinstance(b, Form))
    rows = {row for b in blocks if b.labels == block.labels for row, _ in b.placed_rows}
    for row in range(header.body, table.mapping.area.bottom + 1):
        text = table.cells.text(row, block.labels[0])
        if text is None or row in rows or words.is_note(text) or _said(own, text):
            continue
        yield table.cells.extent(row, block.labels[0]), text


def total_gaps(table: Recognised, words: Vocabulary) -> Iterator[Gap]:
    """The labels beside the rows of a list without a total row: one of them may be its label."""
    header = header_of(table, words)
    for block in table.mapping.blocks:
        if header is None or not isinstance(block, ListBlock) or not lacks_total(table, block):
            continue
        rows = table.rows[block.name] or [block.first]
        for row in (*range(header.body, rows[0]), rows[-1] + 1):
            if row != header.numbers and (found := _total_label(table.cells, block, row, words)):
                at, text = found
                yield Gap("合计", table.words.table, table.cells.sheet.name, at, (text,), (TOTAL,))


def lacks_total(table: Recognised, block: ListBlock) -> bool:
    """Whether no total row of a list is bound, neither as such nor as cells of other fields."""
    return block.total is None and not table.mapping.repeats


def _total_label(
    cells: Cells, block: ListBlock, row: int, words: Vocabulary
) -> tuple[Range, str] | None:
    """The only text of a row, where it stands before the figures of a list and is none of its codes."""
    texts = list(cells.texts(row))
    amounts = [column.left for column in block.columns if column.kind == "amount"]
    if len(texts) != 1 or not amounts or texts[0][0] >= min(amounts):
        return None
    column, text = texts[0]
    if words.is_note(text) or is_figure(bare(text)) or ":" in norm(text):
        return None
    return cells.extent(row, column), text


def _said(block: BlockWords, text: str) -> bool:
    """Whether a label is a row's of the vocabulary already, and left out for another reason: it stands twice."""
    return row_key(text) in block.row_keys

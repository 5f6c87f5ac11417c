"""What a 自评表 prints and nobody has bound: heads, labels of rows, and labels of single cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from xltool.forms.gaps import Gap, likeliest, likeness
from xltool.mapping.blocks import Form, ListBlock
from xltool.mapping.recognition.vocabulary.blockwords import BlockWords
from xltool.mapping.recognition.vocabulary.keys import header_key, is_figure, row_key
from xltool.mapping.recognition.vocabulary.words import Vocabulary
from xltool.mapping.recognition.workbook import Recognised

_ALIKE = 0.6
"""So alike is the label of a single cell to one that it may be; any text may be such a label."""

Block = Form | ListBlock


def card_gaps(table: Recognised, words: Vocabulary) -> Iterator[Gap]:
    """The heads and labels of a 自评表 that may be fields which it lacks, likeliest first."""
    return (gap for gap in _gaps(table, words) if gap.names)


def _gaps(table: Recognised, words: Vocabulary) -> Iterator[Gap]:
    said = _Said(table, words)
    for block in table.mapping.blocks:
        if isinstance(block, (Form, ListBlock)) and block.columns:
            own = next(known for known in table.words.blocks if known.name == block.name)
            yield from said.columns(block, own)
            if isinstance(block, Form) and block.labels:
                yield from said.rows(block, own)
    yield from said.cells()


class _Said:
    """One card: which of its texts are spoken for, and what the others may be."""

    def __init__(self, table: Recognised, words: Vocabulary) -> None:
        self.table, self.words = table, words
        self.at = table.cells
        self.known = {
            *(key for block in table.words.blocks for cell in block.cells for key in cell.keys),
            *(key for block in table.words.blocks for key in block.row_keys),
            *table.words.stop,
        }
        blocks = [b for b in table.mapping.blocks if isinstance(b, (Form, ListBlock))]
        self.heads = {b.name: [c.header[0].range for c in b.columns] for b in blocks if b.columns}

    def columns(self, block: Block, own: BlockWords) -> Iterator[Gap]:
        """The unbound heads beside those of a block."""
        heads = self.heads[block.name]
        bound = {column.name for column in block.columns}
        lacking = [column.name for column in own.columns if column.name not in bound]
        several = [c.name for b in self.table.words.blocks for c in b.columns]
        names = [n if several.count(n) == 1 else f"{own.name}·{n}" for n in lacking]
        row, left = min(r.top for r in heads), min(r.left for r in heads)
        taken = {column for at in heads for column in range(at.left, at.right + 1)}
        for column, text in self.at.texts(row, left + 1, self._right()):
            if column not in taken and self._asks(text):
                yield self._gap("栏", row, column, likeliest(header_key(text), names))

    def rows(self, block: Form, own: BlockWords) -> Iterator[Gap]:
        """The unbound labels beside which a block has cells."""
        assert block.labels is not None
        heads = self.heads[block.name]
        placed = dict(block.placed_rows)
        lacking = [row.name for row in own.rows if row.name not in placed.values()]
        below = [min(r.top for r in at) for at in self.heads.values()]
        first = max(r.bottom for r in heads) + 1
        end = min((row for row in below if row >= first), default=self._bottom() + 1)
        amount = min(column.left for column in block.columns)
        for row in range(first, min(end, max(placed) + 3)):
            for column, text in self.at.texts(row, block.labels[0], amount - 1):
                blank = self.at.text(row, amount) is None
                if row not in placed and blank and self._asks(text):
                    yield self._gap("行", row, column, likeliest(row_key(text), lacking))

    def cells(self) -> Iterator[Gap]:
        """Labels that are like those of single cells which the card lacks."""
        forms = (b for b in self.table.mapping.blocks if isinstance(b, Form))
        bound = {cell.path for form in forms for cell in form.cells}
        lacking = [
            (cell.name, cell.keys)
            for block in self.table.words.blocks
            for cell in block.cells
            if (*block.path, cell.name) not in bound and cell.under is None
        ]
        area = self.table.mapping.area
        assert area is not None
        headed = {at.top for heads in self.heads.values() for at in heads}
        for row in (row for row in range(area.top, area.bottom + 1) if row not in headed):
            for column, text in self.at.texts(row, area.left, area.right):
                right = self.at.extent(row, column).right + 1
                if self.at.text(row, right) is not None or not self._asks(text):
                    continue
                key = row_key(text)
                names = [name for name, keys in lacking if _best(key, keys) >= _ALIKE]
                yield self._gap("格", row, column, likeliest(key, names))

    def _asks(self, text: str) -> bool:
        """Whether a text is a head or a label that means nothing to anyone."""
        key = row_key(text)
        heads = self.table.words.header_keys
        spoken = key in self.known or header_key(text) in heads or self.words.is_note(text)
        return bool(key) and not spoken and not is_figure(header_key(text))

    def _gap(self, kind: str, row: int, column: int, names: Sequence[str]) -> Gap:
        at, text = self.at.extent(row, column), self.at.text(row, column) or ""
        return Gap(kind, self.table.words.table, self.at.sheet.name, at, (text,), tuple(names))

    def _right(self) -> int:
        area = self.table.mapping.area
        return area.right if area else self.at.right

    def _bottom(self) -> int:
        area = self.table.mapping.area
        return area.bottom if area else self.at.bottom


def _best(key: str, keys: Iterable[str]) -> float:
    return max((likeness(key, known) for known in keys), default=0)

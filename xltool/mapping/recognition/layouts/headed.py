"""A table whose head has been read: what everything that looks for its blocks looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from xltool.mapping.blocks import Anchor, Column
from xltool.mapping.cells import Cells
from xltool.mapping.recognition.header import Header, Word
from xltool.mapping.recognition.layouts.matching import Match, Matcher
from xltool.mapping.recognition.vocabulary.blockwords import BlockWords, ColumnWords
from xltool.mapping.recognition.vocabulary.keys import header_key, header_unit
from xltool.mapping.recognition.vocabulary.words import Vocabulary
from xltool.ooxml import Range


@dataclass(frozen=True, slots=True)
class Headed:
    """A part of a sheet under the head of a table, and the words that its columns and rows may bear."""

    cells: Cells
    area: Range
    header: Header
    matcher: Matcher
    words: Vocabulary

    @property
    def body(self) -> range:
        """The rows under the head."""
        return range(self.header.body, self.area.bottom + 1)

    @property
    def leaves(self) -> dict[int, str]:
        """The lowest word above each column, as it is compared."""
        return {column: header_key(path[-1].text) for column, path in self.header.paths.items()}

    def texts(self, row: int) -> Iterator[tuple[int, str]]:
        """Column and text of the texts of a row."""
        return self.cells.texts(row, self.area.left, self.area.right)

    def is_total(self, row: int) -> bool:
        """Whether a row bears the label of a total."""
        return any(header_key(text) in self.words.total for _, text in self.texts(row))

    def meanings(self, columns: Iterable[int], blocks: Sequence[BlockWords]) -> dict[int, Match]:
        """What columns of `blocks` the words above columns mean; those without a meaning are left out."""
        paths = ((column, self.header.paths.get(column)) for column in columns)
        return {
            column: match
            for column, path in paths
            if path and (match := self.matcher.meaning(path, blocks))
        }

    def bound(self, column: int, words: ColumnWords, row: int) -> Column:
        """A column as that of a mapping; `row` is one of its data, to see what is merged."""
        own = [word for word in self.header.paths[column] if not word.spread]
        left = own[-1].at.left
        return Column(
            words.name,
            left,
            max(self.cells.extent(row, left).right, left),
            words.kind,
            words.group,
            header=anchors(own),
            unit=own_unit(own) if words.kind == "amount" else None,
        )


def anchors(path: Sequence[Word]) -> tuple[Anchor, ...]:
    """The words of a head that stand in cells of their own, as those of a mapping."""
    return tuple(Anchor(word.at, (word.text,)) for word in path if not word.spread)


def own_unit(path: Sequence[Word]) -> str | None:
    """The money unit that the words above (or beside) a figure name, the nearest first; None without any."""
    return next((unit for word in reversed(path) if (unit := header_unit(word.text))), None)

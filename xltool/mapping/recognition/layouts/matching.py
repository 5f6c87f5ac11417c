"""Which column of a table the words above a column of a sheet mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import NamedTuple, TypeVar

from xltool.core.amounts import UNITS
from xltool.core.caches import remembered
from xltool.mapping.recognition.header import Word
from xltool.mapping.recognition.vocabulary.blockwords import BlockWords, ColumnWords
from xltool.mapping.recognition.vocabulary.keys import (
    OF_THE_YEAR,
    header_key,
    header_unit,
    header_year,
)
from xltool.mapping.recognition.vocabulary.words import TableWords, Vocabulary

Path = Sequence[Word]
_MOST = 4096
"""So many paths are remembered."""


class Match(NamedTuple):
    """A column of a block that a path of words means; more words mean it more closely."""

    block: BlockWords
    column: ColumnWords
    words: int


class Matcher:
    """Compares paths with the columns of a table. What words mean is worked out once for all books of a form."""

    def __init__(self, table: TableWords, words: Vocabulary, year: int = 0) -> None:
        self.table, self.year = table, year
        self.neutral = table.neutral | words.neutral | words.labels
        self._known: dict[tuple[object, ...], Match | None] = {}

    def meaning(self, path: Path, blocks: Iterable[BlockWords]) -> Match | None:
        """The one column of `blocks` that a path means; None when it means none, or several alike.

        Figures in a money unit that is not known, or of another year, are nobody's.
        """
        blocks = tuple(blocks)
        key = (*((word.text, word.spread) for word in path), *blocks)
        if key not in self._known:
            if len(self._known) > _MOST:
                self._known.clear()
            self._known[key] = self._meaning(path, blocks)
        return self._known[key]

    def _meaning(self, path: Path, blocks: Sequence[BlockWords]) -> Match | None:
        for word in path:
            unit, year = header_unit(word.text), header_year(word.text)
            # 2022年决算数 is any year's where a book prints none, but a year alone only says which of two
            another = year != self.year and (self.year or header_key(word.text) == OF_THE_YEAR)
            if (unit and unit not in UNITS) or (year and another):
                return None
        keys = [header_key(word.text) for word in path]
        texts = [self._again(k) if k in keys[:n] else self._words(k) for n, k in enumerate(keys)]
        spread = [word.spread for word in path]
        found = [
            Match(block, column, len(wanted))
            for block in blocks
            for column in block.columns
            for wanted in column.alternatives
            if self._covers(texts, spread, wanted)
        ]
        best = max((match.words for match in found), default=0)
        closest = {(m.block.name, m.column.name): m for m in found if m.words == best}
        return next(iter(closest.values())) if len(closest) == 1 else None

    def _again(self, key: str) -> frozenset[str]:
        """What a word means that stands above itself, as 其他支出, a 类 that has a 款 of its name."""
        return frozenset({f"{key}·{key}"}) | (frozenset({key}) & self.neutral)

    def _words(self, key: str) -> frozenset[str]:
        return frozenset({key}) | self.table.synonyms.get(key, frozenset())

    def _covers(
        self, texts: Sequence[frozenset[str]], spread: Sequence[bool], wanted: frozenset[str]
    ) -> bool:
        """Whether each wanted word has a text of its own, and every other text says nothing."""
        picks: list[list[str | None]] = []
        for meanings, loose in zip(texts, spread, strict=True):
            options: list[str | None] = list(meanings & wanted)
            if loose or meanings & self.neutral:
                options.append(None)
            if not options:
                return False
            picks.append(options)
        return any(
            frozenset(filter(None, pick)) == wanted and len([p for p in pick if p]) == len(wanted)
            for pick in product(*picks)
        )


@remembered(256)
def matcher_for(table: TableWords, words: Vocabulary, year: int) -> Matcher:
    """The one matcher of a table, a vocabulary and a year."""
    return Matcher(table, words, year)


Place = TypeVar("Place")


def unique(found: Mapping[Place, Match]) -> tuple[dict[Place, Match], dict[Place, str]]:
    """The places that alone mean what they mean; and those that share a meaning, with its name."""
    taken: dict[tuple[str, str], list[Place]] = {}
    for place, match in found.items():
        taken.setdefault((match.block.name, match.column.name), []).append(place)
    good: dict[Place, Match] = {}
    shared: dict[Place, str] = {}
    for (_, name), places in taken.items():
        most = max(found[place].words for place in places)
        closest = [place for place in places if found[place].words == most]
        if len(closest) == 1:
            good[closest[0]] = found[closest[0]]
        else:
            shared.update(dict.fromkeys(closest, name))
    return good, shared

"""The vocabulary: what official tables are called and which words their parts bear (`wordfiles.py` reads it)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from xltool.core.caches import remembered
from xltool.core.codes import CodeList
from xltool.core.model import TableSpec
from xltool.mapping.recognition.vocabulary.blockwords import BlockWords, Keys
from xltool.mapping.recognition.vocabulary.keys import bare
from xltool.mapping.recognition.vocabulary.shapes import table_spec

_IN_A_CLAUSE = "[^,。;:、]*"


@dataclass(frozen=True, eq=False)
class TableWords:
    """One official table."""

    table: str
    titles: Keys
    made: Callable[[], tuple[BlockWords, ...]]
    """Makes its blocks: a workbook of a known form is told from others by the titles alone."""
    synonyms: Mapping[str, Keys]
    """Head -> the words that it may stand for."""
    neutral: Keys
    stop: Keys
    optional: bool = False
    many: str | None = None
    unit_name: str | None = None
    same: str | None = None
    """Another name of the same table: forms of other years print that."""
    years: tuple[int | None, int | None] = (None, None)
    """In which years a title means this table that another may bear as well."""
    likely: bool = False
    """No edition has it and no source gives its layout: it is read as it most likely is, and so marked."""
    yields: Mapping[str, Keys] = field(default_factory=dict)
    """Head -> those beside which it means another column, which the table has not."""
    beside: str | None = None
    """The table on whose sheet, under whose title these further columns and rows stand."""

    @cached_property
    def blocks(self) -> tuple[BlockWords, ...]:
        """Its parts, from top to bottom."""
        return self.made()

    @cached_property
    def spec(self) -> TableSpec:
        """What it may have."""
        return table_spec(self.table, self.blocks, many=self.many is not None, likely=self.likely)

    def of_year(self, year: int) -> bool:
        """Whether the table was in use in `year`, where that tells it from another."""
        first, last = self.years
        return (first or year) <= year <= (last or year)

    @property
    def is_card(self) -> bool:
        """A 自评表: several blocks with heads of their own, one under the other."""
        return bool(self.stop)

    @cached_property
    def header_keys(self) -> Keys:
        """Every word that may stand in a head."""
        words = {word for b in self.blocks for c in b.columns for a in c.alternatives for word in a}
        return frozenset({*words, *self.synonyms, *self.neutral})

    @cached_property
    def row_keys(self) -> Keys:
        """Every spelling of every labelled row."""
        if any(block.single for block in self.blocks) and not self.is_card:
            return self.header_keys
        return frozenset(key for block in self.blocks for key in block.row_keys)


@dataclass(frozen=True)
class Nothing:
    """How a sentence says that there is nothing, in words that mean it only under a table without a figure."""

    without: tuple[str, ...]
    of: tuple[str, ...]
    words: tuple[str, ...]
    unless: tuple[str, ...]

    def is_said_in(self, text: str) -> bool:
        """Whether a text says it: that there is no income, no spending; not how such a table is to be filled."""
        plain = bare(text)
        return self._said.search(plain) is not None and self._how.search(plain) is None

    @cached_property
    def _said(self) -> re.Pattern[str]:
        without_any = _any_of(self.without) + _IN_A_CLAUSE + _any_of(self.of)
        return re.compile(f"{_any_of(self.words)}|{without_any}")

    @cached_property
    def _how(self) -> re.Pattern[str]:
        return re.compile(_any_of(self.unless))


def _any_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, words)) or '(?!)'})"


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words that all tables share, and the tables by the keys of their titles."""

    name_labels: Keys
    unit_labels: Keys
    year_labels: Keys
    code_labels: Keys
    numbers: Keys
    ordinals: Keys
    total: Keys
    code: Keys
    name: Keys
    named: Keys
    parts: tuple[str, ...]
    labels: Keys
    neutral: Keys
    no_data: tuple[str, ...]
    none: Nothing
    notes: tuple[str, ...]
    contents: Keys
    always: tuple[str, ...]
    """The tables that every return has, of whatever place and year."""
    others: Mapping[str, str]
    either: Mapping[str, str]
    """Titles that tables of a 预算 bear, too -> those of the tables that they are in a 决算."""
    final: tuple[tuple[str, ...], tuple[str, ...]]
    """The words that tell it above such a table: one of the first stands there, none of the others."""
    looks: Mapping[str, tuple[str, ...]]
    """What a workbook that is no 决算 form looks like, by the words at its head."""
    tables: tuple[TableWords, ...]
    codes: Mapping[str, CodeList]
    sheets: Mapping[str, str] = field(default_factory=dict)
    """Sheets that print no title -> the table that they are, by the answers of an edition's questions."""
    aside: Keys = frozenset()
    """Keys of sheets and titles that are no part of the return, by those answers."""
    unit: str | None = None
    """The money unit of sheets that print none, by those answers."""

    @cached_property
    def titles(self) -> Mapping[str, tuple[TableWords, ...]]:
        """Key of a title -> the tables that may bear it."""
        found: dict[str, tuple[TableWords, ...]] = {}
        for table in self.tables:
            for title in () if table.beside else table.titles:
                found[title] = (*found.get(title, ()), table)
        return found

    def beside(self, table: str) -> list[TableWords]:
        """What else may stand on the sheet of a table, under its title."""
        return [other for other in self.tables if other.beside == table]

    @cached_property
    def twins(self) -> Mapping[str, str]:
        """The other name of a table that has two."""
        pairs = [(table.table, table.same) for table in self.tables if table.same]
        return {**dict(pairs), **{same: name for name, same in pairs}}

    @cached_property
    def longest_first(self) -> tuple[str, ...]:
        """Every known title, of tables with and without fields."""
        return tuple(sorted({*self.titles, *self.others}, key=len, reverse=True))

    @cached_property
    def either_longest_first(self) -> tuple[str, ...]:
        """The titles of `either`."""
        return tuple(sorted(self.either, key=len, reverse=True))

    def says_final(self, texts: Iterable[str]) -> bool:
        """Whether the texts above a table say that it is one of a 决算."""
        plain = [*map(bare, texts)]
        final, budget = (any(w in t for w in words for t in plain) for words in self.final)
        return final and not budget

    def is_note(self, text: str) -> bool:
        """Whether a text stands under a table: a note, or that there are no data."""
        return _under(self, text) != ""

    def is_empty_statement(self, text: str) -> bool:
        """Whether a text says that its table has no data."""
        return _under(self, text) == "empty"


@remembered(1 << 13)
def _under(words: Vocabulary, text: str) -> str:
    """What a text under a table says: "empty", that there are no data; "note"; "" for anything else."""
    plain = bare(text)
    if any(sentence in plain for sentence in words.no_data):
        return "empty"
    return "note" if plain.startswith(words.notes) and len(plain) > 1 else ""

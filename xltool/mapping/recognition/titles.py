"""Which parts of a workbook are which tables, by the titles that they bear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from xltool.core.caches import remembered
from xltool.mapping.cells import Cells
from xltool.mapping.recognition.unitnames import is_unit_name, may_stand_before_title
from xltool.mapping.recognition.vocabulary.keys import bare, title_key
from xltool.mapping.recognition.vocabulary.words import TableWords, Vocabulary
from xltool.ooxml import Range

_LONGEST = 120
_HEAD_ROWS = 8
"""Where it stands whether a title that tables of a 预算 bear, too, is one of a 决算."""
_PROJECT = re.compile(r"(?!注|说明|备注|附)[^,.。;:、见和及]{1,40}")
"""The project that a card is called by, and no sentence that speaks of the card: 人居环境整治项目自评表."""
_REST = re.compile(
    r"(?:\(续上?表?|续上?表)[\d一二三四五六七八九十]*\)?|\(?之(?:[2-9二三四五六七八九]|十|1\d)\)?$"
)
"""What the title of a part says that goes on with a table: （续）, 续表1, （之二）."""
_FIRST = re.compile(r"\(?之[1一]\)?$")
"""What the title of the part says that begins it."""
_VERSION = re.compile(rf"{_REST.pattern}|\((?:调整后?|修订|更正|旧|新|作废|草稿|调整前)\)")


class Title(NamedTuple):
    """A title in a cell. `tables` are those that may bear it; none: a table without fields."""

    at: Range
    text: str
    name: str
    """The title as the vocabulary has it."""
    tables: tuple[TableWords, ...]
    other_version: bool
    """It says that it is another version of a table: （续）, （调整后）."""

    @property
    def goes_on(self) -> bool:
        """Whether it says that its part goes on with a table: （续）."""
        return _REST.search(bare(self.text)) is not None

    @property
    def whole(self) -> str:
        """The title as it is compared, without saying which part of its table it stands over."""
        return _FIRST.sub("", _REST.sub("", bare(self.text)))


@dataclass(frozen=True, slots=True)
class Titled:
    """A part of a sheet under a title."""

    cells: Cells
    area: Range
    title: Title
    again: tuple[range, ...] = ()
    """Rows in which the title and the heads are printed once more, where a page ends."""


def titled_parts(cells: Cells, words: Vocabulary) -> list[Titled]:
    """The parts of a sheet that a title of an official table stands over, from top to bottom."""
    if bare(cells.sheet.name) in words.aside:
        return []
    found = list(_titles(cells, words))
    if _is_contents(cells, found, words):
        return []
    if not found and (table := words.sheets.get(cells.sheet.name)) is not None and cells.rows:
        tables = tuple(known for known in words.tables if known.table == table)
        area = Range(1, 1, cells.bottom, cells.right)
        return [Titled(cells, area, Title(Range(0, 1, 0, 1), table, table, tables, False))]
    if not found and (name := read_title(cells.sheet.name, words)) is not None and cells.rows:
        # no title is printed, but the sheet is called so
        title, version = name
        tables = words.titles.get(title_key(title), ())
        area = Range(1, 1, cells.bottom, cells.right)
        at = Range(0, 1, 0, 1)
        return [Titled(cells, area, Title(at, cells.sheet.name, title, tables, version))]
    return [Titled(cells, _area(cells, found, title.at), title) for title in found]


def _is_contents(cells: Cells, found: list[Title], words: Vocabulary) -> bool:
    """Whether a sheet is a table of contents: it says so, or names tables one under the other."""
    head = (text for row in range(1, 7) for _, text in cells.texts(row))
    if any(title_key(text) in words.contents for text in head):
        return True
    return sum(b.at.top - a.at.top == 1 for a, b in pairwise(found)) > 1


def _titles(cells: Cells, words: Vocabulary) -> Iterator[Title]:
    above = [text for row in range(1, _HEAD_ROWS + 1) for _, text in cells.texts(row)]
    final = words.says_final([cells.sheet.name, *above])
    for row in sorted(cells.rows):
        for column, text in cells.texts(row):
            if len(text) <= _LONGEST and (read := read_title(text, words, final)) is not None:
                name, version = read
                tables = words.titles.get(title_key(name), ())
                yield Title(cells.extent(row, column), text, name, tables, version)


def name_in(text: str, title: str) -> str:
    """The unit's name before the title in a text, behind a year: 2023年度某县水务局收入决算表; "" for none."""
    behind = text.rpartition("年度")[2]
    starts = range(len(behind) - len(title) + 1)
    start = next((n for n in starts if title_key(behind[n:]) == title), 0)
    name = behind[:start].strip()
    # 附表1 某局收入决算表: what a title begins with is no part of the name
    return name if is_unit_name(name) and title_key(name) == bare(name) else ""


@remembered(1 << 13)
def read_title(text: str, words: Vocabulary, final: bool = False) -> tuple[str, bool] | None:
    """The title in a text as the vocabulary has it, and whether it is another version of its table.

    `final`: what stands above the table says that it is one of a 决算.
    None for a text that is no title: something that a title does not bear stands before or after it.
    """
    plain = bare(text)
    if "表" not in plain[-16:]:
        return None
    key = title_key(_FIRST.sub("", _VERSION.sub("", plain)))
    known = (*words.longest_first, *words.either_longest_first) if final else words.longest_first
    title = next((title for title in known if key.endswith(title)), None)
    if title is None:
        return None
    before = key.removesuffix(title)
    if before and not may_stand_before_title(before):
        many = any(table.many for table in words.titles.get(title, ()))
        if not (many and _PROJECT.fullmatch(before)):
            return None
    name = words.others.get(title) or words.either.get(title, title)
    return name, bool(_VERSION.search(plain))


def _area(cells: Cells, found: list[Title], title: Range) -> Range:
    """From a title to the next one below it, or beside it in the same row."""
    tops = sorted({other.at.top for other in found})
    n = tops.index(title.top)
    top = 1 if n == 0 else title.top
    bottom = tops[n + 1] - 1 if n + 1 < len(tops) else cells.bottom
    beside = sorted(other.at.left for other in found if other.at.top == title.top)
    left = 1 if title.left == beside[0] else title.left
    after = [column for column in beside if column > title.left]
    right = after[0] - 1 if after else cells.right
    return Range(top, left, bottom, right)

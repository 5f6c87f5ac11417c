"""The columns of a list that say what a row is: of lists that print the names of their 科目 and no codes, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass

from xltool.core.codes import undivided
from xltool.core.namedcodes import codes_of
from xltool.mapping.blocks import CodeStyle
from xltool.mapping.cells import Cells
from xltool.mapping.recognition.blankrows import is_sample
from xltool.mapping.recognition.blockwords import BlockWords
from xltool.mapping.recognition.header import CODE as CODE_SHAPE
from xltool.mapping.recognition.header import NAMED_CODE, Header, Word
from xltool.mapping.recognition.keys import bare, header_key
from xltool.mapping.recognition.words import Vocabulary
from xltool.ooxml import Range


@dataclass(frozen=True, slots=True)
class Keys:
    """The columns of a list that say what a row is."""

    code: tuple[int, int]
    name: int | None
    style: CodeStyle
    header: tuple[Word, ...]
    name_header: tuple[Word, ...]


def names_alone(
    cells: Cells,
    area: Range,
    header: Header,
    block: BlockWords,
    names: Sequence[int],
    words: Vocabulary,
) -> Keys | None:
    """The first column of a list as that of names alone, where each name that it holds tells its code without doubt."""
    if block.codes is None or len(block.codes.levels) < 3 or list(names) != [area.left]:
        return None
    entries = _entries(cells, area, header, area.left, words)
    if not all(codes_of((t for row, t in entries if not is_sample(cells, row)), block.codes)):
        return None
    path = header.paths[area.left]
    return Keys((area.left, area.left), area.left, "unprinted", path, path)


def keys_by_shape(
    cells: Cells,
    area: Range,
    header: Header,
    names: Sequence[int],
    words: Vocabulary,
    money: Set[int],
) -> Keys | None:
    """The first column of a list whose head does not say that it has codes, but whose cells show it.

    `money`: the columns whose heads say that they have amounts; 264 is no 类 there.
    """
    first = range(area.left, min(area.left + 4, area.right) + 1)
    for column in (column for column in first if column not in money):
        for style, shape in (("named", NAMED_CODE.fullmatch), ("whole", CODE_SHAPE.fullmatch)):
            if share(cells, area, header, column, shape) >= 0.6:
                path = header.paths.get(column, ())
                if style == "named":
                    return Keys((column, column), column, "named", path, path)
                name = next((c for c in names if c > column), column + 1)
                return Keys((column, column), name, "whole", path, header.paths.get(name, ()))
    return _key_alone(cells, area, header, words) if not names else None


def _key_alone(cells: Cells, area: Range, header: Header, words: Vocabulary) -> Keys | None:
    """The one column before the figures, headed 项目, of a list that is empty: it takes code and name."""
    column, path = next(iter(header.paths.items()))
    following = header.paths.get(column + 1, ())
    if not all(header_key(word.text) in words.labels for word in path):
        return None
    if following and following[0].at == path[0].at:
        return None  # 项目 stands over more columns than this
    if any(_entries(cells, area, header, column, words)):
        return None
    return Keys((column, column), column, "named", path, path)


def _entries(
    cells: Cells, area: Range, header: Header, column: int, words: Vocabulary
) -> Iterator[tuple[int, str]]:
    """The rows under the heads with a text in a column that is neither a total's label nor a note."""
    for row in range(header.body, area.bottom + 1):
        text = cells.text(row, column) if row != header.numbers else None
        if text and header_key(text) not in words.total and not words.is_note(text):
            yield row, text


def share(
    cells: Cells, area: Range, header: Header, column: int, shape: Callable[[str], object]
) -> float:
    """The share of the filled cells of a column that have a shape."""
    texts = [
        plain(cells, row, column)
        for row in range(header.body, area.bottom + 1)
        if (row, column) in cells.values
    ]
    return sum(bool(shape(text)) for text in texts) / len(texts) if texts else 0


def plain(cells: Cells, row: int, column: int) -> str:
    """The text of a cell as a code is written in it: whole numbers as digits, without signs between levels."""
    whole = cells.whole(row, column)
    return str(whole) if whole is not None else undivided(bare(cells.text(row, column) or ""))

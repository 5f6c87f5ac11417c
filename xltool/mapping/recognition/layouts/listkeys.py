"""The columns of a list that say what a row is: of lists that print the names of their 科目 and no codes, too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass

from xltool.core.namedcodes import codes_of
from xltool.mapping.blocks import CodeStyle
from xltool.mapping.recognition.header import CODE as CODE_SHAPE
from xltool.mapping.recognition.header import NAMED_CODE, Word, plain
from xltool.mapping.recognition.layouts.blankrows import is_sample
from xltool.mapping.recognition.layouts.headed import Headed
from xltool.mapping.recognition.vocabulary.blockwords import BlockWords
from xltool.mapping.recognition.vocabulary.keys import header_key

_PIECE = re.compile(r"\d{1,2}|\d{5}|\d{7}")
"""What the second or third column of a code holds: 款 or 项 alone, or the whole code of one."""

_DECIMALS = re.compile(r"\d+[.．]\d+")


@dataclass(frozen=True, slots=True)
class Keys:
    """The columns of a list that say what a row is."""

    code: tuple[int, int]
    name: int | None
    style: CodeStyle
    header: tuple[Word, ...]
    name_header: tuple[Word, ...]


def names_alone(headed: Headed, block: BlockWords, names: Sequence[int]) -> Keys | None:
    """The first column of a list as that of names alone, where each name that it holds tells its code without doubt."""
    column = headed.area.left
    if block.codes is None or len(block.codes.levels) < 3 or list(names) != [column]:
        return None
    entries = (t for row, t in _entries(headed, column) if not is_sample(headed.cells, row))
    if not all(codes_of(entries, block.codes)):
        return None
    path = headed.header.paths[column]
    return Keys((column, column), column, "unprinted", path, path)


def keys_by_shape(headed: Headed, names: Sequence[int], money: Set[int]) -> Keys | None:
    """The first column of a list whose head does not say that it has codes, but whose cells show it.

    `money`: the columns whose heads say that they have amounts; 264 is no 类 there.
    """
    area, header = headed.area, headed.header
    first = range(area.left, min(area.left + 4, area.right) + 1)
    for column in (column for column in first if column not in money):
        for style, shape in (("named", NAMED_CODE.fullmatch), ("whole", CODE_SHAPE.fullmatch)):
            if share(headed, column, shape) >= 0.6 and not _has_decimals(headed, column):
                path = header.paths.get(column, ())
                if style == "named":
                    return Keys((column, column), column, "named", path, path)
                name = _name_behind(headed, column, names, money)
                return Keys((column, column), name, "whole", path, header.paths.get(name, ()))
    return _key_alone(headed) if not names else None


def _name_behind(headed: Headed, code: int, names: Sequence[int], money: Set[int]) -> int:
    """The column of names behind one of codes: by its head, else the first one that holds anything but amounts."""
    told = next((column for column in names if column > code), None)
    if told is not None:
        return told
    behind = (column for column in range(code + 1, headed.area.right + 1) if column not in money)
    values, rows = headed.cells.values, headed.body
    return next((n for n in behind if any((row, n) in values for row in rows)), code + 1)


def last_piece(headed: Headed, code: int, name: int | None) -> int:
    """The last column of codes whose head stands over the first one alone: 类, 款, 项 below it, or pieces of codes.

    It is the one before the names, and each of those between has pieces, or nothing.
    """
    between = range(code + 1, name or 0)
    if not 0 < len(between) < 3 or any(column in headed.header.paths for column in between):
        return code
    found = False
    for row in headed.body:
        for column in between:
            if (row, column) not in headed.cells.values:
                continue
            text = plain(headed.cells, row, column)
            if not (text in headed.words.parts or _PIECE.fullmatch(text)):
                return code
            found = True
    return between[-1] if found else code


def _key_alone(headed: Headed) -> Keys | None:
    """The one column before the figures, headed 项目, of a list that is empty: it takes code and name."""
    header = headed.header
    column, path = next(iter(header.paths.items()))
    following = header.paths.get(column + 1, ())
    if not all(header_key(word.text) in headed.words.labels for word in path):
        return None
    if following and following[0].at == path[0].at:
        return None  # 项目 stands over more columns than this
    if any(_entries(headed, column)):
        return None
    return Keys((column, column), column, "named", path, path)


def _entries(headed: Headed, column: int) -> Iterator[tuple[int, str]]:
    """The rows under the heads with a text in a column that is neither a total's label nor a note."""
    words = headed.words
    for row in headed.body:
        text = headed.cells.text(row, column) if row != headed.header.numbers else None
        if text and header_key(text) not in words.total and not words.is_note(text):
            yield row, text


def share(headed: Headed, column: int, shape: Callable[[str], object]) -> float:
    """The share of the filled cells of a column that have a shape."""
    cells = headed.cells
    texts = [plain(cells, row, column) for row in headed.body if (row, column) in cells.values]
    return sum(bool(shape(text)) for text in texts) / len(texts) if texts else 0


def _has_decimals(headed: Headed, column: int) -> bool:
    """Whether a text of a column may be an amount: 201.03 is a code only under a head that says so."""
    texts = (headed.cells.text(row, column) or "" for row in headed.body)
    return any(_DECIMALS.fullmatch(text.strip()) for text in texts)

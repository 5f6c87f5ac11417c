"""The columns of a list that say what a row is: of lists that print the names of their 科目 and no codes, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xltool.core.namedcodes import codes_of
from xltool.mapping.blocks import CodeStyle
from xltool.mapping.cells import Cells
from xltool.mapping.recognition.blankrows import is_sample
from xltool.mapping.recognition.blockwords import BlockWords
from xltool.mapping.recognition.header import Header, Word
from xltool.mapping.recognition.keys import header_key
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
    rows = [r for r in range(header.body, area.bottom + 1) if r != header.numbers]
    texts = [text for r in rows if (text := cells.text(r, area.left)) and not is_sample(cells, r)]
    listed = [t for t in texts if header_key(t) not in words.total and not words.is_note(t)]
    if not all(codes_of(listed, block.codes)):
        return None
    path = header.paths[area.left]
    return Keys((area.left, area.left), area.left, "unprinted", path, path)

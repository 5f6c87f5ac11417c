"""What the readers of all kinds of documents give: paragraphs with their place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

Origin = Literal["正文", "标题", "表格", "脚注", "目录"]
"""标题: a paragraph that the document itself marks as a title (a heading's style, automatic numbering)."""


class DocumentPiece(NamedTuple):
    """A paragraph as it is read; `anchor`: the place of the one that a footnote belongs to, -1: none."""

    text: str
    origin: Origin = "正文"
    place: int = 0
    offset: int = 0
    anchor: int = -1


Pieces = Iterator[DocumentPiece]

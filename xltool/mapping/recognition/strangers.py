"""What a workbook that is no 决算 form looks like, in a few words."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.core.texts import visible
from xltool.mapping.recognition.vocabulary.keys import bare
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.ooxml import Workbook

_HEAD_ROWS = 4
_LONGEST = 40
"""A title has no more characters; longer texts tell of something else."""


def looks_like(workbook: Workbook) -> str:
    """The end of a sentence that begins with 不是决算报表."""
    heads = list(_heads(workbook))
    if not heads:
        return _without_heads(workbook)
    for kind, words in vocabulary().looks.items():
        hits = [text for text in heads if any(word in bare(text) for word in words)]
        if hits:
            return f"像是{kind}：{_shown(hits)}"
    return f"写的是{_shown(heads)}，没有一张决算表的标题"


def _without_heads(workbook: Workbook) -> str:
    values = [value for sheet in workbook.sheets for _, value in sheet.items()]
    filled = [v for v in values if not isinstance(v, str) or visible(v).strip()]
    if not filled:
        return "是空的工作簿"
    texts = any(isinstance(value, str) for value in filled)
    return "没有一张决算表的标题" if texts else "只有数，没有标题"


def _heads(workbook: Workbook) -> Iterator[str]:
    """The short texts at the heads of the sheets."""
    for sheet in workbook.sheets:
        for _, value in sheet.head(_HEAD_ROWS):
            if isinstance(value, str) and 1 < len(bare(value)) <= _LONGEST:
                yield visible(value).strip()


def _shown(texts: list[str]) -> str:
    different = list(dict.fromkeys(" ".join(text.split()) for text in texts))
    shown = "、".join(f"“{text}”" for text in different[:2])
    return f"{shown}等" if len(different) > 2 else shown

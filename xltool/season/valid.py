"""Which of several submissions of one unit, year and kind counts: one rule, and always said which part of it decided.

The reviewer's word; else the content that was first handed in in the latest round; else the file that was written
last (a minute is no difference: files that are copied together differ by less); else the file whose name says that
it was corrected; else the last by name, which is said to be in doubt. An old content that is handed in once more
stays old.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

_ALIKE = timedelta(minutes=1)
_CORRECTED = re.compile(r"改|更正|修订|订正|重报|补报|最新|终稿|定稿|最终|新版?(?=[)\]】）.]|$)")
_NUMBERED = re.compile(r"(?:第|v|V|[(（_\-])(\d{1,2})(?:[)）版次稿]|(?=\.))")

DOUBTFUL = "各份分不出先后，取文件名排在最后的，请核对"


class SubmittedContent(NamedTuple):
    """One content that a unit has handed in. `first`: the round that saw it first; `file` as it was called there.

    `at`: when the file was written, "" where that is not known; `named`: the reviewer said that it counts.
    """

    sha256: str
    first: int
    at: str
    file: str
    named: bool = False


class ChosenSubmission(NamedTuple):
    """The content that counts, what decided, and whether the reviewer should look at it."""

    content: SubmittedContent
    why: str
    doubtful: bool = False


def choose(contents: Iterable[SubmittedContent]) -> ChosenSubmission:
    """The content that counts, of one at least."""
    left = list(contents)
    if len(left) == 1:
        return ChosenSubmission(left[0], "只有这一份")
    for why, narrowed in _RULES:
        kept = narrowed(left)
        if len(kept) == 1:
            return ChosenSubmission(kept[0], why, doubtful=_contradicted(why, left, kept[0]))
        left = kept
    return ChosenSubmission(max(left, key=lambda c: c.file), DOUBTFUL, doubtful=True)


def _named(left: Sequence[SubmittedContent]) -> list[SubmittedContent]:
    named = [content for content in left if content.named]
    return named[-1:] or list(left)


def _latest_round(left: Sequence[SubmittedContent]) -> list[SubmittedContent]:
    last = max(content.first for content in left)
    return [content for content in left if content.first == last]


def _written_last(left: Sequence[SubmittedContent]) -> list[SubmittedContent]:
    if not all(content.at for content in left):
        return list(left)
    times = [datetime.fromisoformat(content.at) for content in left]
    last = max(times)
    return [c for c, time in zip(left, times, strict=True) if last - time < _ALIKE]


def _marked(left: Sequence[SubmittedContent]) -> list[SubmittedContent]:
    ranks = [_rank(content.file) for content in left]
    best = max(ranks)
    return [c for c, rank in zip(left, ranks, strict=True) if rank == best]


_RULES: tuple[tuple[str, Callable[[Sequence[SubmittedContent]], list[SubmittedContent]]], ...] = (
    ("审核人指定", _named),
    ("轮次最晚", _latest_round),
    ("文件修改时间最晚", _written_last),
    ("文件名写明是改过的", _marked),
)


def says_corrected(file: str) -> bool:
    """Whether a file is called a corrected one."""
    return _CORRECTED.search(_stem(file)) is not None


def _rank(file: str) -> tuple[bool, int]:
    """How late a file is by its name: （改） before none, a higher number before a lower."""
    numbers = [int(number) for number in _NUMBERED.findall(_stem(file) + ".")]
    return says_corrected(file), max(numbers, default=0)


def _stem(file: str) -> str:
    return file.rpartition("/")[2].rpartition(".")[0]


def _contradicted(why: str, before: Sequence[SubmittedContent], chosen: SubmittedContent) -> bool:
    """Whether the dates say one thing and the names another."""
    return why == _RULES[2][0] and any(_rank(c.file) > _rank(chosen.file) for c in before)
